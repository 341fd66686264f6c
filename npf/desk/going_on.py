"""How a hold ends: what lets an order go on, wherever its rows say that it stands."""

from django.db.models import QuerySet

from npf.core.clock import Clock
from npf.orders.changes import CHOOSE
from npf.orders.models import Difference, Order, SalesOrder
from npf.orders.move import move
from npf.orders.stages import BY_HAND, CHANGED, SENT_TWICE, Stage
from npf.shipments.standing import stands

# A hold that only waits for the gates: pull judges the order at its next run.
TO_THE_GATES = "gate:again"


def go_on(order: Order, clock: Clock, reason: str = "") -> str:
    """Let the order stand where its rows say that it stands. Returns what happens next, as a sentence.

    What BigCommerce changed meanwhile, under another hold, holds it now.
    """
    stage = stands([order.pk])[order.pk]
    changed = Difference.objects.filter(order=order).exclude(reason="").first()
    if changed is not None and stage != Stage.CANCELLED:
        move(order, Stage.HELD, clock, reason=changed.reason, code=CHANGED, repair=CHOOSE, attempts=0)
        return f"It is held for another reason now: {changed.reason}"
    says = _says(order, stage)
    move(order, stage, clock, reason=reason, attempts=0, push_failures=0)
    at_once(order, clock)
    if stage in (Stage.PENDING, Stage.PROCESSING):
        Order.objects.filter(pk=order.pk).update(next_push_at=clock.now())
    return says


def _says(order: Order, stage: Stage) -> str:
    if stage == Stage.NEW:
        return "It goes to FM at the next send"
    if stage == Stage.CANCELLED:
        return "It is Cancelled: FM has cancelled it"
    if stage == Stage.PENDING:
        return "It is followed on at FM"
    if unfinished(order).exists():
        return "It is followed on at FM, and BigCommerce is told of what has left NPF"
    return "It is completed with what has left NPF"


def to_the_gates(order: Order, clock: Clock, reason: str) -> str:
    """Let pull judge the order again from its record; what it finds is today's answer."""
    if order.reason_code in (BY_HAND, SENT_TWICE):
        move(order, Stage.HELD, clock, reason=reason, code=TO_THE_GATES, repair="pull", attempts=0)
    Order.objects.filter(pk=order.pk).update(gated_with=0)
    return "It passes the gates again at the next pull"


def at_once(order: Order, clock: Clock) -> None:
    """Let whatever of it waits for its next try wait no longer."""
    now = clock.now()
    Order.objects.filter(pk=order.pk).update(next_attempt_at=None)
    Order.objects.filter(pk=order.pk, next_push_at__isnull=False).update(next_push_at=now)
    unfinished(order).filter(sent_at__isnull=False).update(follow_at=now)


def asked(order: Order) -> bool:
    """Whether FM was asked for it under a live number."""
    return live(order).filter(asked_at__isnull=False).exists()


def unfinished(order: Order) -> QuerySet[SalesOrder]:
    """Its live sales orders that FM has not finished."""
    return live(order).filter(finished_at__isnull=True)


def live(order: Order) -> QuerySet[SalesOrder]:
    """Its sales orders that are not void."""
    return SalesOrder.objects.filter(order=order, voided_at__isnull=True)
