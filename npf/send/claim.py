"""Claiming orders for FM: their numbers and that FM is being asked are on record before FM hears of them."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from npf.audit.notes import Note
from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce.records import read_order
from npf.core.errors import GiveUp
from npf.fm.records import SalesOrder as Document
from npf.orders import document
from npf.orders.models import Line, Order, Record, SalesLine, SalesOrder
from npf.orders.move import move
from npf.orders.parcels import Parcel, parcels
from npf.orders.stages import Stage
from npf.stores.visit import Visit


class Loaded(msgspec.Struct, frozen=True):
    """An order that is to be sent, with its parcels."""

    order: Order
    parcels: list[Parcel]
    documents: list[Document]


class Claimed(msgspec.Struct, frozen=True):
    """One parcel that FM may now be asked for. `asked_before` = an earlier try may have reached FM: look first."""

    order: Order
    row: SalesOrder
    number: str
    document: Document
    asked_before: bool


def waiting(at: Visit) -> QuerySet[Order]:
    """The orders that send may try now."""
    orders = Order.objects.filter(store=at.store, stage=Stage.NEW)
    if not at.urgent:
        orders = orders.filter(Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=at.clock.now()))
    return orders


def load(at: Visit, most: int, *, without: Collection[int]) -> list[Loaded]:
    """The next orders to send, built from their records; those that cannot be built are held on the way."""
    while orders := list(waiting(at).exclude(pk__in=without).order_by("bc_order_id")[:most]):
        loaded = [one for order in orders if (one := _load(at, order)) is not None]
        if loaded:
            return loaded
    return []


def _load(at: Visit, order: Order) -> Loaded | None:
    raw = bytes(Record.objects.get(order=order).raw)
    try:
        read = bc_orders.completed(at.bigcommerce, read_order(raw))
        found = parcels(read, at.settings)
        documents = [document.build(read, parcel, at.settings) for parcel in found]
        for one in documents:
            for problem in document.problems(one, at.settings):
                raise GiveUp(problem.text, code="fm_limits", field=problem.field, repair=problem.repair)
        if not found:
            raise GiveUp("nothing is left to ship", code="nothing_to_ship", repair="pull it again")
    except GiveUp as wrong:
        with at.claim():
            at.tell([hold(at, order, wrong)])
        return None
    return Loaded(order, found, documents)


def hold(at: Visit, order: Order, why: GiveUp) -> Note | None:
    """Hold an order for the reason of a GiveUp, and count it."""
    note = move(order, Stage.HELD, at.clock, reason=str(why), code=why.code, field=why.field[:80], repair=why.repair)
    if note is not None:
        at.count("held")
    return note


def claim(at: Visit, loaded: Iterable[Loaded]) -> list[Claimed]:
    """Write down what FM is about to be asked. An order that has left `new` meanwhile is passed over."""
    claimed: list[Claimed] = []
    notes: list[Note | None] = []
    with at.claim():
        by_pk = {one.order.pk: one for one in loaded}
        still = Order.objects.select_for_update().filter(pk__in=by_pk, stage=Stage.NEW).order_by("pk")
        now = at.clock.now()
        for order in still:
            one = by_pk[order.pk]
            taken = _taken(at, order, one)
            if taken is not None:
                notes.append(hold(at, order, taken))
                continue
            for parcel, text in zip(one.parcels, one.documents, strict=True):
                row, asked_before = _row(at, order, parcel, text, now)
                if row.sent_at is None:
                    claimed.append(Claimed(order, row, parcel.number, text, asked_before))
        at.tell(notes)
    return claimed


def _taken(at: Visit, order: Order, one: Loaded) -> GiveUp | None:
    numbers = [parcel.number for parcel in one.parcels]
    other = (
        SalesOrder.objects.filter(fm_client=at.store.fm, fm_number__in=numbers)
        .exclude(order=order)
        .select_related("order__store")
        .first()
    )
    if other is None:
        return None
    return GiveUp(
        f"FM number {other.fm_number} belongs to order {other.order.bc_order_id} of store {other.order.store.name}",
        code="number_taken",
        field="SalesOrderNo",
        repair="give one of the two stores another prefix",
    )


def _row(at: Visit, order: Order, parcel: Parcel, text: Document, now: datetime) -> tuple[SalesOrder, bool]:
    """The sales order of a parcel, marked as asked for, and whether it was so before."""
    row, made = SalesOrder.objects.get_or_create(
        order=order,
        order_address_id=parcel.consignment.id,
        defaults={
            "fm_client": at.store.fm,
            "fm_number": parcel.number,
            "dispatch_code": text.DespatchDetails.DispatchMethod,
            "asked_at": now,
        },
    )
    if made:
        _write_lines(row, order, parcel)
        return row, False
    return row, row.asked_at is not None


def _write_lines(row: SalesOrder, order: Order, parcel: Parcel) -> None:
    lines = {line.order_product_id: line for line in Line.objects.filter(order=order)}
    for item in parcel.items:
        line = lines[item.line.id]
        if item.rides_with is not None:
            Line.objects.filter(pk=line.pk).update(rides_with=item.rides_with)
    SalesLine.objects.bulk_create(
        [
            SalesLine(
                sales_order=row,
                line=lines[item.line.id],
                code=code,
                per_unit=per_unit,
                quantity=per_unit * item.quantity,
            )
            for item in parcel.items
            for code, per_unit in item.parts.items()
        ]
    )
