"""The rows of live sales orders: what FM is asked for, by parcel and by line. All of it inside claim's transaction."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection

from npf.orders.models import Line, Order, SalesLine, SalesOrder
from npf.orders.parcels import Item, Parcel
from npf.send.load import Loaded
from npf.stores.models import FmClient

Key = tuple[int, int]
"""Order.pk and order_address_id: one sales order an address."""

Rows = dict[Key, SalesOrder]

# What FM is asked for of each line, for many lines in one statement.
_ASKED = """
update orders_line as line set asked = new.asked, wanted = new.wanted, rides_with = new.rides_with
from unnest(%s::bigint[], %s::int[], %s::int[], %s::bigint[]) as new (id, asked, wanted, rides_with)
where line.id = new.id
"""


def known_rows(orders: Iterable[Order]) -> Rows:
    """The live sales orders of these orders. One without `asked_at` is free: FM is certain not to have it."""
    rows = SalesOrder.objects.filter(order__in=orders, voided_at__isnull=True).prefetch_related("lines")
    return {(row.order_id, row.order_address_id): row for row in rows}


def make_rows(client: FmClient, loaded: Sequence[Loaded], known: Rows, now: datetime) -> tuple[Rows, set[int]]:
    """A sales order, with its lines, for each parcel that has none or a free one; and the orders that get none.

    All of an order or nothing of it: where another order has one of its numbers, it gets none.
    """
    new: Rows = {}
    free: Rows = {}
    for one in loaded:
        for parcel, document in zip(one.parcels, one.documents, strict=True):
            key = (one.order.pk, parcel.consignment.id)
            row = known.get(key) or SalesOrder(order=one.order, order_address_id=parcel.consignment.id)
            if row.asked_at is None:
                row.fm_client, row.fm_number, row.asked_at, row.seen_at = client, parcel.number, now, None
                row.dispatch_code = document.DespatchDetails.DispatchMethod
                (new if row.pk is None else free)[key] = row
    made, lacking = _insert(new)
    lacking |= _taken(client, free.values())
    free = {key: row for key, row in free.items() if row.order_id not in lacking}
    SalesOrder.objects.bulk_update(free.values(), ["fm_client", "fm_number", "asked_at", "seen_at", "dispatch_code"])
    if lacking:
        SalesOrder.objects.filter(pk__in=[row.pk for row in made.values() if row.order_id in lacking]).delete()
        made = {key: row for key, row in made.items() if row.order_id not in lacking}
    made |= free
    _write_lines(
        [
            (made[key], parcel)
            for one in loaded
            for parcel in one.parcels
            if (key := (one.order.pk, parcel.consignment.id)) in made
        ]
    )
    return made, lacking


def _insert(new: Rows) -> tuple[Rows, set[int]]:
    """Insert those whose numbers are free; give them, and the orders of the others."""
    if not new:
        return {}, set()
    # In the order of the numbers, so that two stores of one FM client never wait for each other in a ring.
    SalesOrder.objects.bulk_create(sorted(new.values(), key=lambda row: row.fm_number), ignore_conflicts=True)
    orders = {row.order_id for row in new.values()}
    there = SalesOrder.objects.filter(order__in=orders, voided_at__isnull=True)
    made = {key: row for row in there if (key := (row.order_id, row.order_address_id)) in new}
    return made, {row.order_id for key, row in new.items() if key not in made}


def _taken(client: FmClient, free: Collection[SalesOrder]) -> set[int]:
    """The orders of those free rows whose numbers another row has."""
    if not free:
        return set()
    others = SalesOrder.objects.filter(fm_client=client, fm_number__in=[row.fm_number for row in free])
    numbers = set(others.exclude(pk__in=[row.pk for row in free]).values_list("fm_number", flat=True))
    return {row.order_id for row in free if row.fm_number in numbers}


def rewrite_lines(row: SalesOrder, parcel: Parcel) -> None:
    """Let the lines say what FM has taken now, where an earlier try of the same number asked for something else."""
    SalesLine.objects.filter(sales_order=row).delete()
    _write_lines([(row, parcel)])


def _write_lines(pairs: Sequence[tuple[SalesOrder, Parcel]]) -> None:
    if not pairs:
        return
    lines = {
        (line.order_id, line.order_product_id): line
        for line in Line.objects.filter(order__in={row.order_id for row, _ in pairs})
    }
    SalesLine.objects.bulk_create(
        [
            SalesLine(
                sales_order=row,
                line=lines[row.order_id, item.line.id],
                code=code,
                per_unit=per_unit,
                quantity=per_unit * item.quantity,
            )
            for row, parcel in pairs
            for item in parcel.items
            for code, per_unit in item.parts.items()
        ]
    )
    asked = []
    for row, parcel in pairs:
        items = {item.line.id: item for item in parcel.items}
        for (order, number), line in lines.items():
            if order == row.order_id and line.order_address_id == row.order_address_id:
                asked.append(_asked(line, items.get(number)))
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(_ASKED, [list(column) for column in zip(*asked, strict=True)])


def _asked(line: Line, item: Item | None) -> tuple[int, int, int, int | None]:
    """The columns of _ASKED for a line; it has no item where nothing of it was left to ship."""
    if item is None:
        return line.pk, 0, max(0, line.quantity - line.quantity_refunded), None
    return line.pk, item.quantity, item.line.quantity - item.line.quantity_refunded, item.rides_with
