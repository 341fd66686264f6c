"""What FM says of its orders, written down: shipments once each, stages, holds, the next turn."""

from collections.abc import Sequence
from datetime import timedelta

from npf.audit.notes import Note, Tag
from npf.fm.records import OrderStatus
from npf.follow.despatch import record_shipments
from npf.orders.models import Line, Order, SalesOrder
from npf.orders.move import move
from npf.orders.stages import Stage
from npf.stores.visit import Visit

# FM may not show an order at once; one that it took and then does not know for this long is a matter for a person.
MISSES = 5
LOST_AFTER = timedelta(hours=2)

Turn = tuple[SalesOrder, OrderStatus | None, timedelta]


def settle(at: Visit, turns: Sequence[Turn]) -> None:
    """Write down one answer of FM, in one transaction."""
    with at.claim():
        orders = Order.objects.select_for_update().in_bulk([one.order_id for one, _, _ in turns])
        notes: list[Note | None] = []
        for one, status, wait in turns:
            order = orders[one.order_id]
            if status is None or not status.known:
                notes += _missing(at, order, one)
            else:
                notes += _known(at, order, one, status)
            one.follow_at = at.clock.now() + wait
            one.seen_at = at.clock.now()
        SalesOrder.objects.bulk_update(
            [one for one, _, _ in turns],
            ["npf_order_no", "fm_status", "fm_message", "misses", "seen_at", "follow_at", "finished_at"],
        )
        at.tell(notes)


def _missing(at: Visit, order: Order, one: SalesOrder) -> list[Note | None]:
    one.misses += 1
    assert one.sent_at is not None
    if one.misses < MISSES or at.clock.now() - one.sent_at < LOST_AFTER:
        return []
    reason = f"FM took {one.fm_number} and has not known it in the last {one.misses} looks"
    return [_hold(at, order, reason, "fm_lost", "ask NPF whether it arrived; a retry asks FM, then sends it again")]


def _known(at: Visit, order: Order, one: SalesOrder, status: OrderStatus) -> list[Note | None]:
    one.misses = 0
    one.npf_order_no = one.npf_order_no or status.NPFOrderNo
    notes: list[Note | None] = []
    news = (status.status, status.message)
    if news != (one.fm_status, one.fm_message):
        one.fm_status, one.fm_message = status.status[:80], status.message
        said = ": ".join(word for word in (status.status or "no status", status.message) if word)
        notes.append(Note(Tag.FM_STATUS, f"FM says {said}", order.bc_order_id))
        at.count("followed")
    seen = record_shipments(at, order, one, status)
    notes += seen.notes
    if seen.notes and _may_move(order):
        Order.objects.filter(pk=order.pk).update(next_push_at=at.clock.now())
    return notes + _stage(at, order, one, status, shipped=seen.anything, all_shipped=seen.all_shipped)


def _stage(
    at: Visit, order: Order, one: SalesOrder, status: OrderStatus, *, shipped: bool, all_shipped: bool
) -> list[Note | None]:
    if all_shipped:
        one.finished_at = at.clock.now()
    if order.stage == Stage.NEW or not _may_move(order):
        return []
    if all_shipped:
        return [_on(at, order, Stage.PROCESSING, "all of it has left NPF")]
    match status.status:
        case "CANCEL":
            return _cancelled(at, order, one, status)
        case "ERROR":
            reason = "; ".join(error.detail or error.code for error in status.errors) or status.message
            return [_hold(at, order, f"FM cannot ship it: {reason}", "fm_error", "mend it at NPF, then retry")]
        case "HOLD":
            repair = "ask NPF; it goes on by itself when FM lets go of it"
            return [_hold(at, order, f"FM holds it: {status.message or 'no reason given'}", "fm_hold", repair)]
        case "BACKORDER" | "PARTIAL BACKORDER":
            owed = ", ".join(f"{quantity} x {code}" for code, quantity in status.backorder) or "not said which"
            return [_on(at, order, Stage.PROCESSING, f"back-ordered: {owed}")]
        case "SHIPPED" if shipped and all(shipment.ConsignmentNo for shipment in status.shipments):
            missing = _missing_units(one)
            reason = f"FM says shipped, but {missing} has not left"
            return [_hold(at, order, reason, "fm_short", "ask NPF; release it if nothing more will come")]
        case "SHIPPED":
            return [_on(at, order, Stage.PROCESSING, "FM says shipped and gives no tracking number yet")]
    if shipped:
        return [_on(at, order, Stage.PROCESSING, "part of it has left NPF")]
    if order.stage == Stage.HELD:
        return [_on(at, order, Stage.PENDING, "FM goes on with it")]
    return []


def _may_move(order: Order) -> bool:
    """A hold that FM caused ends when FM goes on; any other hold, and what is finished, is not FM's to move."""
    if order.stage == Stage.HELD:
        return order.reason_code.startswith("fm_")
    return order.stage in (Stage.PENDING, Stage.PROCESSING)


def _on(at: Visit, order: Order, to: str, reason: str) -> Note | None:
    if order.stage == to and order.reason == reason:
        return None
    if order.stage == Stage.PROCESSING and to == Stage.PENDING:
        return None
    return move(order, to, at.clock, reason=reason, next_push_at=at.clock.now())


def _hold(at: Visit, order: Order, reason: str, code: str, repair: str) -> Note | None:
    if order.stage == Stage.HELD and order.reason == reason:
        return None
    if not _may_move(order):
        return None
    at.count("held", 0 if order.stage == Stage.HELD else 1)
    return move(order, Stage.HELD, at.clock, reason=reason, code=code, repair=repair)


def _cancelled(at: Visit, order: Order, one: SalesOrder, status: OrderStatus) -> list[Note | None]:
    one.finished_at = at.clock.now()
    reason = f"FM cancelled it: {status.message or 'no reason given'}"
    others = SalesOrder.objects.filter(order=order).exclude(pk=one.pk)
    if others.exists():
        return [_hold(at, order, f"{one.fm_number}: {reason}", "fm_cancel", "its other addresses go on; ask NPF")]
    return [move(order, Stage.CANCELLED, at.clock, reason=reason, code="fm_cancel")]


def _missing_units(one: SalesOrder) -> str:
    lines = Line.objects.filter(sales_lines__sales_order=one).distinct()
    short = [f"{line.quantity - line.despatched} x {line.sku}" for line in lines if line.despatched < line.quantity]
    return ", ".join(short) or "some of it"
