"""Procrastinate's tables are no models of Django's: its tests do not empty them."""

from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture
def clean_jobs(transactional_db: None) -> Iterator[None]:
    _empty()
    yield
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "truncate procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers, procrastinate_events"
        )
