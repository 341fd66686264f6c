"""hold = stop it here; retry = the cause is mended, try again; release = let go of the hold and accept its cause.

What a hold's release means stands in its `reason_code`:

    by_hand                   it goes on where it stood
    gate:...                  it is judged again with today's settings, as with retry
    stopped_in_bigcommerce    NPF's floor stopped it: it becomes Cancelled
    fm_has_it                 FM's order is this one: it is adopted
    fm_short                  nothing more will come: it is completed with what has left
    shipped_by_others         BigCommerce was told by others: it is completed without writing the rest
"""

from collections.abc import Callable

from django.db import transaction

from npf.audit.journal import write
from npf.audit.notes import Note, Tag
from npf.core.clock import Clock
from npf.core.errors import FixSettings, GiveUp
from npf.orders.models import Order, SalesOrder
from npf.orders.move import move
from npf.orders.stages import Stage, may_move
from npf.shipments.models import Shipment
from npf.stores.models import Cursor, Store

BY_HAND = "by_hand"


def find(store: Store, bc_order_id: int) -> Order:
    """The order of that BigCommerce number. Raises FixSettings where it was never pulled."""
    order = Order.objects.filter(store=store, bc_order_id=bc_order_id).first()
    if order is None:
        raise FixSettings(
            f"order {bc_order_id} of {store.name} was never pulled",
            parameter="ID",
            cure=f"npf explain {store.name} {bc_order_id} says why; npf pull with --order pulls it",
        )
    return order


def hold(order: Order, by: str, clock: Clock, why: str = "") -> str:
    """Stop an order here until somebody releases it. Returns a sentence. Raises GiveUp where it cannot be held."""
    if not may_move(order.stage, Stage.HELD):
        raise GiveUp(f"order {order} is {order.stage}: there is nothing to hold", code="wrong_stage")
    reason = f"held by {by}" + (f": {why}" if why else "")

    def do() -> str:
        move(order, Stage.HELD, clock, reason=reason, code=BY_HAND, repair="release it", next_push_at=None)
        if SalesOrder.objects.filter(order=order, asked_at__isnull=False).exists():
            return "Held here. FM has it: ask NPF's floor to stop it there"
        return "Held here. FM does not have it"

    return _decide(order, by, clock, Tag.PERSON_HELD, do)


def retry(order: Order, by: str, clock: Clock) -> str:
    """Try again what failed. Returns a sentence that says what happens next. Raises GiveUp where nothing failed."""
    if order.stage in (Stage.COMPLETE, Stage.CANCELLED, Stage.SKIPPED):
        raise GiveUp(f"order {order} is {order.stage}: there is nothing to try again", code="wrong_stage")

    def do() -> str:
        if order.stage == Stage.HELD:
            return _retry_held(order, clock)
        Order.objects.filter(pk=order.pk).update(next_attempt_at=None)
        Order.objects.filter(pk=order.pk, next_push_at__isnull=False).update(next_push_at=clock.now())
        SalesOrder.objects.filter(order=order, finished_at__isnull=True).update(follow_at=clock.now())
        return "It is tried again at once"

    return _decide(order, by, clock, Tag.PERSON_RETRIED, do)


def release(order: Order, by: str, clock: Clock) -> str:
    """Let go of a hold. Returns a sentence that says what happens next. Raises GiveUp where it is not held."""
    if order.stage != Stage.HELD:
        raise GiveUp(f"order {order} is {order.stage}, not held", code="wrong_stage")

    def do() -> str:
        match order.reason_code:
            case "stopped_in_bigcommerce":
                SalesOrder.objects.filter(order=order).update(finished_at=clock.now())
                move(order, Stage.CANCELLED, clock, reason=f"stopped at NPF, says {by}", next_push_at=None)
                return "It is Cancelled"
            case "fm_short":
                SalesOrder.objects.filter(order=order).update(finished_at=clock.now())
                move(order, Stage.PROCESSING, clock, reason="nothing more will come", next_push_at=clock.now())
                return "It is completed with what has left NPF"
            case "shipped_by_others":
                Shipment.objects.filter(sales_order__order=order, bc_shipment_id__isnull=True).update(wanted=False)
                move(order, Stage.PROCESSING, clock, reason="others told BigCommerce", next_push_at=clock.now())
                return "It is completed without writing the rest to BigCommerce"
        return _retry_held(order, clock)

    return _decide(order, by, clock, Tag.PERSON_RELEASED, do)


def _retry_held(order: Order, clock: Clock) -> str:
    if order.reason_code.startswith("gate:"):
        # Pull judges it again from its record; what it finds is today's answer.
        Order.objects.filter(pk=order.pk).update(gated_with=0)
        Cursor.objects.filter(store=order.store_id).update(gated_with=0)
        return "It passes the gates again at the next pull"
    if order.reason_code == "fm_lost":
        # FM is asked for the number once more before anything is sent (asked_at stays).
        SalesOrder.objects.filter(order=order, finished_at__isnull=True).update(sent_at=None, misses=0)
    stage = _where_it_stood(order)
    now = clock.now()
    move(order, stage, clock, attempts=0, next_attempt_at=None, push_failures=0, next_push_at=now)
    SalesOrder.objects.filter(order=order, finished_at__isnull=True).update(follow_at=now)
    return {
        Stage.NEW: "It goes to FM at the next send",
        Stage.PENDING: "It is followed on at FM",
        Stage.PROCESSING: "BigCommerce is told at the next push",
    }[stage]


def _where_it_stood(order: Order) -> Stage:
    rows = SalesOrder.objects.filter(order=order)
    if not rows.exists() or rows.filter(sent_at__isnull=True).exists():
        return Stage.NEW
    if Shipment.objects.filter(sales_order__order=order).exists():
        return Stage.PROCESSING
    return Stage.PENDING


def _decide(order: Order, by: str, clock: Clock, tag: Tag, do: Callable[[], str]) -> str:
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=order.pk)
        before = order.reason
        says = do()
        text = f"{by}: {says}" + (f" (it was held: {before})" if before and tag != Tag.PERSON_HELD else "")
        write(order.store_id, by, clock.now(), [Note(tag, text, order.bc_order_id)])
    return says
