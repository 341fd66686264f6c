import re

import pytest
from django.test import Client

from npf.stores import book
from npf.stores.models import Store
from tests.console import factories as make

pytestmark = pytest.mark.django_db

ITEMS = (
    {"sku": "SAME", "fm": 8, "publish": 3, "was": 3},
    {"sku": "WRITTEN", "fm": 1240, "unsent": 12, "buffer": 5, "publish": 1223, "was": 1231, "written": True},
    {"sku": "UNKNOWN", "fm": None, "publish": None, "was": 18},
    {"sku": "REFUSED", "fm": 90, "publish": 84, "was": 80, "refused": "inventory is not tracked"},
)


def skus(browser: Client, store: Store, query: str = "") -> list[str]:
    page = browser.get(f"/stores/{store.name}/stock/{query}").content.decode()
    return re.findall(r'<th scope="row" class="code">([^<]+)</th>', page)


def test_it_shows_each_figure_and_what_became_of_it(anna: Client, store: Store) -> None:
    make.run(store, *ITEMS, changed=2, written=1, unknown=1)
    page = anna.get(f"/stores/{store.name}/stock/").content.decode()
    assert skus(anna, store) == ["REFUSED", "SAME", "UNKNOWN", "WRITTEN"]
    for shown in (
        "1,240",
        "1,223",
        "1,231",
        "unknown: FM gave no figure",
        "same as before",
        "inventory is not tracked",
    ):
        assert shown in page


def test_it_filters(anna: Client, store: Store) -> None:
    make.run(store, *ITEMS)
    assert skus(anna, store, "?show=changed") == ["REFUSED", "WRITTEN"]
    assert skus(anna, store, "?show=unknown") == ["UNKNOWN"]
    assert skus(anna, store, "?show=refused") == ["REFUSED"]
    assert skus(anna, store, "?q=writ") == ["WRITTEN"]
    assert skus(anna, store, "?show=nonsense&q=%00") == ["REFUSED", "SAME", "UNKNOWN", "WRITTEN"]


def test_it_pages_by_sku(anna: Client, store: Store) -> None:
    make.run(store, *({"sku": f"S{number:04}"} for number in range(230)))
    first = skus(anna, store)
    assert len(first) == 200
    assert skus(anna, store, f"?after={first[-1]}") == [f"S{number:04}" for number in range(200, 230)]


def test_an_earlier_run_can_be_opened_and_another_stores_cannot(anna: Client, store: Store) -> None:
    old = make.run(store, {"sku": "OLD"}, began_at=make.ago(days=2))
    make.run(store, {"sku": "LAST"})
    foreign = make.run(make.store("zen-nz"), {"sku": "FOREIGN"})
    assert skus(anna, store, f"?run={old.pk}") == ["OLD"]
    assert skus(anna, store, f"?run={foreign.pk}") == ["LAST"]
    assert skus(anna, store, f"?run={'9' * 30}") == ["LAST"]


def test_a_run_that_stopped_says_why_and_what_to_do(anna: Client, store: Store) -> None:
    make.run(store, {"sku": "A", "publish": 0, "was": 9}, stopped="82 of 214 SKUs would fall to zero")
    page = anna.get(f"/stores/{store.name}/stock/").content.decode()
    assert "<strong>82 of 214 SKUs would fall to zero</strong>" in page
    assert "#p-parameters.stock_zero_share" in page
    assert "not written: the run stopped" in page


def test_before_the_first_run_it_says_when_that_will_be(anna: Client, store: Store) -> None:
    page = anna.get(f"/stores/{store.name}/stock/").content.decode()
    assert "The first push comes at 18:00 (Australia/Melbourne)" in page
    book.pause(store, "anna", make.CLOCK, "stocktake")
    assert "when it is resumed" in anna.get(f"/stores/{store.name}/stock/").content.decode()
    quiet = make.store("zen-nz", update_soh="No")
    assert "stock is counted and shown, never written" in anna.get(f"/stores/{quiet.name}/stock/").content.decode()
