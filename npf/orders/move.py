"""The one way to move an order to another stage."""

from typing import Any

from npf.audit.notes import Note, Tag
from npf.core.clock import Clock
from npf.orders.models import Order
from npf.orders.stages import Stage, may_move


def move(
    order: Order,
    to: str,
    clock: Clock,
    *,
    reason: str = "",
    code: str = "",
    field: str = "",
    repair: str = "",
    **columns: Any,
) -> Note | None:
    """Move an order, if it still stands where `order` says. Returns the note for the timeline, None where it had moved.

    A conditional UPDATE, so that of two workers that decide at once only one does it. `columns` are set in the same
    statement. A move that the table does not allow is a fault of the code and raises ValueError.
    """
    if not may_move(order.stage, to):
        raise ValueError(f"order {order.bc_order_id} may not move from {order.stage} to {to}")
    before = order.stage
    values = {
        "stage": to,
        "reason": reason,
        "reason_code": code,
        "field": field,
        "repair": repair,
        **columns,
    }
    if before != to:
        values["stage_at"] = clock.now()
    changed = Order.objects.filter(pk=order.pk, stage=before).update(**values)
    if not changed:
        return None
    for name, value in values.items():
        setattr(order, name, value)
    if before == to and to != Stage.HELD:
        return None
    if to == Stage.HELD:
        return Note(Tag.ORDER_HELD, f"Held: {reason}", order.bc_order_id, {"code": code, "field": field})
    text = f"{before.capitalize()} -> {to.capitalize()}" + (f": {reason}" if reason else "")
    return Note(Tag.ORDER_STAGE, text, order.bc_order_id)
