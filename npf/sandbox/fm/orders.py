"""One order in the warehouse: lines, shipments, state; and the moves that change it.

PICKING -> SHIPPED | PARTIAL BACKORDER -> SHIPPED
PICKING | PARTIAL BACKORDER -> HOLD | BACKORDER | ERROR -> (release) PICKING
any but SHIPPED -> CANCEL
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from .errors import Problem, WrongMove

PICKING = "PICKING"
SHIPPED = "SHIPPED"
PARTIAL = "PARTIAL BACKORDER"
BACKORDER = "BACKORDER"
HOLD = "HOLD"
CANCEL = "CANCEL"
ERROR = "ERROR"

_CARRIERS = {"EP": "33NPF", "AP": "34NPF", "STR": "STNP", "TNT": "TNT", "TOLL": "TOLL", "NZ": "NZP", "DHL": "DHL"}


@dataclass(frozen=True, slots=True)
class Line:
    """One product line as sent; money as the text that was sent."""

    code: str
    description: str
    quantity: int
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """One consignment. `products`: units by code. Money as text with two places, link as FM writes it."""

    consignment: str
    manifest: str
    despatched_at: datetime
    freight: str
    handling: str
    link: str
    products: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "consignment": self.consignment,
            "manifest": self.manifest,
            "despatched_at": self.despatched_at.isoformat(),
            "freight": self.freight,
            "handling": self.handling,
            "link": self.link,
            "products": dict(self.products),
        }


class Standing(NamedTuple):
    """How an order stood from `at` on."""

    at: datetime
    status: str
    message: str
    errors: list[Problem]
    backordered: dict[str, int]


@dataclass(slots=True)
class Order:
    """An accepted order. `fields` holds all elements as sent.

    `received`: how often a document with this number came, the refused duplicates included.
    `due`: when it ships by itself; None = not by itself. `hidden`: what the status service says instead of the truth:
    "" (the truth), `left-out` or `no-details`. `slow`: so many seconds later than others it is seen and shipped.
    `stood`: how it has stood so far, oldest first.
    """

    number: str
    npf_order_no: int
    batch_code: str
    accepted_at: datetime
    lines: list[Line]
    fields: dict[str, Any]
    status: str = PICKING
    status_at: datetime = field(init=False)
    message: str = ""
    errors: list[Problem] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    backordered: dict[str, int] = field(default_factory=dict)
    received: int = 1
    due: datetime | None = None
    hidden: str = ""
    slow: float = 0.0
    stood: list[Standing] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.status_at = self.accepted_at
        self.stood = self.stood or [Standing(self.accepted_at, self.status, "", [], {})]

    @property
    def dispatch_method(self) -> str:
        return str(self.fields["DespatchDetails"]["DispatchMethod"])

    @property
    def ordered(self) -> dict[str, int]:
        """Units ordered, by product code."""
        units: Counter[str] = Counter()
        for line in self.lines:
            units[line.code] += line.quantity
        return dict(units)

    @property
    def shipped(self) -> dict[str, int]:
        """Units despatched, by product code."""
        units: Counter[str] = Counter()
        for shipment in self.shipments:
            units.update(shipment.products)
        return dict(units)

    @property
    def remaining(self) -> dict[str, int]:
        """Units not yet despatched, by product code; codes with none are left out."""
        shipped = self.shipped
        left = {code: quantity - shipped.get(code, 0) for code, quantity in self.ordered.items()}
        return {code: quantity for code, quantity in left.items() if quantity > 0}

    def move(
        self,
        status: str,
        at: datetime,
        message: str = "",
        *,
        errors: Iterable[Problem] = (),
        backordered: Mapping[str, int] | None = None,
    ) -> None:
        """Stand in a status since `at`; it no longer moves by itself."""
        standing = Standing(at, status, message, list(errors), dict(backordered or {}))
        self.status_at, self.status, self.message, self.errors, self.backordered = standing
        self.due = None
        self.stood.append(standing)

    def as_of(self, moment: datetime) -> "Order | None":
        """The order as it stood at a moment; None where it was not there yet."""
        stood = [standing for standing in self.stood if standing.at <= moment]
        if not stood:
            return None
        at, status, message, errors, backordered = stood[-1]
        left = [shipment for shipment in self.shipments if shipment.despatched_at <= moment]
        then = replace(self, status=status, message=message, errors=errors, backordered=backordered, shipments=left)
        then.status_at = at
        return then

    def forbid(self, doing: str, *statuses: str) -> None:
        """Raise WrongMove where the order stands in one of the statuses."""
        if self.status in statuses:
            raise WrongMove(f"{self.number} stands as {self.status}: cannot {doing} it")

    def choose(self, lines: Mapping[str, int] | None) -> dict[str, int]:
        """The units to despatch: those given, or all that remain. Raises WrongMove for none or too many."""
        remaining = self.remaining
        chosen = {code: quantity for code, quantity in (lines or remaining).items() if quantity}
        if not chosen:
            raise WrongMove(f"{self.number}: nothing to despatch")
        for code, quantity in chosen.items():
            if not 0 < quantity <= remaining.get(code, 0):
                raise WrongMove(f"{self.number}: {quantity} x {code}, but {remaining.get(code, 0)} remain")
        return chosen

    def half(self) -> dict[str, int] | None:
        """About half of the remaining units, for a first consignment; None where one unit remains."""
        remaining = self.remaining
        total = sum(remaining.values())
        if total < 2:
            return None
        wanted, chosen = (total + 1) // 2, {}
        for code, quantity in remaining.items():
            chosen[code] = min(quantity, wanted)
            wanted -= chosen[code]
            if not wanted:
                break
        return chosen

    def consignment(self) -> str:
        """The number of the next consignment: unlike every other one of the warehouse."""
        carrier = _CARRIERS.get(self.dispatch_method.split()[0], "NPF")
        return f"{carrier}{self.npf_order_no:07d}{len(self.shipments) + 1:02d}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON; `fields` are left out."""
        return {
            "number": self.number,
            "npf_order_no": str(self.npf_order_no),
            "batch_code": self.batch_code,
            "accepted_at": self.accepted_at.isoformat(),
            "status": self.status,
            "status_at": self.status_at.isoformat(),
            "message": self.message,
            "dispatch_method": self.dispatch_method,
            "received": self.received,
            "hidden": self.hidden,
            "lines": [{"code": line.code, "quantity": line.quantity, "amount": line.amount} for line in self.lines],
            "errors": [{"code": code, "detail": detail} for code, detail in self.errors],
            "backordered": dict(self.backordered),
            "shipments": [shipment.as_dict() for shipment in self.shipments],
        }
