"""What was called: one Entry per SOAP call, kept by the warehouse and by the client that it names."""

import threading
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. `outcome` is what became of it in FM, `fault` what became of its answer.

    outcome: accepted, refused, answered, or `not reached` (broken off before FM looked at it).
    numbers: the order numbers or product codes that it names. codes: the error codes of a refusal.
    """

    at: datetime
    client: str
    operation: str
    numbers: tuple[str, ...]
    outcome: str
    codes: tuple[str, ...] = ()
    fault: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"at": self.at.isoformat()}


class Log:
    """The last 100,000 entries, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[Entry]:
        """A copy."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
