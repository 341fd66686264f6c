"""Both sandboxes on real sockets, and a store that is connected to them."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from npf.core.clock import ManualClock
from npf.sandbox import bigcommerce as bc
from npf.stores.aside import aside
from npf.stores.outside import Outside
from tests.connected import Connected, Sandboxes

# A busy machine is no fault of a rule.
settings.register_profile("npf", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("npf")

_KEPT = ("django_migrations", "django_content_type", "auth_permission")
# Their rows are pointed at by foreign keys that are checked at once.
_LAST = ("procrastinate_jobs", "procrastinate_workers")


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """Empty the tables after a test by DELETE: Django's TRUNCATE makes new files for each of them, half a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: _empty())
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """A database that somebody is still connected to cannot be dropped at the end."""
    yield
    aside().close()


def _empty() -> None:
    tables = [name for name in connection.introspection.table_names() if name not in _KEPT]
    tables.sort(key=lambda name: name in _LAST)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(f'delete from "{name}"' for name in tables))


@pytest.fixture
def sandboxes() -> Iterator[Sandboxes]:
    with Sandboxes() as both:
        yield both


@pytest.fixture
def connect(sandboxes: Sandboxes, transactional_db: None) -> Callable[..., Connected]:
    """Make a store, in the sandboxes and here: `connect(prefix="MG", tables={"sku_map": {...}})`."""
    return sandboxes.connect


@pytest.fixture
def shop(connect: Callable[..., Connected]) -> Connected:
    """One store with everything at its defaults."""
    return connect()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture
def timed(clock: ManualClock, transactional_db: None) -> Iterator[Callable[..., Connected]]:
    """`connect`, in a world where both sandboxes and NPF share the test's clock."""
    both = Sandboxes()
    both.world = bc.World(seed=1, now=clock.now, sleep=clock.sleep)
    both.warehouse.now = clock.now
    both.outside = Outside(clock, random.Random(1))
    with both:
        yield both.connect
