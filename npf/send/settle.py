"""What FM answered, written down: the order moves, is held, or is tried again."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from npf.audit.notes import Note, Tag
from npf.core import backoff
from npf.core.errors import GiveUp, NpfError
from npf.core.exchange import Exchange
from npf.fm.errors import AlreadyThere
from npf.orders.models import Order, SalesOrder
from npf.orders.move import move
from npf.orders.stages import Stage
from npf.send.ask import Answer
from npf.send.claim import Claimed, hold
from npf.stores.visit import Visit

MOST_UNCLEAR = 10


def settle(at: Visit, answers: Sequence[Answer]) -> None:
    """Write down every answer of a batch, in one transaction, with the exchanges that led to it."""
    with at.claim():
        notes: list[Note | None] = []
        by_order: dict[int, list[Answer]] = {}
        for answer in answers:
            by_order.setdefault(answer.parcel.order.pk, []).append(answer)
        for of_one in by_order.values():
            notes += _settle_order(at, of_one)
        at.tell(notes)
        at.notebook.file(_order_of([answer.parcel for answer in answers]))


def _order_of(parcels: Iterable[Claimed]) -> Callable[[Exchange], int | None]:
    numbers = {parcel.number: parcel.order.bc_order_id for parcel in parcels}

    def order_of(exchange: Exchange) -> int | None:
        return numbers.get(exchange.what.rpartition(" ")[2])

    return order_of


def _settle_order(at: Visit, answers: list[Answer]) -> list[Note | None]:
    order = answers[0].parcel.order
    notes: list[Note | None] = []
    failed: NpfError | None = None
    refused: GiveUp | None = None
    for answer in answers:
        error = answer.error
        if error is None:
            notes.append(_accepted(at, answer.parcel, answer.npf_order_no, adopted=answer.found))
        elif isinstance(error, AlreadyThere) and answer.parcel.asked_before:
            notes.append(_accepted(at, answer.parcel, "", adopted=True))
        elif isinstance(error, AlreadyThere):
            refused = _not_ours(answer.parcel)
        elif isinstance(error, GiveUp):
            refused = error
            if error.code != "fm_differs":
                # A refusal is certain: FM has no such order; the next try starts afresh, from the order as it is then.
                answer.parcel.row.delete()
        else:
            failed = error
    if refused is not None:
        notes.append(hold(at, order, refused))
    elif failed is not None:
        notes.append(_try_again(at, order, failed))
    elif not SalesOrder.objects.filter(order=order, sent_at__isnull=True).exists():
        wanted = at.settings.parameters.status_pending is not None
        push_at = at.clock.now() if wanted else None
        notes.append(move(order, Stage.PENDING, at.clock, attempts=0, next_attempt_at=None, next_push_at=push_at))
        at.count("sent")
    return notes


def _accepted(at: Visit, parcel: Claimed, npf_order_no: str, *, adopted: bool) -> Note:
    now = at.clock.now()
    SalesOrder.objects.filter(pk=parcel.row.pk, sent_at__isnull=True).update(
        sent_at=now, npf_order_no=npf_order_no, follow_at=now
    )
    if adopted:
        text = f"FM had {parcel.number} already, from an earlier try whose answer was lost: nothing was sent again"
        return Note(Tag.ORDER_ADOPTED, text, parcel.order.bc_order_id)
    text = f"FM took it as {parcel.number}" + (f", NPF order {npf_order_no}" if npf_order_no else "")
    return Note(Tag.ORDER_SENT, text, parcel.order.bc_order_id)


def _not_ours(parcel: Claimed) -> GiveUp:
    return GiveUp(
        f"FM already has {parcel.number}, and it was not sent from here",
        code="fm_has_it",
        field="SalesOrderNo",
        repair="if it is this very order, release it and it is adopted; else give the store another prefix",
    )


def _try_again(at: Visit, order: Order, error: NpfError) -> Note | None:
    attempts = order.attempts + 1
    unclear = getattr(error, "unclear", False)
    at.count("failed")
    if unclear and attempts >= MOST_UNCLEAR:
        why = GiveUp(
            f"FM gave no clear answer in {attempts} tries: {error}",
            code="fm_unclear",
            repair="ask NPF whether FM has the order; a retry looks before it sends",
        )
        return hold(at, order, why)
    delay = getattr(error, "delay", None)
    wait = timedelta(seconds=delay) if delay else backoff.wait(attempts, at.outside.rng)
    at_time = at.clock.now() + wait
    Order.objects.filter(pk=order.pk, stage=Stage.NEW).update(
        attempts=attempts, next_attempt_at=at_time, reason=f"{error}", reason_code="try_later"
    )
    shown = at_time.astimezone(at.settings.parameters.zone)
    return Note(Tag.ORDER_RETRY, f"Not in FM yet: {error}. Next try {shown:%d/%m/%Y %H:%M:%S}", order.bc_order_id)
