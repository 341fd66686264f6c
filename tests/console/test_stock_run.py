"""One push, a push that has not begun, and an undo: each SKU with its figures and the orders behind them."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from npf.console.models import Person
from npf.stock.models import Run
from npf.stores.models import Store
from tests.console import factories as make

pytestmark = pytest.mark.django_db

ITEMS: tuple[dict[str, Any], ...] = (
    {"sku": "SAME", "fm": 8, "publish": 3, "was": 3},
    {"sku": "WRITTEN", "fm": 1240, "unsent": 12, "buffer": 5, "publish": 1223, "was": 1231, "written": True},
    {"sku": "UNKNOWN", "fm": None, "publish": None, "was": 18},
    {"sku": "REFUSED", "fm": 90, "publish": 84, "was": 80, "refused": "inventory is not tracked"},
    {"sku": "ZERO", "fm": 0, "publish": 0, "was": 4, "written": True, "stands": 4},
)


def address(run: Run, query: str = "") -> str:
    return f"/stores/{run.store.name}/stock/runs/{run.pk}/{query}"


def skus(browser: Client, where: str) -> list[str]:
    page = browser.get(where).content.decode()
    return re.findall(r'<th scope="row" class="code"><a [^>]+>([^<]+)</a></th>', page)


def file(browser: Client, where: str) -> list[list[str]]:
    answer = browser.get(where)
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.reader(io.StringIO(text)))


def test_it_shows_each_figure_and_what_became_of_it(anna: Client, store: Store) -> None:
    run = make.run(store, *ITEMS, changed=3, written=2, unknown=1)
    page = anna.get(address(run)).content.decode()
    assert skus(anna, address(run)) == ["REFUSED", "SAME", "UNKNOWN", "WRITTEN", "ZERO"]
    for shown in (
        *("1,240", "1,223", "1,231", "unknown: FM gave no figure", "same as before", "inventory is not tracked"),
        "written; BigCommerce shows 4",
    ):
        assert shown in page


def test_it_filters(anna: Client, store: Store) -> None:
    run = make.run(store, *ITEMS)
    assert skus(anna, address(run, "?show=changed")) == ["REFUSED", "WRITTEN", "ZERO"]
    assert skus(anna, address(run, "?show=unknown")) == ["UNKNOWN"]
    assert skus(anna, address(run, "?show=refused")) == ["REFUSED"]
    assert skus(anna, address(run, "?show=zero")) == ["ZERO"]
    assert skus(anna, address(run, "?show=taken")) == ["WRITTEN"]
    assert skus(anna, address(run, "?show=differs")) == ["ZERO"]
    assert skus(anna, address(run, "?q=writ")) == ["WRITTEN"]
    assert len(skus(anna, address(run, "?show=nonsense&q=%00"))) == 5


def test_it_pages_by_sku(anna: Client, store: Store) -> None:
    run = make.run(store, *({"sku": f"S{number:04}"} for number in range(230)))
    first = skus(anna, address(run))
    assert len(first) == 200
    assert skus(anna, address(run, f"?after={first[-1]}")) == [f"S{number:04}" for number in range(200, 230)]


def test_a_run_of_another_store_is_not_found_here(anna: Client, store: Store) -> None:
    run = make.run(make.store("zen-nz"), {"sku": "FOREIGN"})
    assert anna.get(f"/stores/{store.name}/stock/runs/{run.pk}/").status_code == 404


CAUSES = {
    "new": {"units": 3, "orders": ["1000012"], "more": 0},
    "held": {"units": 2, "orders": ["1000031", "zen-nz 204"], "more": 7},
}
TAKEN = {"sku": "KIT", "fm": 9, "unsent": 5, "publish": 4, "was": 9, "part": "FM-1", "per_unit": 2, "causes": CAUSES}


def test_what_is_taken_off_names_its_orders_and_leads_to_them(otto: Client, store: Store) -> None:
    make.store("zen-nz")
    page = otto.get(address(make.run(store, TAKEN))).content.decode()
    for shown in (
        "3 of FM-1 new:",
        f'href="/stores/{store.name}/orders/1000012/"',
        'href="/stores/zen-nz/orders/204/">zen-nz 204</a>',
        "and 7 more",
        "2 of FM-1 are in one KIT",
    ):
        assert shown in page


def test_a_merchant_is_not_told_of_other_stores_orders(mia: Client, store: Store) -> None:
    make.store("zen-nz")
    run = make.run(store, TAKEN)
    for seen in (mia.get(address(run)).content.decode(), str(file(mia, address(run, "?csv=1")))):
        assert "an order of another store" in seen
        assert "zen-nz" not in seen
        assert "1000012" in seen


def test_it_is_had_as_a_file_in_which_nothing_is_a_formula(anna: Client, store: Store) -> None:
    run = make.run(store, *ITEMS, {"sku": "=1+1", "fm": -3}, TAKEN)
    rows = file(anna, address(run, "?csv=1"))
    assert rows[0][:4] == ["sku", "fm", "taken_off", "why"]
    assert len(rows) == 8
    assert rows[1][:2] == ["'=1+1", "-3"]
    assert rows[2][3] == "3 new: 1000012; 2 held: 1000031, zen-nz 204"
    assert [row[0] for row in file(anna, address(run, "?csv=1&show=unknown"))][1:] == ["'=1+1", "UNKNOWN"]


class TestStopped:
    BELT = "82 of 214 SKUs would fall to zero"

    def test_the_belts_reason_stands_with_the_figures_and_an_operator_may_go_on(
        self, otto: Client, store: Store
    ) -> None:
        run = make.run(store, ITEMS[4], stopped=self.BELT, belt=self.BELT, changed=82)
        page = otto.get(address(run)).content.decode()
        assert f"<strong>{self.BELT}</strong>" in page
        assert 'value="anyway"' in page
        assert "Your name is kept" in page

    def test_a_merchant_reads_who_decides(self, mia: Client, store: Store) -> None:
        run = make.run(store, stopped=self.BELT, belt=self.BELT)
        assert "NPF looks at the figures and decides" in mia.get(address(run)).content.decode()

    def test_an_older_one_is_over(self, otto: Client, store: Store) -> None:
        run = make.run(store, stopped=self.BELT, belt=self.BELT)
        make.run(store, kind="change")
        assert 'value="anyway"' in otto.get(address(run)).content.decode()
        make.run(store, kind="daily")
        page = otto.get(address(run)).content.decode()
        assert "A later push has been made" in page
        assert 'value="anyway"' not in page

    def test_one_that_fm_stopped_cannot_be_forced(self, otto: Client, store: Store) -> None:
        page = otto.get(address(make.run(store, stopped="FM did not answer within 60 s"))).content.decode()
        assert "FM did not answer within 60 s" in page
        assert 'value="anyway"' not in page

    def test_who_went_on_stands_there(self, mia: Client, store: Store) -> None:
        page = mia.get(address(make.run(store, belt=self.BELT, anyway_by="otto"))).content.decode()
        assert "<strong>otto</strong> went on for this once" in page


class TestPreview:
    def test_it_shows_what_would_be_written_by_the_last_count_and_todays_orders(
        self, otto: Client, store: Store
    ) -> None:
        make.level(store, "MUG", fm=10, was=9)
        make.level(store, "TEE", fm=4, was=4)
        make.level(store, "OFF", note="inventory tracking is off in BigCommerce")
        make.line(make.order(store, 1000044), 2, "MUG", quantity=3)
        where = f"/stores/{store.name}/stock/preview/"
        page = otto.get(where).content.decode()
        assert skus(otto, where) == ["MUG", "OFF", "TEE"]
        assert skus(otto, f"{where}?show=changed") == ["MUG"]
        assert 'data-label="Publish" class="n strong">7<' in page
        assert f'href="/stores/{store.name}/orders/1000044/"' in page
        assert "By this preview 1 SKUs change, 0 of them fall to zero" in page
        assert not Run.objects.exists()

    def test_it_pages_searches_and_is_had_as_a_file(self, otto: Client, store: Store) -> None:
        for number in range(210):
            make.level(store, f"S{number:03}")
        where = f"/stores/{store.name}/stock/preview/"
        assert len(skus(otto, where)) == 200
        assert skus(otto, f"{where}?after=S199") == [f"S{number:03}" for number in range(200, 210)]
        assert skus(otto, f"{where}?q=s20") == [f"S{number:03}" for number in range(200, 210)]
        assert len(file(otto, f"{where}?csv=1")) == 211

    def test_without_a_count_it_says_so(self, otto: Client, mia: Client, store: Store) -> None:
        page = otto.get(f"/stores/{store.name}/stock/preview/").content.decode()
        assert "Nothing was counted yet" in page
        assert 'value="count"' in page
        assert 'value="push"' not in page
        assert 'value="count"' not in mia.get(f"/stores/{store.name}/stock/preview/").content.decode()


class TestUndo:
    def test_it_shows_what_would_be_written_back(self, otto: Client, store: Store) -> None:
        make.level(store, "WRITTEN")
        make.level(store, "ZERO")
        run = make.run(store, *ITEMS, written=2)
        page = otto.get(address(run, "undo/")).content.decode()
        assert skus(otto, address(run, "undo/")) == ["WRITTEN", "ZERO"]
        assert "Write 2 previous figures back" in page
        assert 'data-label="Publish" class="n strong">1,231<' in page

    def test_what_was_sold_since_is_not_written_back(self, otto: Client, store: Store) -> None:
        make.level(store, "WRITTEN")
        run = make.run(store, ITEMS[1], written=1)
        make.line(make.order(store, 1000044, date_created=make.ago(hours=1)), 2, "WRITTEN", quantity=6)
        assert 'data-label="Publish" class="n strong">1,225<' in otto.get(address(run, "undo/")).content.decode()

    def test_a_run_that_wrote_nothing_has_none(self, store: Store, enter: Callable[[Person], Client]) -> None:
        otto = enter(make.person("otto", "operator"))
        run = make.run(store, ITEMS[0])
        assert otto.get(address(run, "undo/")).status_code == 404
        assert "Undo…" not in otto.get(address(run)).content.decode()

    def test_a_run_that_was_undone_leads_to_what_undid_it(self, otto: Client, store: Store) -> None:
        run = make.run(store, ITEMS[1], written=1)
        other = make.run(store, kind="undo", undoes=run, by="anna")
        assert f'href="{address(other)}">anna' in otto.get(address(run)).content.decode()
        assert f'href="{address(run)}"' in otto.get(address(other)).content.decode()
