"""What NPF's floor answers of an order that BigCommerce stopped or changed after FM had it, and what follows from it.

    stopped    it is Cancelled. Its sales orders are followed no more
    ship       it goes on as FM has it: the same changes do not hold it again, others do. What BigCommerce shows as
               cancelled or refunded, or has no more, is not told to it, and ends as Cancelled once it has left
    resend     its numbers are void; pull reads it anew, and what has not left goes to FM under a new number, -R2

A number that is void and leaves after all holds its order again (follow/watch.py); then `ship` lets both go, `stopped`
ends it, and there is nothing to resend.
"""

from collections.abc import Sequence

from django.db.models import F

from npf.core.clock import Clock
from npf.core.errors import GiveUp
from npf.desk.answers import ASK_FOR_ONE, OUTCOMES
from npf.desk.going_on import TO_THE_GATES, asked, go_on, live, to_the_gates, unfinished
from npf.orders import changes
from npf.orders.changes import Change
from npf.orders.models import Difference, Line, Order
from npf.orders.move import move
from npf.orders.stages import SENT_TWICE, STOPPED_STATUSES, Stage
from npf.shipments.models import Shipment
from npf.stores.kinds import STATUSES


def decide(order: Order, outcome: str, by: str, clock: Clock) -> str:
    """Carry one out over a held order that is locked. Returns a sentence; raises GiveUp where it cannot be."""
    if order.reason_code not in ASK_FOR_ONE:
        raise GiveUp(
            f"order {order} is held for something else ({order.reason}): {', '.join(OUTCOMES)} are answers of NPF's "
            "floor to a cancelled or changed order",
            code="wrong_outcome",
            field="outcome",
            repair="release or retry it instead",
        )
    match outcome:
        case "stopped":
            return _stopped(order, by, clock)
        case "ship":
            return _ship(order, by, clock)
        case "resend":
            return _resend(order, by, clock)
    raise GiveUp(f"“{outcome}” is no outcome: choose {', '.join(OUTCOMES)}", code="wrong_outcome", field="outcome")


def why_not_resend(order: Order) -> str:
    """Why an order cannot be sent again under a new number; "" = it can."""
    if order.reason_code == SENT_TWICE:
        return "it was sent again already, and the old number has left"
    if order.status_id in STOPPED_STATUSES:
        shown = f"{order.status_id} {STATUSES.get(order.status_id, '')}".strip()
        return f"BigCommerce shows {shown}: give it another status there first"
    difference = Difference.objects.filter(order=order).first()
    differs = changes.read(difference.changes if difference else [])
    if changes.IS_GONE in differs:
        return "BigCommerce has it no more"
    if changes.IS_ARCHIVED in differs:
        return "BigCommerce has it archived: restore it there first"
    untold = Shipment.objects.filter(sales_order__order=order, wanted=True, bc_shipment_id__isnull=True)
    if order.next_push_at is not None and untold.exists():
        return "BigCommerce is not told yet of what has left NPF; after the next push it can be"
    if not any(_left_to_send(order, differs)):
        return "NPF has shipped all of it, so nothing is left to send again"
    return ""


def _left_to_send(order: Order, differs: Sequence[Change]) -> list[int]:
    """Units, line by line, that BigCommerce wants now and that have not left."""
    now = {one.id: int(one.now) for one in differs if one.field == "units"}
    left = {}
    for line in Line.objects.filter(order=order, type="physical"):
        wanted = line.quantity - line.quantity_refunded if line.wanted is None else line.wanted
        gone = max(line.despatched + line.left_before, line.quantity_shipped)
        left[line.order_product_id] = max(0, now.pop(line.order_product_id, wanted) - gone)
    return [*left.values(), *now.values()]


def _stopped(order: Order, by: str, clock: Clock) -> str:
    unfinished(order).update(finished_at=clock.now())
    move(order, Stage.CANCELLED, clock, reason=f"stopped at NPF, says {by}", next_push_at=None)
    return "It is Cancelled"


def _ship(order: Order, by: str, clock: Clock) -> str:
    if order.reason_code == SENT_TWICE:
        if asked(order):
            return go_on(order, clock, f"both numbers go out, says {by}")
        return to_the_gates(order, clock, f"the old number has left, and the new one is to go too, says {by}")
    stopped = order.status_id if order.status_id in STOPPED_STATUSES else None
    difference = Difference.objects.filter(order=order).first() or Difference(order=order)
    difference.accepted, difference.reason = difference.changes, ""
    difference.status_accepted, difference.seen_at = stopped, clock.now()
    difference.save()
    says = go_on(order, clock, f"it ships as FM has it, says {by}")
    if stopped is not None:
        return f"{says}. BigCommerce is told nothing of it while it shows it stopped"
    if changes.IS_GONE in changes.read(difference.changes):
        return f"{says}. BigCommerce has it no more, so nobody is told of it there; it ends as Cancelled"
    return says


def _resend(order: Order, by: str, clock: Clock) -> str:
    if why := why_not_resend(order):
        raise GiveUp(f"order {order} cannot be sent again: {why}", code="no_resend", field="outcome")
    now = clock.now()
    live(order).filter(asked_at__isnull=True).delete()
    live(order).update(voided_at=now, follow_at=now)
    Line.objects.filter(order=order).update(
        left_before=F("left_before") + F("despatched"), despatched=0, asked=0, wanted=None, rides_with=None
    )
    Difference.objects.filter(order=order).delete()
    # Without a digest, pull reads it anew and sends what BigCommerce shows now (pull/regate.py).
    move(
        order,
        Stage.HELD,
        clock,
        reason=f"it goes to FM under a new number, says {by}, as BigCommerce shows it at the next pull",
        code=TO_THE_GATES,
        repair="pull",
        digest="",
        gated_with=0,
        resent=order.resent + 1,
        attempts=0,
        next_attempt_at=None,
    )
    return f"The old number is void. It is read anew, and goes to FM as …-R{order.resent + 1}"
