"""The night's sweep: what the walk over changes could ever miss is found by the next morning, at no cost by day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.core.clock import ManualClock
from npf.core.errors import TryLater
from npf.desk import decisions
from npf.orders.models import Order
from npf.pull import sweep
from npf.sandbox.bigcommerce.orderbook import OrderBook
from npf.stores.models import Cursor
from tests.connected import Connected
from tests.pull.seeing import calls, many, pull, told, versions

MELBOURNE = ZoneInfo("Australia/Melbourne")
DAY = 86_400


def slip(shop: Connected, number: int, status_id: int) -> None:
    """A change that BigCommerce's list never shows: made long ago by its date, and yet not there when we looked."""
    order = shop.bc.orders[number]
    order.status_id = status_id
    order.modified -= 30 * DAY
    shop.bc.book.forget_bodies()
    shop.bc.book.touch(order, order.modified)


def test_a_change_that_every_walk_missed_is_known_the_next_morning(shop: Connected, clock: ManualClock) -> None:
    number = shop.place(status_id=7)
    pull(shop)
    slip(shop, number, 11)
    clock.advance(3600)
    assert pull(shop).counts == {"seen": 0}
    assert shop.order(number).stage == "skipped"
    clock.advance(DAY)
    assert pull(shop).counts == {"seen": 0, "swept": 1, "pulled": 1}
    assert shop.order(number).stage == "new"


def test_a_sweep_that_finds_nothing_writes_no_order(shop: Connected, clock: ManualClock) -> None:
    many(shop, 30)
    pull(shop)
    before = versions()
    clock.advance(DAY)
    at = pull(shop)
    assert (at.counts, at.calls["bigcommerce"]) == ({"seen": 0, "swept": 30}, 2)
    assert versions() == before


def test_it_sweeps_once_a_night_and_a_quiet_store_costs_one_call_a_look(shop: Connected, clock: ManualClock) -> None:
    shop.place()
    pull(shop)
    costs = []
    for _ in range(48):
        clock.advance(3600)
        costs.append(pull(shop).calls["bigcommerce"])
    assert sorted(costs) == [1] * 46 + [2] * 2
    swept = Cursor.objects.get().swept_at
    assert swept is not None
    assert swept.astimezone(MELBOURNE).hour == 2


def test_the_first_load_counts_as_a_sweep(shop: Connected, clock: ManualClock) -> None:
    pull(shop)
    assert Cursor.objects.get().swept_at == clock.now()


def test_a_large_store_is_swept_in_parts_and_its_changes_wait_for_none_of_them(
    shop: Connected, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PAGES", 2)
    numbers = many(shop, 1100)
    pull(shop)
    clock.advance(DAY)
    shop.bc.cancel(numbers[-1])
    swept = []
    while len(swept) < 10 and (not swept or Cursor.objects.get().sweep_next_id):
        at = pull(shop)
        swept.append(at.counts["swept"])
        assert shop.order(numbers[-1]).stage == "cancelled"
        clock.advance(120)
    assert swept == [500, 500, 100]


def test_a_sweep_that_broke_off_goes_on_where_it_stood(shop: Connected, clock: ManualClock) -> None:
    many(shop, 610)
    pull(shop)
    clock.advance(DAY)
    shop.bc.log.clear()
    # The walk, then the sweep's first page; its second one fails to every try.
    shop.bc.faults.next("500", 4, path="/v2/orders", skip=2)
    with pytest.raises(TryLater):
        pull(shop)
    assert Cursor.objects.get().sweep_next_id == 351
    shop.bc.log.clear()
    assert pull(shop).counts["swept"] == 360
    assert [query["min_id"] for query in calls(shop)[1:]] == ["351", "601"]
    assert Cursor.objects.get().sweep_next_id is None


def test_an_order_archived_before_fm_has_it_is_not_sent(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    decisions.hold(shop.order(number), "Ann", clock)
    # Lists hide archived orders (fact 40), so the walk cannot see it.
    shop.bc.archive(number)
    clock.advance(DAY)
    pull(shop)
    decisions.release(shop.order(number), "Ann", clock)
    shop.run()
    assert (shop.order(number).stage, shop.order(number).reason) == ("skipped", "the order is archived in BigCommerce")
    assert shop.fm.orders == {}


def test_an_order_that_bigcommerce_has_no_more_is_skipped_and_says_so(shop: Connected, clock: ManualClock) -> None:
    gone, stays = shop.place(shipping_method="Drone"), shop.place()
    shop.tables(dispatch={"standard shipping": "AP"})
    pull(shop)
    assert shop.order(gone).stage == "held"
    orders = shop.bc.orders
    shop.bc.book = OrderBook()
    shop.bc.book.add(orders[stays])
    clock.advance(DAY)
    assert pull(shop).counts["skipped"] == 1
    order = shop.order(gone)
    assert (order.stage, order.reason) == ("skipped", "BigCommerce has the order no more")
    assert b'"id":' in bytes(order.record.raw)
    assert order.lines.count() == 1
    assert told(gone)[-1] == "Skipped by the gate “archived”: BigCommerce has the order no more"
    shop.bc.log.clear()
    clock.advance(DAY)
    pull(shop)
    assert [entry.path for entry in shop.bc.log] == ["/v2/orders", "/v2/orders"]


def test_finished_orders_are_not_asked_for_one_by_one(shop: Connected, clock: ManualClock) -> None:
    numbers = [shop.place() for _ in range(3)]
    pull(shop)
    Order.objects.update(stage="complete")
    for number in numbers:
        shop.bc.archive(number)
    clock.advance(DAY)
    assert pull(shop).calls["bigcommerce"] == 2


@given(
    now=st.integers(0, 2 * 365 * DAY).map(
        lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    ),
    zone=st.sampled_from(["Australia/Melbourne", "Pacific/Auckland", "America/New_York", "Asia/Kolkata", "UTC"]),
)
def test_it_is_due_once_in_every_night_whatever_the_clock_does(now: datetime, zone: str) -> None:
    here = ZoneInfo(zone)
    assert sweep.is_due(None, now, here)
    assert not sweep.is_due(now, now, here)
    # A day of the calendar has 23 to 25 hours where the clock changes.
    assert sweep.is_due(now - timedelta(hours=25, seconds=1), now, here)
    due = [hours for hours in range(48) if sweep.is_due(now, now + timedelta(hours=hours), here)]
    assert due == list(range(due[0], 48))
    assert 1 <= due[0] <= 25
