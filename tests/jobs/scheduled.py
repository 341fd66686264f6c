"""Stores that the schedule looks at, and what it woke."""

from typing import Any

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from npf.core.clock import Clock
from npf.stores import book, draft
from npf.stores.models import Store
from tests.stores.files import right


def add(name: str, clock: Clock, **parameters: Any) -> Store:
    nested = right(
        name=name,
        bigcommerce={"store_id": name},
        fm={"client_code": name},
        parameters={"timezone": "UTC", **parameters},
    )
    return book.save(draft.read(nested), "test", clock)[0]


def taken(*stations: str) -> list[str]:
    """The wakes that wait, of these stations (none named = of all), taken off the queue: 'pull acme'."""
    names = {store.pk: store.name for store in Store.objects.all()}
    jobs = [
        (job.pk, job.task_name.rpartition(".")[2], names[job.args["store_id"]])
        for job in ProcrastinateJob.objects.filter(status="todo").order_by("pk")
    ]
    chosen = [job for job in jobs if not stations or job[1] in stations]
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id = any(%s)", [[pk for pk, _, _ in chosen]])
    return [f"{station} {name}" for _, station, name in chosen]
