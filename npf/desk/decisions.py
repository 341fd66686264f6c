"""hold = stop it here; retry = the cause is mended, try again; release = let go of the hold and accept its cause.

What a hold's release means stands in its `reason_code`; with any other code it is what a retry is:

    by_hand                   it goes on where it stood; before FM was asked, it passes the gates again
    stopped_in_bigcommerce    NPF's floor stopped it: it becomes Cancelled
    fm_has_it                 FM's order is this one: it is adopted
    fm_short                  nothing more will come: it is completed with what has left
    fm_cancel                 it goes on with what FM has not cancelled
    shipped_by_others         BigCommerce was told by others: it is completed without writing the rest

What a retry means:

    by_hand                   nothing: only a release ends it
    gate:...                  it is judged again with today's settings
    fm_has_it, fm_differs     FM's order is another one: what it refused counts as never asked for
    fm_lost                   FM is asked for the number, then sent what it does not know, if nothing of that has left
    stopped_in_bigcommerce    it goes on, once BigCommerce shows another status
    any other                 it goes on where it stood: to FM, with FM, or to BigCommerce
"""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import QuerySet

from npf.audit.journal import write
from npf.audit.notes import Note, Tag
from npf.core.clock import Clock
from npf.core.errors import FixSettings, GiveUp
from npf.orders.models import Order, SalesLine, SalesOrder
from npf.orders.move import move
from npf.orders.stages import STOPPED_STATUSES, Stage
from npf.shipments.models import Shipment
from npf.stores.kinds import STATUSES
from npf.stores.models import Store

BY_HAND = "by_hand"
# A hold that only waits for the gates: pull judges the order at its next run.
TO_THE_GATES = "gate:again"

# Holds that only a person ends, and whose end hangs on why it was held: another hold must not hide that.
_A_PERSON_ENDS = frozenset(
    {BY_HAND, "stopped_in_bigcommerce", "fm_has_it", "fm_differs", "fm_cancel", "shipped_by_others"}
)


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

    def do() -> str:
        if order.stage in (Stage.COMPLETE, Stage.CANCELLED):
            raise GiveUp(f"order {order} is {order.stage}: there is nothing to hold", code="wrong_stage")
        if order.stage == Stage.HELD and order.reason_code in _A_PERSON_ENDS:
            raise GiveUp(f"order {order} is held already: {order.reason}", code="wrong_stage")
        reason = f"held by {by}" + (f": {why}" if why else "")
        move(order, Stage.HELD, clock, reason=reason, code=BY_HAND, repair="release it", next_push_at=None)
        rows = SalesOrder.objects.filter(order=order)
        if rows.filter(sent_at__isnull=False).exists():
            return "Held here. FM has it: ask NPF's floor to stop it there"
        if _asked(order):
            return "Held here. FM was asked for it and may have it: ask NPF's floor to stop it there"
        return "Held here. FM does not have it"

    return _decide(order, by, clock, Tag.PERSON_HELD, do, why)


def retry(order: Order, by: str, clock: Clock) -> str:
    """Try again what failed. Returns a sentence that says what happens next.

    Raises GiveUp where there is nothing to try: the order has come to its end, or waits for somebody else.
    """

    def do() -> str:
        if order.stage == Stage.HELD:
            return _retry_held(order, clock)
        if order.stage not in (Stage.NEW, Stage.PENDING, Stage.PROCESSING):
            raise GiveUp(f"order {order} is {order.stage}: there is nothing to try again", code="wrong_stage")
        _at_once(order, clock)
        return "It is tried again at once"

    return _decide(order, by, clock, Tag.PERSON_RETRIED, do)


def release(order: Order, by: str, clock: Clock) -> str:
    """Let go of a hold. Returns a sentence that says what happens next. Raises GiveUp where it is not held."""

    def do() -> str:
        if order.stage != Stage.HELD:
            raise GiveUp(f"order {order} is {order.stage}, not held", code="wrong_stage")
        return _release(order, by, clock)

    return _decide(order, by, clock, Tag.PERSON_RELEASED, do)


def _release(order: Order, by: str, clock: Clock) -> str:
    now = clock.now()
    match order.reason_code:
        case "by_hand":
            if _asked(order):
                return _go_on(order, clock)
            return _to_the_gates(order, clock, f"released by {by}; it passes the gates again")
        case "stopped_in_bigcommerce":
            _unfinished(order).update(finished_at=now)
            move(order, Stage.CANCELLED, clock, reason=f"stopped at NPF, says {by}", next_push_at=None)
            return "It is Cancelled"
        case "fm_short":
            _unfinished(order).filter(fm_status="SHIPPED").update(finished_at=now)
            return _go_on(order, clock, f"nothing more will come, says {by}")
        case "fm_cancel":
            return _go_on(order, clock, f"what FM has cancelled does not come, says {by}")
        case "shipped_by_others":
            Shipment.objects.filter(sales_order__order=order, bc_shipment_id__isnull=True).update(wanted=False)
            return _go_on(order, clock, f"others told BigCommerce, says {by}")
        case "fm_has_it":
            return _go_on(order, clock)
    return _retry_held(order, clock)


def _retry_held(order: Order, clock: Clock) -> str:
    code = order.reason_code
    if code.startswith("gate:"):
        return _to_the_gates(order, clock, order.reason)
    if code == BY_HAND:
        raise GiveUp(f"order {order} is {order.reason}: release it", code="wrong_stage")
    if code == "stopped_in_bigcommerce" and order.status_id in STOPPED_STATUSES:
        shows = f"{order.status_id} {STATUSES[order.status_id]}"
        raise GiveUp(
            f"BigCommerce still shows order {order} as {shows}: give it another status there, or release it to cancel",
            code="wrong_stage",
            field="status_id",
        )
    if code in ("fm_has_it", "fm_differs"):
        _never_asked(_unfinished(order).filter(sent_at__isnull=True, seen_at__isnull=False))
    if code == "fm_lost":
        lost = _unfinished(order).filter(misses__gt=0)
        # asked_at stays, so that FM is asked for the number once more before anything is sent.
        lost.filter(shipments__isnull=True).update(sent_at=None)
        lost.update(misses=0)
    return _go_on(order, clock)


def _go_on(order: Order, clock: Clock, reason: str = "") -> str:
    """Let the order stand where its rows say that it stands."""
    stage, says = _where_it_stands(order)
    move(order, stage, clock, reason=reason, attempts=0, push_failures=0)
    _at_once(order, clock)
    if stage in (Stage.PENDING, Stage.PROCESSING):
        Order.objects.filter(pk=order.pk).update(next_push_at=clock.now())
    return says


def _where_it_stands(order: Order) -> tuple[Stage, str]:
    rows = list(SalesOrder.objects.filter(order=order))
    if not rows or any(row.sent_at is None for row in rows):
        return Stage.NEW, "It goes to FM at the next send"
    if Shipment.objects.filter(sales_order__order=order).exists():
        if all(row.finished_at for row in rows):
            return Stage.PROCESSING, "It is completed with what has left NPF"
        return Stage.PROCESSING, "It is followed on at FM, and BigCommerce is told of what has left NPF"
    if all(row.fm_status == "CANCEL" for row in rows):
        return Stage.CANCELLED, "It is Cancelled: FM has cancelled it"
    return Stage.PENDING, "It is followed on at FM"


def _to_the_gates(order: Order, clock: Clock, reason: str) -> str:
    """Pull judges it again from its record; what it finds is today's answer."""
    if order.reason_code == BY_HAND:
        move(order, Stage.HELD, clock, reason=reason, code=TO_THE_GATES, repair="pull", attempts=0)
    Order.objects.filter(pk=order.pk).update(gated_with=0)
    return "It passes the gates again at the next pull"


def _at_once(order: Order, clock: Clock) -> None:
    """Whatever of it waits for its next try waits no longer."""
    now = clock.now()
    Order.objects.filter(pk=order.pk).update(next_attempt_at=None)
    Order.objects.filter(pk=order.pk, next_push_at__isnull=False).update(next_push_at=now)
    _unfinished(order).filter(sent_at__isnull=False).update(follow_at=now)


def _never_asked(rows: Iterable[SalesOrder]) -> None:
    pks = [row.pk for row in rows]
    SalesLine.objects.filter(sales_order__in=pks).delete()
    SalesOrder.objects.filter(pk__in=pks).update(asked_at=None)


def _asked(order: Order) -> bool:
    return SalesOrder.objects.filter(order=order, asked_at__isnull=False).exists()


def _unfinished(order: Order) -> QuerySet[SalesOrder]:
    return SalesOrder.objects.filter(order=order, finished_at__isnull=True)


def _decide(order: Order, by: str, clock: Clock, tag: Tag, do: Callable[[], str], why: str = "") -> str:
    """Carry a decision out over the order as it stands now, whatever the screen showed, and put it on record."""
    with transaction.atomic():
        order.refresh_from_db(from_queryset=Order.objects.select_for_update())
        before = order.reason if order.stage == Stage.HELD else ""
        says = do()
        text = f"{by}: {says}" + (f" (why: {why})" if why else "") + (f" (it was held: {before})" if before else "")
        write(order.store_id, by, clock.now(), [Note(tag, text, order.bc_order_id)])
    order.refresh_from_db()
    return says
