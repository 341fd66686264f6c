"""The stock rule: what may be published for a SKU. Pure.

Let a SKU be made of parts p, `per(p)` units each (one part of one unit for a single item). FM can send

    free(p) = FM's figure(p) - units of p that orders take off it

and so of the SKU the scarcest part's  min over p of  free(p) // per(p), less the buffer, never below 0: so many can be
packed, and for one more a part is missing.

What orders take off is what they need of FM and FM's figure still holds (push/stock/unsent.py finds it):

    sold, FM does not know of it yet     new, held, awaiting payment, in another status that may still come
    added to an order that FM has        FM was asked for fewer
    sent to FM since the count began     the figure is from before
    in FM and not despatched             where the figure is what is on hand
    left since the count began           where the figure is what is on hand

Whether BigCommerce takes stock off when an order is placed or when it is shipped (`update_stock_behavior`, facts 69,
70) does not change what may be sold from now on, and so is no part of the rule: the figure is written over whatever
BigCommerce made of its own. It does change what happens until the next push. Taken off when placed, the level follows
the sales. Taken off when shipped, it does not: the shop can sell more than stands there until the next push, and a
shipment lowers it a second time. `npf check` warns of it.

From this follows, and the tests prove: every order that is added makes some free(p) smaller and none larger, so a
figure never rises with an order; in which order they came does not matter; bundles and single items that share a part
are each held against the same free(p). A part that FM does not know makes the SKU unknown: nothing is published, and
what stands in BigCommerce stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from npf.stores.maps import Settings

# What BigCommerce keeps of a figure; a larger one it takes and forgets (fact 100).
MOST = 2**31 - 1
# So many orders are named beside a figure; of the rest their number.
NAMED = 20


class Cause(StrEnum):
    """Why an order takes units off FM's figure."""

    NEW = "new"
    HELD = "held"
    UNPAID = "awaiting payment"
    OTHER_STATUS = "in another status"
    CHANGED = "added after FM had it"
    SENT_SINCE = "sent since the count began"
    IN_FM = "in FM, not despatched"
    LEFT_SINCE = "left since the count began"


class Figure(msgspec.Struct, frozen=True):
    """What is published for one SKU and why. `fm` is FM's figure in whole SKUs, `unsent` what orders take off it.

    `part` is the FM code that decides, with `per_unit` units in one SKU. `publish` None = unknown.
    """

    fm: int | None
    unsent: int
    buffer: int
    publish: int | None
    part: str = ""
    per_unit: int = 1


class Sold(msgspec.Struct, frozen=True, gc=False):
    """A line of an order: `units` of a SKU that are neither refunded nor shipped. `parent`: the line it belongs to."""

    order: str
    line: int
    parent: int | None
    sku: str
    units: int
    cause: Cause = Cause.NEW


class Taken(msgspec.Struct, frozen=True, gc=False):
    """`units` of an FM code that one order takes off FM's figure. `order` names it as the store's screens do."""

    code: str
    order: str
    cause: Cause
    units: int


def publish(parts: Mapping[str, tuple[int, int | None]], taken: Mapping[str, int], buffer: int) -> Figure:
    """`parts`: FM code -> (units in one SKU, FM's figure or None); `taken`: FM code -> units that orders take off."""
    known = {code: (per_unit, figure) for code, (per_unit, figure) in parts.items() if figure is not None}
    if not parts or len(known) < len(parts):
        return Figure(None, 0, buffer, None)
    whole = min(figure // per_unit for per_unit, figure in known.values())
    free, part = min(((figure - taken.get(code, 0)) // per_unit, code) for code, (per_unit, figure) in known.items())
    whole, free = (min(MOST, max(0, units)) for units in (whole, free))
    return Figure(whole, whole - free, buffer, max(0, free - buffer), part, known[part][0])


def taken_by(lines: Iterable[Sold], settings: Settings) -> list[Taken]:
    """What lines take off FM's figures, bundles by their parts.

    What belongs to a bundle whose parts are known goes along with it and takes nothing off by itself, as when the
    order is sent (orders/parcels.py). Outer blanks of a SKU do not count there, nor here.
    """
    found = {(one.order, one.line): one for one in lines if one.units > 0}
    taken: list[Taken] = []
    for one in found.values():
        parent = found.get((one.order, one.parent or 0))
        if parent and settings.is_bundle(parent.sku.strip()) and settings.parts(parent.sku.strip()) is not None:
            continue
        for code, per_unit in (settings.parts(one.sku.strip()) or {}).items():
            taken.append(Taken(code, one.order, one.cause, per_unit * one.units))
    return taken


def units_by_code(taken: Iterable[Taken]) -> dict[str, int]:
    """FM code -> units taken off."""
    total: dict[str, int] = defaultdict(int)
    for one in taken:
        total[one.code] += one.units
    return dict(total)


def the_more(first: Iterable[Taken], second: Iterable[Taken]) -> list[Taken]:
    """Of two readings, what each order took off at most, code by code.

    An order that is cancelled or placed between the two is in doubt: whether BigCommerce has moved its own level by
    then, nobody can tell. Taken off in both cases, the doubt never puts a unit on sale.
    """
    kept: dict[tuple[str, str], list[Taken]] = {}
    for reading in (first, second):
        rows: dict[tuple[str, str], list[Taken]] = defaultdict(list)
        for one in reading:
            rows[one.code, one.order].append(one)
        for key, some in rows.items():
            if sum(one.units for one in some) > sum(one.units for one in kept.get(key, [])):
                kept[key] = some
    return [one for some in kept.values() for one in some]


def causes(taken: Iterable[Taken]) -> dict[str, dict[str, Any]]:
    """What is taken off one code, as it is kept: cause -> {"units", "orders" (the latest 20), "more" (not named)}."""
    units: dict[str, int] = defaultdict(int)
    orders: dict[str, set[str]] = defaultdict(set)
    for one in taken:
        units[one.cause.value] += one.units
        orders[one.cause.value].add(one.order)
    kept = {}
    for cause in units:
        named = sorted(orders[cause], key=lambda order: (len(order), order), reverse=True)[:NAMED]
        kept[cause] = {"units": units[cause], "orders": named, "more": len(orders[cause]) - len(named)}
    return kept
