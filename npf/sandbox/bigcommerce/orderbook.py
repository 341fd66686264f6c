"""All orders of one store, indexed by id and by date_modified, and the lists that the API gives of them."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import islice

from npf.sandbox.bigcommerce.record import Order

FOREVER = 1 << 62
KEPT = 8


@dataclass(slots=True)
class Wish:
    """What a list is asked for. Bounds are inclusive; `checks` must all hold; `sort` is an attribute of Order."""

    min_id: int = 0
    max_id: int = FOREVER
    min_modified: int = -1
    max_modified: int = FOREVER
    checks: list[Callable[[Order], bool]] = field(default_factory=list)
    sort: Callable[[Order], int | str] | None = None
    reverse: bool = False
    offset: int = 0
    limit: int = 50


class OrderBook:
    """Orders by id. `add` and `touch` keep the indexes; nothing else may change `modified`.

    The last `KEPT` states of each order are remembered, for reads that come from a copy which lags behind.
    """

    def __init__(self) -> None:
        self.by_id: dict[int, Order] = {}
        self._ids: list[int] = []
        self._modified: list[tuple[int, int]] = []
        self._states: dict[int, list[Order]] = {}

    def __len__(self) -> int:
        return len(self.by_id)

    def __iter__(self) -> Iterator[Order]:
        return iter([self.by_id[order_id] for order_id in self._ids])

    def add(self, order: Order) -> None:
        """Take a new order."""
        self._file(order)
        self._states[order.id] = [_copy(order)]

    def touch(self, order: Order, now: int) -> None:
        """The order has changed: drop what was serialised and move date_modified to `now`."""
        order.cache.clear()
        states = self._states[order.id]
        if order.modified == now:
            states[-1] = _copy(order)
            return
        del self._modified[bisect_left(self._modified, (order.modified, order.id))]
        order.modified = now
        insort(self._modified, (now, order.id))
        states.append(_copy(order))
        del states[:-KEPT]

    def as_of(self, moment: int) -> "OrderBook":
        """The orders as they stood at `moment` (Unix seconds), for reading; the oldest state known stands for older."""
        past = OrderBook()
        for order in self:
            if order.modified <= moment:
                past._file(order)
            elif order.created <= moment:
                states = self._states[order.id]
                past._file(next((one for one in reversed(states) if one.modified <= moment), states[0]))
        return past

    def _file(self, order: Order) -> None:
        self.by_id[order.id] = order
        insort(self._ids, order.id)
        insort(self._modified, (order.modified, order.id))

    def forget_bodies(self) -> None:
        """Serialise all afresh: something that every body shows has changed."""
        for order in self.by_id.values():
            order.cache.clear()

    def select(self, wish: Wish) -> list[Order]:
        """The orders of one page, in order. By id without a sort; ties of a sort by id."""
        candidates: Iterable[int] = self._candidates(wish)
        if wish.sort is None:
            if wish.reverse:
                candidates = reversed(list(candidates))
            return list(islice(self._matching(candidates, wish), wish.offset, wish.offset + wish.limit))
        found = sorted(self._matching(candidates, wish), key=wish.sort, reverse=wish.reverse)
        return found[wish.offset : wish.offset + wish.limit]

    def count(self, wish: Wish) -> dict[int, int]:
        """How many match, by status id."""
        counts: dict[int, int] = {}
        for order in self._matching(self._candidates(wish), wish):
            counts[order.status_id] = counts.get(order.status_id, 0) + 1
        return counts

    def _candidates(self, wish: Wish) -> list[int]:
        """Ids that may match, ascending, by whichever index leaves fewer."""
        low, high = bisect_left(self._ids, wish.min_id), bisect_right(self._ids, wish.max_id)
        since = bisect_left(self._modified, (wish.min_modified, 0))
        until = bisect_right(self._modified, (wish.max_modified, FOREVER))
        if until - since < high - low:
            return sorted(i for _, i in self._modified[since:until] if wish.min_id <= i <= wish.max_id)
        return self._ids[low:high]

    def _matching(self, candidates: Iterable[int], wish: Wish) -> Iterator[Order]:
        for order_id in candidates:
            order = self.by_id[order_id]
            if wish.min_modified <= order.modified <= wish.max_modified and all(check(order) for check in wish.checks):
                yield order


def _copy(order: Order) -> Order:
    """The order as it is now, with lines and addresses of its own."""
    kept = copy(order)
    kept.lines = [copy(line) for line in order.lines]
    kept.addresses = [copy(address) for address in order.addresses]
    kept.billing = copy(order.billing)
    kept.cache = {}
    return kept
