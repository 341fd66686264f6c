"""What the warehouse's files have said of an order: of each thing the latest word, whatever order the files come in.

A file makes a statement (Said) of an order; `merged` adds it to what is remembered (Told); `status` is what the
stations are told. How many units of a code a consignment holds, the latest statement says whole: a file that repeats
or corrects an earlier one adds nothing to it. Pure.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from npf.warehouse.records import OrderStatus, Refusal, Shipment

T = TypeVar("T")


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """The status of an order, FM's word in capitals, and what came with it. `backorder`: units still owed by code."""

    status: str = ""
    message: str = ""
    backorder: dict[str, int] = {}
    errors: tuple[Refusal, ...] = ()
    unread: tuple[str, ...] = ()


class Consignment(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one despatch beside its goods."""

    consignment_no: str = ""
    manifest_no: str = ""
    despatched: str = ""
    link: str = ""
    freight: str = "0"
    handling: str = "0"

    @property
    def key(self) -> str:
        return self.consignment_no or self.manifest_no


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of a file about one order. `at`: seconds since 1970, the row's own time or the file's.

    `word` None: it speaks of something else. `units`: consignment's key -> code -> units.
    """

    number: str
    at: float
    npf_order_no: str = ""
    word: Word | None = None
    consignments: tuple[Consignment, ...] = ()
    units: dict[str, dict[str, int]] = {}


class Figure(msgspec.Struct, frozen=True):
    """The stock of one code in one file; None = the file does not plainly say a number."""

    code: str
    at: float
    figure: int | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """All that files have said of one order, each part with the time of its statement."""

    number: str
    npf_order_no: tuple[float, str] = (0.0, "")
    word: tuple[float, Word] = (0.0, Word())
    consignments: dict[str, tuple[float, Consignment]] = {}
    units: dict[str, dict[str, tuple[float, int]]] = {}


def merged(before: Told | None, said: Said) -> Told:
    """What is remembered of an order after one more statement. Of two of the same time the one that comes later."""
    told = before or Told(number=said.number)
    heads, units = dict(told.consignments), {key: dict(some) for key, some in told.units.items()}
    for one in said.consignments:
        heads[one.key] = _later(heads.get(one.key), (said.at, one))
    for key, some in said.units.items():
        of_one = units.setdefault(key, {})
        for code, quantity in some.items():
            of_one[code] = _later(of_one.get(code), (said.at, quantity))
    return Told(
        number=told.number,
        npf_order_no=_later(told.npf_order_no, (said.at, said.npf_order_no))
        if said.npf_order_no
        else told.npf_order_no,
        word=_later(told.word, (said.at, said.word)) if said.word is not None else told.word,
        consignments=heads,
        units=units,
    )


def _later(before: tuple[float, T] | None, after: tuple[float, T]) -> tuple[float, T]:
    return after if before is None or after[0] >= before[0] else before


def status(told: Told, number: str, client_code: str) -> OrderStatus:
    """What the stations are told of an order."""
    at, word = told.word
    return OrderStatus(
        SalesOrderNo=number,
        NPFOrderNo=told.npf_order_no[1],
        ClientCode=client_code,
        status=word.status,
        message=word.message,
        status_time=datetime.fromtimestamp(at, UTC) if at else None,
        shipments=[_shipment(told, key) for key in sorted(told.consignments)],
        backorder=[(code, units) for code, units in sorted(word.backorder.items()) if units],
        errors=list(word.errors),
        unread=list(word.unread),
    )


def _shipment(told: Told, key: str) -> Shipment:
    _, head = told.consignments[key]
    return Shipment(
        DespatchDate=datetime.fromisoformat(head.despatched).date() if head.despatched else None,
        ManifestNo=head.manifest_no,
        ConsignmentNo=head.consignment_no,
        TrackingLink=head.link,
        FrieghtCharges=Decimal(head.freight),
        HandlingCharges=Decimal(head.handling),
        products=[(code, units) for code, (_, units) in sorted(told.units.get(key, {}).items()) if units],
    )
