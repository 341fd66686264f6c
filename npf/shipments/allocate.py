"""FM ships product codes; BigCommerce is told of order lines. Pure.

FM answers by code and says nothing of lines or bundles. Units that have arrived at a code are given to the lines that
asked for them, in the order of the lines; a bundle counts as shipped when all its parts are. What is given stays given:
only what is left over may still go anywhere, so that a later shipment never takes back what an earlier one told. While
some is missing, which of two bundles that share a code goes first hangs on what came first; once all of it has left,
every line is complete, in whichever order it came.
"""

from collections.abc import Mapping, Sequence

import msgspec


class Wanted(msgspec.Struct, frozen=True):
    """One line of a sales order: `quantity` units, each made of `parts` (FM code -> units).

    `rides_with`: the line that it goes along with, where FM was not asked for it; then it has no parts.
    """

    line: int
    quantity: int
    parts: dict[str, int]
    rides_with: int | None = None


class Allocation(msgspec.Struct, frozen=True):
    """`lines`: line -> units newly shipped. `strange`: code -> units that no line asked for."""

    lines: dict[int, int]
    strange: dict[str, int]


def allocate(wanted: Sequence[Wanted], given: Mapping[int, int], despatched: Mapping[str, int]) -> Allocation:
    """What is newly shipped of each line.

    `given`: line -> units told of before. `despatched`: code -> units of all shipments so far, the new one included.
    """
    pool = dict(despatched)
    for one in wanted:
        for code, per_unit in one.parts.items():
            pool[code] = pool.get(code, 0) - per_unit * given.get(one.line, 0)
    fresh: dict[int, int] = {}
    for one in wanted:
        if not one.parts:
            continue
        whole = min(max(0, pool.get(code, 0)) // per_unit for code, per_unit in one.parts.items())
        units = min(whole, one.quantity - given.get(one.line, 0))
        if units > 0:
            fresh[one.line] = units
            for code, per_unit in one.parts.items():
                pool[code] -= per_unit * units
    strange = _strange(wanted, given, fresh, pool)
    _let_ride(wanted, given, fresh)
    return Allocation(fresh, strange)


def _let_ride(wanted: Sequence[Wanted], given: Mapping[int, int], fresh: dict[int, int]) -> None:
    """A line that rides along has shipped in the measure of the line that it rides with."""
    by_line = {one.line: one for one in wanted}
    for one in wanted:
        carrier = by_line.get(one.rides_with or 0)
        if one.parts or carrier is None:
            continue
        gone = given.get(carrier.line, 0) + fresh.get(carrier.line, 0)
        units = one.quantity * gone // carrier.quantity - given.get(one.line, 0)
        if units > 0:
            fresh[one.line] = units


def _strange(
    wanted: Sequence[Wanted], given: Mapping[int, int], fresh: Mapping[int, int], pool: Mapping[str, int]
) -> dict[str, int]:
    """What is left over beyond what unfinished bundles can still use: FM shipped what nobody asked for."""
    owed: dict[str, int] = {}
    for one in wanted:
        open_units = one.quantity - given.get(one.line, 0) - fresh.get(one.line, 0)
        for code, per_unit in one.parts.items():
            owed[code] = owed.get(code, 0) + per_unit * open_units
    return {code: units - owed.get(code, 0) for code, units in pool.items() if units > owed.get(code, 0)}
