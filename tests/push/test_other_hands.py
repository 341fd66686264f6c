"""What others did in BigCommerce meanwhile: cancelled, refunded, deleted, shipped by hand."""

from collections.abc import Callable

import pytest

from npf.core.clock import ManualClock
from npf.desk import decisions
from npf.jobs.stations import one_station
from npf.orders.models import Order
from npf.sandbox.bigcommerce.orderbook import OrderBook
from npf.stores.models import Store
from tests.connected import Connected
from tests.push.conftest import at_fm, despatched, requests

Connect = Callable[..., Connected]


def test_nothing_is_written_onto_an_order_that_was_stopped_since_the_pull(shop: Connected) -> None:
    numbers = {status_id: shop.place(("MUG-INK", 1)) for status_id in (4, 5, 6, 12, 13)}
    for station in ("pull", "send", "follow"):
        shop.station(station)
    for status_id, number in numbers.items():
        shop.bc.set_status(number, status_id)
    shop.bc.log.clear()
    assert shop.station("push").counts == {"held": 5}
    assert shop.bc.log.writes() == []
    for status_id, number in numbers.items():
        order = shop.order(number)
        assert (order.stage, order.reason_code) == ("held", "stopped_in_bigcommerce")
        assert f"BigCommerce shows {status_id} " in order.reason
    assert shop.station("push").counts == {}
    assert decisions.release(shop.order(numbers[5]), "Ann", shop.outside.clock) == "It is Cancelled"


def test_a_cancellation_is_seen_in_whichever_batch_the_order_comes(timed: Connect, clock: ManualClock) -> None:
    shop = timed(merchant={"shipment_moves_status": False})
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(25)]
    for station in ("pull", "send", "follow"):
        shop.station(station)
    clock.advance(3600)
    shop.bc.cancel(numbers[-1])
    clock.advance(3600)
    shop.station("push")
    assert shop.bc.orders[numbers[-1]].status_id == 5
    assert shop.bc.shipments(numbers[-1]) == []
    assert shop.order(numbers[-1]).stage == "held"
    assert {shop.order(number).stage for number in numbers[:-1]} == {"complete"}


def test_a_cancellation_between_two_batches_is_seen_though_our_clock_is_wrong(
    timed: Connect, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = timed(merchant={"shipment_moves_status": False})
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(25)]
    for station in ("pull", "send", "follow"):
        shop.station(station)
    # From here on BigCommerce is an hour behind us.
    ours = shop.outside.clock
    monkeypatch.setattr(shop.both.world, "now", lambda: ours.now().replace(hour=ours.now().hour - 1))

    def cancel_after_the_first_batch(what: str, done: int, total: int) -> None:
        if done == 20:
            order = shop.bc.orders[numbers[-1]]
            order.status_id = 5
            shop.bc.book.touch(order, int(shop.both.world.moment()))

    one_station("push", shop.store, shop.outside, "test", progress=cancel_after_the_first_batch, urgent=True)
    assert shop.bc.shipments(numbers[-1]) == []
    assert shop.order(numbers[-1]).reason_code == "stopped_in_bigcommerce"


def test_an_order_that_a_person_holds_is_not_told(shop: Connected) -> None:
    number = despatched(shop)
    decisions.hold(shop.order(number), "Ann", shop.outside.clock, "wrong goods")
    Order.objects.update(next_push_at=shop.outside.clock.now())
    shop.bc.log.clear()
    assert shop.station("push").counts == {}
    assert shop.bc.log.writes() == []
    decisions.release(shop.order(number), "Ann", shop.outside.clock)
    shop.station("push")
    assert shop.order(number).stage == "complete"


def test_an_order_that_bigcommerce_no_longer_has_is_held(shop: Connected) -> None:
    number = despatched(shop)
    shop.bc.book = OrderBook()
    assert shop.station("push").counts == {"failed": 1, "held": 1}
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "changed_in_bigcommerce")
    assert order.reason == "BigCommerce was changed after FM had it: the order is there no more"


def test_a_refusal_is_held_with_bigcommerces_own_words(connect: Connect) -> None:
    shop = connect()
    Store.objects.update(carriers={"AP": "Not A Slug"})
    number = despatched(shop)
    assert shop.station("push").counts == {"failed": 1, "held": 1}
    order = shop.order(number)
    assert order.stage == "held"
    assert "The field 'tracking_carrier' is invalid." in order.reason
    Store.objects.update(carriers={"AP": "auspost"})
    decisions.retry(shop.order(number), "Ann", shop.outside.clock)
    shop.station("push")
    assert shop.order(number).stage == "complete"
    assert len(shop.bc.shipments(number)) == 1


def ship_by_hand(shop: Connected, number: int, units: int, tracking: str) -> None:
    """The merchant ships in BigCommerce's control panel."""
    order = shop.bc.orders[number]
    body = {
        "order_address_id": order.addresses[0].id,
        "tracking_number": tracking,
        "shipping_provider": "",
        "items": [{"order_product_id": order.lines[0].id, "quantity": units}],
    }
    shop.outside.bigcommerce(shop.store).post(f"/v2/orders/{number}/shipments", body=body)


@pytest.mark.parametrize("over_shipping", ["strict", "lax"])
def test_what_the_merchant_shipped_by_hand_is_not_shipped_again(connect: Connect, over_shipping: str) -> None:
    shop = connect(merchant={"over_shipping": over_shipping, "shipment_moves_status": False})
    number = at_fm(shop, ("MUG-INK", 2))
    ship_by_hand(shop, number, 2, "BY-HAND")
    shop.fm.ship(f"AC-{number}", None, "C1")
    shop.run()
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "shipped_by_others")
    assert [one["tracking_number"] for one in shop.bc.shipments(number)] == ["BY-HAND"]
    decisions.release(order, "Ann", shop.outside.clock)
    shop.station("push")
    assert [one["tracking_number"] for one in shop.bc.shipments(number)] == ["BY-HAND"]
    order = shop.order(number)
    assert (order.stage, order.reason) == ("complete", "its tracking was not written")
    assert shop.bc.orders[number].status_id == 10


@pytest.mark.parametrize("over_shipping", ["strict", "lax"])
def test_beside_a_part_shipped_by_hand_ours_is_written_while_it_fits(connect: Connect, over_shipping: str) -> None:
    shop = connect(merchant={"over_shipping": over_shipping})
    number = at_fm(shop, ("MUG-INK", 3))
    ship_by_hand(shop, number, 1, "BY-HAND")
    for part in ("C1", "C2", "C3"):
        shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, part)
        shop.run()
    assert [one["tracking_number"] for one in shop.bc.shipments(number)] == ["BY-HAND", "C1", "C2"]
    assert shop.order(number).reason_code == "shipped_by_others"


def test_a_shipment_that_the_merchant_wrote_for_us_is_ours(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", None, "C1")
    ship_by_hand(shop, number, 2, "c1")
    shop.run()
    assert len(shop.bc.shipments(number)) == 1
    assert shop.order(number).stage == "complete"
    assert len(requests(shop, "POST")) == 1
