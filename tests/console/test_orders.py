import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from npf.orders.stages import Stage
from npf.stores.models import Store
from tests.console import factories as make

pytestmark = pytest.mark.django_db


def numbers(browser: Client, address: str) -> list[int]:
    page = browser.get(address).content.decode()
    return [int(found) for found in re.findall(r'id="o-\d+"[^>]*>(\d+)</a>', page)]


def test_it_lists_the_newest_first(anna: Client, store: Store) -> None:
    for number in (7, 9, 8):
        make.order(store, number)
    assert numbers(anna, f"/stores/{store.name}/orders/") == [9, 8, 7]


def test_it_shows_what_a_person_needs_of_an_order(anna: Client, store: Store) -> None:
    make.order(store, 1000012, Stage.PROCESSING, total_inc_tax=Decimal("1234.5"), reason="back-ordered: 1 x FM-2")
    page = anna.get("/orders/").content.decode()
    for shown in ("ACMEAU-1000012", "1,234.50", "AUD", "Sarah Nguyen", "Australia", "Processing", "331000012"):
        assert shown in page
    assert "Back-ordered: 1 x FM-2" in page


@pytest.mark.parametrize(
    "text",
    [
        "1000012",
        "#1000012",
        "ACMEAU-1000012",
        "acmeau-1000012",
        "NPF1500012",
        "331000012",
        "SHOP-1",
        "nguyen",
        "sarah@ex",
    ],
)
def test_it_finds_an_order_by_whatever_a_person_has(anna: Client, store: Store, text: str) -> None:
    make.order(store, 1000012, Stage.PROCESSING)
    other = make.order(store, 1000013, shopper="Tom Baker", email="tom@example.com")
    other.lines.update(sku="OTHER")
    assert numbers(anna, f"/orders/?q={text.replace('#', '%23')}") == [1000012]
    assert numbers(anna, f"/stores/{store.name}/orders/?q={text.replace('#', '%23')}") == [1000012]


@pytest.mark.parametrize("text", ["zzzz", "9" * 18, "9" * 60, "%00", "' or 1=1 --", "%25"])
def test_a_search_without_a_hit_says_what_is_searched(anna: Client, store: Store, text: str) -> None:
    make.order(store, 1000012)
    page = anna.get(f"/orders/?q={text}")
    assert page.status_code == 200
    if text != "%00":
        assert "No order fits" in page.content.decode()


def test_a_search_in_one_store_finds_no_other_stores_orders(anna: Client, store: Store) -> None:
    other = make.store("zen-nz")
    make.order(other, 1000012, Stage.PROCESSING)
    for text in ("1000012", "ZENNZ-1000012", "331000012", "SHOP-1", "nguyen"):
        assert numbers(anna, f"/stores/{store.name}/orders/?q={text}") == []


def test_it_filters_by_stage_and_test(anna: Client, store: Store) -> None:
    make.order(store, 1, Stage.HELD, reason="a")
    make.order(store, 2, Stage.HELD, reason="b", test=True)
    make.order(store, 3)
    at = f"/stores/{store.name}/orders/"
    assert numbers(anna, f"{at}?stage=held") == [2, 1]
    assert numbers(anna, f"{at}?stage=held&test=no") == [1]
    assert numbers(anna, f"{at}?test=yes") == [2]
    assert numbers(anna, f"{at}?cause=b") == [2]
    assert numbers(anna, f"{at}?stage=nonsense&test=perhaps") == [3, 2, 1]


def test_it_pages_by_key_and_repeats_nothing(anna: Client, store: Store) -> None:
    for number in range(1, 121):
        make.order(store, number)
    for at in (f"/stores/{store.name}/orders/", "/orders/"):
        seen: list[int] = []
        address = at
        while address:
            seen += numbers(anna, address)
            older = re.search(r'id="older" href="(\?[^"]+)"', anna.get(address).content.decode())
            address = at + older[1].replace("&amp;", "&") if older else ""
        assert seen == list(range(120, 0, -1))


def test_it_never_skips_rows_by_counting_them(anna: Client, store: Store) -> None:
    make.order(store, 5)
    with CaptureQueriesContext(connection) as made:
        anna.get(f"/stores/{store.name}/orders/?before=9&stage=new")
    assert not any("OFFSET" in query["sql"] for query in made)


def test_its_queries_do_not_grow_with_the_orders(anna: Client, store: Store) -> None:
    make.order(store, 1, Stage.PROCESSING)
    with CaptureQueriesContext(connection) as few:
        anna.get("/orders/")
    other = make.store("zen-nz")
    for number in range(2, 30):
        make.order(other if number % 2 else store, number, Stage.PROCESSING)
    with CaptureQueriesContext(connection) as many:
        anna.get("/orders/")
    assert len(many) == len(few) <= 10


def test_what_somebody_reads_stays_as_it_is(anna: Client, store: Store) -> None:
    make.order(store, 1)
    assert "data-poll" in anna.get("/orders/").content.decode()
    assert "data-poll" not in anna.get("/orders/?q=1").content.decode()
    assert "data-poll" not in anna.get("/orders/?before=9").content.decode()


def test_no_order_yet_is_said_calmly(anna: Client, store: Store) -> None:
    assert "No order yet" in anna.get(f"/stores/{store.name}/orders/").content.decode()


def test_late_orders_are_marked_and_can_be_listed_alone(anna: Client) -> None:
    store = make.store("slow-au", promise_hours=1)
    for number, sent in ((100, make.ago(days=30)), (101, make.now())):
        row = make.order(store, number, Stage.PENDING).sales_orders.get()
        row.sent_at = sent
        row.save()
    page = anna.get("/stores/slow-au/orders/").content.decode()
    assert page.count('<span class="tag late">late</span>') == 1
    page = anna.get("/orders/?late=yes").content.decode()
    assert "/stores/slow-au/orders/100/" in page
    assert "/stores/slow-au/orders/101/" not in page
