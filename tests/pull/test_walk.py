"""The walk: nothing is missed, nothing is asked for twice (facts 35-38, 46, 47)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from npf.core.errors import TryLater
from npf.orders.models import Line, Order, Record
from npf.sandbox.bigcommerce import seed_store
from npf.stores.models import Cursor
from tests.connected import Connected


def lists(shop: Connected) -> int:
    return shop.bc.log.count(method="GET", path_prefix="/v2/orders")


def test_it_pulls_a_thousand_orders_with_five_calls(shop: Connected) -> None:
    numbers = seed_store(shop.bc, 1000, variety="plain")
    shop.bc.log.clear()
    at = shop.station("pull")
    assert set(Order.objects.values_list("bc_order_id", flat=True)) == set(numbers)
    assert (lists(shop), at.calls["bigcommerce"]) == (5, 5)


@pytest.mark.slow
def test_it_pulls_ten_thousand_orders_with_at_most_42_calls(shop: Connected) -> None:
    seed_store(shop.bc, 10_000, variety="plain")
    shop.bc.log.clear()
    shop.station("pull")
    assert Order.objects.count() == 10_000
    assert len(shop.bc.log) <= 42


def test_a_quiet_store_costs_one_call_and_writes_nothing(shop: Connected) -> None:
    shop.place(created=shop.outside.clock.now() - timedelta(hours=2))
    shop.station("pull")
    before = list(Record.objects.values_list("order_id", "read_at"))
    shop.bc.log.clear()
    at = shop.station("pull")
    assert len(shop.bc.log) == 1
    assert at.counts.get("pulled", 0) == 0
    assert list(Record.objects.values_list("order_id", "read_at")) == before


def test_an_order_that_is_seen_again_unchanged_is_not_written_again(shop: Connected) -> None:
    number = shop.place()
    shop.station("pull")
    pulled_at = shop.order(number).pulled_at
    assert shop.station("pull").counts.get("pulled", 0) == 0
    assert shop.order(number).pulled_at == pulled_at


def test_an_order_under_a_low_number_that_is_paid_late_is_not_missed(shop: Connected) -> None:
    low = shop.place(status_id=0)
    high = shop.place()
    shop.station("pull")
    assert (shop.order(low).stage, shop.order(high).stage) == ("skipped", "new")
    shop.bc.pay(low)
    shop.station("pull")
    assert shop.order(low).stage == "new"


def test_a_walk_that_broke_off_goes_on_where_it_stopped(shop: Connected) -> None:
    numbers = seed_store(shop.bc, 620, variety="plain")
    shop.outside.clock.sleep = lambda seconds: None  # type: ignore[attr-defined]
    shop.bc.faults.add("500", method="GET", path="/v2/orders", left=4, skip=2)
    with pytest.raises(TryLater):
        shop.station("pull")
    assert Order.objects.count() == 500
    began = Cursor.objects.get(store=shop.store).walk_began
    shop.bc.faults.clear()
    shop.bc.log.clear()
    shop.station("pull")
    assert Order.objects.count() == len(numbers)
    assert lists(shop) == 1
    assert Cursor.objects.get(store=shop.store).modified_since == began


def test_an_order_that_changes_while_the_walk_goes_on_is_known_with_its_latest_state(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = seed_store(shop.bc, 300, variety="plain")
    from npf.pull import page

    real = page.save

    def save(*words: object) -> None:
        real(*words)  # type: ignore[arg-type]
        shop.bc.set_status(numbers[0], 7)

    monkeypatch.setattr(page, "save", save)
    shop.station("pull")
    monkeypatch.undo()
    shop.station("pull")
    assert Order.objects.count() == 300
    assert shop.order(numbers[0]).status_id == 7


def test_it_brings_every_line_of_an_order_with_more_than_fifty(shop: Connected) -> None:
    number = shop.place(*[(f"SKU-{at}", 1) for at in range(60)])
    shop.station("pull")
    assert Line.objects.filter(order__bc_order_id=number).count() == 60


def test_lines_that_the_list_left_out_are_read_apart(shop: Connected) -> None:
    number = shop.place(("MUG-INK", 2), ("APRON-LIN", 1))
    shop.bc.hide_lines(number)
    shop.station("pull")
    assert shop.order(number).stage == "new"
    assert Line.objects.filter(order__bc_order_id=number).count() == 2


def test_it_reads_the_legacy_shape_of_consignments_too(connect: Callable[..., Connected]) -> None:
    shop = connect(merchant={"legacy_array": True})
    number = shop.place()
    shop.station("pull")
    assert shop.order(number).stage == "new"
