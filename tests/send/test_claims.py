"""Who may send what, when several hands are at the same orders."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection, connections

from npf.core.errors import TryLater
from npf.desk import decisions
from npf.orders.models import Order, SalesOrder
from npf.send import ask, station
from npf.stores.leases import Busy
from npf.stores.models import Lease
from npf.warehouse.port import Warehouse
from tests.connected import Connected
from tests.send.conftest import ORDER_PAGE, calls, pulled, sales_orders, stands


@contextmanager
def before(monkeypatch: pytest.MonkeyPatch, name: str, happens: Callable[[], object]) -> Iterator[None]:
    """Let something happen once, just before send takes the next step of that name."""
    really, todo = getattr(station, name), [happens]

    def step(*args: object) -> object:
        while todo:
            todo.pop()()
        return really(*args)

    with monkeypatch.context() as patch:
        patch.setattr(station, name, step)
        yield


def test_what_pull_cancels_between_loading_and_claiming_is_not_sent(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = pulled(shop)

    def cancelled() -> None:
        shop.bc.cancel(number)
        shop.station("pull")

    with before(monkeypatch, "claim", cancelled):
        shop.station("send")
    assert stands(shop, number)[0] == "cancelled"
    assert not calls(shop)
    assert not SalesOrder.objects.exists()


def test_what_the_merchant_edits_between_loading_and_claiming_goes_as_it_is_now(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = pulled(shop, ("MUG-INK", 1))

    def edited() -> None:
        shop.bc.change_quantity(number, 0, 3)
        shop.station("pull")

    with before(monkeypatch, "claim", edited):
        shop.station("send")
    assert not calls(shop)
    shop.station("send")
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-INK": 3}


def test_what_is_cancelled_while_fm_is_being_asked_is_held_and_known_to_be_in_fm(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = pulled(shop)

    def cancelled() -> None:
        shop.bc.cancel(number)
        shop.station("pull")

    with before(monkeypatch, "settle", cancelled):
        shop.station("send")
    assert stands(shop, number) == ("held", "stopped_in_bigcommerce")
    assert sales_orders(shop, number)[0].sent_at is not None


def test_a_hold_by_hand_while_fm_is_being_asked_stays(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    number = pulled(shop)
    with before(monkeypatch, "settle", lambda: decisions.hold(shop.order(number), "anna", shop.outside.clock, "wait")):
        shop.station("send")
    assert stands(shop, number) == ("held", "by_hand")
    decisions.release(shop.order(number), "anna", shop.outside.clock)
    assert stands(shop, number) == ("pending", "")
    shop.run()
    assert stands(shop, number)[0] == "complete"
    assert len(calls(shop)) == 1


def test_a_setting_that_changed_is_judged_before_anything_is_sent_by_it(shop: Connected) -> None:
    number = pulled(shop)
    shop.set(countries=["New Zealand"])
    shop.station("send")
    assert not calls(shop)
    shop.station("pull")
    assert stands(shop, number)[0] == "skipped"


def test_two_workers_at_once_send_each_order_once(shop: Connected) -> None:
    numbers = [shop.place() for _ in range(25)]
    shop.station("pull")
    ends: list[str] = []
    together = threading.Barrier(2)

    def work() -> None:
        try:
            together.wait()
            shop.station("send")
            ends.append("done")
        except Busy:
            ends.append("busy")
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert "done" in ends
    assert len(ends) == 2
    assert [call.outcome for call in calls(shop)] == ["accepted"] * 25
    assert {stands(shop, number)[0] for number in numbers} == {"pending"}


def test_a_worker_that_was_frozen_and_replaced_changes_nothing_any_more(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease is another's now: what it asked is on record, and the other one looks before it sends."""
    number = pulled(shop)

    def replaced() -> None:
        Lease.objects.update(owner_pid=-1)
        shop.station("send")
        assert stands(shop, number)[0] == "pending"

    with before(monkeypatch, "settle", replaced), pytest.raises(Busy):
        shop.station("send")
    assert stands(shop, number)[0] == "pending"
    assert [call.outcome for call in calls(shop)] == ["accepted"]


def test_a_frozen_worker_that_sends_after_all_sends_nothing_twice(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = pulled(shop)

    def replaced() -> None:
        Lease.objects.update(owner_pid=-1)
        shop.station("send")

    with before(monkeypatch, "ask", replaced), pytest.raises(Busy):
        shop.station("send")
    assert stands(shop, number)[0] == "pending"
    assert len(shop.fm.orders) == 1
    assert [call.outcome for call in calls(shop)] == ["accepted", "refused"]


def test_a_number_that_another_store_has_is_held(connect: Callable[..., Connected]) -> None:
    shop, other = connect("acme"), connect("bolt")
    theirs = pulled(other)
    other.station("send")
    first, second = shop.place(order_id=theirs), shop.place()
    shop.station("pull")
    # The settings refuse such a prefix; what was there before may have it.
    SalesOrder.objects.update(fm_number=f"AC-{theirs}")
    shop.station("send")
    order = shop.order(first)
    assert (order.stage, order.reason_code, order.field) == ("held", "number_taken", "SalesOrderNo")
    assert f"belongs to order {theirs} of store bolt" in order.reason
    assert not SalesOrder.objects.filter(order=order).exists()
    assert stands(shop, second)[0] == "pending"


def test_a_number_taken_between_two_tries_is_held_and_its_sibling_not_forgotten(
    connect: Callable[..., Connected],
) -> None:
    shop, other = connect("acme"), connect("bolt")
    number = pulled(shop, ("MUG-INK", 1), ("BOWL-SER-28", 1), addresses=2)
    shop.fm.faults.next("02011", path=ORDER_PAGE, skip=1)
    shop.station("send")
    refused = next(row for row in sales_orders(shop, number) if row.asked_at is None)
    theirs = pulled(other)
    other.station("send")
    taken = refused.fm_number
    SalesOrder.objects.filter(pk=refused.pk).update(fm_number="OLD-1")
    SalesOrder.objects.filter(order=other.order(theirs)).update(fm_number=taken)
    decisions.retry(shop.order(number), "anna", shop.outside.clock)
    shop.station("send")
    assert stands(shop, number) == ("held", "number_taken")
    SalesOrder.objects.filter(order=other.order(theirs)).update(fm_number="BO-9")
    decisions.retry(shop.order(number), "anna", shop.outside.clock)
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert [row.sent_at is not None for row in sales_orders(shop, number)] == [True, True]


def test_claiming_costs_a_handful_of_statements_for_a_whole_batch(
    shop: Connected, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    for _ in range(20):
        shop.place(("MUG-INK", 1), ("BOWL-SER-28", 2))
    shop.station("pull")
    with django_assert_max_num_queries(65):
        shop.station("send")
    assert Order.objects.filter(stage="pending").count() == 20


def test_an_unclear_order_that_is_cancelled_is_held_because_fm_may_have_it(shop: Connected) -> None:
    number = pulled(shop)
    shop.fm.faults.next("reset-after", path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send")
    shop.bc.cancel(number)
    shop.station("pull")
    assert stands(shop, number) == ("held", "stopped_in_bigcommerce")
    shop.station("send")
    assert len(calls(shop)) == 1


def test_asking_holds_no_transaction_and_no_connection(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        shop.place()
    shop.station("pull")
    seen: list[bool] = []
    really = ask._send

    def looking(fm: Warehouse, one: ask.Claimed, stop: threading.Event) -> ask.Answer:
        seen.append(connections["default"].connection is None or connection.in_atomic_block)
        return really(fm, one, stop)

    monkeypatch.setattr(ask, "_send", looking)
    shop.station("send")
    # The threads of ask never open a connection of their own.
    assert seen == [True] * 3
