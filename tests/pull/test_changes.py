"""Orders that change in BigCommerce: before FM has them, after, and not at all."""

import pytest

from npf.core.clock import ManualClock
from npf.desk import decisions
from npf.orders.models import Difference, Line, Order, SalesOrder
from npf.pull import station
from tests.connected import Connected
from tests.pull.seeing import pull, told, versions


@pytest.fixture
def sent(shop: Connected, clock: ManualClock) -> int:
    """An order that FM has: two mugs and a bowl."""
    number = shop.place(("MUG-INK", 2), ("BOWL-SER-28", 1))
    pull(shop)
    shop.station("send")
    assert shop.order(number).stage == "pending"
    clock.advance(600)
    return number


def lines(shop: Connected, number: int) -> dict[str, int]:
    return dict(shop.order(number).lines.values_list("sku", "quantity"))


# nothing


def test_a_second_pull_of_unchanged_orders_writes_nothing(shop: Connected, clock: ManualClock) -> None:
    for status_id in (11, 11, 0, 5):
        shop.place(("MUG-INK", 2), ("BOWL-SER-28", 1), status_id=status_id)
    held = shop.place(("", 1))
    shop.bc.malform(held)
    pull(shop)
    before = versions()
    for _ in range(3):
        clock.advance(120)
        at = pull(shop)
        assert at.counts == {"seen": 5}
    assert versions() == before


def test_a_pull_of_one_number_writes_nothing_either_where_nothing_changed(shop: Connected) -> None:
    number = shop.place()
    pull(shop)
    before = versions()
    with shop.visit() as at:
        station.one(at, number)
    assert versions() == before


def test_of_many_orders_only_the_changed_one_is_written(shop: Connected, clock: ManualClock) -> None:
    numbers = [shop.place() for _ in range(5)]
    pull(shop)
    stood = dict(Order.objects.values_list("bc_order_id", "pulled_at"))
    clock.advance(60)
    shop.bc.edit(numbers[2], customer_message="Ring twice")
    assert pull(shop).counts == {"seen": 5, "pulled": 1}
    moved = {number for number, at in Order.objects.values_list("bc_order_id", "pulled_at") if at != stood[number]}
    assert moved == {numbers[2]}


def test_two_changes_within_one_second_are_told_apart(shop: Connected) -> None:
    number = shop.place(status_id=0)
    pull(shop)
    modified = shop.bc.orders[number].modified
    # The clock stands still: date_modified is the same (fact 35).
    shop.bc.pay(number)
    assert shop.bc.orders[number].modified == modified
    pull(shop)
    assert shop.order(number).stage == "new"


# before FM has it


def test_an_edit_before_fm_has_it_is_taken_over_whole(shop: Connected, clock: ManualClock) -> None:
    number = shop.place(("MUG-INK", 2), ("BOWL-SER-28", 1), ("TEA-TWL-GUM", 1))
    pull(shop)
    clock.advance(60)
    shop.bc.change_quantity(number, 0, 5)
    shop.bc.change_quantity(number, 1, 0)
    shop.bc.change_address(number, zip="3066", city="Collingwood")
    pull(shop)
    assert lines(shop, number) == {"MUG-INK": 5, "TEA-TWL-GUM": 1}
    where = shop.order(number).addresses.get()
    assert (where.zip, where.city) == ("3066", "Collingwood")
    shop.station("send")
    document = shop.fm.orders[f"AC-{number}"]
    assert document.ordered == {"MUG-INK": 5, "TEA-TWL-GUM": 1}
    assert document.fields["ShippingAddress"]["PostCode"] == "3066"


def test_an_edit_before_fm_has_it_passes_the_gates_again(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    clock.advance(60)
    shop.bc.edit_line(number, 0, sku="")
    pull(shop)
    assert (shop.order(number).stage, shop.order(number).reason_code) == ("held", "gate:SKUs")
    clock.advance(60)
    shop.bc.edit_line(number, 0, sku="MUG-INK")
    pull(shop)
    assert (shop.order(number).stage, shop.order(number).reason) == ("new", "")
    assert told(number)[0] == "Passed every gate"
    assert told(number)[1].startswith("Held by the gate “SKUs”")
    assert told(number)[2:] == ["Passed every gate"]


def test_an_address_that_is_taken_away_is_gone(shop: Connected, clock: ManualClock) -> None:
    number = shop.place(("MUG-INK", 1), ("BOWL-SER-28", 1), addresses=2)
    pull(shop)
    assert shop.order(number).addresses.count() == 2
    clock.advance(60)
    order = shop.bc.orders[number]
    gone = order.addresses.pop()
    shop.bc.change_quantity(number, 1, 0)
    pull(shop)
    assert gone.id not in shop.order(number).addresses.values_list("order_address_id", flat=True)
    assert lines(shop, number) == {"MUG-INK": 1}


def test_a_cancellation_before_fm_has_it_ends_it(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    clock.advance(60)
    shop.bc.cancel(number)
    pull(shop)
    assert (shop.order(number).stage, shop.order(number).reason_code) == ("cancelled", "gate:cancelled")
    shop.station("send")
    assert shop.fm.orders == {}


def test_a_cancelled_order_that_is_revived_goes_on(shop: Connected, clock: ManualClock) -> None:
    number = shop.place(status_id=5)
    pull(shop)
    clock.advance(60)
    shop.bc.set_status(number, 11)
    pull(shop)
    assert shop.order(number).stage == "new"


def test_a_refusal_of_fm_is_taken_up_again_when_the_order_is_edited(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    order = shop.order(number)
    Order.objects.filter(pk=order.pk).update(
        stage="held", reason="FM: no such product", reason_code="02007", attempts=3
    )
    clock.advance(60)
    assert pull(shop).counts == {"seen": 1}
    shop.bc.change_quantity(number, 0, 2)
    pull(shop)
    order = shop.order(number)
    assert (order.stage, order.attempts, order.next_attempt_at) == ("new", 0, None)


def test_what_a_person_holds_stays_held_and_is_known_as_it_is_now(shop: Connected, clock: ManualClock) -> None:
    number = shop.place(("MUG-INK", 2))
    pull(shop)
    decisions.hold(shop.order(number), "ada", clock, "ring the shopper")
    clock.advance(60)
    shop.bc.change_quantity(number, 0, 7)
    pull(shop)
    held = shop.order(number)
    assert (held.stage, held.reason) == ("held", "held by ada: ring the shopper")
    assert lines(shop, number) == {"MUG-INK": 7}


def test_what_a_person_lets_go_passes_the_gates_as_it_is_now(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    decisions.hold(shop.order(number), "ada", clock)
    clock.advance(60)
    shop.bc.set_status(number, 7)
    pull(shop)
    assert shop.order(number).stage == "held"
    decisions.release(shop.order(number), "ada", clock)
    pull(shop)
    assert (shop.order(number).stage, shop.order(number).reason_code) == ("skipped", "gate:order status")


def test_what_a_person_holds_is_cancelled_with_the_order(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    decisions.hold(shop.order(number), "ada", clock)
    clock.advance(60)
    shop.bc.cancel(number)
    pull(shop)
    assert shop.order(number).stage == "cancelled"


# after FM has it


def test_an_edit_after_fm_has_it_is_told_and_held_and_nothing_is_sent_again(
    shop: Connected, clock: ManualClock, sent: int
) -> None:
    shop.bc.change_quantity(sent, 0, 5)
    shop.bc.change_quantity(sent, 1, 0)
    shop.bc.change_address(sent, zip="3066")
    old_zip = shop.order(sent).addresses.get().zip
    pull(shop)
    (text,) = [one for one in told(sent) if "FM was not told" in one]
    assert "MUG-INK: 2 -> 5" in text
    assert "BOWL-SER-28 removed" in text
    assert f"postcode “{old_zip}” -> “3066”" in text
    assert "FM was not told" in text
    order = shop.order(sent)
    assert (order.stage, order.reason_code) == ("held", "changed_in_bigcommerce")
    assert "MUG-INK: 2 -> 5" in order.reason
    # The rows say what FM was asked for.
    assert lines(shop, sent) == {"MUG-INK": 2, "BOWL-SER-28": 1}
    shop.station("send")
    assert len(shop.fm.orders) == 1
    assert shop.fm.orders[f"AC-{sent}"].ordered == {"MUG-INK": 2, "BOWL-SER-28": 1}


def test_it_is_told_once_and_again_only_where_it_is_another_edit(
    shop: Connected, clock: ManualClock, sent: int
) -> None:
    def edits() -> int:
        return len([one for one in told(sent) if "FM was not told" in one])

    shop.bc.change_quantity(sent, 0, 5)
    pull(shop)
    clock.advance(60)
    shop.bc.set_status(sent, 9)
    pull(shop)
    assert edits() == 1
    clock.advance(60)
    shop.bc.change_quantity(sent, 0, 6)
    pull(shop)
    assert edits() == 2


def test_what_is_refunded_or_shipped_by_others_is_known(shop: Connected, clock: ManualClock, sent: int) -> None:
    shop.bc.refund(sent, 0, 1)
    shop.bc.orders[sent].lines[1].shipped = 1
    pull(shop)
    mugs, bowls = Line.objects.filter(order__bc_order_id=sent).order_by("order_product_id")
    assert (mugs.quantity, mugs.quantity_refunded, mugs.quantity_shipped) == (2, 1, 0)
    assert (bowls.quantity, bowls.quantity_refunded, bowls.quantity_shipped) == (1, 0, 1)
    assert "BigCommerce shows status 14 Partially Refunded" in told(sent)
    order = shop.order(sent)
    assert order.reason == "BigCommerce was changed after FM had it: MUG-INK: 2 -> 1 (1 refunded)"


def test_a_refund_of_what_has_left_npf_is_told_and_holds_nothing(
    shop: Connected, clock: ManualClock, sent: int
) -> None:
    Line.objects.filter(order__bc_order_id=sent, sku="MUG-INK").update(despatched=2)
    shop.bc.refund(sent, 0, 1)
    pull(shop)
    assert shop.order(sent).stage == "pending"
    assert "MUG-INK: 2 -> 1 (1 refunded)" in told(sent)[-1]


def test_our_own_shipments_are_no_edit(shop: Connected, clock: ManualClock, sent: int) -> None:
    for line in shop.bc.orders[sent].lines:
        line.shipped = line.quantity
    shop.bc.set_status(sent, 2)
    pull(shop)
    assert shop.order(sent).stage == "pending"
    assert not Difference.objects.exists()


def test_an_edit_that_is_taken_back_ends_its_hold_by_itself(shop: Connected, clock: ManualClock, sent: int) -> None:
    shop.bc.change_quantity(sent, 0, 5)
    pull(shop)
    assert shop.order(sent).stage == "held"
    clock.advance(60)
    shop.bc.change_quantity(sent, 0, 2)
    pull(shop)
    order = shop.order(sent)
    assert (order.stage, order.reason, order.repair) == ("pending", "", "")
    assert order.next_push_at == clock.now()
    row = SalesOrder.objects.get(order=order)
    assert row.follow_at == clock.now()


def test_a_look_that_is_missed_changes_nothing(shop: Connected, clock: ManualClock, sent: int) -> None:
    shop.bc.change_quantity(sent, 0, 5)
    clock.advance(60)
    shop.bc.change_quantity(sent, 0, 2)
    shop.bc.set_status(sent, 5)
    shop.bc.set_status(sent, 11)
    pull(shop)
    assert shop.order(sent).stage == "pending"
    assert not [one for one in told(sent) if "Held" in one]


def test_a_change_behind_a_hold_by_hand_holds_it_when_that_ends(shop: Connected, clock: ManualClock, sent: int) -> None:
    decisions.hold(shop.order(sent), "ada", clock)
    shop.bc.change_quantity(sent, 0, 5)
    pull(shop)
    assert shop.order(sent).reason_code == "by_hand"
    says = decisions.release(shop.order(sent), "ada", clock)
    assert says.startswith("It is held for another reason now: BigCommerce was changed after FM had it")
    assert shop.order(sent).reason_code == "changed_in_bigcommerce"


def test_a_change_of_the_e_mail_or_the_message_is_told_and_holds_nothing(
    shop: Connected, clock: ManualClock, sent: int
) -> None:
    shop.bc.change_address(sent, email="new@example.com", phone="0400 000 000")
    shop.bc.edit(sent, customer_message="Ring twice")
    pull(shop)
    assert shop.order(sent).stage == "pending"
    (text,) = [one for one in told(sent) if "FM was not told" in one]
    assert "new@example.com" in text
    assert "Ring twice" in text


def test_what_left_npf_stays_as_it_was(shop: Connected, clock: ManualClock, sent: int) -> None:
    Line.objects.filter(order__bc_order_id=sent, sku="MUG-INK").update(despatched=2)
    shop.bc.change_quantity(sent, 0, 1)
    pull(shop)
    assert Line.objects.get(order__bc_order_id=sent, sku="MUG-INK").despatched == 2


@pytest.mark.parametrize("status_id", [4, 5, 6, 12, 13])
def test_an_order_that_is_stopped_after_fm_has_it_is_held(
    shop: Connected, clock: ManualClock, sent: int, status_id: int
) -> None:
    shop.bc.set_status(sent, status_id)
    at = pull(shop)
    order = shop.order(sent)
    assert (order.stage, order.reason_code, order.status_id) == ("held", "stopped_in_bigcommerce", status_id)
    assert at.counts["held"] == 1
    assert told(sent)[-1] == f"Held: {order.reason}"
    decisions.release(order, "ada", clock)
    assert shop.order(sent).stage == "cancelled"
    clock.advance(60)
    shop.bc.edit(sent, staff_notes="sorry")
    pull(shop)
    assert shop.order(sent).stage == "cancelled"


def test_an_order_that_goes_on_after_all_goes_on_by_itself(shop: Connected, clock: ManualClock, sent: int) -> None:
    shop.bc.set_status(sent, 12)
    pull(shop)
    clock.advance(60)
    shop.bc.set_status(sent, 11)
    pull(shop)
    order = shop.order(sent)
    assert (order.stage, order.status_id, order.reason) == ("pending", 11, "")
    assert "Held no more" in told(sent)[-1]
    clock.advance(60)
    shop.bc.edit(sent, staff_notes="fine")
    pull(shop)
    assert shop.order(sent).stage == "pending"


def test_an_order_that_fm_was_asked_for_without_an_answer_is_not_judged_again(
    shop: Connected, clock: ManualClock
) -> None:
    number = shop.place()
    pull(shop)
    order = shop.order(number)
    SalesOrder.objects.create(
        order=order, order_address_id=1, fm_client=shop.store.fm, fm_number=f"AC-{number}", asked_at=clock.now()
    )
    clock.advance(60)
    shop.bc.edit(number, staff_notes="of no gate's concern")
    shop.set(countries=["New Zealand"])
    pull(shop)
    assert shop.order(number).stage == "new"
    clock.advance(60)
    shop.bc.cancel(number)
    pull(shop)
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "stopped_in_bigcommerce")
    assert "FM was asked for it" in order.reason


def test_an_order_at_fm_that_becomes_malformed_is_told_once_and_goes_on(
    shop: Connected, clock: ManualClock, sent: int
) -> None:
    shop.bc.malform(sent, "status")
    pull(shop)
    clock.advance(60)
    pull(shop)
    order = shop.order(sent)
    assert (order.stage, order.status_id) == ("pending", 11)
    assert len([one for one in told(sent) if "cannot be read" in one]) == 1


def test_hidden_lines_are_no_edit(shop: Connected, clock: ManualClock, sent: int) -> None:
    shop.bc.hide_lines(sent)
    shop.bc.faults.add("500", path="/products")
    shop.bc.set_status(sent, 9)
    pull(shop)
    assert shop.order(sent).status_id == 9
    assert not [one for one in told(sent) if "FM was not told" in one]
