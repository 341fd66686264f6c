"""Asking FM: first whether it has what may be there already, then for the rest. Touches no database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from npf.core.errors import FixSettings, GiveUp, NpfError
from npf.send.claim import Claimed
from npf.warehouse.port import Warehouse
from npf.warehouse.records import OrderStatus

# FM is one old server for all its clients (WEBSERVICE): a few calls at a time.
THREADS = 4


class Answer(msgspec.Struct, frozen=True):
    """What came of one parcel: NPF's order number (empty where FM gave none), or the error in its place.

    `found`: FM had it already, from an earlier try.
    """

    claimed: Claimed
    npf_order_no: str = ""
    found: bool = False
    error: NpfError | None = None


def ask(fm: Warehouse, claimed: Sequence[Claimed]) -> list[Answer]:
    """Look for the parcels that FM was asked for before, send what it does not have."""
    unclear = [one for one in claimed if one.asked_before]
    to_send = [one for one in claimed if not one.asked_before]
    answers: list[Answer] = []
    try:
        there = fm.statuses([one.number for one in unclear]) if unclear else {}
    except FixSettings as error:
        return [Answer(one, error=error) for one in claimed]
    except NpfError as error:
        # Not knowing whether FM has them, sending them could ship them twice.
        return [Answer(one, error=error) for one in unclear] + _send_all(fm, to_send)
    for one in unclear:
        found = there.get(one.number)
        if found is None or not found.known:
            to_send.append(one)
        else:
            answers.append(_adopt(one, found))
    return answers + _send_all(fm, to_send)


def _adopt(one: Claimed, found: OrderStatus) -> Answer:
    """FM's order of this number is ours unless it speaks of articles that we did not ask for."""
    ours = {code.casefold() for code in one.asked_codes}
    theirs = {code for shipment in found.shipments for code, _ in shipment.products} | {c for c, _ in found.backorder}
    strange = sorted(code for code in theirs if code.casefold() not in ours)
    if strange:
        why = f"FM has another order {one.number}: it speaks of {', '.join(strange)}, which this order does not have"
        return Answer(one, error=GiveUp(why, code="fm_differs", field="SalesOrderNo", repair="ask NPF whose it is"))
    return Answer(one, npf_order_no=found.NPFOrderNo, found=True)


def _send_all(fm: Warehouse, claimed: Sequence[Claimed]) -> list[Answer]:
    if len(claimed) < 2:
        return [_send(fm, one) for one in claimed]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda one: _send(fm, one), claimed))


def _send(fm: Warehouse, one: Claimed) -> Answer:
    try:
        return Answer(one, npf_order_no=fm.send(one.document).NPFOrderNo)
    except NpfError as error:
        return Answer(one, error=error)
