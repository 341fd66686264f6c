"""Cancelled or changed in BigCommerce after FM had it: each answer of NPF's floor, the whole way."""

from collections.abc import Callable

from npf.desk import decisions, floor
from npf.orders.models import SalesOrder
from npf.shipments.listing import listed
from tests.connected import Connected


def at_fm(shop: Connected, *lines: tuple[str, int], **more: object) -> int:
    shop.fm.set(manual=True)
    number = shop.place(*lines, **more)
    shop.run()
    assert shop.order(number).stage == "pending"
    return number


def stands(shop: Connected, number: int) -> tuple[str, str]:
    order = shop.order(number)
    return order.stage, order.reason_code


def answer(shop: Connected, number: int, outcome: str, remark: str = "") -> str:
    return decisions.release(shop.order(number), "otto", shop.outside.clock, outcome, remark=remark)


def told(shop: Connected, number: int) -> dict[str, int]:
    """Tracking number -> units that BigCommerce shows as shipped under it."""
    return {one["tracking_number"]: sum(i["quantity"] for i in one["items"]) for one in shop.bc.shipments(number)}


# stopped at NPF


def test_a_cancelled_order_that_is_stopped_at_npf_is_cancelled(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.cancel(number)
    shop.run()
    assert stands(shop, number) == ("held", "stopped_in_bigcommerce")
    assert answer(shop, number, "stopped") == "It is Cancelled"
    shop.run()
    assert stands(shop, number)[0] == "cancelled"
    assert (shop.bc.orders[number].status_id, shop.bc.shipments(number)) == (5, [])


def test_a_changed_order_that_is_stopped_at_npf_is_cancelled_too(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.change_quantity(number, 0, 5)
    shop.run()
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    assert "MUG-INK: 2 -> 5" in floor.text(shop.order(number))
    answer(shop, number, "stopped")
    shop.run()
    assert stands(shop, number)[0] == "cancelled"
    assert list(shop.fm.orders) == [f"AC-{number}"]


# too late, it ships


def test_a_changed_order_that_ships_goes_on_as_fm_has_it(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.change_address(number, zip="3066")
    shop.run()
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    assert answer(shop, number, "ship") == "It is followed on at FM"
    shop.bc.edit(number, staff_notes="the same change, looked at again")
    shop.run()
    assert stands(shop, number)[0] == "pending"
    shop.fm.ship(f"AC-{number}", None, "C1")
    shop.run()
    assert stands(shop, number) == ("complete", "")
    assert told(shop, number) == {"C1": 2}
    assert shop.bc.orders[number].status_id == 10


def test_a_further_change_after_it_was_let_ship_holds_it_again(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.change_address(number, zip="3066")
    shop.run()
    answer(shop, number, "ship")
    shop.bc.change_address(number, city="Collingwood")
    shop.run()
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "changed_in_bigcommerce")
    assert "city" in order.reason
    assert "postcode" not in order.reason


def test_what_left_while_it_was_held_for_a_change_is_shown_to_the_shopper_at_once(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.change_address(number, zip="3066")
    shop.run()
    shop.fm.ship(f"AC-{number}", None, "C1")
    shop.run()
    assert told(shop, number) == {"C1": 2}
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    assert shop.bc.orders[number].status_id != 10
    answer(shop, number, "ship")
    shop.run()
    assert stands(shop, number)[0] == "complete"
    assert shop.bc.orders[number].status_id == 10


def test_a_cancelled_order_that_ships_all_the_same_is_never_completed_and_says_so(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.cancel(number)
    shop.run()
    answer(shop, number, "ship", "the van has left")
    shop.run()
    assert stands(shop, number)[0] == "pending"
    shop.fm.ship(f"AC-{number}", None, "C1")
    writes = len(shop.bc.log.writes())
    shop.run()
    order = shop.order(number)
    assert order.stage == "cancelled"
    assert order.reason == (
        "BigCommerce shows 5 Cancelled, and it left NPF all the same: BigCommerce was not told of it"
    )
    assert len(shop.bc.log.writes()) == writes
    (row,) = listed(shop.store)
    assert [one["tracking_number"] for one in row["shipments"]] == ["C1"]


def test_a_cancelled_order_that_ships_and_goes_on_in_bigcommerce_is_told_and_completed(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.set_status(number, 13)
    shop.run()
    answer(shop, number, "ship")
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.run()
    assert told(shop, number) == {}
    shop.bc.set_status(number, 11)
    shop.run()
    assert told(shop, number) == {"C1": 1}
    shop.fm.ship(f"AC-{number}", None, "C2")
    shop.run()
    assert told(shop, number) == {"C1": 1, "C2": 1}
    assert stands(shop, number)[0] == "complete"


# send again under a new number


def test_a_changed_order_goes_again_under_a_new_number_as_it_is_now(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2), ("BOWL-SER-28", 1))
    shop.bc.change_quantity(number, 0, 5)
    shop.bc.change_quantity(number, 1, 0)
    shop.bc.change_address(number, zip="3066")
    shop.run()
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    assert answer(shop, number, "resend") == "The old number is void. It is read anew, and goes to FM as …-R2"
    shop.bc.change_address(number, city="Collingwood")
    shop.run()
    again = shop.fm.orders[f"AC-{number}-R2"]
    assert again.ordered == {"MUG-INK": 5}
    where = again.fields["ShippingAddress"]
    assert (where["PostCode"], where["City"]) == ("3066", "Collingwood")
    (row,) = listed(shop.store)
    assert (row["fm_number"], row["void"], row["stage"]) == (f"AC-{number}-R2", [f"AC-{number}"], "pending")
    shop.fm.cancel(f"AC-{number}")
    shop.fm.ship(f"AC-{number}-R2", None, "C1")
    shop.run()
    assert stands(shop, number) == ("complete", "")
    assert told(shop, number) == {"C1": 5}
    assert shop.bc.orders[number].status_id == 10
    calls = len(shop.fm.log)
    shop.run()
    assert len(shop.fm.log) == calls


def test_only_what_has_not_left_goes_again(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3), ("BOWL-SER-28", 2))
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 2}, "C1")
    shop.bc.change_address(number, zip="3066")
    shop.run()
    assert told(shop, number) == {"C1": 2}
    answer(shop, number, "resend")
    shop.run()
    assert shop.fm.orders[f"AC-{number}-R2"].ordered == {"MUG-INK": 1, "BOWL-SER-28": 2}
    assert shop.order(number).stage == "processing"
    shop.fm.ship(f"AC-{number}-R2", None, "C2")
    shop.run()
    assert told(shop, number) == {"C1": 2, "C2": 3}
    assert stands(shop, number)[0] == "complete"


def test_what_is_sent_again_can_be_changed_again(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    for units, outcome in ((3, "resend"), (4, "resend")):
        shop.bc.change_quantity(number, 0, units)
        shop.run()
        assert stands(shop, number) == ("held", "changed_in_bigcommerce")
        answer(shop, number, outcome)
        shop.run()
        assert stands(shop, number)[0] == "pending"
    assert shop.fm.orders[f"AC-{number}-R3"].ordered == {"MUG-INK": 4}
    assert SalesOrder.objects.filter(voided_at__isnull=True).count() == 1


def test_two_addresses_go_again_each_under_its_own_new_number(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2), ("BOWL-SER-28", 1), addresses=2)
    shop.bc.change_address(number, 1, zip="3066", state="Victoria")
    shop.run()
    answer(shop, number, "resend")
    shop.run()
    assert {f"AC-{number}-1-R2", f"AC-{number}-2-R2"} <= set(shop.fm.orders)
    for place in (1, 2):
        shop.fm.ship(f"AC-{number}-{place}-R2", None, f"C{place}")
    shop.run()
    assert stands(shop, number)[0] == "complete"
    assert told(shop, number) == {"C1": 2, "C2": 1}


def test_a_bundle_of_which_a_part_has_left_goes_again_with_the_rest(connect: Callable[..., Connected]) -> None:
    shop = connect(bundle_prefix="KIT-", tables={"bundles": {"KIT-TEA": {"MUG-STONE": 2, "TEA-TWL-GUM": 1}}})
    lines = [("KIT-TEA", 3), {"sku": "MUG-STONE", "quantity": 6, "parent": 0}]
    shop.fm.set(manual=True)
    number = shop.bc.place_order(lines)
    shop.run()
    shop.fm.part_ship(f"AC-{number}", {"MUG-STONE": 2, "TEA-TWL-GUM": 1}, "C1")
    shop.bc.change_address(number, zip="3066")
    shop.run()
    answer(shop, number, "resend")
    shop.run()
    assert shop.fm.orders[f"AC-{number}-R2"].ordered == {"MUG-STONE": 4, "TEA-TWL-GUM": 2}
    shop.fm.ship(f"AC-{number}-R2", None, "C2")
    shop.run()
    assert told(shop, number) == {"C1": 3, "C2": 6}
    assert stands(shop, number)[0] == "complete"


def test_a_void_number_that_leaves_after_all_holds_the_order_and_is_told_to_nobody(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.change_quantity(number, 0, 5)
    shop.run()
    answer(shop, number, "resend")
    shop.run()
    shop.fm.ship(f"AC-{number}", None, "OLD")
    shop.run()
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "fm_sent_twice")
    assert f"FM despatched AC-{number} after all" in order.reason
    assert f"AC-{number}-R2 was sent in its place" in order.reason
    assert told(shop, number) == {}
    shop.fm.ship(f"AC-{number}-R2", None, "NEW")
    shop.run()
    assert told(shop, number) == {"NEW": 5}
    answer(shop, number, "ship")
    shop.run()
    assert stands(shop, number)[0] == "complete"
    assert told(shop, number) == {"NEW": 5}


def test_a_void_number_that_leaves_after_the_order_is_complete_is_seen(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.change_address(number, zip="3066")
    shop.run()
    answer(shop, number, "resend")
    shop.run()
    shop.fm.ship(f"AC-{number}-R2", None, "NEW")
    shop.run()
    assert stands(shop, number)[0] == "complete"
    shop.fm.ship(f"AC-{number}", None, "OLD")
    shop.run()
    assert stands(shop, number) == ("held", "fm_sent_twice")
    answer(shop, number, "ship")
    shop.run()
    assert stands(shop, number)[0] == "complete"


def test_a_void_number_that_leaves_before_the_new_one_is_sent_keeps_it_from_fm(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.change_address(number, zip="3066")
    shop.run()
    answer(shop, number, "resend")
    shop.fm.ship(f"AC-{number}", None, "OLD")
    shop.station("follow")
    shop.run()
    assert stands(shop, number) == ("held", "fm_sent_twice")
    assert list(shop.fm.orders) == [f"AC-{number}"]
    answer(shop, number, "stopped")
    assert stands(shop, number)[0] == "cancelled"
    shop.run()
    assert list(shop.fm.orders) == [f"AC-{number}"]
