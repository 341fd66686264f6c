"""What FM answered, written down: the order moves on, is held, or is tried again.

What FM certainly did not take counts as never asked for: the order is free for the gates and for other settings. What
it may have taken stays on record as asked for, and is looked for before anything is sent again.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from django.db import connection
from django.db.models import F

from npf.audit import models as audit
from npf.audit.notes import Note, Tag
from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.core.exchange import Exchange
from npf.orders.models import Order, SalesLine, SalesOrder
from npf.orders.move import move
from npf.orders.stages import Stage
from npf.send.ask import Answer
from npf.send.claim import Claimed
from npf.send.rows import rewrite_lines
from npf.send.unsent import hold, put_off
from npf.shipments.models import Shipment
from npf.stores.visit import Visit
from npf.warehouse.port import AlreadyThere
from npf.warehouse.records import OrderStatus

# So many sends without a clear answer, and a person looks. With the waits between them that is about three hours.
MOST_UNCLEAR = 10

# FM has these sales orders, each with its own number of NPF's: in one statement, because bulk_update builds a CASE for
# each column and row.
_TAKEN = """
update orders_salesorder as row
set sent_at = %(now)s, follow_at = %(now)s, npf_order_no = new.npf_order_no, misses = 0
from unnest(%(ids)s::bigint[], %(npf_order_nos)s::text[]) as new (id, npf_order_no) where row.id = new.id
"""


def settle(at: Visit, answers: Sequence[Answer]) -> None:
    """Write down every answer of a batch, in one transaction, with the exchanges that led to it."""
    if not answers:
        return
    with at.claim():
        answers = _ours(at, answers)
        by_order: dict[int, list[Answer]] = {}
        for answer in answers:
            by_order.setdefault(answer.claimed.order.pk, []).append(answer)
        orders = list(Order.objects.select_for_update().filter(pk__in=by_order).order_by("bc_order_id"))
        notes = _settle_rows(at, answers)
        part_gone, unsent = _other_parcels(orders)
        void = _void(answers)
        for order in orders:
            if void.intersection(answer.claimed.row.pk for answer in by_order[order.pk]):
                # A person voided the number while FM was being asked: the order goes its own way.
                continue
            notes += _settle_order(at, order, by_order[order.pk], unsent=order.pk in unsent, gone=order.pk in part_gone)
        at.tell(notes)
        at.notebook.file(order_of([answer.claimed for answer in answers]))


def _void(answers: Iterable[Answer]) -> set[int]:
    rows = SalesOrder.objects.filter(pk__in=[answer.claimed.row.pk for answer in answers], voided_at__isnull=False)
    return set(rows.values_list("pk", flat=True))


def order_of(claimed: Iterable[Claimed]) -> Callable[[Exchange], int | None]:
    """Which order an exchange of send belongs to, by the FM number in it."""
    numbers = {one.number: one.order.bc_order_id for one in claimed}
    return lambda exchange: numbers.get(exchange.what.rpartition(" ")[2])


def _ours(at: Visit, answers: Sequence[Answer]) -> list[Answer]:
    """The answers, with what FM has already taken for found where it was sent from here: by the row, or by our log.

    The log knows more than the row where an earlier refusal has freed it, or where the database was restored.
    """
    numbers = {one.claimed.number for one in answers if isinstance(one.error, AlreadyThere)}
    if not numbers:
        return list(answers)
    kept = audit.Exchange.objects.filter(store_id=at.store.pk, system="fm", outcome__in=("done", "unclear"))
    of_order = {one.claimed.order.bc_order_id for one in answers if one.claimed.number in numbers}
    sent = {what.rpartition(" ")[2] for what in kept.filter(bc_order_id__in=of_order).values_list("what", flat=True)}
    return [
        msgspec.structs.replace(one, error=None, found=True)
        if isinstance(one.error, AlreadyThere) and (one.claimed.asked_before or one.claimed.number in sent)
        else one
        for one in answers
    ]


def _settle_rows(at: Visit, answers: Iterable[Answer]) -> list[Note | None]:
    """The sales orders: taken, free again, or as unclear as they were."""
    now = at.clock.now()
    taken, free = [], []
    left_out: list[int] = []
    unclear: list[int] = []
    notes: list[Note | None] = []
    for answer in answers:
        row, error = answer.claimed.row, answer.error
        if error is None:
            row.npf_order_no = answer.npf_order_no[:200] or row.npf_order_no
            taken.append(row)
            notes.append(_note(answer))
            if answer.claimed.asked_before and not answer.found:
                rewrite_lines(row, answer.claimed.parcel)
        elif _not_ours(error):
            # Seen at FM and never sent from here: the desk tells the two apart by that.
            SalesOrder.objects.filter(pk=row.pk).update(seen_at=now)
        elif _never_taken(answer):
            free.append(row.pk)
        else:
            (left_out if answer.left_out else unclear).append(row.pk)
    if taken:
        ids, npf_order_nos = [row.pk for row in taken], [row.npf_order_no for row in taken]
        with connection.cursor() as cursor:
            cursor.execute(_TAKEN, {"now": now, "ids": ids, "npf_order_nos": npf_order_nos})
    if free:
        SalesLine.objects.filter(sales_order__in=free).delete()
        SalesOrder.objects.filter(pk__in=free).update(asked_at=None, misses=0)
    SalesOrder.objects.filter(pk__in=left_out).update(misses=F("misses") + 1)
    SalesOrder.objects.filter(pk__in=unclear, misses__gt=0).update(misses=0)
    return notes


def _not_ours(error: NpfError) -> bool:
    return isinstance(error, AlreadyThere) or (isinstance(error, GiveUp) and error.code == "fm_differs")


def _never_taken(answer: Answer) -> bool:
    """Whether FM is certain not to have it. A refusal of the order itself comes after a look that did not find it."""
    if isinstance(answer.error, GiveUp):
        return True
    clear = not (isinstance(answer.error, TryLater) and answer.error.unclear)
    return clear and not answer.claimed.asked_before


def _note(answer: Answer) -> Note:
    number, order = answer.claimed.number, answer.claimed.order.bc_order_id
    if answer.seen is not None:
        text = f"FM had {number} already, with the same goods: it is taken as this order, and nothing was sent again"
        return Note(Tag.ORDER_ADOPTED, text, order)
    if answer.found:
        text = f"FM had {number} already, from an earlier try whose answer was lost: nothing was sent again"
        return Note(Tag.ORDER_ADOPTED, text, order)
    text = f"FM took it as {number}" + (f", NPF order {answer.npf_order_no}" if answer.npf_order_no else "")
    return Note(Tag.ORDER_SENT, text, order)


def _other_parcels(orders: Sequence[Order]) -> tuple[set[int], set[int]]:
    """Which of the orders have shipments already (of another address or number), and which a parcel that FM lacks."""
    gone = Shipment.objects.filter(sales_order__order__in=orders).values_list("sales_order__order", flat=True)
    unsent = SalesOrder.objects.filter(order__in=orders, sent_at__isnull=True, voided_at__isnull=True)
    return set(gone), set(unsent.values_list("order", flat=True))


def _settle_order(at: Visit, order: Order, answers: Sequence[Answer], *, unsent: bool, gone: bool) -> list[Note | None]:
    failed = [answer for answer in answers if answer.error is not None]
    for answer in failed:
        if (why := _why_held(answer)) is not None:
            return [hold(at, order, why)]
    for answer in failed:
        if isinstance(answer.error, FixSettings):
            return _wait_for_settings(order, answer.error)
        if isinstance(answer.error, TryLater):
            return [_try_again(at, order, answer.claimed, answer.error)]
    if unsent or order.stage != Stage.NEW:
        return []
    at.count("sent")
    return _to_pending(at, order, gone=gone)


def _why_held(answer: Answer) -> GiveUp | None:
    if isinstance(answer.error, AlreadyThere):
        return GiveUp(
            f"FM already has {answer.claimed.number}, and it was not sent from here: {_shown(answer.seen)}",
            code="fm_has_it",
            field="SalesOrderNo",
            repair="if it is this very order, release it and it is adopted; else give the store another prefix and "
            "retry",
        )
    return answer.error if isinstance(answer.error, GiveUp) else None


def _shown(seen: OrderStatus | None) -> str:
    """What FM says of an order that cannot be compared."""
    if seen is None:
        return "it shows nothing of it"
    npf = f"NPF order {seen.NPFOrderNo}, " if seen.NPFOrderNo else ""
    return f"{npf}{seen.status or 'no status'}, and too little of its goods to compare"


def _to_pending(at: Visit, order: Order, *, gone: bool) -> list[Note | None]:
    now = at.clock.now()
    tell_at = now if gone or at.settings.parameters.status_pending is not None else None
    notes = [move(order, Stage.PENDING, at.clock, attempts=0, next_attempt_at=None, next_push_at=tell_at)]
    if gone:
        notes.append(move(order, Stage.PROCESSING, at.clock, reason="part of it has left NPF"))
    return notes


def _wait_for_settings(order: Order, error: FixSettings) -> list[Note | None]:
    """The store pauses; when it is resumed, the order is tried at once."""
    Order.objects.filter(pk=order.pk, stage=Stage.NEW).update(
        next_attempt_at=None, reason=str(error), reason_code="fix_settings"
    )
    return []


def _try_again(at: Visit, order: Order, claimed: Claimed, error: TryLater) -> Note | None:
    tries = _unclear_tries(at, order, claimed.number) if error.unclear else 0
    if tries < MOST_UNCLEAR:
        return put_off(at, order, error)
    why = GiveUp(
        f"FM gave no clear answer in {tries} tries: {error}",
        code="fm_unclear",
        repair="ask NPF whether FM has the order; a retry looks before it sends",
    )
    return hold(at, order, why)


def _unclear_tries(at: Visit, order: Order, number: str) -> int:
    """How often FM gave no clear answer for a number since its order became new, this time included."""
    kept = audit.Exchange.objects.filter(
        store_id=at.store.pk,
        bc_order_id=order.bc_order_id,
        at__gte=order.stage_at,
        outcome="unclear",
        what__endswith=f" {number}",
    )
    return kept.count() + 1
