"""A file of the warehouse understood: what it says of orders or of stock, and the rows that cannot be used. Pure.

A row names an order (SalesOrderNo) or the stock of a product (Code and StockonHand). Good rows count although others
are bad; what stands in a bad row is never guessed.
"""

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from npf.core.money import decimal
from npf.files.ledger import Bad
from npf.files.rows import Numbered, Row, Unreadable, rows
from npf.files.told import Consignment, Figure, Said, Word
from npf.warehouse.records import Refusal

# So far a row's own time may lie after its file's, in seconds: beyond that it is no time but a mistake.
_AHEAD = 86_400.0
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOST_UNITS = 10**9
_LONGEST_NAME = 100


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read."""

    kind: Literal["orders", "stock", ""] = ""
    rows: int = 0
    said: Sequence[Said] = ()
    figures: Sequence[Figure] = ()
    bad: Sequence[Bad] = ()


def read(raw: bytes, at: float, *, client_code: str, zone: ZoneInfo, end_marker: str = "") -> Content:
    """Understand a file. `at`: when it was last changed, for rows without a time. Raises rows.Unfinished."""
    try:
        fields, found = rows(raw, end_marker)
    except Unreadable as error:
        return Content(bad=[error.bad])
    if not found and not fields and raw.strip() in (b"[]", b"{}"):
        return Content()
    reading = _Reading(at, client_code, zone)
    if "SalesOrderNo" in fields:
        return reading.of("orders", found, reading.order)
    if {"Code", "StockonHand"} <= fields:
        return reading.of("stock", found, reading.stock)
    return Content(rows=len(found), bad=[Bad(0, "has neither a column SalesOrderNo nor the columns Code, StockonHand")])


class _Reading:
    """Collects what the rows of one file say."""

    def __init__(self, at: float, client_code: str, zone: ZoneInfo) -> None:
        self._at = at
        self._client = client_code
        self._zone = zone
        self._orders: dict[tuple[str, float], list[Row]] = {}
        self._unread: dict[tuple[str, float], list[str]] = {}
        self._figures: dict[str, Figure] = {}
        self._bad: list[Bad] = []

    def of(self, kind: Literal["orders", "stock"], found: list[Numbered], one: Callable[[Row], None]) -> Content:
        for numbered in found:
            try:
                self._ours(numbered)
                one(numbered.row)
            except ValueError as wrong:
                self._bad.append(Bad(numbered.line, str(wrong)))
        said = [
            _said(number, at, some, self._unread.get((number, at), [])) for (number, at), some in self._orders.items()
        ]
        return Content(kind=kind, rows=len(found), said=said, figures=list(self._figures.values()), bad=self._bad)

    def _ours(self, numbered: Numbered) -> None:
        if numbered.wrong:
            raise ValueError(numbered.wrong)
        whose = numbered.row.get("ClientCode", "")
        if whose and whose.casefold() != self._client.casefold():
            raise ValueError(f"is of client {whose}, not of {self._client}")

    def order(self, row: Row) -> None:
        """One row about an order. What cannot be read of it is told on the order too, not only in the report."""
        number = row.get("SalesOrderNo", "")
        _name("SalesOrderNo", number)
        key = (number, self._time(row.get("StatusTime", "")))
        try:
            _check(row)
        except ValueError as wrong:
            self._orders.setdefault(key, [])
            self._unread.setdefault(key, []).append(str(wrong))
            raise
        self._orders.setdefault(key, []).append(row)

    def stock(self, row: Row) -> None:
        """One row about the stock of a code. One that says no number makes it unknown: the last one is not true now."""
        code, said = row.get("Code", ""), row.get("StockonHand", "")
        _name("Code", code)
        at = self._time(row.get("StatusTime", ""))
        known = self._figures.get(code)
        try:
            figure = _whole("StockonHand", said, least=-_MOST_UNITS)
        except ValueError:
            self._figures[code] = Figure(code, at, None)
            raise
        if known is not None and known.at == at and known.figure != figure:
            self._figures[code] = Figure(code, at, None)
            raise ValueError(f"says {figure} of {code}, another row {known.figure}: neither is taken")
        if known is None or at >= known.at:
            self._figures[code] = Figure(code, at, figure)

    def _time(self, said: str) -> float:
        if not said:
            return self._at
        found = moment(said, self._zone)
        if found is None:
            raise ValueError(f"StatusTime is no time: {said!r}")
        if found > self._at + _AHEAD:
            raise ValueError(f"StatusTime lies ahead of the file's own: {said!r}")
        return found


def _name(field: str, said: str) -> None:
    if not said:
        raise ValueError(f"has no {field}")
    if len(said) > _LONGEST_NAME:
        raise ValueError(f"{field} has {len(said)} characters")


def _check(row: Row) -> None:
    """Raises ValueError where a row of an order holds what cannot be read."""
    for name in ("Quantity", "BOQuantity"):
        if row.get(name):
            _whole(name, row[name])
            if not row.get("Code"):
                raise ValueError(f"has a {name} and no Code")
    if row.get("ConsignmentNo") and not row.get("Quantity"):
        raise ValueError(f"names consignment {row['ConsignmentNo']} and no Quantity")
    if row.get("DespatchDate") and _day(row["DespatchDate"]) is None:
        raise ValueError(f"DespatchDate is no date: {row['DespatchDate']!r}")


def _said(number: str, at: float, some: Sequence[Row], unread: Sequence[str]) -> Said:
    """The statement of all rows of one file about an order at one time."""
    heads: dict[str, Consignment] = {}
    units: dict[str, dict[str, int]] = {}
    owed: dict[str, int] = {}
    errors: list[Refusal] = []
    for row in some:
        code = row.get("Code", "")
        if row.get("Quantity"):
            head = _consignment(row)
            heads[head.key] = head
            of_one = units.setdefault(head.key, {})
            of_one[code] = of_one.get(code, 0) + _whole("Quantity", row["Quantity"])
        if row.get("BOQuantity"):
            owed[code] = owed.get(code, 0) + _whole("BOQuantity", row["BOQuantity"])
        if row.get("ErrorCode") or row.get("ErrorDetail"):
            errors.append(Refusal(row.get("ErrorCode", ""), row.get("ErrorDetail", "")))
    status, message = _last(some, "OrderStatus").upper(), _last(some, "OrderStatusMessage")
    speaks = status or message or owed or errors or unread or units
    word = Word(status=status, message=message, backorder=owed, errors=tuple(errors), unread=tuple(unread))
    return Said(
        number=number,
        at=at,
        npf_order_no=_last(some, "NPFOrderNo"),
        word=word if speaks else None,
        consignments=tuple(heads.values()),
        units=units,
    )


def _last(some: Sequence[Row], name: str) -> str:
    return next((row[name] for row in reversed(some) if row.get(name)), "")


def _consignment(row: Row) -> Consignment:
    day = _day(row.get("DespatchDate", ""))
    return Consignment(
        consignment_no=row.get("ConsignmentNo", ""),
        manifest_no=row.get("ManifestNo", ""),
        despatched=day.isoformat() if day else "",
        link=row.get("TrackingLink", ""),
        freight=_charge(row.get("FrieghtCharges", "")),
        handling=_charge(row.get("HandlingCharges", "")),
    )


def _whole(name: str, said: str, least: int = 0) -> int:
    """A number of pieces; 2.0 is 2, and a part of a piece in stock is none."""
    if not re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{0,9})?", said):
        raise ValueError(f"{name} is no number: {said!r}")
    number = Decimal(said)
    if number < least or (name != "StockonHand" and number != int(number)):
        raise ValueError(f"{name} is no number of pieces: {said!r}")
    return math.floor(number)


def _charge(said: str) -> str:
    try:
        return str(decimal(said.replace("$", "").replace(",", "").strip()))
    except ValueError:
        return "0"


def _day(said: str) -> date | None:
    """25-Nov-2026, 2026-11-25 or 25/11/2026, whatever follows it."""
    named = re.match(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{4})", said)
    iso, plain = re.match(r"(\d{4})-(\d{2})-(\d{2})", said), re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", said)
    try:
        if named:
            return date(int(named[3]), _MONTHS.index(named[2].casefold()) + 1, int(named[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        return date(int(plain[3]), int(plain[2]), int(plain[1])) if plain else None
    except ValueError:
        return None


def moment(said: str, zone: ZoneInfo) -> float | None:
    """A day with a time of day, in seconds since 1970; by that zone's clock where it names none."""
    day = _day(said)
    found = re.search(r"[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$", said)
    if day is None:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()[:3]) if found else (0, 0, 0)
    part, offset = (float(found[4] or 0), found[5]) if found else (0.0, None)
    at = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - its zone follows
    try:
        at = at.replace(hour=hour, minute=minute, second=second, tzinfo=_offset(offset) if offset else zone)
        return at.timestamp() + part
    except (ValueError, OverflowError):
        return None


def _offset(said: str) -> tzinfo:
    if said == "Z":
        return UTC
    minutes = int(said[1:3]) * 60 + int(said[-2:])
    return timezone(timedelta(minutes=-minutes if said[0] == "-" else minutes))
