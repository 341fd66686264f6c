"""A shipment is in BigCommerce exactly once, whatever becomes of the answer and of the process that asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from npf.audit.models import Event
from npf.core.clock import ManualClock
from npf.core.errors import TryLater
from npf.orders.models import Order
from npf.push import orders as push
from npf.push.claim import claim
from npf.push.settle import settle
from npf.push.tell import tell
from npf.stores.leases import Busy
from tests.connected import Connected
from tests.push.conftest import at_fm, despatched, requests

Connect = Callable[..., Connected]


def push_again(shop: Connected) -> None:
    """What a schedule does: it comes back when the orders' next time has come."""
    Order.objects.filter(next_push_at__isnull=False).update(next_push_at=shop.outside.clock.now())
    shop.station("push", urgent=False)


@contextmanager
def killed_before_settling(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process ends between BigCommerce's answer and its being written down."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(push, "settle", end)
        with pytest.raises(KeyboardInterrupt):
            yield


def test_it_ships_once_after_a_lost_answer(timed: Connect) -> None:
    shop = timed()
    faults = ("reset-after", "504-after", "truncate")
    numbers = [shop.place(("MUG-INK", 1)) for _ in faults]
    for station in ("pull", "send", "follow"):
        shop.station(station)
    for number, fault in zip(numbers, faults, strict=True):
        shop.bc.faults.next(fault, method="POST", path=f"/{number}/")
    with pytest.raises(TryLater):
        shop.station("push")
    for number in numbers:
        order = shop.order(number)
        assert order.stage == "processing"
        assert order.next_push_at is not None
        assert order.next_push_at >= shop.outside.clock.now() + timedelta(seconds=60)
        assert len(shop.bc.shipments(number)) == 1
    push_again(shop)
    assert len(requests(shop, "POST")) == 3
    for number in numbers:
        assert len(shop.bc.shipments(number)) == 1
        assert shop.order(number).stage == "complete"
        assert Event.objects.filter(bc_order_id=number, tag="push:shipment:adopted").count() == 1


def test_it_looks_and_writes_again_what_did_not_arrive(timed: Connect) -> None:
    shop = timed()
    faults = ("500", "503", "reset-before")
    numbers = [shop.place(("MUG-INK", 1)) for _ in faults]
    for station in ("pull", "send", "follow"):
        shop.station(station)
    for number, fault in zip(numbers, faults, strict=True):
        shop.bc.faults.next(fault, method="POST", path=f"/{number}/")
    with pytest.raises(TryLater):
        shop.station("push")
    assert not any(shop.bc.shipments(number) for number in numbers)
    push_again(shop)
    assert [len(shop.bc.shipments(number)) for number in numbers] == [1, 1, 1]
    assert len(requests(shop, "GET", "/shipments")) == 3
    assert {shop.order(number).stage for number in numbers} == {"complete"}


def test_a_lost_answer_to_the_status_is_found_to_have_arrived(timed: Connect) -> None:
    shop = timed()
    number = despatched(shop)
    shop.bc.faults.next("reset-after", method="PUT")
    with pytest.raises(TryLater):
        shop.station("push")
    assert shop.bc.orders[number].status_id == 10
    push_again(shop)
    assert len(requests(shop, "PUT")) == 1
    assert len(shop.bc.shipments(number)) == 1
    assert shop.order(number).stage == "complete"


def test_it_knows_its_number_in_another_case(timed: Connect) -> None:
    shop = timed()
    number = despatched(shop)
    shop.bc.faults.next("reset-after", method="POST")
    with pytest.raises(TryLater):
        shop.station("push")
    (shipment,) = shop.bc.shipments_of[number]
    shipment.tracking_number = shipment.tracking_number.lower()
    push_again(shop)
    assert len(shop.bc.shipments(number)) == 1
    assert shop.order(number).stage == "complete"


def test_of_two_parcels_with_one_number_only_the_missing_one_is_written(timed: Connect) -> None:
    shop = timed()
    number = at_fm(shop, ("MUG-INK", 1), ("APRON-LIN", 1))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "SAME")
    shop.station("follow")
    shop.fm.ship(f"AC-{number}", {"APRON-LIN": 1}, "SAME")
    shop.station("follow")
    shop.bc.faults.next("reset-after", method="POST")
    with pytest.raises(TryLater):
        shop.station("push")
    push_again(shop)
    assert len(shop.bc.shipments(number)) == len(requests(shop, "POST")) == 2
    assert shop.order(number).stage == "complete"


def test_of_two_equal_parcels_each_is_written_once(timed: Connect) -> None:
    shop = timed()
    number = at_fm(shop, ("MUG-INK", 2))
    for _ in range(2):
        shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "SAME")
        shop.station("follow")
    shop.bc.faults.next("reset-after", method="POST", skip=1)
    with pytest.raises(TryLater):
        shop.station("push")
    push_again(shop)
    assert len(shop.bc.shipments(number)) == len(requests(shop, "POST")) == 2
    assert shop.order(number).stage == "complete"


def test_the_other_orders_of_the_batch_are_told_all_the_same(timed: Connect) -> None:
    shop = timed()
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(6)]
    for station in ("pull", "send", "follow"):
        shop.station(station)
    shop.bc.faults.next("reset-after", method="POST", path=f"/{numbers[2]}/shipments")
    assert shop.station("push").counts == {"pushed": 5, "failed": 1}
    push_again(shop)
    assert [len(shop.bc.shipments(number)) for number in numbers] == [1] * 6
    assert {shop.order(number).stage for number in numbers} == {"complete"}


def test_a_process_that_ended_before_it_settled_is_gone_on_with(
    timed: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = timed()
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(3)]
    for station in ("pull", "send", "follow"):
        shop.station(station)
    with killed_before_settling(monkeypatch):
        shop.station("push")
    assert {shop.order(number).stage for number in numbers} == {"processing"}
    shop.station("push")
    assert [len(shop.bc.shipments(number)) for number in numbers] == [1] * 3
    assert len(requests(shop, "POST")) == 3
    assert {shop.order(number).stage for number in numbers} == {"complete"}


def test_a_look_waits_until_a_write_that_was_cut_off_must_show(
    timed: Connect, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = timed()
    despatched(shop)
    with killed_before_settling(monkeypatch):
        shop.station("push")
    before = clock.now()
    shop.station("push")
    assert clock.now() - before >= timedelta(seconds=3)


def test_a_worker_that_was_frozen_writes_nothing_when_it_wakes(timed: Connect, clock: ManualClock) -> None:
    shop = timed()
    number = despatched(shop)
    with shop.visit("push") as frozen:
        claimed_at = clock.now()
        claimed = claim(frozen, list(Order.objects.all()), {})
        clock.advance(660)
        shop.station("push")
        answers = tell(frozen, claimed, claimed_at)
        with pytest.raises(Busy):
            settle(frozen, answers)
    assert isinstance(answers[0].error, TryLater)
    assert len(requests(shop, "POST")) == len(shop.bc.shipments(number)) == 1
    assert shop.order(number).stage == "complete"


def test_two_workers_at_once_ship_once(shop: Connected) -> None:
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(8)]
    for station in ("pull", "send", "follow"):
        shop.station(station)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            shop.station("push", urgent=False)
        except Busy:
            pass
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert [len(shop.bc.shipments(number)) for number in numbers] == [1] * 8
    assert {shop.order(number).stage for number in numbers} == {"complete"}


def test_what_follow_finds_while_push_is_telling_is_told_next(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.station("follow")
    with shop.visit("push") as at:
        claimed_at = at.clock.now()
        claimed = claim(at, list(Order.objects.all()), {})
        shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C2")
        shop.station("follow")
        settle(at, tell(at, claimed, claimed_at))
    assert len(shop.bc.shipments(number)) == 1
    shop.station("push", urgent=False)
    assert len(shop.bc.shipments(number)) == 2
    assert shop.order(number).stage == "complete"


def test_what_certainly_did_not_arrive_is_not_looked_for(timed: Connect, clock: ManualClock) -> None:
    shop = timed()
    number = despatched(shop)
    shop.bc.faults.add("429-bare", method="POST")
    with pytest.raises(TryLater):
        shop.station("push")
    shop.bc.faults.clear()
    clock.advance(3600)
    shop.station("push")
    assert len(shop.bc.shipments(number)) == 1
    assert requests(shop, "GET", "/shipments") == []
