"""Asking FM: first whether it has what may be there already, then for the rest. Touches no database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from npf.core.errors import GiveUp, NpfError
from npf.fm.client import FM
from npf.fm.records import OrderStatus
from npf.send.claim import Claimed

THREADS = 4


class Answer(msgspec.Struct, frozen=True):
    """What came of one parcel: NPF's order number (empty where FM gave none), or the error in its place."""

    parcel: Claimed
    npf_order_no: str = ""
    found: bool = False
    error: NpfError | None = None


def ask(fm: FM, parcels: Sequence[Claimed]) -> list[Answer]:
    """Look for the parcels that FM was asked for before, send what it does not have."""
    unclear = [one for one in parcels if one.asked_before]
    fresh = [one for one in parcels if not one.asked_before]
    try:
        there = fm.statuses([one.number for one in unclear]) if unclear else {}
    except NpfError as error:
        # Not knowing whether FM has them, sending them could ship them twice.
        return [Answer(one, error=error) for one in unclear] + _send(fm, fresh)
    answers = []
    for one in unclear:
        found = there.get(one.number)
        if found is None or not found.known:
            fresh.append(one)
        else:
            answers.append(_adopt(one, found))
    return answers + _send(fm, fresh)


def _adopt(parcel: Claimed, found: OrderStatus) -> Answer:
    """FM's order of this number is ours unless it speaks of articles that we did not ask for."""
    ours = {product.Code for product in parcel.document.Products}
    theirs = {code for shipment in found.shipments for code, _ in shipment.products} | {c for c, _ in found.backorder}
    if theirs - ours:
        strange = ", ".join(sorted(theirs - ours))
        why = f"FM has another order {parcel.number}: it speaks of {strange}, which this order does not have"
        return Answer(parcel, error=GiveUp(why, code="fm_differs", field="SalesOrderNo", repair="ask NPF whose it is"))
    return Answer(parcel, npf_order_no=found.NPFOrderNo, found=True)


def _send(fm: FM, parcels: list[Claimed]) -> list[Answer]:
    if len(parcels) < 2:
        return [_send_one(fm, one) for one in parcels]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda one: _send_one(fm, one), parcels))


def _send_one(fm: FM, parcel: Claimed) -> Answer:
    try:
        return Answer(parcel, npf_order_no=fm.send(parcel.document).NPFOrderNo)
    except NpfError as error:
        return Answer(parcel, error=error)
