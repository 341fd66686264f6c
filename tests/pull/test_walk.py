"""The walk: how many calls it costs, and that no order is missed."""

from datetime import UTC, datetime, timedelta

import pytest

from npf.core.clock import ManualClock
from npf.core.errors import TryLater
from npf.orders.models import Order
from npf.pull import station
from npf.stores.models import Cursor
from npf.stores.visit import Visit
from tests.connected import Connected
from tests.pull.seeing import calls, many, pull, told


def numbers() -> set[int]:
    return set(Order.objects.values_list("bc_order_id", flat=True))


def asked_from(query: dict[str, str]) -> datetime:
    return datetime.fromisoformat(query["min_date_modified"])


def test_a_thousand_orders_cost_five_calls_and_each_is_there_whole(shop: Connected) -> None:
    placed = many(shop, 1000)
    at = pull(shop)
    assert at.counts["pulled"] == 1000
    assert at.calls["bigcommerce"] == len(calls(shop)) == 5
    assert numbers() == set(placed)
    for order in Order.objects.prefetch_related("lines", "addresses", "record"):
        theirs = shop.bc.orders[order.bc_order_id]
        assert order.stage == "new"
        assert {line.order_product_id: line.quantity for line in order.lines.all()} == {
            line.id: line.quantity for line in theirs.lines
        }
        assert [place.order_address_id for place in order.addresses.all()] == [one.id for one in theirs.addresses]
        assert f'"id":{order.bc_order_id}'.encode() in bytes(order.record.raw)


@pytest.mark.slow
def test_ten_thousand_orders_cost_at_most_forty_two_calls(shop: Connected) -> None:
    many(shop, 10_000)
    assert pull(shop).calls["bigcommerce"] <= 42
    assert Order.objects.count() == 10_000


def test_a_quiet_store_costs_one_call(shop: Connected) -> None:
    assert pull(shop).calls["bigcommerce"] == 1
    assert pull(shop).calls["bigcommerce"] == 1
    shop.place()
    assert pull(shop).calls["bigcommerce"] == 1


def test_it_asks_by_id_from_the_first_page_of_everything_modified_with_lines_and_in_utc(shop: Connected) -> None:
    many(shop, 260)
    pull(shop)
    first, second = calls(shop)
    assert first == {
        "min_id": "1",
        "min_date_modified": first["min_date_modified"],
        "sort": "id:asc",
        "limit": "250",
        "page": "1",
        "include": "consignments,consignments.line_items",
        "consignment_structure": "object",
    }
    assert asked_from(first).utcoffset() == timedelta(0)
    assert int(second["min_id"]) == sorted(numbers())[249] + 1
    assert second | {"min_id": "1"} == first


def test_the_first_walk_begins_at_midnight_of_the_start_date(shop: Connected) -> None:
    shop.set(start_date="01/11/2026")
    pull(shop)
    assert asked_from(calls(shop)[0]) == datetime(2026, 10, 31, 13, 0, tzinfo=UTC)


def test_a_later_walk_begins_where_the_last_one_began_with_an_overlap(shop: Connected, clock: ManualClock) -> None:
    began = clock.now()
    pull(shop, lambda *_: clock.advance(300))
    clock.advance(3600)
    pull(shop)
    assert asked_from(calls(shop)[-1]) == began - station.OVERLAP


def test_the_clock_that_counts_is_bigcommerces(shop: Connected, clock: ManualClock) -> None:
    theirs = clock.now() - timedelta(hours=2)
    shop.both.world.now = lambda: theirs
    pull(shop)
    assert Cursor.objects.get().modified_since == theirs


def test_orders_modified_while_it_walks_are_not_missed(shop: Connected, clock: ManualClock) -> None:
    placed = many(shop, 270)
    turned = {placed[3]: 5, placed[252]: 5, placed[265]: 5}

    def meanwhile(what: str, done: int, total: int) -> None:
        clock.advance(60)
        if done == 250:
            for number, status_id in turned.items():
                shop.bc.set_status(number, status_id)

    pull(shop, meanwhile)
    assert numbers() == set(placed)
    # Behind the walk it is seen by the next one, before it at once.
    assert [shop.order(number).stage for number in turned] == ["new", "cancelled", "cancelled"]
    clock.advance(120)
    pull(shop)
    assert [shop.order(number).stage for number in turned] == ["cancelled"] * 3


def test_orders_that_leave_the_list_while_it_walks_shift_no_other_out_of_it(
    shop: Connected, clock: ManualClock
) -> None:
    placed = many(shop, 270)

    def meanwhile(what: str, done: int, total: int) -> None:
        for number in placed[:100]:
            shop.bc.archive(number)

    pull(shop, meanwhile)
    assert numbers() == set(placed)


def test_a_low_number_that_is_paid_for_late_is_not_missed(shop: Connected, clock: ManualClock) -> None:
    waits = shop.place(("MUG-INK", 1), status_id=0)
    pull(shop)
    assert (shop.order(waits).stage, shop.order(waits).reason_code) == ("skipped", "gate:order status")
    clock.advance(7200)
    later = [shop.place() for _ in range(3)]
    pull(shop)
    clock.advance(7200)
    shop.bc.pay(waits)
    pull(shop)
    assert shop.order(waits).stage == "new"
    assert numbers() == {waits, *later}


def test_gaps_between_the_numbers_are_no_trouble(shop: Connected) -> None:
    first = shop.place()
    shop.bc.skip_order_ids(5000)
    last = shop.place()
    assert pull(shop).counts["pulled"] == 2
    assert numbers() == {first, last}


def test_a_walk_that_was_stopped_goes_on_where_it_stopped(shop: Connected, clock: ManualClock) -> None:
    placed = many(shop, 310)
    shop.bc.faults.next("500", 4, path="/v2/orders", skip=1)
    began = clock.now()
    with pytest.raises(TryLater):
        pull(shop)
    assert numbers() == set(placed[:250])
    shop.bc.log.clear()
    clock.advance(600)
    assert pull(shop).counts["pulled"] == 60
    assert numbers() == set(placed)
    (query,) = calls(shop)
    assert int(query["min_id"]) == placed[249] + 1
    # What was modified since the interrupted walk began is seen by the next.
    assert Cursor.objects.get().modified_since == began


def test_a_page_and_how_far_it_brings_the_walk_are_saved_together(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = many(shop, 310)
    monkeypatch.setattr(station, "_end", _fails)
    with pytest.raises(RuntimeError):
        pull(shop)
    assert numbers() == set(placed[:250])
    monkeypatch.undo()
    assert pull(shop).counts == {"seen": 60, "pulled": 60}
    assert numbers() == set(placed)


def _fails(at: Visit, cursor: Cursor, since: datetime) -> None:
    raise RuntimeError("the power went")


def test_an_earlier_start_date_brings_in_the_orders_that_were_left_out(shop: Connected, clock: ManualClock) -> None:
    old = shop.place(created=clock.now() - timedelta(days=40))
    new = shop.place()
    pull(shop)
    assert numbers() == {new}
    shop.set(start_date=f"{clock.now() - timedelta(days=50):%d/%m/%Y}")
    pull(shop)
    assert numbers() == {old, new}
    assert shop.order(old).stage == "new"
    clock.advance(3600)
    pull(shop)
    assert asked_from(calls(shop)[-1]) == clock.now() - timedelta(hours=1) - station.OVERLAP


def test_a_later_start_date_leaves_out_what_is_not_in_fm_yet(shop: Connected, clock: ManualClock) -> None:
    old = shop.place(created=clock.now() - timedelta(days=20))
    pull(shop)
    shop.set(start_date=f"{clock.now() - timedelta(days=2):%d/%m/%Y}")
    pull(shop)
    assert (shop.order(old).stage, shop.order(old).reason_code) == ("skipped", "gate:start date")


def test_a_start_date_in_the_future_pulls_nothing_that_was_placed_before_it(
    shop: Connected, clock: ManualClock
) -> None:
    shop.set(start_date=f"{clock.now() + timedelta(days=3):%d/%m/%Y}")
    pull(shop)
    early = shop.place()
    pull(shop)
    assert shop.order(early).reason_code == "gate:start date"
    clock.advance(5 * 86_400)
    late = shop.place()
    pull(shop)
    assert shop.order(late).stage == "new"


def test_a_date_that_bigcommerce_ignored_loses_nothing_and_is_told_once_a_day(
    shop: Connected, clock: ManualClock
) -> None:
    ancient = shop.place(created=clock.now() - timedelta(days=300))
    recent = shop.place()
    clock.advance(3 * 86_400)
    pull(shop)
    shop.bc.book.select, honest = _without_dates(shop), shop.bc.book.select  # type: ignore[method-assign]
    clock.advance(600)
    at = pull(shop)
    assert at.counts["unfiltered"] == 1
    assert numbers() == {ancient, recent}
    assert shop.order(ancient).reason_code == "gate:start date"
    pull(shop)
    assert told(None).count(station.UNFILTERED) == 1
    clock.advance(2 * 86_400)
    pull(shop)
    assert told(None).count(station.UNFILTERED) == 2
    shop.bc.book.select = honest  # type: ignore[method-assign]


def _without_dates(shop: Connected):  # type: ignore[no-untyped-def]
    honest = shop.bc.book.select

    def select(wish):  # type: ignore[no-untyped-def]
        wish.min_modified = -1
        return honest(wish)

    return select


def test_a_list_that_does_not_move_on_is_not_walked_for_ever(shop: Connected) -> None:
    many(shop, 260)
    honest = shop.bc.book.select

    def select(wish):  # type: ignore[no-untyped-def]
        wish.min_id = 0
        return honest(wish)

    shop.bc.book.select = select  # type: ignore[method-assign]
    with pytest.raises(TryLater, match="without any number"):
        pull(shop)


def test_one_order_is_pulled_by_its_number_whatever_the_cursor_says(shop: Connected, clock: ManualClock) -> None:
    pull(shop)
    old = shop.place(created=clock.now() - timedelta(days=20))
    other = shop.place(created=clock.now() - timedelta(days=20))
    pull(shop)
    assert numbers() == set()
    with shop.visit() as at:
        assert station.one(at, old).stage == "new"
    assert numbers() == {old}
    assert other not in numbers()
