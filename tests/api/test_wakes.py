"""Doubled, late, out of order or missing: events only wake, and the pull reads what is true (facts 130-133, 139)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from npf.hooks.models import Hook
from npf.jobs import tasks
from npf.stores.leases import lease
from npf.stores.models import Beat, Lease, Store
from tests.api.conftest import Post, event
from tests.connected import Connected
from tests.jobs.working import Worker, wait_until

STATIONS: dict[str, Callable[..., None]] = {
    name: getattr(tasks, name) for name in ("pull", "send", "follow", "push", "hooks")
}


def waiting() -> list[str]:
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("pk")
    return [job.task_name.rpartition(".")[2] for job in jobs]


def work() -> list[str]:
    """Do what waits, one job after the other, as a worker does whose clock has come to their times."""
    done: list[str] = []
    while job := ProcrastinateJob.objects.filter(status="todo").order_by("pk").first():
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs where id = %s", [job.pk])
        station = job.task_name.rpartition(".")[2]
        STATIONS[station](**job.args)
        done.append(station)
        assert len(done) < 50, "it never ends"
    return done


def pulls(shop: Connected) -> int:
    return shop.bc.log.count("GET", "/v2/orders")


def test_a_burst_gives_one_pull(post: Post, shop: Connected) -> None:
    """Fact 130: one checkout sends several events within a second."""
    shop.place()
    for scope in ("created", "updated", "statusUpdated", "updated", "updated"):
        assert post(event(scope=f"store/order/{scope}")).status_code == 200
    assert work() == ["pull", "send"]
    assert pulls(shop) == 1


def test_a_burst_from_many_connections_gives_one_pull(post: Post, shop: Connected) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: post(event(number)), range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert waiting() == ["pull"]


def test_the_wake_waits_a_moment_for_the_rest_of_the_burst(post: Post, shop: Connected) -> None:
    post()
    job = ProcrastinateJob.objects.get()
    hook = Hook.objects.get()
    assert job.scheduled_at is not None
    assert hook.received_at is not None
    assert (job.scheduled_at - hook.received_at).total_seconds() == pytest.approx(2, abs=0.01)


def test_an_event_that_comes_while_a_pull_runs_gives_another_pull(post: Post, shop: Connected) -> None:
    """The queueing lock dedupes only what waits: the running pull may have passed the order already."""
    post()
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing'")
    post()
    assert waiting() == ["pull"]


def test_a_wake_that_finds_the_store_at_work_comes_again(post: Post, shop: Connected) -> None:
    """A second worker takes the second wake while the first one still pulls: it must not be lost with the lease."""
    number = shop.place()
    post()
    with lease("pull", shop.store.pk, shop.outside.clock):
        job = ProcrastinateJob.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs")
        tasks.pull(**job.args)
        assert pulls(shop) == 0
    again = ProcrastinateJob.objects.get()
    assert (again.task_name, again.args["by"]) == ("npf.jobs.tasks.pull", "webhook")
    assert again.scheduled_at is not None
    work()
    assert shop.order(number).stage == "pending"


def test_doubled_events_send_an_order_once(post: Post, shop: Connected) -> None:
    number = shop.place()
    for _ in range(3):
        post(event(number, "store/order/created"))
        work()
    assert len(shop.fm.orders) == 1
    assert shop.fm.orders[f"AC-{number}"].received == 1


def test_events_that_come_late_and_out_of_order_end_in_the_latest_state(post: Post, shop: Connected) -> None:
    first, second = shop.place(), shop.place()
    shop.bc.set_status(second, 5)
    post(event(second, "store/order/statusUpdated"))
    work()
    post(event(second, "store/order/created"))
    post(event(first, "store/order/created"))
    work()
    assert (shop.order(first).stage, shop.order(second).stage) == ("pending", "cancelled")
    assert set(shop.fm.orders) == {f"AC-{first}"}


def test_an_event_that_never_came_is_made_up_for_by_the_next_of_another_order(post: Post, shop: Connected) -> None:
    unheard, heard = shop.place(), shop.place()
    post(event(heard, "store/order/created"))
    work()
    assert {shop.order(number).stage for number in (unheard, heard)} == {"pending"}


def test_without_any_event_the_schedule_brings_every_order(shop: Connected) -> None:
    number = shop.place()
    tasks.pull(store_id=shop.store.pk, by="schedule")
    work()
    assert shop.order(number).stage == "pending"


def test_an_event_of_an_order_that_is_not_listed_yet_writes_nothing_and_holds_nothing(
    post: Post, shop: Connected
) -> None:
    """Fact 139. The next look comes with its overlap."""
    post(event(999_999))
    assert work() == ["pull"]
    assert Beat.objects.get(station="pull").failures == 0


def test_our_own_writes_come_back_and_end_there(post: Post, shop: Connected) -> None:
    """Fact 131: a shipment and a status that we wrote cost one look, and the look writes nothing to BigCommerce."""
    number = shop.place(("MUG-INK", 1))
    post(event(number, "store/order/created"))
    work()
    for station in ("follow", "push"):
        STATIONS[station](store_id=shop.store.pk, by="schedule")
    work()
    assert shop.order(number).stage == "complete"
    written = len(shop.bc.log.writes())
    before = pulls(shop)
    for scope in ("updated", "statusUpdated", "updated"):
        post(event(number, f"store/order/{scope}"))
    assert work() == ["pull"]
    assert pulls(shop) == before + 1
    assert len(shop.bc.log.writes()) == written
    assert len(shop.fm.orders) == 1


@pytest.mark.slow
def test_a_real_worker_sends_an_order_on_its_event_alone(post: Post, shop: Connected) -> None:
    """No schedule: whatever happens here, an event woke it. A second event finds the pull at work and is not lost."""
    Store.objects.update(next_look_at=None)
    Hook.objects.update(next_check_at=shop.outside.clock.now() + timedelta(days=1))
    shop.bc.faults.next("stall:4", path="/v2/orders")
    first = shop.place(("MUG-INK", 1))
    with Worker():
        post(event(first, "store/order/created"))
        wait_until(lambda: Lease.objects.filter(name=f"pull:{shop.store.pk}").exists(), 30)
        second = shop.place(("MUG-INK", 1))
        post(event(second, "store/order/created"))
        wait_until(lambda: pulls(shop) == 2, 30)
        wait_until(lambda: set(shop.fm.orders) == {f"AC-{first}", f"AC-{second}"}, 30)
    assert all(order.received == 1 for order in shop.fm.orders.values())
