"""Telling BigCommerce: shipments one after the other (fact 145), then the status. Touches no database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import msgspec

from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce import shipments as bc_shipments
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.records import read_order
from npf.core.clock import Clock
from npf.core.errors import NpfError, TryLater
from npf.orders.stages import STOPPED_STATUSES
from npf.push.claim import Claimed
from npf.push.rules import (
    Parcel,
    Units,
    fits,
    matching,
    may_be_there_by_itself,
    new_shipment,
    plus,
    shipped_by_others,
    status_to_set,
    stopped,
    units,
)
from npf.stores.maps import Settings
from npf.stores.visit import Visit

THREADS = 4
# No write begins later than this after its claim: the lease (10 minutes) may run out while the quota makes us wait, or
# while the process is frozen, and then another worker looks, sees nothing, and writes.
BEGUN_WITHIN = timedelta(minutes=4)
# The write of a process that was killed may still be under way: a look that finds nothing so soon proves nothing.
QUIET = timedelta(seconds=3)


class Answer(msgspec.Struct, kw_only=True):
    """What came of one order: parcel -> BigCommerce's shipment, which of them were there already, the parcel whose
    answer was lost, the status that BigCommerce shows now (None = as claimed), and what stopped it.

    `unconfirmed`: a shipment was written that may have set the wanted status by itself, so look before setting it.
    """

    claimed: Claimed
    written: dict[int, int] = {}
    found: set[int] = set()
    lost: int | None = None
    status: int | None = None
    unconfirmed: bool = False
    error: NpfError | None = None


def tell(at: Visit, claimed: Sequence[Claimed], claimed_at: datetime) -> list[Answer]:
    """Tell BigCommerce of a batch of orders, a few at a time; the shipments of one order never side by side.

    `claimed_at` is a moment before the claim.
    """
    if not claimed:
        return []
    teller = _Teller(at.bigcommerce, at.settings, at.clock, claimed_at + BEGUN_WITHIN)
    teller.let_settle(claimed)
    with ThreadPoolExecutor(min(THREADS, len(claimed))) as pool:
        return list(pool.map(teller.tell, claimed))


class _Teller:
    """The telling of one batch; safe to use from threads."""

    def __init__(self, client: BigCommerce, settings: Settings, clock: Clock, until: datetime) -> None:
        self.client = client
        self.settings = settings
        self.clock = clock
        self.until = until

    def let_settle(self, claimed: Sequence[Claimed]) -> None:
        """Wait until a look can be trusted that must show what an earlier try did."""
        asked = [parcel.asked_at for one in claimed for parcel in one.parcels if parcel.asked_at]
        if asked:
            # Another machine's clock may be ahead of ours.
            self.clock.sleep(min(QUIET, max(asked) + QUIET - self.clock.now()).total_seconds())

    def tell(self, one: Claimed) -> Answer:
        answer = Answer(claimed=one)
        try:
            self._ship(one, answer)
            self._set_status(one, answer)
        except NpfError as error:
            answer.error = error
        return answer

    def _ship(self, one: Claimed, answer: Answer) -> None:
        number = one.order.bc_order_id
        looked = any(parcel.asked_at or parcel.doubtful for parcel in one.parcels)
        theirs = bc_shipments.list_for(self.client, number) if looked else []
        shipped = units(theirs)
        for parcel in one.parcels:
            there = matching(parcel, theirs, [*one.bound, *answer.written.values()])
            if there is not None:
                answer.found.add(parcel.pk)
                answer.written[parcel.pk] = there.id
                continue
            if looked:
                shipped = _beside(shipped, parcel, one.to_ship)
            self._write(number, parcel, answer)

    def _write(self, bc_order_id: int, parcel: Parcel, answer: Answer) -> None:
        new = new_shipment(parcel, self.settings)
        self._in_time()
        try:
            answer.written[parcel.pk] = bc_shipments.create(self.client, bc_order_id, new).id
        except TryLater as error:
            if error.unclear:
                answer.lost = parcel.pk
            raise

    def _set_status(self, one: Claimed, answer: Answer) -> None:
        number, wanted = one.order.bc_order_id, one.wanted
        if wanted is None:
            return
        if may_be_there_by_itself(wanted):
            if answer.written:
                answer.unconfirmed = True
                return
            # What a shipment did stands in the list of what changed; where that lags (fact 139), the order is read.
            if one.bound and not one.seen and not self._still_to_set(number, wanted, answer):
                return
        self._in_time()
        bc_orders.set_status(self.client, number, wanted)
        answer.status = wanted

    def _still_to_set(self, number: int, wanted: int, answer: Answer) -> bool:
        now = answer.status = read_order(bc_orders.read(self.client, number)).status_id
        if now in STOPPED_STATUSES:
            raise stopped(now)
        return status_to_set(now, wanted) is not None

    def _in_time(self) -> None:
        if self.clock.now() > self.until:
            raise TryLater("it did not come to its turn in time")


def _beside(shipped: Units, parcel: Parcel, to_ship: Units) -> Units:
    """What is shipped with this parcel. Raises GiveUp where that is more than there is to ship (fact 87)."""
    if not fits(parcel.items, shipped, to_ship):
        raise shipped_by_others(parcel)
    return plus(shipped, parcel.items)
