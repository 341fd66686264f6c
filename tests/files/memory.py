"""A ledger in memory, for tests of what keeps to it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from npf.files.ledger import Arrival, OrderFile, State
from npf.files.told import Figure, Said, Told, merged


class Memory:
    """What PostgresLedger keeps in tables. `busy`: somebody else takes files in."""

    def __init__(self) -> None:
        self.order_files: dict[str, OrderFile] = {}
        self.arrivals: dict[str, Arrival] = {}
        self.orders: dict[str, Told] = {}
        self.stock: dict[str, Figure] = {}
        self.busy = False

    def begin(self, number: str, digest: str) -> OrderFile:
        known = self.order_files.get(number)
        if known is None or known.state == "new":
            known = OrderFile(number, digest, "new", known.tries + 1 if known else 1)
            self.order_files[number] = known
        return known

    def mark(self, number: str, state: State) -> None:
        self.order_files[number] = msgspec.structs.replace(self.order_files[number], state=state)

    def files(self, numbers: Collection[str]) -> dict[str, OrderFile]:
        return {number: self.order_files[number] for number in numbers if number in self.order_files}

    @contextmanager
    def alone(self) -> Iterator[Callable[[], None] | None]:
        yield None if self.busy else lambda: None

    def take(self, arrival: Arrival, said: Sequence[Said], figures: Sequence[Figure]) -> bool:
        if arrival.digest in self.arrivals:
            return False
        self.arrivals[arrival.digest] = arrival
        for one in said:
            self.orders[one.number.casefold()] = merged(self.orders.get(one.number.casefold()), one)
        for figure in figures:
            known = self.stock.get(figure.code)
            if known is None or figure.at >= known.at:
                self.stock[figure.code] = figure
        return True

    def told(self, numbers: Collection[str]) -> dict[str, Told]:
        return {number: self.orders[number.casefold()] for number in numbers if number.casefold() in self.orders}

    def figures(self, codes: Collection[str]) -> dict[str, Figure]:
        return {code: self.stock[code] for code in codes if code in self.stock}
