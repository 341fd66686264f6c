"""Procrastinate's tasks. A job only visits; what there is to do, the station sees in the rows."""

import functools
import logging

from procrastinate.contrib.django import app

from npf.core.errors import FixSettings, TryLater
from npf.jobs import schedule, stations
from npf.stores.leases import Busy
from npf.stores.models import Store
from npf.stores.outside import Outside
from npf.wake import wake

log = logging.getLogger("npf.jobs")

# Seconds without a heartbeat after which a worker counts as dead.
STALLED_AFTER = 15


@functools.cache
def outside() -> Outside:
    """The worker's way out: one per process, so that connections and paces are shared."""
    return Outside()


def _visit(station: str, store_id: int, by: str, *then: str) -> None:
    """Visit a store; then wake the stations that have something to do now.

    A failure is on the store's beat and in its rows already; the schedule comes back, so no job is retried by itself.
    """
    store = (
        Store.objects.select_related("fm").filter(pk=store_id, removed_at__isnull=True, paused_at__isnull=True).first()
    )
    if store is None:
        return
    try:
        if station == "stock":
            stations.push_stock(store, outside(), by)
        else:
            stations.one_station(station, store, outside(), by)
    except Busy:
        return
    except (TryLater, FixSettings) as error:
        log.warning("%s of %s: %s", station, store.name, error)
    for name in then:
        if stations.waiting(name, store_id):
            wake(name, [store_id], by)


@app.task(queue="stations", pass_context=False)
def pull(store_id: int, by: str) -> None:
    _visit("pull", store_id, by, "send")


@app.task(queue="stations")
def send(store_id: int, by: str) -> None:
    _visit("send", store_id, by, "push")


@app.task(queue="stations")
def follow(store_id: int, by: str) -> None:
    _visit("follow", store_id, by, "push")


@app.task(queue="stations")
def count(store_id: int, by: str) -> None:
    _visit("count", store_id, by)


@app.task(queue="stations")
def push(store_id: int, by: str) -> None:
    _visit("push", store_id, by)


@app.task(queue="stations")
def stock(store_id: int, by: str) -> None:
    _visit("stock", store_id, by, "send")


@app.periodic(cron="* * * * * */5")
@app.task(queue="clock", queueing_lock="tick")
def tick(timestamp: int) -> None:
    """Wake what is due. Every five seconds, so that stores at two minutes are spread and not all at once."""
    schedule.tick(outside().clock, outside().rng)


@app.periodic(cron="* * * * * */10")
@app.task(queue="clock", queueing_lock="rescue")
async def rescue(timestamp: int) -> None:
    """Give the jobs of dead workers to living ones: nothing else does. All of ours may run twice."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await app.job_manager.retry_job(job)
    await app.job_manager.prune_stalled_workers(STALLED_AFTER)
