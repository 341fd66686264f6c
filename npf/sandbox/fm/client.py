"""One client of the warehouse: its login, stock and orders, and the life of an order from acceptance to despatch."""

import heapq
import random
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from . import orders as states
from .documents import OrderFields
from .errors import Problem, WrongMove, problem
from .faults import fm_faults
from .log import Entry, Log
from .orders import Line, Order, Shipment
from .settings import Settings
from .stock import Stock


class Client:
    """Made by `Warehouse.add_client`. All methods may be called from any thread.

    Time is read from the warehouse's clock: whatever is due has happened before an order is looked at, so nothing
    runs in the background. Unknown order numbers raise KeyError, moves that the state forbids raise WrongMove.
    """

    def __init__(
        self,
        code: str,
        username: str,
        password: str,
        products: Mapping[str, int] | None,
        settings: Settings,
        *,
        seed: int,
        now: Callable[[], datetime],
        faults: str = "",
    ) -> None:
        self.code = code
        self.username = username
        self.password = password
        self.settings = settings
        self.stock = Stock(products, now)
        self.faults = fm_faults(random.Random(f"{seed}:{code}").getrandbits(32), faults)
        self.calls = Log()
        self.lock = threading.RLock()
        self._seed = seed
        self._now = now
        self._orders: dict[str, Order] = {}
        self._due: list[tuple[datetime, int, str]] = []
        self._batches = 0

    @property
    def orders(self) -> dict[str, Order]:
        """All accepted orders by SalesOrderNo, as they stand now."""
        with self.lock:
            self.settle()
            return dict(self._orders)

    @property
    def log(self) -> list[Entry]:
        """Every call that named this client, oldest first."""
        return self.calls.entries()

    def order(self, number: str) -> Order:
        """One order, as it stands now."""
        with self.lock:
            self.settle()
            return self._orders[number]

    def find(self, number: str) -> Order | None:
        """The same, or None. The caller holds the lock and has settled."""
        return self._orders.get(number)

    def set(self, **changes: Any) -> None:
        """Change settings (see Settings); orders already accepted keep their due time. Raises ValueError."""
        with self.lock:
            self.settings = self.settings.changed(changes)

    def figure(self, code: str, moment: datetime | None = None) -> int | str:
        """What the stock service tells of a code that is sold, or told of it at a moment. The caller holds the lock."""
        on_hand, available = self.stock.level(code, moment)
        figure = available if self.settings.stock_is == "available" else on_hand
        return self.stock.words.get(code, figure)

    def accept(self, order: OrderFields, npf_order_no: int, slow: float = 0.0) -> Order:
        """Take an order that was judged sound; `slow` seconds later than others it will be seen and shipped.

        The caller holds the lock and knows that the number is new.
        """
        now = self._now()
        self._batches += 1
        lines = [
            Line(row["Code"], row["Description"], int(row["Quantity"]), row["SalesPrice"], row["Amount"])
            for row in order.products
        ]
        today = now.astimezone(ZoneInfo(self.settings.zone))
        batch = f"{self.code}_A{self._batches}_{today:%d-%m-%Y}"
        taken = Order(order.number, npf_order_no, batch, now, lines, order.values, slow=slow)
        self._orders[order.number] = taken
        self.stock.reserve(taken.ordered)
        self._schedule(taken, now + self._delay(self.settings.pick_delay + slow))
        return taken

    def visible(self, order: Order, at: datetime) -> bool:
        """Whether the status service knew the order at a moment."""
        return order.accepted_at + self._delay(self.settings.visible_after + order.slow) <= at

    # What the people in the warehouse do.

    def ship(
        self,
        number: str,
        lines: Mapping[str, int] | None = None,
        consignment: str | None = None,
        *,
        short: bool = False,
    ) -> Shipment:
        """Despatch units by product code, or all that remain, in one consignment.

        What then remains makes the order a PARTIAL BACKORDER; with `short` it is SHIPPED all the same, and the rest
        never comes.
        """
        with self.lock:
            return self._ship(self.order(number), lines, consignment, self._now(), short)

    def part_ship(
        self, number: str, lines: Mapping[str, int] | None = None, consignment: str | None = None
    ) -> Shipment:
        """Despatch a part (by itself about half); the rest stands as back-ordered until `ship`."""
        with self.lock:
            order = self.order(number)
            chosen = lines or order.half()
            if chosen is None:
                raise WrongMove(f"{number}: one unit cannot leave in parts")
            return self._ship(order, chosen, consignment, self._now(), False)

    def hold(self, number: str, reason: str = "Held by the warehouse") -> None:
        """HOLD with a reason, until `release` or `ship`."""
        with self.lock:
            order = self.order(number)
            order.forbid("hold", states.SHIPPED, states.CANCEL, states.ERROR)
            order.move(states.HOLD, self._now(), reason)

    def backorder(self, number: str, lines: Mapping[str, int] | None = None) -> None:
        """BACKORDER of units by product code (or of all); a partly shipped order becomes PARTIAL BACKORDER."""
        with self.lock:
            order = self.order(number)
            order.forbid("back-order", states.SHIPPED, states.CANCEL, states.ERROR)
            status = states.PARTIAL if order.shipments else states.BACKORDER
            order.move(status, self._now(), backordered=order.choose(lines))

    def cancel(self, number: str, reason: str = "Cancelled by the client") -> None:
        """CANCEL with a reason; the units are free again. The number stays taken."""
        with self.lock:
            order = self.order(number)
            order.forbid("cancel", states.SHIPPED, states.CANCEL)
            if order.status != states.ERROR:
                self.stock.reserve(order.remaining, -1)
            order.move(states.CANCEL, self._now(), reason)

    def error(self, number: str, code: str = "02006", detail: str | None = None) -> None:
        """ERROR, as FM finds it after acceptance; the units are free again."""
        with self.lock:
            order = self.order(number)
            order.forbid("fail", states.SHIPPED, states.CANCEL)
            if order.status != states.ERROR:
                self.stock.reserve(order.remaining, -1)
            order.move(states.ERROR, self._now(), errors=[problem(code) if detail is None else Problem(code, detail)])

    def release(self, number: str) -> None:
        """Back to picking from HOLD, a back-order or ERROR; ships after the delay."""
        with self.lock:
            order = self.order(number)
            order.forbid("release", states.SHIPPED, states.CANCEL, states.PICKING)
            if order.status == states.ERROR:
                self.stock.reserve(order.remaining)
            now = self._now()
            order.move(states.PICKING, now)
            self._schedule(order, now + self._delay(self.settings.pick_delay))

    def forget(self, number: str, how: str = "left-out") -> None:
        """Hide an order from the status service: `left-out` of its list, or answered with `no-details`."""
        if how not in ("left-out", "no-details"):
            raise ValueError(f"how must be left-out or no-details, not {how!r}")
        self.order(number).hidden = how

    def remember(self, number: str) -> None:
        """Undo `forget`."""
        self.order(number).hidden = ""

    # What happens by itself.

    def settle(self) -> None:
        """Let everything happen that is due by now. The caller holds the lock."""
        if self.settings.manual or not self._due:
            return
        now = self._now()
        while self._due and self._due[0][0] <= now:
            due, _, number = heapq.heappop(self._due)
            order = self._orders[number]
            # A person may have moved it meanwhile: only the time that the order still holds counts.
            if order.due == due:
                self._pick(order, due)

    def _delay(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds * self.settings.slow_day)

    def _schedule(self, order: Order, due: datetime) -> None:
        order.due = due
        heapq.heappush(self._due, (due, order.npf_order_no, order.number))

    def _chance(self, order: Order, what: str) -> random.Random:
        """Chance that depends on the seed and the order alone, not on which thread came first."""
        return random.Random(f"{self._seed}:{self.code}:{order.number}:{what}")

    def _pick(self, order: Order, at: datetime) -> None:
        fate = self._chance(order, "fate").random()
        if order.shipments:
            self._ship(order, None, None, at, False)
        elif fate < self.settings.hold_share:
            order.move(states.HOLD, at, "Address could not be confirmed")
        elif fate < self.settings.hold_share + self.settings.backorder_share:
            order.move(states.BACKORDER, at, backordered=order.remaining)
        else:
            half = order.half()
            if half is not None and self._chance(order, "split").random() < self.settings.split_share:
                self._ship(order, half, None, at, False)
                if self.settings.split_gap > 0:
                    self._schedule(order, at + self._delay(self.settings.split_gap))
                    return
            self._ship(order, None, None, at, False)

    def _ship(
        self, order: Order, lines: Mapping[str, int] | None, consignment: str | None, at: datetime, short: bool
    ) -> Shipment:
        order.forbid("ship", states.SHIPPED, states.CANCEL, states.ERROR)
        chosen = order.choose(lines)
        number = consignment or order.consignment()
        chance = self._chance(order, f"cost{len(order.shipments)}")
        today = at.astimezone(ZoneInfo(self.settings.zone))
        shipment = Shipment(
            consignment=number,
            manifest=f"M{today:%Y%m%d}-{order.dispatch_method.replace(' ', '')}"[:50],
            despatched_at=at,
            freight=f"{chance.randint(650, 2400) / 100:.2f}",
            handling=f"{(220 + 55 * sum(chosen.values())) / 100:.2f}",
            link=f"www.tracking.example/track?consignment={number}&type=parcel",
            products=chosen,
        )
        order.shipments.append(shipment)
        self.stock.despatch(chosen, at)
        rest = order.remaining
        if rest and short:
            self.stock.reserve(rest, -1)
        left = {} if short else rest
        order.move(states.PARTIAL if left else states.SHIPPED, at, backordered=left)
        return shipment
