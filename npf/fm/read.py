"""The inner documents that come from FM (WEBSERVICE sections 1-3): text in, records out.

Tolerant: stray spaces, bare `&`, lost elements, text in place of a number. What cannot be read is unknown, never
guessed; a document that cannot be read at all raises markup.Unreadable, a TryLater.
"""

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
from lxml import etree

from npf.core.money import decimal
from npf.fm import codes
from npf.fm.errors import reading_error, refusal_error
from npf.fm.markup import Unreadable, child, children, local_name, parse, text_of
from npf.fm.write import MONTHS
from npf.warehouse.records import Accepted, OrderStatus, Refusal, Shipment, StockAnswer

_ROOTS = ("OrderList", "ProductList", "Request")
_MONTHS = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
_NO_DETAILS = "no details available"


def accepted(text: str, number: str) -> Accepted:
    """FM's answer to the order of that SalesOrderNo (section 1).

    Raises what `errors.refusal_error` makes of a refusal, Unreadable for anything that says neither yes nor no.
    """
    if said := _plain_invalid(text):
        raise refusal_error(said, write=True)
    root = parse(text, _ROOTS)
    response = child(root, "Response")
    npf_order_no = text_of(response, "NPFOrderNo")
    yes = text_of(root, "Status").casefold() == "valid" or bool(npf_order_no)
    refusals = _refusals(root)
    if refusals and not yes:
        raise refusal_error(refusals, write=True)
    if refusals or not yes:
        raise Unreadable("FM's answer says both yes and no" if yes else "FM's answer says neither yes nor no")
    answered = text_of(response, "SalesOrderNo") or number
    if answered.casefold() != number.strip().casefold():
        raise Unreadable(f"FM answered for order {answered!r} when {number!r} was sent")
    return Accepted(
        SalesOrderNo=number.strip(),
        NPFOrderNo=npf_order_no,
        BatchCode=text_of(response, "BatchCode"),
        OrderStatus=text_of(response, "OrderStatus"),
        ClientCode=text_of(response, "ClientCode"),
    )


def statuses(text: str, asked: Iterable[str], zone: ZoneInfo) -> dict[str, OrderStatus]:
    """What FM says of the orders that were asked for (section 2), by the numbers as they were asked.

    Orders that FM leaves out are missing; orders that nobody asked for are left out. `zone` is that of StatusTime.
    Raises LoginRefused, or TryLater where the document as a whole is a refusal or cannot be read.
    """
    root = _list(text)
    index = _Index(asked)
    found: dict[str, OrderStatus] = {}
    for node in children(root, "Order"):
        answered = text_of(node, "SalesOrderNo")
        numbers = answered.split(",") if answered else index.only
        for number in filter(None, map(index.find, numbers)):
            status = _status(node, number, zone)
            found[number] = _merged(found[number], status) if number in found else status
    return found


def stock(text: str, asked: Iterable[str]) -> StockAnswer:
    """What FM says of the stock of the codes that were asked for (section 3); a code it leaves out is unknown.

    Two different figures for one code are unknown too. Fractions are rounded down. Raises as `statuses` does.
    """
    asked = list(asked)
    # So the 2026 wrapper reads it: FM has none of these codes.
    root = None if text.strip().casefold().strip(" .!") == "no contents" else _list(text)
    index = _Index(asked)
    figures: dict[str, set[int | None]] = {code: set() for code in asked}
    for node in children(root, "Product"):
        code = index.find(text_of(node, "ProductCode"))
        if code is not None:
            figures[code].add(_figure(text_of(node, "StockonHand")))
    clients = [
        text_of(node) for parent in (root, *children(root, "Product")) for node in children(parent, "ClientCode")
    ]
    return StockAnswer(
        StockonHand={code: seen.pop() if len(seen) == 1 else None for code, seen in figures.items()},
        ClientCodes=list(dict.fromkeys(filter(None, clients))),
    )


def fm_date(text: str) -> date | None:
    """`01-Jun-2012`, whatever the locale, a time behind it ignored; None for anything else."""
    found = re.match(r"\s*(\d{1,2})[-\s/]([A-Za-z]{3})[a-z]*[-\s/](\d{4})\b", text)
    if not found:
        return None
    try:
        return date(int(found[3]), _MONTHS.get(found[2].casefold(), 0), int(found[1]))
    except ValueError:
        return None


def fm_time(text: str, zone: ZoneInfo) -> datetime | None:
    """`01-Jun-2012 14:05:09` on a clock of that zone, in UTC; midnight where only the date is there."""
    day = fm_date(text)
    if day is None:
        return None
    found = re.search(r"\s(\d{1,2}):(\d{2})(?::(\d{2}))?", text)
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class _Index:
    """The names that were asked for, found again as FM writes them: trimmed, or else in other capitals."""

    def __init__(self, asked: Iterable[str]) -> None:
        self._exact = {" ".join(name.split()): name for name in asked}
        self._folded: dict[str, list[str]] = {}
        for plain, name in self._exact.items():
            self._folded.setdefault(plain.casefold(), []).append(name)
        self.only = list(self._exact) if len(self._exact) == 1 else []

    def find(self, answered: str) -> str | None:
        answered = " ".join(answered.split())
        alike = self._folded.get(answered.casefold(), [])
        return self._exact.get(answered) or (alike[0] if len(alike) == 1 else None)


def _list(text: str) -> etree._Element:
    """The root of a list, once it is sure that it is no refusal of the whole question."""
    if said := _plain_invalid(text):
        raise reading_error(said)
    root = parse(text, _ROOTS)
    if refusals := _refusals(root):
        raise reading_error(refusals)
    if local_name(root) == "Request":
        raise Unreadable("FM's answer is no list")
    return root


def _plain_invalid(text: str) -> list[Refusal]:
    """`Invalid|message|message` with no document around it."""
    return _after_the_pipe(text) if re.match(r"\s*invalid\s*(\||$)", text, re.IGNORECASE) else []


def _after_the_pipe(text: str) -> list[Refusal]:
    messages = [" ".join(part.split()) for part in text.split("|")[1:]]
    return [Refusal(codes.code_in(message), message) for message in messages if message] or [Refusal("", "")]


def _refusals(root: etree._Element) -> list[Refusal]:
    """The refusals of the document as a whole; those of single orders lie deeper."""
    found = [*_errors(root), *_errors(child(root, "Response"))]
    status = text_of(root, "Status") or text_of(root, "Response", "Status")
    if not found and status.casefold().startswith("invalid"):
        return _after_the_pipe(status)
    return found


def _errors(node: etree._Element | None) -> list[Refusal]:
    found = []
    for error in children(child(node, "Errors"), "Error"):
        code, detail = text_of(error, "ErrorCode"), text_of(error, "ErrorDetail")
        if not code and not detail:
            detail = text_of(error)
        entry = codes.known(code)
        found.append(Refusal(entry.code if entry else code or codes.code_in(detail), detail))
    return found


def _status(node: etree._Element, number: str, zone: ZoneInfo) -> OrderStatus:
    status, message = text_of(node, "OrderStatus"), text_of(node, "OrderStatusMessage")
    known = _NO_DETAILS not in f"{status} {message}".casefold()
    unread: list[str] = []
    shipped = [*children(child(node, "ShipmentDetails"), "Shipment"), *children(node, "Shipment")]
    owed = _products(child(node, "BODetails", "Products"), ("Quantity", "BOQuantity"), unread)
    owed += _products(child(node, "Products"), ("BOQuantity",), unread)
    return OrderStatus(
        SalesOrderNo=number,
        NPFOrderNo=text_of(node, "NPFOrderNo"),
        ClientCode=text_of(node, "ClientCode"),
        status=status.upper() if known else "",
        message=message or ("" if known else status),
        status_time=fm_time(text_of(node, "StatusTime"), zone),
        shipments=[_shipment(shipment, unread) for shipment in shipped],
        backorder=[(code, quantity) for code, quantity in owed if quantity],
        ordered=_products(child(node, "Products"), ("OrderQuantity",), []),
        errors=_errors(node),
        unread=unread,
        known=known,
    )


def _shipment(node: etree._Element, unread: list[str]) -> Shipment:
    return Shipment(
        DespatchDate=fm_date(text_of(node, "DespatchDate")),
        ManifestNo=text_of(node, "ManifestNo"),
        ConsignmentNo=text_of(node, "ConsignmentNo"),
        TrackingLink=text_of(node, "TrackingLink"),
        FrieghtCharges=_charge(text_of(node, "FrieghtCharges")),
        HandlingCharges=_charge(text_of(node, "HandlingCharges")),
        products=_products(child(node, "Products"), ("Quantity",), unread),
    )


def _products(node: etree._Element | None, names: tuple[str, ...], unread: list[str]) -> list[tuple[str, int]]:
    """(Code, quantity) of each Product; the quantity is the first of the named elements that is there."""
    found = []
    for product in children(node, "Product"):
        code = text_of(product, "Code")
        given = next(filter(None, (text_of(product, name) for name in names)), "")
        quantity = _figure(given)
        if not code or quantity is None or quantity < 0 or Decimal(given) != quantity:
            unread.append(f"{names[0]} of {code or 'a product without Code'}: {given!r}")
        else:
            found.append((code, quantity))
    return found


def _figure(text: str) -> int | None:
    """A number of pieces, rounded down; None for anything that is not plainly a number (WEBSERVICE section 3)."""
    return math.floor(Decimal(text)) if re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{0,9})?", text) else None


def _charge(text: str) -> Decimal:
    try:
        return decimal(text.replace("$", "").replace(",", "").strip())
    except ValueError:
        return Decimal(0)


def _merged(first: OrderStatus, second: OrderStatus) -> OrderStatus:
    """One order said twice: the later saying counts; of one and the same NPF order no shipment is lost."""
    if first.known != second.known:
        return first if first.known else second
    later, earlier = second, first
    if first.status_time and second.status_time and first.status_time > second.status_time:
        later, earlier = first, second
    if {later.NPFOrderNo, earlier.NPFOrderNo} - {""} - {later.NPFOrderNo or earlier.NPFOrderNo}:
        return later
    shipments = [*earlier.shipments, *(s for s in later.shipments if s not in earlier.shipments)]
    return msgspec.structs.replace(later, shipments=shipments)
