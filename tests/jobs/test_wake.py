"""A wake is one waiting job per store and station, and belongs to the caller's transaction."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from npf.stores import book, draft
from npf.stores.models import Store
from npf.wake import STATIONS, wake
from tests.stores.files import right
from tests.stores.test_saving import CLOCK

pytestmark = pytest.mark.django_db(transaction=True)


def waiting() -> list[tuple[str, int]]:
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("pk")
    return [(job.task_name.rpartition(".")[2], job.args["store_id"]) for job in jobs]


def test_one_wake_per_store_and_station_waits() -> None:
    assert wake("pull", [1, 2], "test") == 2
    assert wake("pull", [1, 2, 3], "again") == 1
    assert wake("send", [1], "test") == 1
    assert waiting() == [("pull", 1), ("pull", 2), ("pull", 3), ("send", 1)]


def test_a_wake_that_waits_already_does_not_abort_the_transaction_around_it() -> None:
    wake("pull", [1], "test")
    with transaction.atomic():
        book.save(draft.read(right()), "test", CLOCK)
        assert wake("pull", [1], "test") == 0
    assert Store.objects.filter(name="acme").exists()


def test_a_rollback_takes_the_wake_back() -> None:
    def fail() -> None:
        with transaction.atomic():
            wake("pull", [1], "test")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert waiting() == []
    assert wake("pull", [1], "test") == 1


def test_a_wake_is_not_lost_on_a_job_that_runs_already() -> None:
    wake("pull", [1], "test")
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing'")
    assert wake("pull", [1], "test") == 1


def test_every_station_is_a_task_of_the_worker() -> None:
    assert {f"npf.jobs.tasks.{station}" for station in STATIONS} <= set(app.tasks)


def test_an_unknown_station_is_a_fault_of_the_code() -> None:
    with pytest.raises(ValueError, match="no station"):
        wake("fetch", [1], "test")


def test_a_wake_may_wait_for_its_time_and_holds_its_place_meanwhile() -> None:
    at = CLOCK.now() + timedelta(seconds=2)
    assert wake("pull", [1], "test", at=at) == 1
    assert wake("pull", [1], "test") == 0
    assert ProcrastinateJob.objects.get().scheduled_at == at
