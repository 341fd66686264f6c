"""A database connection of the process's own, aside from those that Django gives each thread.

What goes through it takes no part in the transaction of whoever asks, and a thread that asks opens none of its own.
"""

import functools
import threading
from collections.abc import Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections


class Aside:
    """One connection, opened when it is first needed and shared by all threads, one statement at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self._connection.inc_thread_sharing()

    def ask(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run one statement, in a transaction by itself, and give its rows. Raises OperationalError, InterfaceError.

        A statement whose answer was lost may have been done; the next one opens a new connection.
        """
        with self._lock:
            try:
                with self._connection.cursor() as cursor:
                    cursor.execute(sql, values)
                    return list(cursor.fetchall())
            except (OperationalError, InterfaceError):
                self._connection.close()
                raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()


@functools.cache
def aside() -> Aside:
    """The process's own connection."""
    return Aside()
