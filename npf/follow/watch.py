"""Numbers that are void: NPF was to stop them, and their orders go again under other numbers.

They are watched, because stopping is done by hand: what leaves after all may leave twice. Then the order is held,
whatever became of it, until a person has seen to it.
"""

from datetime import timedelta

import msgspec

from npf.audit.notes import Note, Tag
from npf.follow.despatch import Part
from npf.follow.goods import Goods
from npf.follow.standing import said
from npf.orders.models import Order, SalesOrder
from npf.orders.move import move
from npf.orders.stages import SENT_TWICE, Stage
from npf.stores.visit import Visit
from npf.warehouse.records import OrderStatus

# What has not left by then was stopped, whether FM says so or not.
WATCHED = timedelta(days=60)


class Seen(msgspec.Struct, frozen=True):
    """What a look shows of a void number: a new word of FM, "" = none; what has left since it is void."""

    word: str = ""
    left: list[Part] = []


def look(at: Visit, row: SalesOrder, answer: OrderStatus | None, has: Goods) -> Seen:
    """Take over what FM says of a void number. It is finished once FM has cancelled or shipped it, or with time."""
    assert row.voided_at is not None
    if at.clock.now() - row.voided_at >= WATCHED:
        row.finished_at = at.clock.now()
    if answer is None or not answer.known:
        return Seen()
    word, reason = answer.status[:80], said(answer)
    news = "" if (word, reason) == (row.fm_status, row.fm_message) else ": ".join(filter(None, (word, reason)))
    row.fm_status, row.fm_message = word, reason
    found = has.compare(row, answer)
    if word == "CANCEL" or (word == "SHIPPED" and not found.waits):
        row.finished_at = at.clock.now()
    return Seen(news, found.parts)


def settle(at: Visit, order: Order, row: SalesOrder, seen: Seen) -> list[Note | None]:
    """Tell it, and hold the order where anything has left."""
    notes: list[Note | None] = []
    if seen.word:
        text = f"FM says of {row.fm_number}, which is void: {seen.word}"
        notes.append(Note(Tag.FM_STATUS, text, order.bc_order_id))
    if not seen.left:
        return notes
    what = ", ".join(f"{units} x {code}" for part in seen.left for code, units in part.codes.items())
    by = ", ".join(part.number for part in seen.left)
    text = f"{row.fm_number} was void and left NPF: {what}, consignment {by}"
    notes.append(Note(Tag.SHIPMENT_SEEN, text, order.bc_order_id))
    at.count("held")
    notes.append(
        move(
            order,
            Stage.HELD,
            at.clock,
            reason=f"FM despatched {row.fm_number} after all, which NPF was to stop: {what}, consignment {by}. "
            f"It may go to the shopper twice{_again(order)}",
            code=SENT_TWICE,
            field="SalesOrderNo",
            repair="ask NPF's floor to stop the new number if it has not left, then choose what it answers",
        )
    )
    return notes


def _again(order: Order) -> str:
    live = order.sales_orders.filter(voided_at__isnull=True, asked_at__isnull=False).order_by("pk")
    numbers = ", ".join(live.values_list("fm_number", flat=True))
    return f", for {numbers} was sent in its place" if numbers else ""
