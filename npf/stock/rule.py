"""The stock rule: what may be published for a SKU. Pure.

Let a SKU be made of parts p, `per(p)` units each (one part of one unit for a single item). FM can send

    free(p) = FM's figure(p) - units of p that BigCommerce has sold and FM does not know yet
                             - units of p in FM and not despatched, where FM's figure is what is on hand

and so of the SKU the scarcest part's  min over p of  free(p) // per(p), less the buffer, never below 0. Every order
that is added makes some free(p) smaller and none larger, so the result never rises with an order. A part that FM does
not know makes the SKU unknown: nothing is published, and what stands in BigCommerce stays.
"""

from collections.abc import Iterable, Mapping

import msgspec

from npf.stores.maps import Settings

# What BigCommerce keeps of a figure; a larger one it takes and forgets (fact 100).
MOST = 2**31 - 1


class Figure(msgspec.Struct, frozen=True):
    """What is published for one SKU and why. `fm` is FM's figure in whole SKUs, `unsent` what orders take off it.

    `publish` None = unknown.
    """

    fm: int | None
    unsent: int
    buffer: int
    publish: int | None


class Sold(msgspec.Struct, frozen=True):
    """A line of an order: `units` of a SKU that are neither refunded nor shipped. `parent`: the line it belongs to."""

    order: int
    line: int
    parent: int | None
    sku: str
    units: int


def publish(parts: Mapping[str, tuple[int, int | None]], taken: Mapping[str, int], buffer: int) -> Figure:
    """`parts`: FM code -> (units in one SKU, FM's figure or None); `taken`: FM code -> units that orders take off."""
    if not parts or any(figure is None for _, figure in parts.values()):
        return Figure(None, 0, buffer, None)
    whole = min((figure or 0) // per_unit for per_unit, figure in parts.values())
    free = min(((figure or 0) - taken.get(code, 0)) // per_unit for code, (per_unit, figure) in parts.items())
    whole, free = (min(MOST, max(0, units)) for units in (whole, free))
    return Figure(whole, whole - free, buffer, max(0, free - buffer))


def taken_by(lines: Iterable[Sold], settings: Settings) -> dict[str, int]:
    """FM code -> units that lines take off FM's figures, bundles by their parts.

    What belongs to a bundle whose parts are known goes along with it and takes nothing off by itself, as when the
    order is sent (orders/parcels.py).
    """
    found = {(one.order, one.line): one for one in lines if one.units > 0}
    taken: dict[str, int] = {}
    for one in found.values():
        parent = found.get((one.order, one.parent or 0))
        if parent and settings.is_bundle(parent.sku) and settings.parts(parent.sku) is not None:
            continue
        for code, per_unit in (settings.parts(one.sku) or {}).items():
            taken[code] = taken.get(code, 0) + per_unit * one.units
    return taken


def added(*some: Mapping[str, int]) -> dict[str, int]:
    """FM code -> units, over all of `some`."""
    total: dict[str, int] = {}
    for taken in some:
        for code, units in taken.items():
            total[code] = total.get(code, 0) + units
    return total


def wave_of_zeros(items: Mapping[str, tuple[int | None, int | None]], share: float) -> str:
    """Why a push must stop (DESIGN rule 4); "" = it may go on.

    `items`: SKU -> (stands in BigCommerce, to be published). A SKU or two may always sell out; of more, and of all
    that are in stock, no more than `share` may fall to zero at once.
    """
    known = {sku: pair for sku, pair in items.items() if pair[1] is not None}
    if items and not known:
        return f"FM knows none of the {len(items)} SKUs: it may have answered for another client"
    in_stock = [sku for sku, (was, _) in known.items() if was and was > 0]
    falling = [sku for sku in in_stock if known[sku][1] == 0]
    several = len(falling) > 2 or 1 < len(falling) == len(in_stock)
    if several and len(falling) > share * len(in_stock):
        return (
            f"{len(falling)} of {len(in_stock)} SKUs in stock would fall to zero, more than the {share:.0%} that may: "
            "FM may be down or may have answered for another client"
        )
    return ""
