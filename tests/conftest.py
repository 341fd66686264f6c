"""Both sandboxes on real sockets, and a store that is connected to them."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from tests.connected import Connected, Sandboxes

_KEPT = ("django_migrations", "django_content_type", "auth_permission")
# Their rows are pointed at by foreign keys that are checked at once.
_LAST = ("procrastinate_jobs", "procrastinate_workers")


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """Empty the tables after a test by DELETE: Django's TRUNCATE makes new files for each of them, half a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: _empty())
        yield


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
