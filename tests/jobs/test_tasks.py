"""A job visits once, tells what went wrong, and wakes whoever has work now."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from npf.hooks.models import Hook
from npf.jobs import stations, tasks
from npf.stores import book
from npf.stores.leases import lease
from npf.stores.models import Beat, Store
from npf.wake import wake
from tests.connected import Connected

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_stop() -> Iterator[None]:
    yield
    tasks.stopping.clear()


def woken() -> list[str]:
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("pk")
    return [job.task_name.rpartition(".")[2] for job in jobs]


def run(station: str, shop: Connected) -> None:
    getattr(tasks, station)(store_id=shop.store.pk, by="schedule")


def test_an_order_goes_its_whole_way_by_wakes_alone(shop: Connected) -> None:
    number = shop.place(("MUG-INK", 1))
    run("pull", shop)
    assert woken() == ["send"]
    run("send", shop)
    run("follow", shop)
    assert woken() == ["send", "push"]
    run("push", shop)
    assert shop.order(number).stage == "complete"


def test_a_station_without_work_for_the_next_wakes_nobody(shop: Connected) -> None:
    run("pull", shop)
    run("follow", shop)
    assert woken() == []


def test_a_paused_a_removed_and_an_unknown_store_are_not_visited(shop: Connected) -> None:
    book.pause(shop.store, "test", shop.outside.clock, "stocktaking")
    run("pull", shop)
    Store.objects.update(removed_at=shop.outside.clock.now(), paused_at=None)
    run("pull", shop)
    tasks.pull(store_id=10**9, by="schedule")
    assert len(shop.bc.log) == 0


def test_an_fm_that_is_away_fails_no_job_and_stands_on_the_beat(shop: Connected) -> None:
    number = shop.place()
    run("pull", shop)
    shop.both.fm_server.close()
    run("send", shop)
    assert "FM cannot be reached" in Beat.objects.get(station="send").message
    assert shop.order(number).stage == "new"


def test_a_refused_token_pauses_the_store_and_fails_no_job(shop: Connected) -> None:
    shop.bc.accounts.clear()
    run("pull", shop)
    assert shop.store.paused_parameter == "bigcommerce.access_token"
    asked = len(shop.bc.log)
    run("pull", shop)
    assert len(shop.bc.log) == asked


def test_a_station_that_somebody_works_is_left_to_him(shop: Connected) -> None:
    with lease("pull", shop.store.pk, shop.outside.clock):
        run("pull", shop)
    assert len(shop.bc.log) == 0
    assert not Beat.objects.exists()


@pytest.mark.parametrize("station", ["pull", "send", "follow", "push"])
def test_a_wake_that_finds_its_station_worked_comes_again_a_little_later(shop: Connected, station: str) -> None:
    """What it speaks of may have come after the one who works there had passed it."""
    with lease(station, shop.store.pk, shop.outside.clock):
        run(station, shop)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args["by"]) == (f"npf.jobs.tasks.{station}", "schedule")
    assert job.scheduled_at is not None
    assert (job.scheduled_at - shop.outside.clock.now()).total_seconds() == pytest.approx(5, abs=2)


class TestWebhook:
    def test_it_is_registered_by_its_job(self, shop: Connected, settings: Settings) -> None:
        settings.NPF_PUBLIC_URL = "http://127.0.0.1:8080"
        tasks.hooks(store_id=shop.store.pk, by="anna")
        assert len(shop.bc.hooks.by_id) == 1
        assert woken() == []

    def test_that_of_a_paused_store_is_left_alone(self, shop: Connected, settings: Settings) -> None:
        settings.NPF_PUBLIC_URL = "http://127.0.0.1:8080"
        book.pause(shop.store, "test", shop.outside.clock, "stocktaking")
        tasks.hooks(store_id=shop.store.pk, by="schedule")
        assert len(shop.bc.log) == 0

    def test_a_bigcommerce_that_is_away_fails_no_job(self, shop: Connected, settings: Settings) -> None:
        settings.NPF_PUBLIC_URL = "http://127.0.0.1:8080"
        shop.bc.faults.next("503", method="POST", path="/v3/hooks")
        tasks.hooks(store_id=shop.store.pk, by="schedule")
        assert "503" in Hook.objects.get().problem


def test_a_fault_of_ours_fails_the_job_and_stands_on_the_beat(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(at: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setitem(stations.STATIONS, "pull", broken)
    with pytest.raises(ZeroDivisionError):
        run("pull", shop)
    assert "fault in npf itself" in Beat.objects.get(station="pull").message


def test_a_worker_that_is_told_to_end_stops_between_batches_and_wakes_the_station_again(shop: Connected) -> None:
    for _ in range(3):
        shop.place()
    run("pull", shop)
    before = woken()
    tasks.stopping.set()
    run("send", shop)
    assert woken() == before == ["send"]  # nothing new for push: the wake that waits is send's own
    assert Beat.objects.get(station="send").failures == 0


def test_a_stock_that_could_not_be_read_is_due_again_soon(shop: Connected) -> None:
    regular = shop.store.next_stock_at
    shop.both.fm_server.close()
    run("stock", shop)
    again = shop.store.next_stock_at
    assert again is not None
    assert regular is not None
    assert again < regular
    assert (again - shop.outside.clock.now()).total_seconds() == pytest.approx(300, abs=30)


class TestRescue:
    """Jobs of a worker that was killed go to a living one."""

    def killed(self) -> int:
        """A worker without a heartbeat for a minute; gives its id."""
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 minute') returning id"
            )
            return int(cursor.fetchone()[0])

    def take(self, worker: int) -> None:
        """It had taken every job that waits."""
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = %s", [worker])

    def rescue(self) -> None:
        context: Any = SimpleNamespace(app=app)
        async_to_sync(tasks.rescue.func)(context, 0)

    def test_its_jobs_wait_again(self) -> None:
        wake("pull", [1, 2], "test")
        self.take(self.killed())
        self.rescue()
        assert woken() == ["pull", "pull"]
        assert wake("pull", [1], "test") == 0

    def test_a_job_whose_like_waits_already_is_dropped_and_the_others_are_rescued(self) -> None:
        wake("pull", [1, 2], "test")
        self.take(self.killed())
        wake("pull", [1], "newer")
        self.rescue()
        jobs = ProcrastinateJob.objects.order_by("args__store_id")
        assert [(job.args["store_id"], job.args["by"], job.status) for job in jobs] == [
            (1, "newer", "todo"),
            (2, "test", "todo"),
        ]

    def test_the_jobs_of_a_living_worker_stay_with_it(self) -> None:
        wake("pull", [1], "test")
        worker = self.killed()
        self.take(worker)
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_workers set last_heartbeat = now()")
        self.rescue()
        assert woken() == []
