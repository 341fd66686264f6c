"""The text for NPF's floor: FM has no call to cancel or change an order, so a person asks another (WEBSERVICE)."""

from collections.abc import Iterator

from npf.desk.compare import side_by_side
from npf.orders.models import Order, SalesOrder
from npf.orders.stages import CHANGED, SENT_TWICE, STOPPED, Stage
from npf.shipments.models import Shipment
from npf.stores.kinds import STATUSES
from npf.stores.parameters import parameters

_ASKS = {
    STOPPED: "Please stop this order: it must not leave.",
    CHANGED: "Please stop this order, or change it as below: the shop changed it after you had it.",
    SENT_TWICE: "Please stop this order if it has not left: the same goods have left under another number.",
}


def text(order: Order) -> str:
    """What to hand to the floor, plain text; "" where there is nothing to ask."""
    if order.stage != Stage.HELD or order.reason_code not in _ASKS:
        return ""
    return "\n".join([_ASKS[order.reason_code], "", *_numbers(order), "", *_why(order), *_both(order), *_answer(order)])


def _numbers(order: Order) -> Iterator[str]:
    yield f"Client: {order.store.fm.client_code}"
    zone = parameters(order.store.parameters).zone
    rows = SalesOrder.objects.filter(order=order, voided_at__isnull=True, asked_at__isnull=False).order_by("pk")
    for row in rows:
        yield f"FM number: {row.fm_number}" + (f", NPF number: {row.npf_order_no}" if row.npf_order_no else "")
        if row.seen_at:
            said = ": ".join(filter(None, (row.fm_status or "no status yet", row.fm_message)))
            yield f"  FM's last word: {said} ({row.seen_at.astimezone(zone):%d/%m/%Y %H:%M})"
        for parcel in Shipment.objects.filter(sales_order=row).order_by("pk"):
            units = ", ".join(f"{number} x {code}" for code, number in parcel.codes.items())
            yield f"  Left already: {units}, consignment {parcel.consignment_no}"


def _why(order: Order) -> Iterator[str]:
    if order.reason_code == STOPPED and order.status_id is not None:
        yield f"Why: the shop shows it as {STATUSES.get(order.status_id, order.status_id)}."
    elif order.reason_code == SENT_TWICE:
        yield f"Why: {order.reason}."


def _both(order: Order) -> Iterator[str]:
    for side in side_by_side(order):
        changed = [row for row in side.rows if row.changed]
        if not changed:
            continue
        yield f"{side.title} (you have -> the shop shows now)"
        for row in changed:
            why = f" ({row.why})" if row.why else ""
            yield f"  {row.name}: {row.had or 'nothing'} -> {row.now or 'nothing'}{why}"


def _answer(order: Order) -> Iterator[str]:
    yield ""
    yield "Please answer: stopped, changed, or too late."
    yield f"{order.store.merchant or order.store.name}, BigCommerce order {order.bc_order_id}"
