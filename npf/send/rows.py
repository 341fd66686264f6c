"""The rows of sales orders: what FM is asked for, by parcel and by line. All of it inside claim's transaction."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from npf.orders.models import Line, Order, SalesLine, SalesOrder
from npf.orders.parcels import Parcel
from npf.send.load import Loaded
from npf.stores.models import FmClient

Key = tuple[int, int]
"""Order.pk and order_address_id: one sales order an address."""

Rows = dict[Key, SalesOrder]


def known_rows(orders: Iterable[Order]) -> Rows:
    """The sales orders that these orders have. One without `asked_at` is void: FM is certain not to have it."""
    rows = SalesOrder.objects.filter(order__in=orders).prefetch_related("lines")
    return {(row.order_id, row.order_address_id): row for row in rows}


def make_rows(client: FmClient, loaded: Sequence[Loaded], known: Rows, now: datetime) -> tuple[Rows, set[int]]:
    """A sales order, with its lines, for each parcel that has none or a void one; and the orders that get none.

    All of an order or nothing of it: where another order has one of its numbers, it gets none.
    """
    new: Rows = {}
    void: Rows = {}
    for one in loaded:
        for parcel, document in zip(one.parcels, one.documents, strict=True):
            key = (one.order.pk, parcel.consignment.id)
            row = known.get(key) or SalesOrder(order=one.order, order_address_id=parcel.consignment.id)
            if row.asked_at is None:
                row.fm_client, row.fm_number, row.asked_at, row.seen_at = client, parcel.number, now, None
                row.dispatch_code = document.DespatchDetails.DispatchMethod
                (new if row.pk is None else void)[key] = row
    made, lacking = _insert(new)
    lacking |= _taken(client, void.values())
    void = {key: row for key, row in void.items() if row.order_id not in lacking}
    SalesOrder.objects.bulk_update(void.values(), ["fm_client", "fm_number", "asked_at", "seen_at", "dispatch_code"])
    if lacking:
        SalesOrder.objects.filter(pk__in=[row.pk for row in made.values() if row.order_id in lacking]).delete()
        made = {key: row for key, row in made.items() if row.order_id not in lacking}
    made |= void
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
    there = SalesOrder.objects.filter(order__in={row.order_id for row in new.values()})
    made = {key: row for row in there if (key := (row.order_id, row.order_address_id)) in new}
    return made, {row.order_id for key, row in new.items() if key not in made}


def _taken(client: FmClient, void: Collection[SalesOrder]) -> set[int]:
    """The orders of those void rows whose numbers another row has."""
    if not void:
        return set()
    others = SalesOrder.objects.filter(fm_client=client, fm_number__in=[row.fm_number for row in void])
    numbers = set(others.exclude(pk__in=[row.pk for row in void]).values_list("fm_number", flat=True))
    return {row.order_id for row in void if row.fm_number in numbers}


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
    turned = []
    for row, parcel in pairs:
        riding = {item.line.id: item.rides_with for item in parcel.items}
        for (order, number), line in lines.items():
            here = order == row.order_id and line.order_address_id == row.order_address_id
            if here and line.rides_with != riding.get(number):
                line.rides_with = riding.get(number)
                turned.append(line)
    if turned:
        Line.objects.bulk_update(turned, ["rides_with"])
