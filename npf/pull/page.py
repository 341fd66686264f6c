"""One page of orders: read, judged, saved."""

from collections.abc import Iterable, Sequence

import msgspec

from npf.audit.notes import Note, Tag
from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce.records import order_id_of, read_order
from npf.core.errors import GiveUp
from npf.orders import gates
from npf.orders.models import Order, SalesOrder
from npf.orders.stages import Stage
from npf.pull import rows
from npf.pull.decide import Known, Pulled, decide
from npf.stores.visit import Visit


def read(at: Visit, raws: Sequence[msgspec.Raw | bytes]) -> list[Pulled]:
    """Read and judge the orders of a page. A row without even a number goes to the store's journal, whole."""
    found: dict[int, Pulled] = {}
    for raw in map(bytes, raws):
        at.count("seen")
        try:
            one = read_one(at, raw)
        except GiveUp as malformed:
            text = f"BigCommerce listed an order without a number: {malformed}"
            at.tell([Note(Tag.ORDER_PULLED, text, data={"raw": raw.decode(errors="replace")})])
            at.count("failed")
            continue
        # The last of two rows of one number is the newer one; a statement takes one row per key.
        found[one.bc_order_id] = one
    return list(found.values())


def read_one(at: Visit, raw: bytes) -> Pulled:
    """Read and judge one order. One that cannot be read is held; one without even a number raises GiveUp."""
    try:
        order = bc_orders.completed(at.bigcommerce, read_order(raw))
    except GiveUp as malformed:
        bc_order_id = order_id_of(raw)
        if bc_order_id is None:
            raise
        return Pulled(bc_order_id, raw, None, gates.unreadable(malformed))
    return Pulled(order.id, raw, order, gates.judge(order, at.settings))


def save(at: Visit, pulled: Iterable[Pulled]) -> None:
    """Save a page in the open transaction: new orders, changed orders; what did not change is not written."""
    page = {one.bc_order_id: one for one in pulled}
    known = _known(at, list(page))
    kept = []
    for number, one in sorted(page.items()):
        decision = decide(number, one.order, one.judgement, known.get(number), at.store.settings_version)
        if decision.write:
            kept.append((one, decision))
            at.count("pulled")
            if decision.moved and decision.stage in (Stage.HELD, Stage.SKIPPED):
                at.count(decision.stage)
    rows.write(at, kept)
    at.tell(note for _, decision in kept for note in decision.notes)


def _known(at: Visit, numbers: list[int]) -> dict[int, Known]:
    """What we hold of these orders, locked until the page is saved so that send cannot claim one meanwhile."""
    found = Order.objects.select_for_update(of=("self",)).filter(store=at.store, bc_order_id__in=numbers)
    asked = set(
        SalesOrder.objects.filter(
            order__store=at.store, order__bc_order_id__in=numbers, asked_at__isnull=False
        ).values_list("order__bc_order_id", flat=True)
    )
    return {
        one.bc_order_id: Known(
            pk=one.pk,
            stage=one.stage,
            reason=one.reason,
            reason_code=one.reason_code,
            field=one.field,
            repair=one.repair,
            date_modified=one.date_modified,
            status_id=one.status_id,
            gated_with=one.gated_with,
            stage_at=one.stage_at,
            asked=one.bc_order_id in asked,
        )
        for one in found
    }
