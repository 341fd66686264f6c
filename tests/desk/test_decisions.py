"""A person's decisions: what each does in each stage and for each cause of a hold, and what is on record of it."""

from collections.abc import Callable

import pytest

from npf.audit.models import Event
from npf.core.clock import SystemClock
from npf.core.errors import FixSettings, GiveUp
from npf.desk import decisions
from npf.orders.models import Order, SalesOrder
from tests.connected import Connected

CLOCK = SystemClock()


def pulled(shop: Connected, *lines: tuple[str, int], **more: object) -> int:
    number = shop.place(*lines, **more)
    shop.station("pull")
    return number


def at_fm(shop: Connected, *lines: tuple[str, int], **more: object) -> int:
    shop.fm.set(manual=True)
    number = pulled(shop, *lines, **more)
    shop.station("send")
    return number


def stands(shop: Connected, number: int) -> tuple[str, str]:
    order = shop.order(number)
    return order.stage, order.reason_code


def hold(shop: Connected, number: int, why: str = "") -> str:
    return decisions.hold(shop.order(number), "anna", CLOCK, why)


def release(shop: Connected, number: int) -> str:
    return decisions.release(shop.order(number), "anna", CLOCK)


def retry(shop: Connected, number: int) -> str:
    return decisions.retry(shop.order(number), "anna", CLOCK)


def put(shop: Connected, number: int, stage: str, code: str = "", **columns: object) -> None:
    """The order as some station left it."""
    Order.objects.filter(bc_order_id=number).update(
        stage=stage, reason_code=code, reason=f"because of {code}", **columns
    )


# Finding


def test_an_order_that_was_never_pulled_is_named_with_a_way_to_it(shop: Connected) -> None:
    with pytest.raises(FixSettings, match="order 7 of acme was never pulled") as wrong:
        decisions.find(shop.store, 7)
    assert "npf explain acme 7" in wrong.value.cure


def test_it_finds_the_order_of_the_store_that_was_meant(connect: Callable[..., Connected]) -> None:
    shop, other = connect("acme"), connect("bolt")
    number = pulled(shop)
    other.place(order_id=number)
    other.station("pull")
    assert decisions.find(other.store, number).store.name == "bolt"


# Holding


def test_a_hold_before_fm_keeps_an_order_from_fm_until_it_is_released(shop: Connected) -> None:
    number = pulled(shop)
    assert hold(shop, number, "the shopper called") == "Held here. FM does not have it"
    order = shop.order(number)
    assert (order.stage, order.reason_code, order.reason) == ("held", "by_hand", "held by anna: the shopper called")
    shop.run()
    assert stands(shop, number) == ("held", "by_hand")
    assert not shop.fm.orders
    assert release(shop, number) == "It passes the gates again at the next pull"
    shop.run()
    assert stands(shop, number)[0] == "complete"


def test_what_was_cancelled_while_it_was_held_is_not_sent_after_the_release(shop: Connected) -> None:
    number = pulled(shop)
    hold(shop, number)
    shop.bc.set_status(number, 1)
    shop.station("pull")
    release(shop, number)
    shop.station("send")
    assert not shop.fm.orders
    shop.run()
    assert stands(shop, number)[0] == "skipped"
    assert not shop.fm.orders


def test_a_hold_of_what_fm_has_says_so_and_goes_on_where_it_stood(shop: Connected) -> None:
    number = at_fm(shop)
    assert hold(shop, number) == "Held here. FM has it: ask NPF's floor to stop it there"
    assert release(shop, number) == "It is followed on at FM"
    assert stands(shop, number) == ("pending", "")


def test_a_hold_of_what_has_left_in_part_keeps_push_waiting_and_goes_on(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.part_ship(f"AC-{number}")
    shop.station("follow")
    hold(shop, number)
    shop.station("push")
    assert shop.bc.shipments(number) == []
    assert release(shop, number) == "It is followed on at FM, and BigCommerce is told of what has left NPF"
    shop.station("push")
    assert stands(shop, number) == ("processing", "")
    assert len(shop.bc.shipments(number)) == 1


def test_what_fm_may_have_is_looked_for_after_the_release(shop: Connected) -> None:
    number = pulled(shop)
    shop.fm.faults.next("reset-after", path="/serverorder.php")
    shop.run()
    assert shop.order(number).stage == "new"
    assert hold(shop, number) == "Held here. FM was asked for it and may have it: ask NPF's floor to stop it there"
    assert release(shop, number) == "It goes to FM at the next send"
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert sum(entry.operation == "serverorder" for entry in shop.fm.log) == 1


@pytest.mark.parametrize("stage", ["complete", "cancelled"])
def test_what_has_come_to_its_end_cannot_be_held(shop: Connected, stage: str) -> None:
    number = pulled(shop)
    put(shop, number, stage)
    with pytest.raises(GiveUp, match=f"order {number} is {stage}: there is nothing to hold"):
        hold(shop, number)
    assert shop.order(number).stage == stage


@pytest.mark.parametrize("code", ["by_hand", "stopped_in_bigcommerce", "fm_has_it", "fm_cancel", "shipped_by_others"])
def test_a_hold_that_a_person_must_end_is_not_hidden_by_another(shop: Connected, code: str) -> None:
    number = pulled(shop)
    put(shop, number, "held", code)
    with pytest.raises(GiveUp, match=f"is held already: because of {code}"):
        hold(shop, number)
    assert stands(shop, number) == ("held", code)


@pytest.mark.parametrize(("stage", "code"), [("held", "gate:country"), ("held", "02006"), ("skipped", "")])
def test_a_hold_by_hand_may_stand_over_what_would_end_by_itself(shop: Connected, stage: str, code: str) -> None:
    number = pulled(shop)
    put(shop, number, stage, code)
    hold(shop, number)
    assert stands(shop, number) == ("held", "by_hand")


# Releasing and trying again


@pytest.mark.parametrize("stage", ["new", "skipped", "pending", "processing", "complete", "cancelled"])
def test_only_what_is_held_can_be_released(shop: Connected, stage: str) -> None:
    number = pulled(shop)
    put(shop, number, stage)
    with pytest.raises(GiveUp, match=f"order {number} is {stage}, not held"):
        release(shop, number)


@pytest.mark.parametrize("stage", ["skipped", "complete", "cancelled"])
def test_what_has_nothing_to_try_is_not_tried(shop: Connected, stage: str) -> None:
    number = pulled(shop)
    put(shop, number, stage)
    with pytest.raises(GiveUp, match=f"order {number} is {stage}: there is nothing to try again"):
        retry(shop, number)


def test_a_retry_does_not_end_a_hold_by_hand(shop: Connected) -> None:
    number = pulled(shop)
    hold(shop, number)
    with pytest.raises(GiveUp, match="release it"):
        retry(shop, number)
    assert stands(shop, number) == ("held", "by_hand")


def test_what_waits_for_its_next_try_is_tried_at_once(shop: Connected) -> None:
    number = pulled(shop)
    shop.fm.faults.next("500", path="/serverorder.php")
    shop.run()
    assert shop.order(number).next_attempt_at is not None
    assert retry(shop, number) == "It is tried again at once"
    shop.station("send", urgent=False)
    assert stands(shop, number) == ("pending", "")


@pytest.mark.parametrize("decide", [retry, release])
def test_a_gates_hold_is_judged_again(shop: Connected, decide: Callable[[Connected, int], str]) -> None:
    shop.tables(dispatch={"*express*": "EP EXP"})
    number = pulled(shop)
    assert stands(shop, number) == ("held", "gate:dispatch method")
    assert decide(shop, number) == "It passes the gates again at the next pull"
    shop.station("pull")
    assert stands(shop, number) == ("held", "gate:dispatch method")
    shop.tables(dispatch={"default": "AP"})
    decide(shop, number)
    shop.station("pull")
    assert stands(shop, number) == ("new", "")


def test_a_release_of_what_npfs_floor_stopped_cancels_it_for_good(shop: Connected) -> None:
    number = at_fm(shop)
    shop.bc.cancel(number)
    shop.station("pull")
    assert stands(shop, number) == ("held", "stopped_in_bigcommerce")
    assert release(shop, number) == "It is Cancelled"
    order = shop.order(number)
    assert (order.stage, order.reason) == ("cancelled", "stopped at NPF, says anna")
    calls = len(shop.fm.log)
    shop.run()
    assert len(shop.fm.log) == calls
    assert stands(shop, number)[0] == "cancelled"


def test_what_bigcommerce_still_stops_is_not_tried_again(shop: Connected) -> None:
    number = at_fm(shop)
    shop.bc.cancel(number)
    shop.station("pull")
    with pytest.raises(GiveUp, match=r"still shows order .* as 5 Cancelled"):
        retry(shop, number)
    shop.bc.set_status(number, 11)
    shop.station("pull")
    retry(shop, number)
    assert stands(shop, number) == ("pending", "")


def forged(shop: Connected) -> int:
    """An order whose number FM has already, from somebody else."""
    shop.fm.set(manual=True)
    number = pulled(shop)
    shop.forge(f"AC-{number}", {"MUG-INK": 1})
    shop.station("send")
    assert stands(shop, number) == ("held", "fm_has_it")
    return number


def test_fms_order_is_adopted_by_a_release(shop: Connected) -> None:
    number = forged(shop)
    assert release(shop, number) == "It goes to FM at the next send"
    shop.station("send")
    assert stands(shop, number) == ("pending", "")


def test_fms_order_is_not_adopted_by_a_retry(shop: Connected) -> None:
    number = forged(shop)
    retry(shop, number)
    shop.station("send")
    assert stands(shop, number) == ("held", "fm_has_it")
    shop.set(prefix="OTHER-")
    retry(shop, number)
    shop.station("pull")
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert sorted(shop.fm.orders) == [f"AC-{number}", f"OTHER-{number}"]


def test_a_short_order_is_completed_with_what_has_left(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, short=True)
    shop.station("follow")
    assert release(shop, number) == "It is completed with what has left NPF"
    shop.station("push")
    assert stands(shop, number)[0] == "complete"


def test_a_short_order_that_is_tried_again_is_asked_for_again(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, short=True)
    shop.station("follow")
    retry(shop, number)
    shop.station("follow", urgent=False)
    assert stands(shop, number) == ("held", "fm_short")


def test_of_two_addresses_only_the_short_one_is_given_up(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2), ("BOWL-SER-28", 1), addresses=2)
    shop.fm.ship(f"AC-{number}-1", {"MUG-INK": 1}, short=True)
    shop.station("follow")
    release(shop, number)
    finished = dict(SalesOrder.objects.values_list("fm_number", "finished_at"))
    assert finished[f"AC-{number}-1"] is not None
    assert finished[f"AC-{number}-2"] is None
    shop.fm.ship(f"AC-{number}-2")
    shop.run()
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 2


def test_what_others_told_bigcommerce_is_completed_without_the_rest(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 1))
    shop.fm.ship(f"AC-{number}")
    shop.station("follow")
    put(shop, number, "held", "shipped_by_others", next_push_at=None)
    assert release(shop, number) == "It is completed with what has left NPF"
    shop.station("push")
    assert stands(shop, number)[0] == "complete"
    assert shop.bc.shipments(number) == []


@pytest.mark.parametrize("code", ["fm_unclear", "fm_limits", "number_taken", "02006", "nothing_to_ship"])
def test_what_send_could_not_do_goes_to_fm_again(shop: Connected, code: str) -> None:
    number = pulled(shop)
    put(shop, number, "held", code, attempts=9)
    assert retry(shop, number) == "It goes to FM at the next send"
    assert shop.order(number).attempts == 0
    shop.station("send")
    assert stands(shop, number) == ("pending", "")


@pytest.mark.parametrize("code", ["fm_hold", "fm_error"])
def test_what_fm_holds_is_asked_for_again(shop: Connected, code: str) -> None:
    number = at_fm(shop)
    put(shop, number, "held", code)
    assert retry(shop, number) == "It is followed on at FM"
    assert stands(shop, number) == ("pending", "")


def test_what_bigcommerce_refused_is_told_again(shop: Connected) -> None:
    number = at_fm(shop)
    shop.fm.ship(f"AC-{number}")
    shop.station("follow")
    put(shop, number, "held", "bc_refused", next_push_at=None, push_failures=4)
    retry(shop, number)
    assert shop.order(number).push_failures == 0
    shop.station("push")
    assert stands(shop, number)[0] == "complete"


# On record


def test_each_decision_is_in_the_journal_with_its_name_and_its_why(shop: Connected) -> None:
    number = at_fm(shop)
    hold(shop, number, "the shopper called")
    release(shop, number)
    retry(shop, number)
    told = Event.objects.filter(tag__startswith="person:order", bc_order_id=number).order_by("pk")
    assert [(one.tag, one.by) for one in told] == [
        ("person:order:held", "anna"),
        ("person:order:released", "anna"),
        ("person:order:retried", "anna"),
    ]
    assert "the shopper called" in told[0].text
    assert "it was held: held by anna: the shopper called" in told[1].text


def test_a_decision_that_is_refused_changes_nothing_and_is_not_told(shop: Connected) -> None:
    number = pulled(shop)
    with pytest.raises(GiveUp):
        release(shop, number)
    assert not Event.objects.filter(tag__startswith="person:order").exists()


def test_it_decides_over_the_order_as_it_is_and_not_as_the_screen_showed_it(shop: Connected) -> None:
    number = pulled(shop)
    stale = shop.order(number)
    shop.station("send")
    assert decisions.hold(stale, "anna", CLOCK) == "Held here. FM has it: ask NPF's floor to stop it there"
    assert stale.stage == "held"
    other = shop.order(number)
    release(shop, number)
    with pytest.raises(GiveUp, match="is pending, not held"):
        decisions.release(other, "ben", CLOCK)
