"""The worker: Procrastinate on Postgres, with the schedule in it. Any number may run on one database."""

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from npf.jobs.tasks import STALLED_AFTER, stopping

log = logging.getLogger("npf.worker")

# Seconds until Procrastinate is started again where it has lost its database.
AGAIN_AFTER = 2.0


def work(concurrency: int) -> None:
    """Work until SIGINT or SIGTERM, `concurrency` jobs at once.

    Stations under way then end after the batch they are at, and other workers go on with the rest. A database that is
    away is waited for.
    """
    asyncio.run(_work(concurrency))


async def _work(concurrency: int) -> None:
    stop = asyncio.Event()

    def told() -> None:
        stopping.set()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
    # A thread for each job: by default there are only as many as the machine has cores, and four more.
    loop.set_default_executor(ThreadPoolExecutor(concurrency, thread_name_prefix="job"))
    while not stop.is_set():
        try:
            await _run(concurrency, stop)
        except (ConnectorException, psycopg.Error) as error:
            log.warning("the database is away (%s); it is tried again", str(error.__cause__ or error).strip())
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), AGAIN_AFTER)


async def _run(concurrency: int, stop: asyncio.Event) -> None:
    """Procrastinate's worker until `stop`, or until it ends by itself because its database is away."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as working:
        async with working.open_async():
            worker = asyncio.create_task(
                working.run_worker_async(
                    concurrency=concurrency,
                    fetch_job_polling_interval=0.5,
                    update_heartbeat_interval=2.0,
                    stalled_worker_timeout=STALLED_AFTER,
                    # What was done, and what failed, stands in our own tables.
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            )
            told = asyncio.create_task(stop.wait())
            await asyncio.wait((worker, told), return_when=asyncio.FIRST_COMPLETED)
            told.cancel()
            # Procrastinate takes this for the wish to end in order: it fetches no more and waits for what runs.
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker
