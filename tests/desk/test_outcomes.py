"""What NPF's floor answers: what each outcome does, what it refuses, what is on record of it."""

import threading

import pytest
from django.db import connections

from npf.audit.models import Event
from npf.core.errors import GiveUp
from npf.desk import decisions, floor
from npf.desk.compare import side_by_side
from npf.desk.outcomes import why_not_resend
from npf.desk.seen import seen_of
from npf.orders.models import Difference, Line, Order, SalesOrder
from npf.pull import regate
from npf.sandbox.bigcommerce.orderbook import OrderBook
from npf.shipments.models import Shipment
from tests.connected import Connected


def at_fm(shop: Connected, *lines: tuple[str, int], **more: object) -> int:
    shop.fm.set(manual=True)
    number = shop.place(*lines, **more)
    for station in ("pull", "send", "follow"):
        shop.station(station)
    return number


def changed(shop: Connected, *lines: tuple[str, int], **more: object) -> int:
    """An order at FM whose postcode was changed since."""
    number = at_fm(shop, *lines, **more)
    shop.bc.change_address(number, zip="3066")
    shop.station("pull")
    assert shop.order(number).reason_code == "changed_in_bigcommerce"
    return number


def cancelled(shop: Connected) -> int:
    number = at_fm(shop)
    shop.bc.cancel(number)
    shop.station("pull")
    return number


def answer(shop: Connected, number: int, outcome: str = "", **more: str) -> str:
    return decisions.release(shop.order(number), "anna", shop.outside.clock, outcome, **more)


def stands(shop: Connected, number: int) -> tuple[str, str]:
    order = shop.order(number)
    return order.stage, order.reason_code


# On record


@pytest.mark.parametrize(
    ("outcome", "tag"), [("stopped", "stopped"), ("ship", "let_ship"), ("resend", "sent_again"), ("", "let_ship")]
)
def test_the_choice_the_name_and_the_remark_are_on_the_timeline(shop: Connected, outcome: str, tag: str) -> None:
    number = changed(shop)
    answer(shop, number, outcome, remark="Kim at the dock said so")
    told = Event.objects.get(tag=f"person:order:{tag}", bc_order_id=number)
    assert told.by == "anna"
    assert told.text.startswith("anna: ")
    assert "(why: Kim at the dock said so)" in told.text
    assert "postcode" in told.text


def test_of_two_who_decide_at_once_the_second_is_told_who_was_first(shop: Connected) -> None:
    number = changed(shop)
    ends: list[str] = []
    together = threading.Barrier(2)

    def decide(name: str, outcome: str) -> None:
        order = shop.order(number)
        together.wait()
        try:
            decisions.release(order, name, shop.outside.clock, outcome)
            ends.append(f"{name} did")
        except GiveUp as trouble:
            ends.append(str(trouble))
        finally:
            connections.close_all()

    both = [threading.Thread(target=decide, args=words) for words in (("anna", "stopped"), ("ben", "ship"))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    first = next(end.split()[0] for end in ends if end.endswith(" did"))
    (second,) = [end for end in ends if not end.endswith(" did")]
    assert "not held" in second
    assert f"({first}: " in second
    assert Event.objects.filter(tag__startswith="person:order", bc_order_id=number).count() == 1


def test_it_is_decided_over_what_was_seen_or_not_at_all(shop: Connected) -> None:
    number = changed(shop)
    seen = seen_of(shop.order(number))
    shop.bc.change_address(number, city="Collingwood")
    shop.station("pull")
    with pytest.raises(GiveUp, match="has changed since you looked at it"):
        answer(shop, number, "ship", seen=seen)
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    answer(shop, number, "ship", seen=seen_of(shop.order(number)))
    assert stands(shop, number)[0] == "pending"


def test_only_a_stopped_or_changed_order_has_outcomes(shop: Connected) -> None:
    number = at_fm(shop)
    decisions.hold(shop.order(number), "anna", shop.outside.clock)
    with pytest.raises(GiveUp, match="is held for something else"):
        answer(shop, number, "resend")
    with pytest.raises(GiveUp, match="is no outcome"):
        answer(shop, changed(shop), "burn")


# Plain commands keep their meaning


def test_a_plain_release_of_a_change_lets_it_ship(shop: Connected) -> None:
    number = changed(shop)
    assert answer(shop, number) == "It is followed on at FM"
    assert Difference.objects.get().accepted == Difference.objects.get().changes


def test_a_retry_goes_on_only_once_bigcommerce_shows_it_as_fm_has_it(shop: Connected) -> None:
    number = changed(shop)
    with pytest.raises(GiveUp, match=r"still shows order .* otherwise than FM has it"):
        decisions.retry(shop.order(number), "anna", shop.outside.clock)


def test_a_hold_by_hand_does_not_hide_a_change(shop: Connected) -> None:
    number = changed(shop)
    with pytest.raises(GiveUp, match="is held already"):
        decisions.hold(shop.order(number), "anna", shop.outside.clock)


# Resend


def test_a_cancelled_order_is_not_sent_again(shop: Connected) -> None:
    number = cancelled(shop)
    with pytest.raises(GiveUp, match="BigCommerce shows 5 Cancelled: give it another status there first"):
        answer(shop, number, "resend")
    assert stands(shop, number) == ("held", "stopped_in_bigcommerce")


def test_what_has_left_whole_is_not_sent_again(shop: Connected) -> None:
    number = changed(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", None, "C1")
    shop.station("follow")
    with pytest.raises(GiveUp, match="BigCommerce is not told yet of what has left NPF"):
        answer(shop, number, "resend")
    shop.station("push")
    with pytest.raises(GiveUp, match="NPF has shipped all of it, so nothing is left to send again"):
        answer(shop, number, "resend")
    assert SalesOrder.objects.get().voided_at is None


def test_what_was_added_when_all_the_rest_had_left_is_sent_alone(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", None, "C1")
    shop.station("follow")
    shop.bc.change_quantity(number, 0, 3)
    shop.station("pull")
    shop.station("push")
    assert why_not_resend(shop.order(number)) == ""
    answer(shop, number, "resend")
    shop.station("pull")
    shop.station("send")
    assert shop.fm.orders[f"AC-{number}-R2"].ordered == {"MUG-INK": 1}


def test_a_void_number_is_kept_and_counts_what_left_under_it(shop: Connected) -> None:
    number = changed(shop, ("MUG-INK", 3))
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.station("follow")
    shop.station("push")
    answer(shop, number, "resend")
    row = SalesOrder.objects.get()
    assert (row.fm_number, row.voided_at is not None, row.finished_at) == (f"AC-{number}", True, None)
    line = Line.objects.get()
    assert (line.left_before, line.despatched, line.asked, line.wanted) == (1, 0, 0, None)
    assert not Difference.objects.exists()
    assert shop.order(number).resent == 1


def test_it_waits_for_bigcommerce_to_answer_and_never_sends_what_it_was(shop: Connected) -> None:
    number = changed(shop)
    answer(shop, number, "resend")
    shop.bc.faults.next("500", 9, path=f"/v2/orders/{number}")
    # The order's own reading alone: the walk would find it too, as it is now.
    with shop.visit() as at:
        regate.run(at)
    assert stands(shop, number) == ("held", "gate:again")
    shop.station("send")
    assert list(shop.fm.orders) == [f"AC-{number}"]
    shop.bc.faults.clear()
    with shop.visit() as at:
        regate.run(at)
    shop.station("send")
    assert shop.fm.orders[f"AC-{number}-R2"].fields["ShippingAddress"]["PostCode"] == "3066"


def test_an_order_that_bigcommerce_has_no_more_is_held_and_says_so(shop: Connected) -> None:
    number = changed(shop)
    answer(shop, number, "resend")
    book, shop.bc.book = shop.bc.book, OrderBook()
    shop.station("pull")
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "gate:readable")
    shop.station("send")
    assert list(shop.fm.orders) == [f"AC-{number}"]
    shop.bc.book = book
    decisions.retry(order, "anna", shop.outside.clock)
    shop.station("pull")
    shop.station("send")
    assert shop.fm.orders[f"AC-{number}-R2"].fields["ShippingAddress"]["PostCode"] == "3066"


def test_a_number_that_grows_too_long_is_held(shop: Connected) -> None:
    shop.set(prefix="A" * 20)
    number = changed(shop, order_id=1234567890)
    assert len(shop.order(number).sales_orders.get().fm_number) == 30
    answer(shop, number, "resend")
    shop.station("pull")
    assert stands(shop, number) == ("held", "gate:number")


def test_a_partly_refunded_order_is_sent_again_though_its_status_is_no_longer_the_stores(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3))
    shop.bc.refund(number, 0, 1)
    shop.station("pull")
    assert shop.bc.orders[number].status_id == 14
    answer(shop, number, "resend")
    shop.station("pull")
    shop.station("send")
    assert shop.fm.orders[f"AC-{number}-R2"].ordered == {"MUG-INK": 2}


def test_a_cancellation_before_it_is_sent_again_ends_it(shop: Connected) -> None:
    number = changed(shop)
    answer(shop, number, "resend")
    shop.bc.cancel(number)
    shop.run()
    assert stands(shop, number)[0] == "cancelled"
    assert list(shop.fm.orders) == [f"AC-{number}"]


def test_a_line_that_was_removed_stays_for_the_void_number(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 1), ("BOWL-SER-28", 2))
    shop.bc.change_quantity(number, 1, 0)
    shop.station("pull")
    answer(shop, number, "resend")
    shop.station("pull")
    assert dict(Line.objects.values_list("sku", "quantity")) == {"MUG-INK": 1, "BOWL-SER-28": 0}
    shop.station("send")
    shop.bc.edit(number, staff_notes="nothing of the parcel")
    shop.station("pull")
    assert stands(shop, number)[0] == "pending"


def test_an_order_whose_answer_was_lost_goes_again_and_its_first_number_is_watched(shop: Connected) -> None:
    shop.fm.set(manual=True)
    number = shop.place(("MUG-INK", 1))
    shop.fm.faults.next("reset-after", path="/serverorder.php")
    shop.run()
    assert shop.order(number).stage == "new"
    shop.bc.change_quantity(number, 0, 2)
    shop.station("pull")
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    answer(shop, number, "resend")
    shop.run()
    assert sorted(shop.fm.orders) == [f"AC-{number}", f"AC-{number}-R2"]
    shop.fm.ship(f"AC-{number}", None, "OLD")
    shop.run()
    assert stands(shop, number) == ("held", "fm_sent_twice")
    assert Shipment.objects.get().wanted is False


# What is shown


def test_the_floors_text_names_the_numbers_the_client_and_both_sides(shop: Connected) -> None:
    number = changed(shop, ("MUG-INK", 2))
    shop.bc.change_quantity(number, 0, 5)
    shop.station("pull")
    row = SalesOrder.objects.get()
    text = floor.text(shop.order(number))
    assert text.startswith("Please stop this order, or change it as below")
    for part in (
        "Client: ACME",
        f"FM number: AC-{number}, NPF number: {row.npf_order_no}",
        "MUG-INK: 2 -> 5",
        "-> 3066",
        f"BigCommerce order {number}",
    ):
        assert part in text
    assert "Street" not in text


def test_the_floors_text_of_a_cancelled_order_asks_to_stop_it(shop: Connected) -> None:
    number = cancelled(shop)
    text = floor.text(shop.order(number))
    assert text.startswith("Please stop this order: it must not leave.")
    assert "Why: the shop shows it as Cancelled." in text
    answer(shop, number, "stopped")
    assert floor.text(shop.order(number)) == ""


def test_what_left_already_is_in_the_floors_text(shop: Connected) -> None:
    number = changed(shop, ("MUG-INK", 3))
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.station("follow")
    assert "Left already: 1 x MUG-INK, consignment C1" in floor.text(shop.order(number))


def test_both_sides_show_what_is_as_it_was_and_mark_what_is_not(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2), ("BOWL-SER-28", 1))
    assert side_by_side(shop.order(number)) == []
    shop.bc.change_quantity(number, 0, 5)
    shop.bc.change_address(number, zip="3066")
    shop.bc.edit(number, customer_message="Ring twice")
    shop.station("pull")
    lines, where, also = side_by_side(shop.order(number))
    assert [(row.name, row.had, row.now, row.changed) for row in lines.rows] == [
        ("MUG-INK", "2", "5", True),
        ("BOWL-SER-28", "1", "1", False),
    ]
    assert [row.name for row in where.rows if row.changed] == ["Postcode"]
    assert len(where.rows) > 5
    assert [(row.name, row.now) for row in also.rows] == [("Message of the shopper", "Ring twice")]


def test_what_fm_cancels_while_it_is_held_for_a_change_still_asks_a_person(shop: Connected) -> None:
    number = changed(shop)
    shop.fm.cancel(f"AC-{number}", "Stopped on the floor")
    shop.station("follow")
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    assert answer(shop, number, "ship") == "It is Cancelled: FM has cancelled it"


def test_all_ways_end_the_hold_once(shop: Connected) -> None:
    for outcome in ("stopped", "ship", "resend"):
        number = changed(shop)
        answer(shop, number, outcome)
        assert Order.objects.get(bc_order_id=number).reason_code != "changed_in_bigcommerce"
