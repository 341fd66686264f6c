"""hold = stop it here; retry = the cause is mended, try again; release = let go of the hold and accept its cause.

What a hold's release means stands in its `reason_code`; with any other code it is what a retry is:

    by_hand                   it goes on where it stood; before FM was asked, it passes the gates again
    stopped_in_bigcommerce    NPF's floor stopped it: it becomes Cancelled         | or another outcome,
    changed_in_bigcommerce    it ships as FM has it                                | see outcomes.py
    fm_sent_twice             a void number has left: what was sent in its place goes too
    fm_has_it                 FM's order is this one: it is adopted
    fm_short                  nothing more will come: it is completed with what has left
    fm_cancel                 it goes on with what FM has not cancelled
    shipped_by_others         BigCommerce was told by others: it is completed without writing the rest

What a retry means:

    by_hand, fm_sent_twice    nothing: only a release ends it
    gate:...                  it is judged again with today's settings
    fm_has_it, fm_differs     FM's order is another one: what it refused counts as never asked for
    fm_lost                   FM is asked for the number, then sent what it does not know, if nothing of that has left
    stopped_in_bigcommerce    it goes on, once BigCommerce shows another status
    changed_in_bigcommerce    it goes on, once BigCommerce shows it again as FM has it
    any other                 it goes on where it stood: to FM, with FM, or to BigCommerce
"""

from collections.abc import Callable, Iterable

from django.db import transaction

from npf.audit.journal import write
from npf.audit.models import Event
from npf.audit.notes import Note, Tag
from npf.core.clock import Clock
from npf.core.errors import FixSettings, GiveUp
from npf.desk import outcomes
from npf.desk.answers import ASK_FOR_ONE, OUTCOMES
from npf.desk.going_on import asked, at_once, go_on, live, to_the_gates, unfinished
from npf.desk.seen import seen_of
from npf.orders.models import Difference, Order, SalesLine, SalesOrder
from npf.orders.move import move
from npf.orders.stages import BY_HAND, CHANGED, SENT_TWICE, STOPPED, STOPPED_STATUSES, Stage
from npf.shipments.models import Shipment
from npf.stores.kinds import STATUSES
from npf.stores.models import Store

Decided = tuple[Tag, str]
"""What was decided, and what happens next, as a sentence."""

# Holds that only a person ends, and whose end hangs on why it was held: another hold must not hide that.
_A_PERSON_ENDS = frozenset(
    {BY_HAND, STOPPED, CHANGED, SENT_TWICE, "fm_has_it", "fm_differs", "fm_cancel", "shipped_by_others"}
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

    def do() -> Decided:
        if order.stage in (Stage.COMPLETE, Stage.CANCELLED):
            raise GiveUp(f"order {order} is {order.stage}: there is nothing to hold", code="wrong_stage")
        if order.stage == Stage.HELD and order.reason_code in _A_PERSON_ENDS:
            raise GiveUp(f"order {order} is held already: {order.reason}", code="wrong_stage")
        reason = f"held by {by}" + (f": {why}" if why else "")
        move(order, Stage.HELD, clock, reason=reason, code=BY_HAND, repair="release it", next_push_at=None)
        if live(order).filter(sent_at__isnull=False).exists():
            return Tag.PERSON_HELD, "Held here. FM has it: ask NPF's floor to stop it there"
        if asked(order):
            return Tag.PERSON_HELD, "Held here. FM was asked for it and may have it: ask NPF's floor to stop it there"
        return Tag.PERSON_HELD, "Held here. FM does not have it"

    return _decide(order, by, clock, do, why)


def retry(order: Order, by: str, clock: Clock) -> str:
    """Try again what failed. Returns a sentence that says what happens next.

    Raises GiveUp where there is nothing to try: the order has come to its end, or waits for somebody else.
    """

    def do() -> Decided:
        if order.stage == Stage.HELD:
            return Tag.PERSON_RETRIED, _retry_held(order, clock)
        if order.stage not in (Stage.NEW, Stage.PENDING, Stage.PROCESSING):
            raise GiveUp(f"order {order} is {order.stage}: there is nothing to try again", code="wrong_stage")
        at_once(order, clock)
        return Tag.PERSON_RETRIED, "It is tried again at once"

    return _decide(order, by, clock, do)


def release(
    order: Order, by: str, clock: Clock, outcome: str = "", *, remark: str = "", seen: str | None = None
) -> str:
    """Let go of a hold. Returns a sentence that says what happens next.

    `outcome`: what NPF's floor answered, of answers.OUTCOMES; "" = what a plain release means. `seen` is the
    `seen_of` that the person saw, None = whatever there is. Raises GiveUp where it is not held, cannot end so, or is
    not any more what was seen.
    """

    def do() -> Decided:
        if order.stage != Stage.HELD:
            raise GiveUp(f"order {order} is {order.stage}, not held{_decided(order)}", code="wrong_stage")
        if seen is not None and seen != seen_of(order):
            raise GiveUp(f"order {order} has changed since you looked at it: look again", code="seen_otherwise")
        if chosen := outcome or ASK_FOR_ONE.get(order.reason_code, ""):
            return OUTCOMES.get(chosen, Tag.PERSON_RELEASED), outcomes.decide(order, chosen, by, clock)
        return Tag.PERSON_RELEASED, _release(order, by, clock)

    return _decide(order, by, clock, do, remark)


def _decided(order: Order) -> str:
    """The last decision over the order, for whoever comes second."""
    mine = Event.objects.filter(store_id=order.store_id, bc_order_id=order.bc_order_id, tag__startswith="person:order")
    last = mine.order_by("-pk").first()
    return f" ({last.text})" if last else ""


def _release(order: Order, by: str, clock: Clock) -> str:
    match order.reason_code:
        case "by_hand":
            if asked(order):
                return go_on(order, clock)
            return to_the_gates(order, clock, f"released by {by}; it passes the gates again")
        case "fm_short":
            unfinished(order).filter(fm_status="SHIPPED").update(finished_at=clock.now())
            return go_on(order, clock, f"nothing more will come, says {by}")
        case "fm_cancel":
            return go_on(order, clock, f"what FM has cancelled does not come, says {by}")
        case "shipped_by_others":
            Shipment.objects.filter(sales_order__order=order, bc_shipment_id__isnull=True).update(wanted=False)
            return go_on(order, clock, f"others told BigCommerce, says {by}")
        case "fm_has_it":
            return go_on(order, clock)
    return _retry_held(order, clock)


def _retry_held(order: Order, clock: Clock) -> str:
    code = order.reason_code
    if code.startswith("gate:"):
        return to_the_gates(order, clock, order.reason)
    if code in (BY_HAND, SENT_TWICE):
        raise GiveUp(f"order {order} is {order.reason}: release it", code="wrong_stage")
    if code == CHANGED and Difference.objects.filter(order=order).exclude(reason="").exists():
        raise GiveUp(
            f"BigCommerce still shows order {order} otherwise than FM has it: change it back there, or choose what "
            "NPF's floor answers",
            code="wrong_stage",
            field="outcome",
        )
    if code == STOPPED and order.status_id in STOPPED_STATUSES:
        shows = f"{order.status_id} {STATUSES[order.status_id]}"
        raise GiveUp(
            f"BigCommerce still shows order {order} as {shows}: give it another status there, or release it to cancel",
            code="wrong_stage",
            field="status_id",
        )
    if code in ("fm_has_it", "fm_differs"):
        _never_asked(unfinished(order).filter(sent_at__isnull=True, seen_at__isnull=False))
    if code == "fm_lost":
        lost = unfinished(order).filter(misses__gt=0)
        # asked_at stays, so that FM is asked for the number once more before anything is sent; and so do the misses:
        # what FM leaves out of that answer too is not waited for any longer.
        lost.exclude(shipments__isnull=True).update(misses=0)
        lost.filter(shipments__isnull=True).update(sent_at=None)
    return go_on(order, clock)


def _never_asked(rows: Iterable[SalesOrder]) -> None:
    pks = [row.pk for row in rows]
    SalesLine.objects.filter(sales_order__in=pks).delete()
    SalesOrder.objects.filter(pk__in=pks).update(asked_at=None)


def _decide(order: Order, by: str, clock: Clock, do: Callable[[], Decided], why: str = "") -> str:
    """Carry a decision out over the order as it stands now, whatever the screen showed, and put it on record."""
    with transaction.atomic():
        order.refresh_from_db(from_queryset=Order.objects.select_for_update())
        before = order.reason if order.stage == Stage.HELD else ""
        tag, says = do()
        text = f"{by}: {says}" + (f" (why: {why})" if why else "") + (f" (it was held: {before})" if before else "")
        write(order.store_id, by, clock.now(), [Note(tag, text, order.bc_order_id)])
    order.refresh_from_db()
    return says
