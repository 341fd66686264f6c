"""What FM says of an order, and what that makes of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from npf.core.clock import ManualClock
from npf.core.errors import TryLater
from npf.desk import decisions
from npf.follow.standing import MISSES
from npf.follow.station import AWAY
from npf.orders.models import Order
from npf.shipments.listing import timeline
from tests.connected import Connected
from tests.follow.conftest import STATUS_PAGE, at_fm, looked, sales_order, shipments, stands, two_at_fm, with_fm


def test_a_hold_of_fm_is_shown_and_ends_when_fm_lets_go(shop: Connected) -> None:
    number = at_fm(shop)
    shop.fm.hold(f"AC-{number}", "Address could not be confirmed")
    looked(shop)
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "fm_hold")
    assert "Address could not be confirmed" in order.reason
    looked(shop)
    assert sum(line["tag"] == "station:order:held" for line in timeline(shop.store, number)) == 1
    shop.fm.release(f"AC-{number}")
    looked(shop)
    assert stands(shop, number) == ("pending", "")


def test_an_error_of_fm_is_held_with_its_fields_until_npf_mends_it(shop: Connected) -> None:
    number = at_fm(shop)
    shop.fm.error(f"AC-{number}", "02006", "Data missing: ShippingAddress/PostCode")
    looked(shop)
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "fm_error")
    assert "PostCode" in order.reason
    shop.fm.release(f"AC-{number}")
    looked(shop)
    assert stands(shop, number) == ("pending", "")


def test_what_fm_cancels_is_cancelled_with_its_reason(shop: Connected) -> None:
    number = at_fm(shop)
    shop.fm.cancel(f"AC-{number}", "out of range")
    looked(shop)
    assert stands(shop, number) == ("cancelled", "fm_cancel")
    assert "out of range" in shop.order(number).reason
    calls = len(shop.fm.log)
    looked(shop)
    assert len(shop.fm.log) == calls


def test_a_back_order_is_processing_and_goes_on(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3))
    shop.fm.backorder(f"AC-{number}")
    looked(shop)
    assert stands(shop, number) == ("processing", "")
    assert shop.order(number).reason == "back-ordered: 3 x MUG-INK"
    shop.fm.release(f"AC-{number}")
    looked(shop)
    assert (stands(shop, number), shop.order(number).reason) == (("processing", ""), "FM goes on with it")
    shop.fm.ship(f"AC-{number}")
    looked(shop)
    assert shop.order(number).reason == "all of it has left NPF"
    assert sales_order(shop, number).finished_at is not None


def test_an_unknown_word_is_kept_and_shown_and_changes_nothing(shop: Connected) -> None:
    shop.fm.set(picking_word="Wrapped in paper")
    number = at_fm(shop)
    looked(shop)
    looked(shop)
    assert stands(shop, number) == ("pending", "")
    assert sales_order(shop, number).fm_status == "WRAPPED IN PAPER"
    assert [line["text"] for line in timeline(shop.store, number)].count(
        f"FM says of AC-{number}: WRAPPED IN PAPER"
    ) == 1


@pytest.mark.parametrize("how", ["left-out", "no-details"])
def test_one_look_that_does_not_show_it_changes_nothing(shop: Connected, how: str) -> None:
    number = at_fm(shop)
    shop.fm.hold(f"AC-{number}", "wait")
    looked(shop)
    shop.fm.forget(f"AC-{number}", how)
    looked(shop)
    row = sales_order(shop, number)
    assert (row.misses, row.fm_status) == (1, "HOLD")
    assert stands(shop, number) == ("held", "fm_hold")
    shop.fm.remember(f"AC-{number}")
    looked(shop)
    assert sales_order(shop, number).misses == 0


def never_shown(shop: Connected, clock: ManualClock) -> int:
    """An order that FM took and says that it does not know, for as long as is settled."""
    shop.fm.set(visible_after=1e9)
    number = at_fm(shop)
    for _ in range(MISSES - 1):
        looked(shop)
    clock.advance(2 * 3600)
    looked(shop)
    return number


def test_what_fm_took_and_never_had_is_sent_once_more_then_held(
    timed: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = timed()
    number = never_shown(shop, clock)
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("new", "")
    assert order.reason == f"FM took AC-{number} and says that it does not know it: it is sent once more"
    # It never arrived: what FM took is not there.
    shop.fm._orders.clear()
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert [entry.outcome for entry in shop.fm.log if entry.operation == "serverorder"] == ["accepted", "accepted"]
    for _ in range(MISSES):
        looked(shop)
    clock.advance(2 * 3600)
    looked(shop)
    assert stands(shop, number) == ("held", "fm_lost")
    assert "FM took it twice" in shop.order(number).reason
    shop.fm.set(visible_after=0.0)
    looked(shop)
    assert stands(shop, number) == ("pending", "")


def test_what_fm_had_all_along_is_refused_as_a_double_and_followed_on(
    timed: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = timed()
    number = never_shown(shop, clock)
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert [entry.outcome for entry in shop.fm.log if entry.operation == "serverorder"] == ["accepted", "refused"]
    shop.fm.set(visible_after=0.0)
    shop.fm.ship(f"AC-{number}")
    for station in ("follow", "push"):
        shop.station(station)
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 1


def test_of_two_addresses_only_the_one_that_fm_never_had_is_sent_once_more(
    timed: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = timed()
    number, one, two = two_at_fm(shop)
    shop.fm.ship(two)
    shop.fm.forget(one, "no-details")
    for _ in range(MISSES):
        looked(shop)
    clock.advance(2 * 3600)
    looked(shop)
    assert stands(shop, number) == ("new", "")
    del shop.fm._orders[one]
    shop.station("send")
    assert stands(shop, number) == ("processing", "")
    sent = [entry.numbers for entry in shop.fm.log if entry.operation == "serverorder"]
    assert (sent.count((one,)), sent.count((two,))) == (2, 1)
    shop.fm.ship(one)
    for station in ("follow", "push"):
        shop.station(station)
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 2


@pytest.mark.parametrize("how", ["left-out", "no-details"])
def test_an_order_that_fm_lost_is_held_and_a_retry_sends_it_again(
    timed: Callable[..., Connected], clock: ManualClock, how: str
) -> None:
    shop = timed()
    number = at_fm(shop)
    # FM showed it once, so it may have been shipped since: nothing is sent again without a person.
    looked(shop)
    shop.fm.forget(f"AC-{number}", how)
    for _ in range(MISSES):
        looked(shop)
    assert stands(shop, number) == ("pending", "")
    clock.advance(2 * 3600)
    looked(shop)
    assert stands(shop, number) == ("held", "fm_lost")
    looked(shop)
    assert sum(line["tag"] == "station:order:held" for line in timeline(shop.store, number)) == 1
    # Only its list had lost it: what is sent again is refused as a double, and adopted.
    decisions.retry(shop.order(number), "anna", clock)
    assert stands(shop, number) == ("new", "")
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert len(shop.fm.orders) == 1
    shop.fm.remember(f"AC-{number}")
    shop.fm.ship(f"AC-{number}")
    looked(shop)
    assert stands(shop, number) == ("processing", "")


def test_a_lost_order_that_fm_shows_again_goes_on_by_itself(
    timed: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = timed()
    number = at_fm(shop)
    shop.fm.forget(f"AC-{number}")
    clock.advance(2 * 3600)
    for _ in range(MISSES):
        looked(shop)
    assert stands(shop, number) == ("held", "fm_lost")
    shop.fm.remember(f"AC-{number}")
    looked(shop)
    assert stands(shop, number) == ("pending", "")


def test_what_has_left_in_part_is_never_sent_again_when_fm_loses_it(
    timed: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = timed()
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.part_ship(f"AC-{number}")
    looked(shop)
    shop.fm.forget(f"AC-{number}")
    clock.advance(2 * 3600)
    for _ in range(MISSES):
        looked(shop)
    assert stands(shop, number) == ("held", "fm_lost")
    decisions.retry(shop.order(number), "anna", clock)
    assert stands(shop, number) == ("processing", "")
    shop.station("send")
    assert sum(entry.operation == "serverorder" for entry in shop.fm.log) == 1


def test_the_pace_follows_the_age(timed: Callable[..., Connected], clock: ManualClock) -> None:
    shop = timed()
    at_fm(shop)

    def asked_in(hours: float, every: float) -> int:
        """How often FM is asked when the store is looked at every so many seconds."""
        before = len(shop.fm.log)
        for _ in range(int(hours * 3600 / every)):
            clock.advance(every)
            shop.station("follow", urgent=False)
        return len(shop.fm.log) - before

    # Young: at each look, though no two looks are the same time apart.
    assert asked_in(0.2, 110) == 6
    clock.advance(2 * 3600)
    assert 2 <= asked_in(0.5, 180) <= 4
    clock.advance(24 * 3600)
    assert 3 <= asked_in(4, 1800) <= 5
    clock.advance(365 * 24 * 3600)
    assert 3 <= asked_in(24, 8000) <= 4


def test_of_two_addresses_a_hold_of_one_stays_while_the_other_goes_on(shop: Connected) -> None:
    number, one, two = two_at_fm(shop)
    shop.fm.hold(one, "wait")
    looked(shop)
    assert stands(shop, number) == ("held", "fm_hold")
    assert shop.order(number).reason.startswith(f"{one}: FM holds it")
    shop.fm.ship(two)
    looked(shop)
    assert stands(shop, number) == ("held", "fm_hold")
    # What has left is told of all the same.
    shop.station("push")
    assert len(shop.bc.shipments(number)) == 1
    shop.fm.release(one)
    looked(shop)
    assert stands(shop, number) == ("processing", "")
    shop.fm.ship(one)
    looked(shop)
    shop.station("push")
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 2


def test_of_two_addresses_one_that_fm_cancels_is_never_overlooked(shop: Connected) -> None:
    number, one, two = two_at_fm(shop)
    shop.fm.cancel(one, "no such place")
    looked(shop)
    assert stands(shop, number) == ("held", "fm_cancel")
    assert "no such place" in shop.order(number).reason
    shop.fm.ship(two)
    looked(shop)
    assert stands(shop, number) == ("held", "fm_cancel")
    decisions.release(shop.order(number), "anna", shop.outside.clock)
    shop.station("push")
    assert stands(shop, number)[0] == "complete"


def test_an_order_is_cancelled_when_fm_has_cancelled_its_last_address(shop: Connected) -> None:
    number, one, two = two_at_fm(shop)
    shop.fm.cancel(one)
    looked(shop)
    decisions.release(shop.order(number), "anna", shop.outside.clock)
    assert stands(shop, number) == ("pending", "")
    shop.fm.cancel(two)
    looked(shop)
    assert stands(shop, number)[0] == "cancelled"


def test_a_cancelled_rest_is_a_persons_matter_and_what_left_is_told(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.part_ship(f"AC-{number}")
    looked(shop)
    shop.fm.cancel(f"AC-{number}", "the rest is sold out")
    looked(shop)
    assert stands(shop, number) == ("held", "fm_cancel")
    shop.station("push")
    decisions.release(shop.order(number), "anna", shop.outside.clock)
    shop.station("push")
    assert stands(shop, number)[0] == "complete"


def test_an_order_that_both_sides_cancelled_is_cancelled_without_a_person(shop: Connected) -> None:
    number = at_fm(shop)
    shop.bc.cancel(number)
    shop.station("pull")
    assert stands(shop, number) == ("held", "stopped_in_bigcommerce")
    shop.fm.cancel(f"AC-{number}", "as asked")
    looked(shop)
    assert stands(shop, number)[0] == "cancelled"


def test_what_is_held_by_hand_and_cancelled_by_fm_is_cancelled(shop: Connected) -> None:
    number = at_fm(shop)
    decisions.hold(shop.order(number), "anna", shop.outside.clock)
    shop.fm.cancel(f"AC-{number}", "as asked")
    looked(shop)
    assert stands(shop, number)[0] == "cancelled"


def test_a_look_that_fails_changes_nothing(shop: Connected) -> None:
    number = at_fm(shop)
    shop.fm.faults.next("garbage", path=STATUS_PAGE)
    with pytest.raises(TryLater):
        looked(shop)
    row = sales_order(shop, number)
    assert (row.misses, row.seen_at) == (0, None)


def test_a_call_that_fails_keeps_back_its_own_orders_only(shop: Connected) -> None:
    with_fm(shop, status_batch=2)
    numbers = [at_fm(shop) for _ in range(6)]
    for number in numbers:
        shop.fm.ship(f"AC-{number}")
    shop.fm.faults.next("500", path=STATUS_PAGE, skip=1)
    with pytest.raises(TryLater):
        looked(shop)
    assert [stands(shop, number)[0] for number in numbers] == ["processing"] * 2 + ["pending"] * 2 + ["processing"] * 2
    looked(shop)
    assert {stands(shop, number)[0] for number in numbers} == {"processing"}


def test_it_asks_no_further_when_fm_answers_no_call(shop: Connected) -> None:
    with_fm(shop, status_batch=1)
    for _ in range(AWAY + 2):
        at_fm(shop)
    shop.fm.faults.add("500", path=STATUS_PAGE)
    with pytest.raises(TryLater):
        looked(shop)
    assert sum(entry.operation == "importorderstatus" for entry in shop.fm.log) == AWAY


def test_a_list_that_leaves_out_half_still_brings_every_order_home(shop: Connected) -> None:
    shop.fm.set(manual=False)
    numbers = [shop.place() for _ in range(8)]
    shop.fm.faults.add("leave-out", path=STATUS_PAGE)
    shop.station("pull")
    shop.station("send")
    for _ in range(3):
        looked(shop)
    # At least one is always left out.
    shop.fm.faults.clear()
    looked(shop)
    assert {stands(shop, number)[0] for number in numbers} == {"processing"}
    assert {len(shipments(shop, number)) for number in numbers} == {1}


def test_a_batch_is_one_call_and_siblings_stay_together(
    shop: Connected, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    with_fm(shop, status_batch=10)
    shop.fm.set(manual=True)
    for _ in range(8):
        shop.place()
    two = shop.place(("MUG-INK", 1), ("BOWL-SER-28", 1), addresses=2)
    three = shop.place(("MUG-INK", 1), ("BOWL-SER-28", 1), ("VASE-CLY", 1), addresses=3)
    for station in ("pull", "send"):
        shop.station(station)
    with django_assert_max_num_queries(45):
        looked(shop)
    looks = [entry for entry in shop.fm.log if entry.operation == "importorderstatus"]
    assert [len(entry.numbers) for entry in looks] == [10, 3]
    assert looks[0].numbers[-2:] == (f"AC-{two}-1", f"AC-{two}-2")
    assert looks[1].numbers == tuple(f"AC-{three}-{n}" for n in (1, 2, 3))
    assert Order.objects.filter(stage="pending").count() == 10


def test_what_bears_another_clients_code_says_nothing_of_our_order(connect: Callable[..., Connected]) -> None:
    shop = connect()
    connect("zen", client_code="ZEN")
    number = at_fm(shop)
    shop.fm.ship(f"AC-{number}")
    shop.fm.faults.next("wrong-client", path=STATUS_PAGE)
    with pytest.raises(TryLater):
        looked(shop)
    assert (stands(shop, number), shipments(shop, number)) == (("pending", ""), [])
    looked(shop)
    assert stands(shop, number) == ("processing", "")
