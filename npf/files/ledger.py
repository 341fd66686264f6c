"""What a warehouse of files makes us remember, and whoever remembers it: in Postgres, npf/stores/ledger.py.

An order's file       new -> ready -> sent        `ready` is written down before the rename is asked for, so that a
                       ^------'                   part that is gone can only mean that the rename was done
A file that came in   by the hash of its content, with its bad rows
What files said       of each order and of each product code, the latest word (npf/files/told.py)
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from npf.files.told import Figure, Said, Told

State = Literal["new", "ready", "sent"]


class OrderFile(msgspec.Struct, frozen=True):
    """An order's file. `tries` counts the parts that were begun, `digest` is of the content of the last."""

    number: str
    digest: str
    state: State
    tries: int


class Bad(msgspec.Struct, frozen=True):
    """A row that could not be used. `line` counts from 1; 0 = the file as a whole."""

    line: int
    says: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.says}" if self.line else self.says


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came in. `kind`: what its columns make it. `rows`: those with something in them, bad ones too."""

    digest: str
    name: str
    kind: Literal["orders", "stock", ""]
    rows: int
    bad: Sequence[Bad]
    taken_at: datetime


class Ledger(Protocol):
    """The memory of one client's files. Safe for several threads and processes."""

    def begin(self, number: str, digest: str) -> OrderFile:
        """Begin a try at an order's file, unless an earlier one is `ready` or `sent`; gives how it stands after."""
        ...

    def mark(self, number: str, state: State) -> None:
        """Write down how far an order's file is."""
        ...

    def files(self, numbers: Collection[str]) -> dict[str, OrderFile]:
        """The order files that were begun, by number."""
        ...

    def alone(self) -> AbstractContextManager[Callable[[], None] | None]:
        """The right to take files in, which one has at a time, and a call that keeps it; None = another has it."""
        ...

    def take(self, arrival: Arrival, said: Sequence[Said], figures: Sequence[Figure]) -> bool:
        """Remember a file and all that it says, whole or not at all. False where its content is known already."""
        ...

    def told(self, numbers: Collection[str]) -> dict[str, Told]:
        """What files have said of these orders."""
        ...

    def figures(self, codes: Collection[str]) -> dict[str, Figure]:
        """What files have said of the stock of these codes."""
        ...
