"""What was shipped or refunded before NPF had the order is not shipped again (fact 55), and is not told again."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connected import Connected

Connect = Callable[..., Connected]


def ship_by_hand(shop: Connected, number: int, place: int, units: int) -> None:
    """The merchant ships some units of a line in BigCommerce's control panel."""
    order = shop.bc.orders[number]
    line = order.lines[place]
    body = {
        "order_address_id": line.address_id,
        "tracking_number": "BY-HAND",
        "shipping_provider": "",
        "items": [{"order_product_id": line.id, "quantity": units}],
    }
    shop.outside.bigcommerce(shop.store).post(f"/v2/orders/{number}/shipments", body=body)


@pytest.mark.parametrize("over_shipping", ["strict", "lax"])
def test_the_rest_of_an_order_goes_and_is_told(connect: Connect, over_shipping: str) -> None:
    shop = connect(merchant={"over_shipping": over_shipping, "shipment_moves_status": False}, order_status=[11, 14])
    number = shop.place(("MUG-INK", 5), ("APRON-LIN", 1))
    ship_by_hand(shop, number, 0, 2)
    shop.bc.refund(number, 0, 1)
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-INK": 2, "APRON-LIN": 1}
    assert shop.order(number).stage == "complete"
    assert [line.shipped for line in shop.bc.orders[number].lines] == [4, 1]
    assert shop.bc.orders[number].status_id == 14


def test_an_order_that_is_partially_shipped_is_for_fm_where_the_setting_says_so(connect: Connect) -> None:
    shop = connect(order_status=[11, 3])
    number = shop.place(("MUG-INK", 3))
    ship_by_hand(shop, number, 0, 1)
    assert shop.bc.orders[number].status_id == 3
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-INK": 2}
    assert shop.bc.orders[number].status_id == 10


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
@given(units=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=3))
def test_no_unit_is_ever_shipped_twice(shop: Connected, units: list[tuple[int, int, int]]) -> None:
    """(ordered, shipped by hand, refunded) of each line."""
    shop.bc.switches.shipment_moves_status = False
    skus = ("MUG-INK", "APRON-LIN", "BOWL-SER-28")
    number = shop.place(*[(sku, ordered) for sku, (ordered, _, _) in zip(skus, units, strict=False)])
    for place, (ordered, shipped, refunded) in enumerate(units):
        if by_hand := min(shipped, ordered):
            ship_by_hand(shop, number, place, by_hand)
        if back := min(refunded, ordered - by_hand):
            shop.bc.refund(number, place, back)
    shop.bc.edit(number, status_id=11)
    left = {line.sku: line.to_ship for line in shop.bc.orders[number].lines if line.to_ship}
    shop.run()
    in_fm = shop.fm.orders.get(f"AC-{number}")
    assert (in_fm.ordered if in_fm else {}) == left
    for line in shop.bc.orders[number].lines:
        assert line.shipped == line.quantity - line.refunded
