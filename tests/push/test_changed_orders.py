"""Orders that were changed or stopped in BigCommerce after FM had them: what BigCommerce is told of them (rule 3)."""

from npf.desk import decisions
from npf.orders.models import Order
from npf.shipments.models import Shipment
from tests.connected import Connected
from tests.push.conftest import at_fm


def told(shop: Connected, number: int) -> list[tuple[str, int]]:
    """(tracking number, units) of each shipment that BigCommerce shows."""
    return [
        (one["tracking_number"], sum(item["quantity"] for item in one["items"])) for one in shop.bc.shipments(number)
    ]


def stands(shop: Connected, number: int) -> tuple[str, str]:
    order = shop.order(number)
    return order.stage, order.reason_code


def changed_and_gone(shop: Connected, **where: str) -> int:
    """Two mugs at FM, changed since, that leave while a person is asked."""
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.change_address(number, **where)
    shop.station("pull")
    shop.fm.ship(f"AC-{number}", None, "C1")
    shop.station("follow")
    return number


def let_ship(shop: Connected, number: int) -> str:
    return decisions.release(shop.order(number), "Ann", shop.outside.clock, "ship")


def test_a_parcel_of_a_changed_order_is_told_and_its_status_waits(shop: Connected) -> None:
    number = changed_and_gone(shop, zip="3066")
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    shop.bc.log.clear()
    assert shop.station("push").counts == {"pushed": 1}
    assert told(shop, number) == [("C1", 2)]
    assert [entry.method for entry in shop.bc.log.writes()] == ["POST"]
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")


def test_our_own_shipment_does_not_end_the_hold_nor_make_another(shop: Connected) -> None:
    number = changed_and_gone(shop, zip="3066")
    reason = shop.order(number).reason
    shop.station("push")
    for _ in range(2):
        shop.station("pull")
        assert (stands(shop, number), shop.order(number).reason) == (("held", "changed_in_bigcommerce"), reason)


def test_nothing_of_a_changed_order_is_told_once_it_is_cancelled_too(shop: Connected) -> None:
    number = changed_and_gone(shop, zip="3066")
    shop.bc.cancel(number)
    shop.bc.log.clear()
    shop.station("push")
    assert shop.bc.log.writes() == []
    assert stands(shop, number) == ("held", "stopped_in_bigcommerce")


def test_a_refusal_does_not_hide_the_change_and_is_tried_again_when_it_goes_on(shop: Connected) -> None:
    number = changed_and_gone(shop, zip="3066")
    Shipment.objects.update(tracking_number="X" * 60)
    shop.station("push")
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    assert shop.order(number).next_push_at is None
    let_ship(shop, number)
    shop.station("push")
    assert stands(shop, number) == ("held", "bc_refused")


def test_of_units_that_bigcommerce_no_longer_wants_only_the_wanted_are_shown(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3), ("BOWL-SER-28", 1))
    shop.bc.change_quantity(number, 0, 1)
    shop.station("pull")
    let_ship(shop, number)
    shop.fm.ship(f"AC-{number}", None, "C1")
    shop.run()
    assert told(shop, number) == [("C1", 2)]
    assert stands(shop, number) == ("complete", "")


def test_a_parcel_of_which_nothing_is_wanted_any_more_is_not_told_and_the_order_says_so(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2), ("BOWL-SER-28", 1))
    shop.bc.change_quantity(number, 1, 0)
    shop.station("pull")
    let_ship(shop, number)
    shop.fm.part_ship(f"AC-{number}", {"BOWL-SER-28": 1}, "BOWL")
    shop.run()
    assert told(shop, number) == []
    shop.fm.ship(f"AC-{number}", None, "MUGS")
    shop.run()
    assert told(shop, number) == [("MUGS", 2)]
    order = shop.order(number)
    assert (order.stage, order.reason) == ("complete", "its tracking was not written")


def test_a_refunded_unit_that_left_is_not_shown_as_shipped(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.refund(number, 0, 1)
    shop.station("pull")
    let_ship(shop, number)
    shop.fm.ship(f"AC-{number}", None, "C1")
    shop.run()
    assert told(shop, number) == [("C1", 1)]
    assert stands(shop, number) == ("complete", "")


def test_a_stopped_order_that_ships_is_told_nothing_in_parts_nor_at_its_end(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.set_status(number, 4)
    shop.station("pull")
    let_ship(shop, number)
    shop.bc.log.clear()
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.run()
    assert stands(shop, number)[0] == "processing"
    assert shop.order(number).next_push_at is None
    shop.fm.ship(f"AC-{number}", None, "C2")
    shop.run()
    assert stands(shop, number)[0] == "cancelled"
    assert set(Shipment.objects.values_list("wanted", flat=True)) == {False}
    assert shop.bc.log.writes() == []


def test_a_stopped_order_that_ships_is_held_again_for_another_status(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.set_status(number, 13)
    shop.station("pull")
    let_ship(shop, number)
    shop.bc.set_status(number, 4)
    Order.objects.update(next_push_at=shop.outside.clock.now())
    shop.station("push")
    assert stands(shop, number) == ("held", "stopped_in_bigcommerce")
    assert "4 Refunded" in shop.order(number).reason
