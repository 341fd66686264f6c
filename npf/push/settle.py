"""What BigCommerce answered, written down: shipments bound, statuses known, orders complete."""

import re
from collections.abc import Sequence
from datetime import timedelta

from npf.audit.notes import Note, Tag
from npf.core import backoff
from npf.core.errors import GiveUp, NpfError
from npf.core.exchange import Exchange
from npf.orders.models import Order
from npf.orders.move import move
from npf.orders.stages import Stage
from npf.push.rules import STATUS_STAYS
from npf.push.tell import Answer
from npf.shipments.models import Shipment
from npf.stores.kinds import STATUSES
from npf.stores.visit import Visit


def settle(at: Visit, answers: Sequence[Answer]) -> None:
    """Write down every answer of a batch, in one transaction, with the exchanges that led to it."""
    with at.claim():
        notes: list[Note | None] = []
        for answer in answers:
            notes += _settle_one(at, answer)
        at.tell(notes)
        at.notebook.file(_order_of)


def _order_of(exchange: Exchange) -> int | None:
    found = re.search(r"/v2/orders/(\d+)", exchange.what)
    return int(found[1]) if found else None


def _settle_one(at: Visit, answer: Answer) -> list[Note | None]:
    order, now = answer.claimed.order, at.clock.now()
    notes: list[Note | None] = []
    numbers = {parcel.pk: parcel.tracking_number for parcel in answer.claimed.parcels}
    for pk, bc_shipment_id in answer.written.items():
        bound = Shipment.objects.filter(pk=pk, bc_shipment_id__isnull=True)
        if bound.update(bc_shipment_id=bc_shipment_id, pushed_at=now):
            notes.append(_bound(order, numbers[pk], bc_shipment_id, there=pk in answer.found))
            at.count("pushed")
    if answer.status is not None:
        Order.objects.filter(pk=order.pk).update(status_id=answer.status, status_pushed=answer.status)
        order.status_id = answer.status
        text = f"BigCommerce shows {answer.status} {STATUSES[answer.status]}"
        notes.append(Note(Tag.STATUS_PUSHED, text, order.bc_order_id))
    if answer.error is not None:
        notes.append(_failed(at, order, answer.error))
        return notes
    Order.objects.filter(pk=order.pk).update(next_push_at=None, push_failures=0)
    if answer.claimed.finished:
        notes.append(move(order, Stage.COMPLETE, at.clock, reason=_how_it_ended(at, order)))
    return notes


def _bound(order: Order, tracking_number: str, bc_shipment_id: int, *, there: bool) -> Note:
    if there:
        text = f"BigCommerce had {tracking_number} already, from an earlier try: nothing was written again"
        return Note(Tag.SHIPMENT_ADOPTED, text, order.bc_order_id)
    text = f"Tracking {tracking_number} is in BigCommerce, shipment {bc_shipment_id}"
    return Note(Tag.SHIPMENT_PUSHED, text, order.bc_order_id)


def _how_it_ended(at: Visit, order: Order) -> str:
    """What a complete order lacks by the store's own wish; "" = nothing."""
    parts = []
    if Shipment.objects.filter(sales_order__order=order, wanted=False).exists():
        parts.append("its tracking was not written: Update Tracking Number is off")
    if order.status_id in STATUS_STAYS:
        parts.append(f"its status stays {STATUSES[order.status_id]}")
    return "; ".join(parts)


def _failed(at: Visit, order: Order, error: NpfError) -> Note | None:
    at.count("failed")
    if isinstance(error, GiveUp):
        Order.objects.filter(pk=order.pk).update(next_push_at=None)
        at.count("held")
        repair = error.repair or "look at the order in BigCommerce, then retry"
        code = error.code if error.code == "stopped_in_bigcommerce" else "bc_refused"
        return move(order, Stage.HELD, at.clock, reason=str(error), code=code, field=error.field[:80], repair=repair)
    failures = order.push_failures + 1
    delay = getattr(error, "delay", None)
    wait = timedelta(seconds=delay) if delay else backoff.wait(failures, at.outside.rng)
    at_time = at.clock.now() + wait
    Order.objects.filter(pk=order.pk).update(push_failures=failures, next_push_at=at_time)
    shown = at_time.astimezone(at.settings.parameters.zone)
    text = f"BigCommerce was not told yet: {error}. Next try {shown:%d/%m/%Y %H:%M:%S}"
    return Note(Tag.ORDER_RETRY, text, order.bc_order_id)
