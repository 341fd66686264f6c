"""Is the order that FM has under a number the one that we would send? Pure.

FM's answer carries little of an order (WEBSERVICE section 2): no address, no price, no name. This much can be compared:

ClientCode            is our client's, where FM names one
NPFOrderNo            is the one that an earlier answer gave, where one did
Code, OrderQuantity   of a back-order: what was ordered, whole
Code, Quantity        what has left and what is owed: all of the order once it has shipped, a part of it before

An order that is being picked has no goods in its answer: it neither differs nor is it known to be equal. Then our own
log says whether the number was ever sent from here (settle.py); if not, a person decides.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from npf.warehouse.records import OrderStatus

Units = Mapping[str, int]
"""FM product code -> units."""


class Compared(msgspec.Struct, frozen=True):
    """`differs`: each difference in words, none = nothing speaks against it. `equal`: FM shows all the same goods."""

    differs: list[str]
    equal: bool


def compare(asked: Units, client_code: str, npf_order_no: str, found: OrderStatus) -> Compared:
    """Compare FM's order with the units that we ask or asked for; `npf_order_no` "" = none was ever told."""
    ours, theirs, whole = _plain(asked.items()), _plain(_goods(found)), bool(found.ordered)
    spelt = {code.casefold(): code for code, _ in [*_goods(found), *asked.items()]}
    differs = []
    if found.ClientCode and found.ClientCode.casefold() != client_code.strip().casefold():
        differs.append(f"it is of client {found.ClientCode}, not {client_code}")
    if npf_order_no and found.NPFOrderNo and npf_order_no != found.NPFOrderNo:
        differs.append(f"it is NPF order {found.NPFOrderNo}, and ours is {npf_order_no}")
    for code in sorted(ours.keys() | theirs.keys()):
        had, shown = ours.get(code, 0), theirs.get(code, 0)
        if shown > had or (whole and shown != had):
            differs.append(f"it has {shown} x {spelt[code]}, and ours {had or 'none'}")
    return Compared(differs, not differs and theirs == ours)


def _goods(found: OrderStatus) -> list[tuple[str, int]]:
    """The units that FM speaks of: those ordered where it says so, else those that have left or are owed."""
    if found.ordered:
        return found.ordered
    return [*(one for shipment in found.shipments for one in shipment.products), *found.backorder]


def _plain(some: Iterable[tuple[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for code, units in some:
        total[code.casefold()] += units
    return +total
