"""The worker: Procrastinate on Postgres, with the schedule in it. Any number may run on one database."""

from procrastinate.contrib.django import app

from npf.jobs.tasks import STALLED_AFTER


def work(concurrency: int) -> None:
    """Work until stopped by SIGINT or SIGTERM; jobs under way are finished first."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
        worker_app.run_worker(
            concurrency=concurrency,
            fetch_job_polling_interval=0.5,
            abort_job_polling_interval=5.0,
            update_heartbeat_interval=3.0,
            stalled_worker_timeout=STALLED_AFTER,
            # Business history stands in our own tables.
            delete_jobs="successful",
            shutdown_graceful_timeout=20,
        )
