"""FM's shipments of one sales order as rows to be, each once, with quantities turned back into lines. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from npf.shipments.allocate import Wanted, allocate
from npf.warehouse.records import Shipment as FmShipment

Units = dict[str, int]
"""FM product code -> units."""

Charges = tuple[Decimal, Decimal]
"""Freight and handling of a consignment."""

NOTHING: Charges = Decimal(0), Decimal(0)
# An absurd charge is none: the row could not hold it.
_DEAREST = Decimal(10) ** 9


class Part(msgspec.Struct, frozen=True):
    """A shipment that we do not have yet, or what FM added to one that we have.

    `part` counts from 1 under its number; `codes`: what it carries; `lines`: order_product_id -> units that it
    completes; `strange`: what nobody asked FM for; `charges`: what it adds to those of its consignment.
    """

    number: str
    part: int
    said: FmShipment
    codes: Units
    lines: dict[int, int]
    strange: Units
    charges: Charges = NOTHING


class Despatched(msgspec.Struct, frozen=True):
    """What FM's answer shows. `waits`: a shipment lacks its number or its units, and is not told of before it has both.

    `complete`: every unit that FM was asked for has left. `dearer`: by number, what FM has added to the charges of a
    consignment that we have.
    """

    parts: list[Part]
    waits: bool
    complete: bool
    dearer: dict[str, Charges] = {}


def despatched(
    wanted: Sequence[Wanted],
    given: Mapping[int, int],
    known: Sequence[tuple[str, Units]],
    said: Sequence[FmShipment],
    number_from: str = "ConsignmentNo",
    charged: Mapping[str, Charges] | None = None,
) -> Despatched:
    """Compare what FM says with the shipments that are `known` by their number.

    `given`: order_product_id -> units that have left by what is known. `number_from`: FM's field for the number.
    `charged`: the charges that are known, by number.
    """
    codes = {code.casefold(): code for one in wanted for code in one.parts}
    by_number: dict[str, list[FmShipment]] = {}
    waits = False
    for shipment in said:
        number = getattr(shipment, number_from).strip()[:100]
        if number and any(units for _, units in shipment.products):
            by_number.setdefault(number, []).append(shipment)
        else:
            waits = True
    had = list(known)
    gone = dict(given)
    parts: list[Part] = []
    dearer: dict[str, Charges] = {}
    for number, shipments in by_number.items():
        before = [units for one, units in had if one == number]
        fresh = _less(_units(shipments, codes), _sum(before))
        more = _more(shipments, (charged or {}).get(number, NOTHING))
        if not fresh:
            if before and any(more):
                dearer[number] = more
            continue
        had.append((number, fresh))
        found = allocate(wanted, gone, _sum([units for _, units in had]))
        for line, units in found.lines.items():
            gone[line] = gone.get(line, 0) + units
        strange = {code: min(units, fresh[code]) for code, units in found.strange.items() if code in fresh}
        parts.append(Part(number, len(before) + 1, shipments[-1], fresh, found.lines, strange, more))
    complete = bool(wanted) and all(gone.get(one.line, 0) >= one.quantity for one in wanted)
    return Despatched(parts, waits, complete, dearer)


def _more(shipments: Sequence[FmShipment], charged: Charges) -> Charges:
    """What FM charges for a consignment beyond what is known; charges that it leaves out later are not given back."""
    freight = sum((_sane(one.FrieghtCharges) for one in shipments), Decimal(0))
    handling = sum((_sane(one.HandlingCharges) for one in shipments), Decimal(0))
    return max(freight - charged[0], Decimal(0)), max(handling - charged[1], Decimal(0))


def _sane(value: Decimal) -> Decimal:
    return value if abs(value) < _DEAREST else Decimal(0)


def _units(shipments: Sequence[FmShipment], codes: Mapping[str, str]) -> Units:
    """What they carry together, by our spelling of the codes."""
    return _sum([{codes.get(code.casefold(), code): units} for one in shipments for code, units in one.products])


def _sum(some: Sequence[Units]) -> Units:
    total: Units = {}
    for units in some:
        for code, number in units.items():
            total[code] = total.get(code, 0) + number
    return total


def _less(total: Units, had: Units) -> Units:
    return {code: units - had.get(code, 0) for code, units in total.items() if units > had.get(code, 0)}
