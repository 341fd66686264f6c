"""What becomes of an order that is pulled again: by the gates before FM has it, by a person after."""

import pytest

from npf.audit.models import Event
from npf.desk import decisions
from npf.orders.models import Line, Record
from tests.connected import Connected


def test_a_malformed_order_is_held_with_its_raw_text_and_the_others_go_on(shop: Connected) -> None:
    bad, good = shop.place(), shop.place()
    shop.bc.malform(bad, "quantity")
    shop.station("pull")
    held = shop.order(bad)
    assert (held.stage, held.reason_code) == ("held", "gate:readable")
    assert "quantity" in held.field
    assert b'"quantity"' in bytes(Record.objects.get(order=held).raw)
    assert shop.order(good).stage == "new"


def test_a_malformed_order_that_is_mended_in_bigcommerce_goes_on_by_itself(shop: Connected) -> None:
    number = shop.place()
    shop.bc.malform(number, "quantity")
    shop.station("pull")
    shop.bc.edit_line(number, 0, quantity=2)
    shop.bc.edit(number, staff_notes="mended")
    shop.station("pull")
    assert shop.order(number).stage == "new"


def test_an_order_edited_before_fm_has_it_is_judged_anew_with_its_new_lines(shop: Connected) -> None:
    number = shop.place(("MUG-INK", 3), ("APRON-LIN", 1))
    shop.station("pull")
    shop.bc.change_quantity(number, 1, 0)
    shop.bc.change_quantity(number, 0, 2)
    shop.station("pull")
    lines = Line.objects.filter(order__bc_order_id=number).values_list("sku", "quantity")
    assert (shop.order(number).stage, list(lines)) == ("new", [("MUG-INK", 2)])


def test_an_order_edited_after_fm_has_it_is_told_on_the_timeline_and_not_sent_again(shop: Connected) -> None:
    number = shop.place(("MUG-INK", 3))
    shop.fm.set(manual=True)
    shop.run()
    shop.bc.change_quantity(number, 0, 5)
    shop.run()
    texts = Event.objects.filter(bc_order_id=number).values_list("text", flat=True)
    assert any("3 -> 5" in text for text in texts)
    assert shop.fm.order(f"AC-{number}").received == 1


def test_an_order_cancelled_before_fm_has_it_is_cancelled(shop: Connected) -> None:
    number = shop.place()
    shop.station("pull")
    shop.bc.cancel(number)
    done = shop.run()
    assert (shop.order(number).stage, done["sent"], len(shop.fm.orders)) == ("cancelled", 0, 0)


@pytest.mark.parametrize("status_id", [4, 5, 6, 13])
def test_an_order_stopped_after_fm_has_it_waits_for_a_person(shop: Connected, status_id: int) -> None:
    number = shop.place()
    shop.fm.set(manual=True)
    shop.run()
    shop.bc.set_status(number, status_id)
    shop.run()
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "stopped_in_bigcommerce")
    assert shop.bc.orders[number].status_id == status_id


def test_a_changed_setting_lets_held_and_skipped_orders_pass_the_gates_again(shop: Connected) -> None:
    shop.set(countries=["New Zealand"])
    skipped = shop.place(country="AU")
    shop.station("pull")
    assert shop.order(skipped).stage == "skipped"
    shop.set(countries=["Australia", "New Zealand"])
    shop.station("pull")
    assert shop.order(skipped).stage == "new"


def test_a_changed_setting_leaves_orders_alone_that_fm_has(shop: Connected) -> None:
    number = shop.place(country="AU")
    shop.fm.set(manual=True)
    shop.run()
    shop.set(countries=["New Zealand"])
    shop.station("pull")
    assert shop.order(number).stage == "pending"


def test_an_order_held_by_hand_stays_held_whatever_the_gates_say(shop: Connected) -> None:
    number = shop.place()
    shop.station("pull")
    decisions.hold(shop.order(number), "alice", shop.outside.clock, "the shopper rang")
    shop.bc.edit(number, staff_notes="touched")
    shop.set(stock_buffer=1)
    done = shop.run()
    order = shop.order(number)
    assert (order.stage, order.reason_code, done["sent"]) == ("held", "by_hand", 0)


def test_every_gate_keeps_its_verdict(shop: Connected) -> None:
    number = shop.place(shipping_method="Standard Shipping")
    shop.station("pull")
    gates = shop.order(number).gates
    assert {gate["outcome"] for gate in gates} == {"pass"}
    assert any(gate["gate"] == "dispatch method" and "-> AP" in gate["why"] for gate in gates)
