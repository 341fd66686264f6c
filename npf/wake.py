"""The one place that defers a job. A wake only says "look now"; the station's own look at the rows decides."""

from collections.abc import Iterable

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

STATIONS = ("pull", "send", "follow", "count", "push", "stock")


def wake(station: str, store_ids: Iterable[int], by: str) -> int:
    """Let a worker visit `station` of these stores soon. Returns how many wakes were new.

    One wake per store and station waits at a time (queueing_lock). Each defers in a savepoint of its own: a wake that
    waits already raises inside Postgres and would abort the caller's transaction with it. Inside a transaction the
    wake goes with it: a rollback takes it back.
    """
    woken = 0
    for store_id in store_ids:
        job = app.configure_task(
            f"npf.jobs.tasks.{station}", queueing_lock=f"{station}:{store_id}", allow_unknown=False
        )
        try:
            with transaction.atomic():
                job.defer(store_id=store_id, by=by)
            woken += 1
        except exceptions.AlreadyEnqueued:
            pass
    return woken
