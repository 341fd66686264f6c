"""The one place that defers a job. A wake only says "look now"; the station's own look at the rows decides."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from procrastinate import exceptions
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.types import JSONValue

STATIONS = ("pull", "send", "follow", "count", "push", "stock", "change", "anyway", "undo", "hooks")
QUEUE = "stations"

# Stores that a job of these stations waits for or is doing.
WOKEN = """
select distinct (args->>'store_id')::bigint from procrastinate_jobs
where status in ('todo', 'doing') and task_name = any(%(tasks)s)
"""

# On Django's own connection, in a worker too, whose app defers on connections of its own: a wake belongs to the
# transaction of the rows that it speaks of.
_jobs = JobManager(DjangoConnector())


def wake(station: str, store_ids: Iterable[int], by: str, *, at: datetime | None = None, run: int | None = None) -> int:
    """Let a worker visit `station` of these stores soon, or not before `at`. Returns how many wakes were new.

    `run`: the push of stock that an undo is for.

    One wake per store and station waits at a time (queueing_lock). Each defers in a savepoint of its own: a wake that
    waits already raises inside Postgres and would abort the caller's transaction with it. Inside a transaction the
    wake goes with it: a rollback takes it back.
    """
    if station not in STATIONS:
        raise ValueError(f"there is no station {station!r}")
    woken = 0
    for store_id in store_ids:
        about: dict[str, JSONValue] = {"store_id": store_id, "by": by}
        job = Job(
            queue=QUEUE,
            task_name=_task(station),
            task_kwargs=about if run is None else about | {"run": run},
            lock=None,
            queueing_lock=f"{station}:{store_id}",
            scheduled_at=at,
        )
        try:
            with transaction.atomic():
                _jobs.defer_job(job)
            woken += 1
        except exceptions.AlreadyEnqueued:
            pass
    return woken


def woken(stations: Iterable[str]) -> set[int]:
    """Stores for which a wake of one of these stations waits, or is being followed by a worker now."""
    with connection.cursor() as cursor:
        cursor.execute(WOKEN, {"tasks": [_task(station) for station in stations]})
        return {int(store_id) for (store_id,) in cursor.fetchall()}


def _task(station: str) -> str:
    return f"npf.jobs.tasks.{station}"
