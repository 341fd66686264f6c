"""A world to prove the pace in: a BigCommerce that counts, takers that ask, and a table in memory."""

import heapq
import itertools
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from npf.core.clock import ManualClock
from npf.stores.aside import Aside
from npf.stores.pace import BEGIN, CHANGE, READ, SharedPace

PLACE = "http://127.0.0.1/stores/abc123"
FIELDS = tuple(READ.partition("select ")[2].partition("\n")[0].split(", "))


class Table(Aside):
    """The row of one place. `quicker` is called before each change: somebody else may be quicker."""

    def __init__(self, quicker: Callable[[], bool] = lambda: False) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.asked = 0
        self.quicker = quicker

    def ask(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        self.asked += 1
        row = self.rows.get(values["place"])
        if sql == READ:
            return [tuple(row[name] for name in FIELDS)] if row else []
        if sql == BEGIN:
            self.rows.setdefault(values["place"], {**{name: values[name] for name in FIELDS[1:]}, "version": 0})
            return []
        assert sql == CHANGE
        if row and self.quicker():
            row["version"] += 1
        if row is None or row["version"] != values["version"]:
            return []
        row.update({name: values[name] for name in FIELDS[1:]}, version=row["version"] + 1)
        return [(values["place"],)]


class BigCommerce:
    """Counts in windows of `lasts` seconds that begin with the first request (`lazy`), or by the clock."""

    def __init__(self, quota: int, clock: ManualClock, *, lazy: bool, lasts: float = 30.0) -> None:
        self.quota, self.clock, self.lazy, self.lasts = quota, clock, lazy, lasts
        self.ends = 0.0
        self.ours = self.others = 0
        self.most_ours = 0

    def arrive(self, *, ours: bool) -> dict[str, str]:
        """A request comes; gives the headers of its answer."""
        now = self.clock.monotonic()
        if now >= self.ends:
            begins = now if self.lazy else math.floor(now / self.lasts) * self.lasts
            self.ends, self.ours, self.others = begins + self.lasts, 0, 0
        self.ours += ours
        self.others += not ours
        self.most_ours = max(self.most_ours, self.ours)
        return {
            "x-rate-limit-requests-quota": str(self.quota),
            "x-rate-limit-requests-left": str(max(0, self.quota - self.ours - self.others)),
            # Rounded up: BigCommerce does not say how it rounds, and a millisecond is none.
            "x-rate-limit-time-reset-ms": str(math.ceil((self.ends - now) * 1000)),
            "x-rate-limit-time-window-ms": str(int(self.lasts * 1000)),
        }


class World:
    """Takers that share a table; requests and answers that take their time."""

    def __init__(self, quota: int, keep_free: float, takers: int, *, lazy: bool, table: Table | None = None) -> None:
        self.clock = ManualClock(datetime(2026, 11, 23, tzinfo=UTC))
        self.server = BigCommerce(quota, self.clock, lazy=lazy)
        self.table = table or Table()
        self.keep_free = keep_free
        self.takers = [self.taker() for _ in range(takers)]
        self.sent = 0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    @property
    def allowed(self) -> int:
        return self.server.quota - math.floor(self.keep_free * self.server.quota)

    def taker(self) -> SharedPace:
        return SharedPace(PLACE, self.clock, self.keep_free, self.table)

    def at(self, delay: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.clock.monotonic() + delay, next(self._order), what))

    def wait(self, seconds: float) -> None:
        end = self.clock.monotonic() + seconds
        while self._events and self._events[0][0] <= end:
            due, _, what = heapq.heappop(self._events)
            self.clock.advance(max(0.0, due - self.clock.monotonic()))
            what()
        self.clock.advance(max(0.0, end - self.clock.monotonic()))

    def ask(self, number: int, there: float = 0.0, back: float = 0.0, *, lost: bool = False) -> float:
        """Taker `number` asks, if its pace lets it. Gives the wait."""
        pace = self.takers[number]
        if wait := pace.before():
            return wait
        self.sent += 1

        def arrived() -> None:
            headers = self.server.arrive(ours=True)
            self.at(back, lambda: pace.after({} if lost else headers, there + back))

        if there or back:
            self.at(there, arrived)
        else:
            arrived()
            self.wait(0)
        return 0.0

    def kill(self, number: int) -> None:
        """The process is gone with what it had in hand; another takes its place."""
        self.takers[number] = self.taker()
