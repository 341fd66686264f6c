"""The warehouse: which orders it has, what became of them, what stands on its shelves."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .files import Refused, as_csv, as_json, put, read_order

Row = dict[str, object]


@dataclass
class Order:
    """An order that the warehouse took. `files`: the names under which it came, each once unless we send it twice."""

    number: str
    npf_order_no: str
    ordered: Counter[str]
    taken_at: datetime
    files: list[str] = field(default_factory=list)
    shipped: Counter[str] = field(default_factory=Counter)
    consignments: dict[str, Counter[str]] = field(default_factory=dict)
    status: str = ""

    @property
    def owed(self) -> Counter[str]:
        return self.ordered - self.shipped


class FileWarehouse:
    """A warehouse at a folder. `pick_delay` in seconds; None = nothing ships by itself. Safe for several threads."""

    def __init__(
        self,
        folder: Path | str,
        *,
        pick_delay: float | None = 0.0,
        form: str = "csv",
        delimiter: str = ",",
        acknowledges: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = Path(folder)
        self.orders: dict[str, Order] = {}
        self.refused: list[str] = []
        self.stock: dict[str, int] = {}
        self.pick_delay = pick_delay
        self._form = form
        self._delimiter = delimiter
        self._acknowledges = acknowledges
        self._now = now
        self._written = 0
        self._consignments = 0
        self._lock = threading.RLock()
        for name in ("out", "in", "done", "bad"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def step(self) -> None:
        """Take the order files that are there, then ship what is due."""
        with self._lock:
            self.take()
            if self.pick_delay is not None:
                due = self._now() - timedelta(seconds=self.pick_delay)
                for order in self.orders.values():
                    if order.owed and order.status == "" and order.taken_at <= due:
                        self.ship(order.number)

    def take(self) -> list[str]:
        """Take the order files away, and say so in a file where the warehouse acknowledges. Gives the numbers."""
        taken: list[str] = []
        for path in sorted((self.folder / "out").iterdir()):
            if path.suffix not in (".csv", ".json"):
                continue
            raw = path.read_bytes()
            path.unlink()
            try:
                number, _, units = read_order(path.name, raw)
            except Refused as refused:
                self.refused.append(str(refused))
                continue
            order = self.orders.setdefault(number, Order(number, f"F{len(self.orders) + 1:06}", units, self._now()))
            order.files.append(path.name)
            taken.append(number)
        if taken and self._acknowledges:
            rows: list[Row] = [{"SalesOrderNo": one, "NPFOrderNo": self.orders[one].npf_order_no} for one in taken]
            self.tell("ack", rows)
        return taken

    def ship(self, number: str, units: Mapping[str, int] | None = None, *, rest_back_ordered: bool = False) -> str:
        """Ship some units of an order, or all that is owed; gives the consignment number."""
        order = self.orders[number]
        self._consignments += 1
        consignment = f"C{self._consignments:07}"
        goods = Counter(units if units is not None else order.owed)
        order.shipped += goods
        order.consignments[consignment] = goods
        self.stock = {code: left - goods.get(code, 0) for code, left in self.stock.items()}
        status = "SHIPPED" if not order.owed else "PARTIAL BACKORDER" if rest_back_ordered else ""
        if not order.owed:
            order.status = "SHIPPED"
        rows = [self._row(order, status, consignment, code, quantity) for code, quantity in goods.items()]
        if rest_back_ordered:
            rows += [
                {"SalesOrderNo": number, "OrderStatus": status, "Code": code, "BOQuantity": quantity}
                for code, quantity in order.owed.items()
            ]
        self.tell("despatch", rows)
        return consignment

    def _row(self, order: Order, status: str, consignment: str, code: str, quantity: int) -> Row:
        return {
            "SalesOrderNo": order.number,
            "NPFOrderNo": order.npf_order_no,
            "OrderStatus": status,
            "ConsignmentNo": consignment,
            "ManifestNo": "M1",
            "DespatchDate": f"{self._now():%d-%b-%Y}",
            "TrackingLink": f"track.example/{consignment}",
            "FrieghtCharges": "9.50",
            "Code": code,
            "Quantity": quantity,
        }

    def say(self, number: str, status: str, message: str = "", **more: object) -> None:
        """A word about an order that ships nothing: HOLD, CANCEL, ERROR, BACKORDER, or any other."""
        self.orders[number].status = status
        self.tell("status", [{"SalesOrderNo": number, "OrderStatus": status, "OrderStatusMessage": message, **more}])

    def go_on(self, number: str) -> None:
        """Let go of a hold."""
        self.orders[number].status = ""
        self.tell("status", [{"SalesOrderNo": number, "OrderStatus": "PICKING"}])

    def count(self) -> None:
        """Write the whole stock into a file."""
        self.tell("stock", [{"ProductCode": code, "StockonHand": left} for code, left in self.stock.items()])

    def tell(self, what: str, rows: list[Row]) -> Path:
        """Write a file of rows into `in`; each with its time, as a warehouse's system writes it."""
        with self._lock:
            self._written += 1
            timed = [{**row, "StatusTime": f"{self._now().isoformat(timespec='microseconds')}"} for row in rows]
            path = self.folder / "in" / f"{what}-{self._written:06}.{self._form}"
            put(path, as_json(timed) if self._form == "json" else as_csv(timed, self._delimiter))
            return path
