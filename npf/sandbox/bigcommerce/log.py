"""Every request that a store was sent, so that a test can judge what a connector did."""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(slots=True)
class Entry:
    """One request. `path` begins after the store's hash: `/v2/orders/101`. `query` is as it was sent.

    `status` is what the work gave, also where a fault kept the answer from arriving; 0 when no work was done, and
    while it is being done.
    `body` is the parsed JSON of a write. `fault` names the fault that struck, or is empty.
    """

    at: datetime
    method: str
    path: str
    query: str
    status: int
    body: Any = None
    fault: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the control endpoints."""
        return {**asdict(self), "at": self.at.isoformat()}


class Log:
    """The last `most` requests, oldest first. Safe to use from many threads."""

    def __init__(self, most: int = 200_000) -> None:
        self._entries: deque[Entry] = deque(maxlen=most)
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        """Take one more."""
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries.clear()

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def entries(
        self, method: str | None = None, path_prefix: str = "", status: int | None = None, contains: str = ""
    ) -> list[Entry]:
        """The requests that match all that is given, oldest first."""
        return [
            entry
            for entry in self
            if (method is None or entry.method == method)
            and entry.path.startswith(path_prefix)
            and contains in entry.path
            and (status is None or entry.status == status)
        ]

    def count(
        self, method: str | None = None, path_prefix: str = "", status: int | None = None, contains: str = ""
    ) -> int:
        """How many requests match, see `entries`."""
        return len(self.entries(method, path_prefix, status, contains))

    def writes(self, done: bool = False) -> list[Entry]:
        """The requests that write; with `done` only those that took effect (status 2xx)."""
        return [entry for entry in self if entry.method in WRITES and (not done or 200 <= entry.status < 300)]
