"""What was called: one Entry per SOAP call, kept by the warehouse and by the client that it names."""

import threading
from collections import OrderedDict, deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

KEPT = 100_000
PAPERS = 300
"""Of so many calls the documents are kept too."""


class Papers(NamedTuple):
    """The two documents of a call: what was asked, the password hidden, and what was answered."""

    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. `outcome` is what became of it in FM, `fault` what became of its answer.

    outcome: accepted, refused, answered, `not reached` (broken off before FM looked at it), or `no SOAP`.
    number: of the call, unlike every other one's. numbers: the order numbers or product codes that it names.
    codes: the error codes of a refusal.
    """

    at: datetime
    client: str
    operation: str
    numbers: tuple[str, ...]
    outcome: str
    codes: tuple[str, ...] = ()
    fault: str = ""
    number: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"at": self.at.isoformat()}


class Log:
    """The last 100,000 entries, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._papers: OrderedDict[int, Papers] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, entry: Entry, papers: Papers | None = None) -> None:
        """Take one more call, with its documents where they are to be kept."""
        with self._lock:
            self._entries.append(entry)
            if papers is not None:
                self._papers[entry.number] = papers
            if len(self._papers) > PAPERS:
                self._papers.popitem(last=False)

    def papers(self, number: int) -> Papers | None:
        """The documents of a call; None where they are not kept any more."""
        with self._lock:
            return self._papers.get(number)

    def entries(self) -> list[Entry]:
        """A copy."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._entries.clear()
            self._papers.clear()
