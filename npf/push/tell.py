"""Telling BigCommerce: shipments one after the other (fact 145), then the status. Touches no database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce import shipments as bc_shipments
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.records import read_order
from npf.core.errors import GiveUp, NpfError
from npf.push.claim import Claimed
from npf.push.rules import NEVER_OVER, Parcel, matching, new_shipment, status_to_set
from npf.stores.maps import Settings
from npf.stores.visit import Visit

THREADS = 4


class Answer(msgspec.Struct, frozen=True):
    """What came of one order: parcel -> BigCommerce's shipment, which of them were there already, the status."""

    claimed: Claimed
    written: dict[int, int]
    found: frozenset[int] = frozenset()
    status: int | None = None
    error: NpfError | None = None


def tell(at: Visit, claimed: Sequence[Claimed]) -> list[Answer]:
    """Tell BigCommerce of a batch of orders, a few at a time; the shipments of one order never side by side."""
    client, settings = at.bigcommerce, at.settings
    if len(claimed) < 2:
        return [_tell_one(client, settings, one) for one in claimed]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda one: _tell_one(client, settings, one), claimed))


def _tell_one(client: BigCommerce, settings: Settings, one: Claimed) -> Answer:
    written: dict[int, int] = {}
    found: set[int] = set()
    status = None
    try:
        known = _look(client, one)
        for parcel in one.parcels:
            there = matching(parcel, known, [*one.bound, *written.values()])
            if there is not None:
                found.add(parcel.pk)
                written[parcel.pk] = there.id
                continue
            if parcel.doubtful:
                raise _shipped_by_others(parcel)
            written[parcel.pk] = _write(client, settings, one, parcel)
        status = _set_status(client, one, bool(one.parcels))
    except NpfError as error:
        return Answer(one, written, frozenset(found), status, error)
    return Answer(one, written, frozenset(found), status)


def _look(client: BigCommerce, one: Claimed) -> list[bc_shipments.Shipment]:
    """What BigCommerce holds already, asked only where an earlier try had no clear answer (fact 86) or it is
    doubtful.
    """
    if any(parcel.asked_before or parcel.doubtful for parcel in one.parcels):
        return bc_shipments.list_for(client, one.order.bc_order_id)
    return []


def _write(client: BigCommerce, settings: Settings, one: Claimed, parcel: Parcel) -> int:
    return bc_shipments.create(client, one.order.bc_order_id, new_shipment(parcel, settings)).id


def _shipped_by_others(parcel: Parcel) -> GiveUp:
    return GiveUp(
        f"consignment {parcel.tracking_number} would make more units shipped than BigCommerce has left to ship: "
        "somebody shipped or refunded them there",
        code="shipped_by_others",
        field="items",
        repair="compare the shipments in BigCommerce; release it to complete it without writing this one",
    )


def _set_status(client: BigCommerce, one: Claimed, shipped: bool) -> int | None:
    """Write the stage's status. Gives the status that BigCommerce shows now, None where that is not known."""
    if one.wanted is None:
        return None
    wanted = one.wanted
    if shipped and wanted in (2, 3):
        # The shipment may have moved it there itself (fact 85); a needless move can have effects (fact 72).
        now = read_order(bc_orders.read(client, one.order.bc_order_id)).status_id
        if now in NEVER_OVER:
            raise GiveUp(f"BigCommerce shows status {now}", code="stopped_in_bigcommerce", field="status_id")
        if status_to_set(now, wanted) is None:
            return now
    bc_orders.set_status(client, one.order.bc_order_id, wanted)
    return wanted
