"""What FM says of its orders, written down: shipments once each, stages, holds, the next turn."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Q

from npf.audit.notes import Note, Tag
from npf.follow import goods, watch
from npf.follow.goods import Goods
from npf.follow.standing import (
    ENDS_BY_ITSELF,
    Standing,
    State,
    is_lost,
    may_be_sent_again,
    next_turn,
    said,
    standing,
)
from npf.orders.models import Order, SalesOrder
from npf.orders.move import move
from npf.orders.stages import CHANGED, SENT_TWICE, STOPPED, Stage, may_be_told
from npf.stores.visit import Visit
from npf.warehouse.records import OrderStatus

_CHANGED = ("npf_order_no", "fm_status", "fm_message", "misses", "finished_at", "shown_at")

# What FM said of each of many sales orders, in one statement: bulk_update builds a CASE for each column and row, which
# costs more than all the rest of a look.
_SAVE = """
update orders_salesorder as row
set npf_order_no = new.npf_order_no, fm_status = new.fm_status, fm_message = new.fm_message, misses = new.misses,
    finished_at = new.finished_at, shown_at = new.shown_at
from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::timestamptz[])
    as new (id, npf_order_no, fm_status, fm_message, misses, finished_at, shown_at)
where row.id = new.id
"""


class _Look(msgspec.Struct):
    """One sales order after the look. `news`: new shipments, or the last of it has left. `again`: FM never had it, and
    it may be sent to it once more.
    """

    row: SalesOrder
    state: State
    notes: list[Note]
    news: bool = False
    again: bool = False


def settle(at: Visit, answers: Mapping[int, OrderStatus | None]) -> None:
    """Write down one answer of FM, in one transaction. `answers`: SalesOrder.pk -> what FM says, None = left out."""
    with at.claim():
        mine = SalesOrder.objects.filter(pk__in=answers)
        locked = Order.objects.select_for_update().filter(pk__in=mine.values("order_id")).order_by("bc_order_id")
        orders = {order.pk: order for order in locked}
        # Read again, under the lock: a person may have ended one of them while FM was being asked.
        asked = Q(sent_at__isnull=False) | Q(voided_at__isnull=False)
        rows = list(mine.filter(asked, finished_at__isnull=True).order_by("order_id", "pk"))
        live = [row for row in rows if row.voided_at is None]
        has = Goods(at, rows, telling=[row for row in live if (one := answers[row.pk]) is not None and one.shipments])
        looks: dict[int, list[_Look]] = {}
        before = {row.pk: _columns(row) for row in rows}
        for row in live:
            look = _look(at, orders[row.order_id], row, answers[row.pk], has)
            looks.setdefault(row.order_id, []).append(look)
        watched = [(row, watch.look(at, row, answers[row.pk], has)) for row in rows if row.voided_at is not None]
        has.write()
        _save(at, rows, before)
        others, part_gone = _others(orders, live), _part_gone(orders)
        notes: list[Note | None] = []
        for pk, of_one in looks.items():
            notes += [note for look in of_one for note in look.notes]
            notes.append(_decide(at, orders[pk], of_one, others.get(pk, []), part_gone=pk in part_gone))
        for row, seen in watched:
            notes += watch.settle(at, orders[row.order_id], row, seen)
        at.tell(notes)


def _columns(row: SalesOrder) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _CHANGED)


def _look(at: Visit, order: Order, row: SalesOrder, answer: OrderStatus | None, has: Goods) -> _Look:
    assert row.sent_at is not None
    if answer is None or not answer.known:
        # A look that does not show it changes nothing of what the last one showed.
        row.misses += 1
        lost = is_lost(row.misses, at.clock.now() - row.sent_at)
        before = {"shown": row.shown_at is not None, "left": has.have_left(row), "again": row.sent_again_at is not None}
        again = may_be_sent_again(answer, lost=lost, **before)
        return _Look(row, _state(row, has, lost=lost), [], again=again)
    row.misses = 0
    row.shown_at = row.shown_at or at.clock.now()
    row.npf_order_no = row.npf_order_no or answer.NPFOrderNo[:200]
    notes = []
    word, reason = answer.status[:80], said(answer)
    if (word, reason) != (row.fm_status, row.fm_message):
        row.fm_status, row.fm_message = word, reason
        text = ": ".join(filter(None, (word or "no status", reason)))
        notes.append(Note(Tag.FM_STATUS, f"FM says of {row.fm_number}: {text}", order.bc_order_id))
    found = has.compare(row, answer)
    notes += [goods.note(part, order.bc_order_id) for part in found.parts]
    cancelled = word == "CANCEL" and not found.complete
    if cancelled or found.complete:
        row.finished_at = at.clock.now()
    if notes:
        at.count("followed")
    state = _state(
        row,
        has,
        waits=found.waits,
        complete=found.complete,
        cancelled=cancelled,
        owed=tuple(answer.backorder),
        missing=has.missing(row),
    )
    return _Look(row, state, notes, news=bool(found.parts) or found.complete)


def _state(row: SalesOrder, has: Goods, **more: Any) -> State:
    again = row.sent_again_at is not None
    shipped = has.have_left(row)
    return State(number=row.fm_number, status=row.fm_status, said=row.fm_message, shipped=shipped, again=again, **more)


def _save(at: Visit, rows: Iterable[SalesOrder], before: Mapping[int, tuple[object, ...]]) -> None:
    now = at.clock.now()
    changed: list[SalesOrder] = []
    turns: dict[timedelta, list[int]] = {}
    for row in rows:
        since = row.voided_at or row.sent_at
        assert since is not None
        turns.setdefault(next_turn(now - since), []).append(row.pk)
        if _columns(row) != before[row.pk]:
            changed.append(row)
    if changed:
        values = [[getattr(row, name) for row in changed] for name in ("pk", *_CHANGED)]
        with connection.cursor() as cursor:
            cursor.execute(_SAVE, values)
    for wait, pks in turns.items():
        SalesOrder.objects.filter(pk__in=pks).update(seen_at=now, follow_at=now + wait)


def _others(orders: Mapping[int, Order], rows: Iterable[SalesOrder]) -> dict[int, list[SalesOrder]]:
    """The live sales orders of the same orders that FM was not asked for now: finished, or not in FM yet."""
    found: dict[int, list[SalesOrder]] = {}
    live = SalesOrder.objects.filter(order__in=orders, voided_at__isnull=True)
    for row in live.exclude(pk__in=[row.pk for row in rows]):
        found.setdefault(row.order_id, []).append(row)
    return found


def _part_gone(orders: Mapping[int, Order]) -> set[int]:
    """The orders of which some left under a number that is void now."""
    again = [pk for pk, order in orders.items() if order.resent]
    if not again:
        return set()
    void = SalesOrder.objects.filter(order__in=again, voided_at__isnull=False)
    return set(void.filter(shipments__lines__isnull=False).values_list("order_id", flat=True))


def _decide(
    at: Visit, order: Order, looks: Sequence[_Look], others: Sequence[SalesOrder], *, part_gone: bool
) -> Note | None:
    """Move the order to where it stands now, and let push know what there is to tell."""
    never_had = [look.row for look in looks if look.again]
    if never_had and order.stage in (Stage.PENDING, Stage.PROCESSING) and not any(one.state.cancelled for one in looks):
        return _send_again(at, order, never_had)
    alive = [row for row in others if row.fm_status != "CANCEL"]
    shipped = part_gone or any(row.finished_at is not None for row in alive)
    found = standing([look.state for look in looks], others=len(alive), shipped=shipped)
    if found.stage == Stage.PENDING and order.stage == Stage.PROCESSING:
        found = msgspec.structs.replace(found, stage=Stage.PROCESSING)
    news = any(look.news for look in looks)
    if not _moves(order, found, looks, others):
        if news and may_be_told(order.stage, order.reason_code):
            Order.objects.filter(pk=order.pk).update(next_push_at=at.clock.now())
        return None
    stood = order.stage
    tell = (news or found.stage != stood) and may_be_told(found.stage, found.code)
    push_at = at.clock.now() if tell else order.next_push_at
    note = move(
        order,
        found.stage,
        at.clock,
        reason=found.reason,
        code=found.code,
        repair=found.repair,
        next_push_at=push_at,
    )
    if order.stage == Stage.HELD and stood != Stage.HELD:
        at.count("held")
    return note


def _send_again(at: Visit, order: Order, rows: Sequence[SalesOrder]) -> Note | None:
    """Give what FM never had back to send, which asks for the numbers once more before it sends them."""
    SalesOrder.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=None, sent_again_at=at.clock.now())
    numbers = ", ".join(row.fm_number for row in rows)
    reason = f"FM took {numbers} and says that it does not know it: it is sent once more"
    return move(order, Stage.NEW, at.clock, reason=reason, attempts=0, next_attempt_at=None)


def _moves(order: Order, found: Standing, looks: Sequence[_Look], others: Sequence[SalesOrder]) -> bool:
    """Whether what FM says changes where the order stands, or why."""
    if (order.stage, order.reason) == (found.stage, found.reason):
        return False
    if any(look.state.cancelled for look in looks):
        # Told once, so it must not be lost in another hold; the one over a stopped order waits for just this. Of one
        # that was changed the merchant still wants the goods: a person decides how.
        if order.stage == Stage.HELD and order.reason_code in (STOPPED, CHANGED, SENT_TWICE):
            return order.reason_code == STOPPED and found.stage == Stage.CANCELLED
        return order.stage in (Stage.NEW, Stage.HELD, Stage.PENDING, Stage.PROCESSING)
    if any(row.sent_at is None for row in others) or not _is_fms_to_move(order):
        return False
    if any(look.row.misses for look in looks) and found.code != "fm_lost":
        # What FM says of the rest is no reason to forget the one that it left out.
        return False
    return order.stage != Stage.PENDING or found.stage != Stage.PENDING


def _is_fms_to_move(order: Order) -> bool:
    if order.stage == Stage.HELD:
        return order.reason_code in ENDS_BY_ITSELF
    return order.stage in (Stage.PENDING, Stage.PROCESSING)
