"""A real worker: the schedule alone takes orders to Complete, and whatever befalls it, another goes on."""

import signal

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from npf.stores.models import Lease, Store
from npf.wake import wake
from tests.connected import Connected
from tests.jobs.working import Worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def stage(shop: Connected, number: int) -> str:
    row = shop.store.orders.filter(bc_order_id=number).first()
    return row.stage if row else ""


def test_a_worker_takes_orders_to_complete_by_schedule_alone_and_ends_when_told(shop: Connected) -> None:
    shop.set(look_every=10)
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(3)]
    with Worker() as worker:
        wait_until(lambda: all(stage(shop, number) == "complete" for number in numbers), 60)
        late = shop.place(("MUG-INK", 2))
        wait_until(lambda: stage(shop, late) == "complete", 60)
        assert worker.end() < 8
        assert worker.process.returncode == 0
        assert worker.said() == ""
    assert len(shop.fm.orders) == 4
    assert not ProcrastinateJob.objects.filter(status__in=("doing", "failed", "succeeded")).exists()
    assert not ProcrastinateWorker.objects.exists()


def test_the_job_of_a_worker_that_was_killed_is_done_by_another(shop: Connected) -> None:
    Store.objects.update(next_look_at=None)
    number = shop.place(("MUG-INK", 1))
    shop.bc.faults.next("stall:30", path="/v2/orders")
    wake("pull", [shop.store.pk], "test")
    with Worker() as first:
        wait_until(lambda: len(shop.bc.log), 30)
        assert Lease.objects.filter(name=f"pull:{shop.store.pk}").exists()
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
        with Worker():
            wait_until(lambda: stage(shop, number) == "pending", 30)
    assert len(shop.fm.orders) == 1


def test_a_worker_survives_that_its_connections_to_the_database_are_cut(shop: Connected) -> None:
    shop.set(look_every=10)
    first = shop.place(("MUG-INK", 1))
    with Worker() as worker:
        wait_until(lambda: stage(shop, first) == "complete", 60)
        for _ in range(2):
            wait_until(lambda: _others() >= 4, 20)
            _cut()
        second = shop.place(("MUG-INK", 1))
        wait_until(lambda: stage(shop, second) == "complete", 60)
        assert worker.process.poll() is None
        assert worker.end() < 8
    assert len(shop.fm.orders) == 2


def _others() -> int:
    """Connections to this database that are not ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def _cut() -> None:
    """As a restart of Postgres does: every connection but ours is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )


def test_a_worker_that_is_told_to_end_in_a_long_station_ends_soon_and_another_goes_on(shop: Connected) -> None:
    Store.objects.update(next_look_at=None)
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(120)]
    shop.fm.faults.load("stall:0.2=1")
    wake("pull", [shop.store.pk], "test")
    with Worker() as worker:
        wait_until(lambda: len(shop.fm.orders) > 20, 60)
        assert worker.end() < 15
        assert worker.process.returncode == 0
        sent = len(shop.fm.orders)
        assert sent < 120
    assert ProcrastinateJob.objects.filter(status="todo", task_name__endswith="send").count() == 1
    shop.fm.faults.clear()
    with Worker():
        wait_until(lambda: len(shop.fm.orders) == len(numbers), 60)


def test_two_workers_send_no_order_twice(shop: Connected) -> None:
    shop.set(look_every=10)
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(60)]
    with Worker(), Worker():
        wait_until(lambda: all(stage(shop, number) == "complete" for number in numbers), 90)
    assert len(shop.fm.orders) == 60
    assert all(order.received == 1 for order in shop.fm.orders.values())
    assert all(len(shop.bc.shipments(number)) == 1 for number in numbers)
