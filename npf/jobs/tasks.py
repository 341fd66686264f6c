"""Procrastinate's tasks. A job only visits; what there is to do, the station sees in the rows.

Every command loads this module when Django starts, and few run a station: the stations, with the clients of both outer
systems, are imported by the first job.
"""

import functools
import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from npf.core.errors import FixSettings, TryLater
from npf.jobs import schedule
from npf.stores.models import Store
from npf.wake import QUEUE, wake

if TYPE_CHECKING:
    from npf.stores.outside import Outside

log = logging.getLogger("npf.jobs")

# Seconds without a heartbeat after which a worker counts as dead.
STALLED_AFTER = 10
STOCK = ("stock", "change", "anyway", "undo")
# Set when the worker is told to end: stations then stop where stopping costs nothing.
stopping = threading.Event()


@functools.cache
def outside() -> "Outside":
    """The worker's way out: one per process, so that connections and paces are shared."""
    from npf.stores.outside import Outside

    return Outside()


def _go_on(what: str, done: int, total: int) -> None:
    """The progress of a worker's visits, told between two batches."""
    from npf.stores.visit import Stopped

    if stopping.is_set():
        raise Stopped("the worker was told to end")


def _working(store_id: int) -> Store | None:
    """The store, None where it is paused or removed."""
    stores = Store.objects.select_related("fm").filter(removed_at__isnull=True, paused_at__isnull=True)
    return stores.filter(pk=store_id).first()


def _visit(station: str, store_id: int, by: str, *then: str, run: int | None = None) -> None:
    """Visit a store; then wake the stations that have something to do now. `run`: the one that an undo is for.

    A failure is on the store's beat and in its rows already, and the schedule comes back: no job is retried by itself.
    """
    from npf.jobs import stations
    from npf.stores.leases import Busy
    from npf.stores.visit import Stopped

    store = _working(store_id)
    if store is None:
        return
    try:
        if station in STOCK:
            done = _stock(station, store, by, run)
            if done["try_again"]:
                raise TryLater(done["stopped"])
        else:
            stations.one_station(station, store, outside(), by, progress=_go_on)
    except Stopped:
        wake(station, [store_id], by, run=run)
        return
    except Busy as busy:
        if station == "stock":
            schedule.stock_again(store, outside().clock, busy)
        elif station != "change":
            # Whoever works it may have passed already what this wake speaks of.
            wake(station, [store_id], by, at=outside().clock.now() + timedelta(seconds=busy.delay or 0), run=run)
        return
    except (TryLater, FixSettings) as error:
        if station == "stock":
            schedule.stock_again(store, outside().clock, error)
        log.warning("%s of %s: %s", station, store.name, error)
    for name in then:
        if stations.waiting(name, store_id):
            wake(name, [store_id], by)


def _stock(station: str, store: Store, by: str, run: int | None) -> dict[str, Any]:
    """Push the stock, or write back what stood before a run. Gives the document of `npf stock --json`."""
    from npf.jobs import stations
    from npf.stock.models import Run

    if station == "undo":
        return stations.undo_stock(store, outside(), by, run=Run.objects.get(pk=run or 0), progress=_go_on)
    kind = "change" if station == "change" else "daily" if by == schedule.BY else "now"
    return stations.push_stock(store, outside(), by, kind=kind, anyway=station == "anyway", progress=_go_on)


@app.task(queue=QUEUE)
def pull(store_id: int, by: str) -> None:
    _visit("pull", store_id, by, "send")


@app.task(queue=QUEUE)
def send(store_id: int, by: str) -> None:
    _visit("send", store_id, by, "push")


@app.task(queue=QUEUE)
def follow(store_id: int, by: str) -> None:
    _visit("follow", store_id, by, "send", "push")


@app.task(queue=QUEUE)
def count(store_id: int, by: str) -> None:
    _visit("count", store_id, by)


@app.task(queue=QUEUE)
def push(store_id: int, by: str) -> None:
    _visit("push", store_id, by)


@app.task(queue=QUEUE)
def stock(store_id: int, by: str) -> None:
    _visit("stock", store_id, by)


@app.task(queue=QUEUE)
def change(store_id: int, by: str) -> None:
    """Push what has changed in stock. Where it cannot, the next one is due soon enough."""
    _visit("change", store_id, by)


@app.task(queue=QUEUE)
def anyway(store_id: int, by: str) -> None:
    """Push the stock past its seat belt, this once."""
    _visit("anyway", store_id, by)


@app.task(queue=QUEUE)
def undo(store_id: int, by: str, run: int) -> None:
    """Write back what stood before a run."""
    _visit("undo", store_id, by, run=run)


@app.task(queue=QUEUE)
def hooks(store_id: int, by: str) -> None:
    """Keep the store's webhook. What goes wrong stays in its row."""
    from npf.hooks import keep

    if store := _working(store_id):
        keep.tend(store, outside(), by)


# The clock goes before the stations, however many of them wait. The sixth field is the seconds: in the first one, the
# same words would mean every second of every fifth minute.
@app.periodic(cron="* * * * * */5")
@app.task(queue="clock", queueing_lock="tick", priority=10)
def tick(timestamp: int) -> None:
    """Wake what is due. Every five seconds, so that stores at two minutes are spread and not all at once."""
    schedule.tick(outside().clock, outside().rng)


@app.periodic(cron="* * * * * */5")
@app.task(queue="clock", queueing_lock="rescue", priority=10, pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Give the jobs of dead workers to living ones: nothing else does. All of ours may run twice."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            # A newer wake of the same kind waits already: it does what this one would have done.
            await jobs.finish_job(job, Status.FAILED, delete_job=True)
    await jobs.prune_stalled_workers(STALLED_AFTER)
