"""What BigCommerce answered, written down: shipments bound, statuses known, orders complete."""

import re
from collections.abc import Sequence
from datetime import timedelta

from npf.audit.notes import Note, Tag
from npf.core import backoff
from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.core.exchange import Exchange
from npf.orders import changes
from npf.orders.models import Difference, Order
from npf.orders.move import move
from npf.orders.stages import CHANGED, SENT_TWICE, STOPPED, Stage
from npf.push.rules import Parcel, named, status_stays, web_address
from npf.push.tell import Answer
from npf.shipments.models import Shipment
from npf.stores.visit import Visit

# Holds whose release means something of its own (desk/decisions.py); any other refusal is tried again.
_KNOWN_HOLDS = frozenset({STOPPED, CHANGED, "shipped_by_others"})
# Holds over more than what BigCommerce refuses.
_NOT_HIDDEN = frozenset({CHANGED, SENT_TWICE, "fm_cancel"})


def settle(at: Visit, answers: Sequence[Answer]) -> None:
    """Write down every answer of a batch, in one transaction, with the exchanges that led to it.

    Counts `pushed` (orders that BigCommerce was told something of), `held`, `failed`.
    """
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
    order = answer.claimed.order
    notes: list[Note | None] = [*_bind(at, answer), *_note_status(at, answer)]
    if notes:
        at.count("pushed")
    if answer.error is not None:
        _unmark(answer)
        return [*notes, _failed(at, order, answer.error)]
    if answer.unconfirmed:
        return notes
    if answer.claimed.finished:
        _leave_out(order)
        lacks = _what_it_lacks(at, order)
        return [*notes, move(order, Stage.COMPLETE, at.clock, reason=lacks, next_push_at=None, push_failures=0)]
    # Follow may have found more to tell while we were telling: then it has set another time, and that one stays.
    unchanged = Order.objects.filter(pk=order.pk, next_push_at=order.next_push_at)
    unchanged.update(next_push_at=None, push_failures=0)
    return notes


def _bind(at: Visit, answer: Answer) -> list[Note]:
    now = at.clock.now()
    bound = []
    for parcel in answer.claimed.parcels:
        bc_shipment_id = answer.written.get(parcel.pk)
        if bc_shipment_id is None:
            continue
        unbound = Shipment.objects.filter(pk=parcel.pk, bc_shipment_id__isnull=True)
        if unbound.update(bc_shipment_id=bc_shipment_id, pushed_at=now):
            bound.append(_bound(at, answer, parcel, bc_shipment_id))
    return bound


def _bound(at: Visit, answer: Answer, parcel: Parcel, bc_shipment_id: int) -> Note:
    number, order = parcel.tracking_number, answer.claimed.order.bc_order_id
    if parcel.pk in answer.found:
        text = f"BigCommerce had {number} already, as shipment {bc_shipment_id}: nothing was written again"
        return Note(Tag.SHIPMENT_ADOPTED, text, order)
    text = f"Tracking {number} is in BigCommerce, shipment {bc_shipment_id}"
    if at.settings.parameters.update_tracking_url and parcel.tracking_link and not web_address(parcel.tracking_link):
        text += ", without FM's link: BigCommerce would not take it"
    return Note(Tag.SHIPMENT_PUSHED, text, order)


def _unmark(answer: Answer) -> None:
    """What was claimed and certainly not asked for, or refused, needs no look the next time."""
    parcels = answer.claimed.parcels
    certain = [one.pk for one in parcels if one.asked_at is None and one.pk != answer.lost]
    Shipment.objects.filter(pk__in=certain, bc_shipment_id__isnull=True).update(asked_at=None)


def _note_status(at: Visit, answer: Answer) -> list[Note]:
    order, status_id = answer.claimed.order, answer.status
    if status_id is None:
        return []
    order.status_id = status_id
    order.status_seen_at = at.clock.now()
    if status_id == answer.claimed.wanted:
        order.status_pushed = status_id
    order.save(update_fields=["status_id", "status_seen_at", "status_pushed"])
    return [Note(Tag.STATUS_PUSHED, f"BigCommerce shows {named(status_id)}", order.bc_order_id)]


def _leave_out(order: Order) -> None:
    """What left and BigCommerce wanted none of any more: it never is told."""
    untold = Shipment.objects.filter(sales_order__order=order, bc_shipment_id__isnull=True, wanted=True)
    untold.filter(lines__isnull=False).update(wanted=False)


def _what_it_lacks(at: Visit, order: Order) -> str:
    """What BigCommerce does not show of a complete order, and why; "" = nothing."""
    parts = []
    if Shipment.objects.filter(sales_order__order=order, wanted=False).exists():
        off = not at.settings.parameters.update_tracking_number
        parts.append("its tracking was not written" + (": Update Tracking Number is off" if off else ""))
    if status_stays(order.status_id):
        parts.append(f"its status stays {named(order.status_id)}")
    return "; ".join(parts)


def _failed(at: Visit, order: Order, error: NpfError) -> Note | None:
    """Hold the order, or set its next try. A wrong setting pauses the store, and its orders wait as they are."""
    at.count("failed")
    if isinstance(error, GiveUp):
        return _hold(at, order, error)
    if isinstance(error, FixSettings):
        return None
    failures = order.push_failures + 1
    delay = error.delay if isinstance(error, TryLater) else None
    next_try = at.clock.now() + (timedelta(seconds=delay) if delay else backoff.wait(failures, at.outside.rng))
    Order.objects.filter(pk=order.pk, next_push_at__isnull=False).update(push_failures=failures, next_push_at=next_try)
    shown = next_try.astimezone(at.settings.parameters.zone)
    text = f"BigCommerce was not told yet: {error}. Next try {shown:%d/%m/%Y %H:%M:%S}"
    return Note(Tag.ORDER_RETRY, text, order.bc_order_id)


def _hold(at: Visit, order: Order, why: GiveUp) -> Note | None:
    waits_for = order.reason_code if order.stage == Stage.HELD else ""
    if why.code == "not_found":
        why = _gone(at, order)
    if waits_for in _NOT_HIDDEN and why.code not in (STOPPED, waits_for):
        # What is refused is tried again when it goes on.
        Order.objects.filter(pk=order.pk).update(next_push_at=None)
        text = f"BigCommerce was not told, and is asked again when it goes on: {why}"
        return Note(Tag.ORDER_RETRY, text, order.bc_order_id)
    note = move(
        order,
        Stage.HELD,
        at.clock,
        reason=str(why),
        code=why.code if why.code in _KNOWN_HOLDS else "bc_refused",
        field=why.field[:80],
        repair=why.repair or "look at the order in BigCommerce, then retry",
        next_push_at=None,
    )
    if note is not None:
        at.count("held")
    return note


def _gone(at: Visit, order: Order) -> GiveUp:
    """BigCommerce has the order no more (fact 146): what pull would find tonight, found now."""
    row = Difference.objects.filter(order=order).first() or Difference(order=order)
    found = [one for one in changes.read(row.changes) if one.field != changes.PLACE] + [changes.IS_GONE]
    fresh = [one for one in found if one.matters and one not in changes.read(row.accepted)]
    row.changes, row.reason, row.seen_at = changes.write(found), changes.reason(fresh), at.clock.now()
    row.save()
    return GiveUp(row.reason, code=CHANGED, repair=changes.CHOOSE)
