"""The one place that defers a job. A wake only says "look now"; the station's own look at the rows decides."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

STATIONS = ("pull", "send", "follow", "count", "push", "stock", "hooks")
QUEUE = "stations"

# On Django's own connection, in a worker too, whose app defers on connections of its own: a wake belongs to the
# transaction of the rows that it speaks of.
_jobs = JobManager(DjangoConnector())


def wake(station: str, store_ids: Iterable[int], by: str, *, at: datetime | None = None) -> int:
    """Let a worker visit `station` of these stores soon, or not before `at`. Returns how many wakes were new.

    One wake per store and station waits at a time (queueing_lock). Each defers in a savepoint of its own: a wake that
    waits already raises inside Postgres and would abort the caller's transaction with it. Inside a transaction the
    wake goes with it: a rollback takes it back.
    """
    if station not in STATIONS:
        raise ValueError(f"there is no station {station!r}")
    woken = 0
    for store_id in store_ids:
        job = Job(
            queue=QUEUE,
            task_name=f"npf.jobs.tasks.{station}",
            task_kwargs={"store_id": store_id, "by": by},
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
