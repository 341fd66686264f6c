"""The three questions that stations ask of a warehouse, and what they may rely on (docs/warehouses.md).

send            one order; afterwards the warehouse has it, or certainly has it not, or nobody knows
statuses        what became of these orders
stock_answer    how many there are of these products
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from npf.core.errors import Skip
from npf.warehouse.records import Accepted, OrderStatus, Refusal, SalesOrder, StockAnswer


class AlreadyThere(Skip):
    """The warehouse has an order of this number: ask for its status, compare, adopt."""

    def __init__(self, message: str, refusals: Sequence[Refusal] = ()) -> None:
        super().__init__(message)
        self.refusals = list(refusals)


class Warehouse(Protocol):
    """One client of a warehouse. Safe for several threads; made anew for each visit of a station.

    Every question may raise FixSettings, whose `parameter` begins with `fm.` where all stores of the client are
    stopped by it, and TryLater. No error and no Exchange bears a secret.
    """

    calls: int
    """How often the warehouse was asked, for reports."""

    def prove(self) -> None:
        """Ask what changes nothing. Raises FixSettings where login, client code or address are refused; TryLater."""
        ...

    def send(self, order: SalesOrder) -> Accepted:
        """Give the warehouse one order, which goes by its SalesOrderNo for ever.

        Raises AlreadyThere where it has that number, whatever is in it; GiveUp where it refuses the order; TryLater.
        TryLater.unclear: it may have it, and `statuses` tells. Anything else: it has it not, and never will of this
        try. The Exchange's `what` ends with the number.
        """
        ...

    def statuses(self, numbers: Iterable[str]) -> dict[str, OrderStatus]:
        """What the warehouse says of the orders: all their shipments to date, the latest word, what is owed.

        A number that is not `known` is not there: after an unclear `send` it may then be sent again. Of one that is
        missing nothing is said, so it is asked for again; missing several times in a row, it counts as not there.
        """
        ...

    def stock_answer(self, codes: Iterable[str]) -> StockAnswer:
        """The warehouse's figure for each code; None = unknown, which is never zero."""
        ...

    def close(self) -> None:
        """Close what was opened for this client alone."""
        ...
