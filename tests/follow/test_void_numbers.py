"""Numbers that are void: watched, never taken for the order's own, and seen when they leave after all."""

from collections.abc import Callable
from datetime import timedelta

from npf.audit.models import Event
from npf.core.clock import ManualClock
from npf.desk import decisions
from npf.orders.models import Line, SalesOrder
from npf.shipments.models import Shipment
from tests.connected import Connected
from tests.follow.conftest import at_fm, looked, stands

Connect = Callable[..., Connected]


def sent_again(shop: Connected, *lines: tuple[str, int]) -> int:
    """An order of which the first number is void, and which FM has as -R2."""
    number = at_fm(shop, *lines)
    shop.bc.change_address(number, zip="3066")
    shop.station("pull")
    decisions.release(shop.order(number), "anna", shop.outside.clock, "resend")
    for station in ("pull", "send"):
        shop.station(station)
    assert stands(shop, number) == ("pending", "")
    return number


def void(number: int) -> SalesOrder:
    return SalesOrder.objects.get(fm_number=f"AC-{number}")


def test_what_fm_says_of_a_void_number_moves_nothing(shop: Connected) -> None:
    number = sent_again(shop)
    shop.fm.hold(f"AC-{number}", "Stopped on the floor")
    looked(shop)
    assert stands(shop, number) == ("pending", "")
    assert (void(number).fm_status, void(number).finished_at) == ("HOLD", None)
    assert Event.objects.filter(text__startswith=f"FM says of AC-{number}, which is void: HOLD").count() == 1


def test_a_void_number_that_fm_cancelled_is_asked_for_no_more(shop: Connected) -> None:
    number = sent_again(shop)
    shop.fm.cancel(f"AC-{number}")
    looked(shop)
    assert stands(shop, number) == ("pending", "")
    assert void(number).finished_at is not None


def test_a_void_number_that_fm_does_not_know_is_no_reason_to_hold(timed: Connect, clock: ManualClock) -> None:
    shop = timed()
    number = sent_again(shop)
    shop.fm.forget(f"AC-{number}")
    for _ in range(7):
        clock.advance(3600)
        looked(shop)
    assert stands(shop, number) == ("pending", "")


def test_what_leaves_under_it_is_a_parcel_without_lines_that_nobody_is_told_of(shop: Connected) -> None:
    number = sent_again(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", None, "OLD")
    looked(shop)
    assert stands(shop, number) == ("held", "fm_sent_twice")
    parcel = Shipment.objects.get()
    assert (parcel.codes, parcel.wanted, parcel.lines.count()) == ({"MUG-INK": 2}, False, 0)
    assert Line.objects.get().despatched == 0
    looked(shop)
    assert Shipment.objects.count() == 1


def test_what_left_before_it_was_void_is_no_alarm_and_what_is_added_to_it_is(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3))
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.bc.change_address(number, zip="3066")
    for station in ("pull", "follow", "push"):
        shop.station(station)
    decisions.release(shop.order(number), "anna", shop.outside.clock, "resend")
    for station in ("pull", "send", "follow"):
        shop.station(station)
    assert stands(shop, number) == ("processing", "")
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    looked(shop)
    assert stands(shop, number) == ("held", "fm_sent_twice")
    assert "1 x MUG-INK, consignment C1" in shop.order(number).reason


def test_fm_goes_on_with_the_live_number_while_the_void_one_is_looked_at(shop: Connected) -> None:
    number = sent_again(shop, ("MUG-INK", 2))
    shop.fm.part_ship(f"AC-{number}-R2", {"MUG-INK": 1}, "C1")
    looked(shop)
    assert stands(shop, number) == ("processing", "")
    assert Line.objects.get().despatched == 1
    shop.fm.cancel(f"AC-{number}-R2")
    looked(shop)
    assert stands(shop, number) == ("held", "fm_cancel")


def test_an_order_of_which_part_left_earlier_is_not_cancelled_with_its_new_number(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.bc.change_address(number, zip="3066")
    for station in ("pull", "follow", "push"):
        shop.station(station)
    decisions.release(shop.order(number), "anna", shop.outside.clock, "resend")
    for station in ("pull", "send"):
        shop.station(station)
    shop.fm.cancel(f"AC-{number}-R2")
    looked(shop)
    assert stands(shop, number) == ("held", "fm_cancel")


def test_a_void_number_is_asked_for_less_and_less_and_in_the_end_no_more(timed: Connect, clock: ManualClock) -> None:
    shop = timed()
    number = sent_again(shop)
    clock.advance(10 * 86_400)
    shop.station("follow", urgent=False)
    assert void(number).follow_at == clock.now() + timedelta(hours=6)
    clock.advance(51 * 86_400)
    shop.station("follow", urgent=False)
    assert void(number).finished_at is not None
    assert stands(shop, number) == ("pending", "")


def test_a_cancelled_order_whose_void_number_leaves_is_held(shop: Connected) -> None:
    number = sent_again(shop)
    shop.bc.cancel(number)
    shop.station("pull")
    decisions.release(shop.order(number), "anna", shop.outside.clock, "stopped")
    assert stands(shop, number)[0] == "cancelled"
    shop.fm.ship(f"AC-{number}", None, "OLD")
    looked(shop)
    assert stands(shop, number) == ("held", "fm_sent_twice")
