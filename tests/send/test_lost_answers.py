"""An order is in FM exactly once, whatever becomes of the answer and of the process that asked."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from npf.core.clock import ManualClock
from npf.core.errors import TryLater
from npf.desk import decisions
from npf.orders.models import SalesLine
from npf.send import ask, settle, station
from npf.send.settle import MOST_UNCLEAR
from npf.shipments.listing import timeline
from npf.warehouse.port import Warehouse
from tests.connected import Connected
from tests.send.conftest import ORDER_PAGE, STATUS_PAGE, calls, pulled, sales_orders, stands, two_addresses


class PowerCutError(BaseException):
    """The end of a process, as far as the code can notice it."""


def cut(*args: object, **named: object) -> None:
    raise PowerCutError


def tried(shop: Connected) -> None:
    with pytest.raises(TryLater):
        shop.station("send")


@pytest.mark.parametrize("fault", ["reset-after", "500-after", "garbage-after", "truncate"])
def test_it_sends_an_order_once_after_a_lost_answer(shop: Connected, fault: str) -> None:
    number = pulled(shop)
    shop.fm.faults.next(fault, path=ORDER_PAGE)
    tried(shop)
    order = shop.order(number)
    assert (order.stage, order.reason_code, order.attempts) == ("new", "try_later", 1)
    assert order.next_attempt_at is not None
    shop.station("send")
    (row,) = sales_orders(shop, number)
    assert stands(shop, number) == ("pending", "")
    assert row.npf_order_no == str(shop.fm.orders[row.fm_number].npf_order_no)
    assert [call.outcome for call in calls(shop)] == ["accepted"]
    assert len(calls(shop, "importorderstatus")) == 1
    texts = [line["text"] for line in timeline(shop.store, number)]
    assert any("nothing was sent again" in text for text in texts)


@pytest.mark.parametrize("fault", ["reset-before", "500", "garbage"])
def test_it_sends_again_what_fm_says_it_does_not_have(shop: Connected, fault: str) -> None:
    number = pulled(shop)
    shop.fm.faults.next(fault, path=ORDER_PAGE)
    tried(shop)
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert [call.outcome for call in calls(shop)] == ["not reached", "accepted"]
    assert len(shop.fm.orders) == 1


def test_it_does_not_send_while_it_cannot_learn_whether_fm_has_it(shop: Connected) -> None:
    number = pulled(shop)
    shop.fm.faults.next("reset-after", path=ORDER_PAGE)
    tried(shop)
    shop.fm.faults.next("500", path=STATUS_PAGE)
    tried(shop)
    assert stands(shop, number) == ("new", "try_later")
    assert len(calls(shop)) == 1
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert len(calls(shop)) == 1


def test_other_orders_go_on_while_one_is_unclear_and_cannot_be_looked_for(shop: Connected) -> None:
    first = pulled(shop)
    shop.fm.faults.next("reset-after", path=ORDER_PAGE)
    tried(shop)
    second = pulled(shop)
    shop.fm.faults.next("garbage", path=STATUS_PAGE)
    shop.station("send")
    assert (stands(shop, first)[0], stands(shop, second)[0]) == ("new", "pending")


def test_it_adopts_what_fm_refuses_as_a_double_of_an_earlier_try(connect: Callable[..., Connected]) -> None:
    """FM may show an order only after a while: the look does not find it, and the second sending is refused."""
    shop = connect()
    shop.fm.set(visible_after=3600.0)
    number = pulled(shop)
    shop.fm.faults.next("reset-after", path=ORDER_PAGE)
    tried(shop)
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert [call.outcome for call in calls(shop)] == ["accepted", "refused"]
    assert len(shop.fm.orders) == 1


def test_another_prefix_does_not_make_a_second_order_of_an_unclear_one(shop: Connected) -> None:
    number = pulled(shop)
    shop.fm.faults.next("reset-after", path=ORDER_PAGE)
    tried(shop)
    shop.set(prefix="NEW-")
    shop.run()
    assert list(shop.fm.orders) == [f"AC-{number}"]
    assert stands(shop, number)[0] == "complete"


def test_what_fm_takes_at_the_second_try_is_what_is_followed(shop: Connected) -> None:
    """The SKU map changed between a try that never arrived and the one that did."""
    number = pulled(shop, ("MUG-INK", 2))
    shop.fm.faults.next("reset-before", path=ORDER_PAGE)
    tried(shop)
    shop.tables(sku_map={"MUG-INK": "FM-7"})
    shop.run()
    (line,) = SalesLine.objects.all()
    assert (line.code, line.quantity) == ("FM-7", 2)
    assert stands(shop, number)[0] == "complete"


def test_an_unclear_order_is_held_when_the_settings_no_longer_make_it(shop: Connected) -> None:
    shop.tables(bundles={"KIT": {"FM-1": 2}})
    shop.set(bundle_prefix="KIT")
    number = pulled(shop, ("KIT", 1))
    shop.fm.faults.next("reset-before", path=ORDER_PAGE)
    tried(shop)
    shop.tables(bundles={})
    shop.run()
    assert stands(shop, number) == ("held", "unknown_bundle")
    assert not shop.fm.orders


@pytest.mark.parametrize("where", ["before asking", "after asking"])
def test_a_cut_between_claim_and_settle_leaves_nothing_twice(
    shop: Connected, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    numbers = [shop.place() for _ in range(3)]
    shop.station("pull")
    with monkeypatch.context() as patch:
        patch.setattr(*((station, "ask", cut) if where == "before asking" else (station, "settle", cut)))
        with pytest.raises(PowerCutError):
            shop.station("send")
    assert {row.asked_at is not None for number in numbers for row in sales_orders(shop, number)} == {True}
    assert {stands(shop, number)[0] for number in numbers} == {"new"}
    shop.station("send")
    assert {stands(shop, number)[0] for number in numbers} == {"pending"}
    assert len(calls(shop)) == len(shop.fm.orders) == 3


def test_a_cut_in_the_middle_of_settling_rolls_all_of_it_back(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    number = pulled(shop)
    with monkeypatch.context() as patch:
        patch.setattr(settle, "_settle_order", cut)
        with pytest.raises(PowerCutError):
            shop.station("send")
    assert sales_orders(shop, number)[0].sent_at is None
    # What FM was asked and answered is on the order's timeline all the same.
    assert "fm:exchange:done" in [line["tag"] for line in timeline(shop.store, number)]
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert len(calls(shop)) == 1


def test_a_fault_in_one_thread_of_several_sends_none_of_them_twice(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [shop.place() for _ in range(6)]
    shop.station("pull")
    really = ask._send

    def once_wrong(fm: Warehouse, one: ask.Claimed, stop: threading.Event) -> ask.Answer:
        if one.number == f"AC-{numbers[2]}":
            raise ZeroDivisionError
        return really(fm, one, stop)

    with monkeypatch.context() as patch:
        patch.setattr(ask, "_send", once_wrong)
        with pytest.raises(ZeroDivisionError):
            shop.station("send")
    shop.station("send")
    assert {stands(shop, number)[0] for number in numbers} == {"pending"}
    assert [call.outcome for call in calls(shop)] == ["accepted"] * 6


def test_an_answer_that_stays_unclear_is_held_after_so_many_tries(
    timed: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = timed()
    number = pulled(shop)
    shop.fm.faults.add("garbage", path=ORDER_PAGE)
    for _ in range(MOST_UNCLEAR - 1):
        tried(shop)
        clock.advance(3600)
    assert stands(shop, number) == ("new", "try_later")
    tried(shop)
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "fm_unclear")
    assert f"no clear answer in {MOST_UNCLEAR} tries" in order.reason
    # A person's retry has the same number of tries again.
    decisions.retry(order, "anna", clock)
    tried(shop)
    assert stands(shop, number) == ("new", "try_later")
    shop.fm.faults.clear()
    shop.station("send")
    assert stands(shop, number) == ("pending", "")


def test_trouble_that_leaves_no_doubt_never_holds_an_order(timed: Callable[..., Connected], clock: ManualClock) -> None:
    shop = timed()
    number = pulled(shop)
    shop.both.fm_server.close()
    for _ in range(MOST_UNCLEAR + 5):
        tried(shop)
        clock.advance(600)
    order = shop.order(number)
    assert (order.stage, order.reason_code, order.attempts) == ("new", "try_later", MOST_UNCLEAR + 5)
    assert order.next_attempt_at is not None
    # FM certainly has nothing, so the order goes out soon after FM is back, however long that takes.
    assert order.next_attempt_at <= clock.now() - timedelta(seconds=600) + timedelta(seconds=360)


def test_a_parcel_that_is_unclear_does_not_send_its_sibling_twice(shop: Connected) -> None:
    number = two_addresses(shop)
    shop.fm.faults.next("reset-after", path=ORDER_PAGE)
    shop.station("send")
    assert stands(shop, number) == ("new", "try_later")
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert [call.outcome for call in calls(shop)] == ["accepted", "accepted"]
    assert sorted(shop.fm.orders) == [f"AC-{number}-1", f"AC-{number}-2"]
