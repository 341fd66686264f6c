"""An order that send cannot bring into FM now: held for a person, or put off until its next try."""

from datetime import timedelta

from npf.audit.notes import Note, Tag
from npf.core import backoff
from npf.core.errors import GiveUp, TryLater
from npf.orders.models import Order
from npf.orders.move import move
from npf.orders.stages import Stage
from npf.stores.visit import Visit

# The longest wait in seconds while FM is certain not to have the order. A station stops at the first batch that FM
# does not answer, so trying often costs little, and the orders go out soon after FM is back.
LONGEST_CERTAIN = 300


def hold(at: Visit, order: Order, why: GiveUp) -> Note | None:
    """Hold a new order for the reason of a GiveUp, and count it. None where it is not new any more."""
    if order.stage != Stage.NEW:
        return None
    note = move(
        order,
        Stage.HELD,
        at.clock,
        reason=str(why),
        code=why.code[:40],
        field=why.field[:80],
        repair=why.repair,
        next_attempt_at=None,
    )
    if note is not None:
        at.count("held")
    return note


def put_off(at: Visit, order: Order, error: TryLater) -> Note | None:
    """Write down why a new order is not in FM yet, and when it is tried again. None where it is not new any more."""
    if order.stage != Stage.NEW:
        return None
    at.count("failed")
    attempts = order.attempts + 1
    if error.delay:
        wait = timedelta(seconds=error.delay)
    else:
        longest = 3600 if error.unclear else LONGEST_CERTAIN
        wait = backoff.wait(attempts, at.outside.rng, longest=longest)
    next_try = at.clock.now() + wait
    changed = Order.objects.filter(pk=order.pk, stage=Stage.NEW).update(
        attempts=attempts, next_attempt_at=next_try, reason=str(error), reason_code="try_later"
    )
    if not changed:
        return None
    shown = next_try.astimezone(at.settings.parameters.zone)
    return Note(Tag.ORDER_RETRY, f"Not in FM yet: {error}. Next try {shown:%d/%m/%Y %H:%M:%S}", order.bc_order_id)
