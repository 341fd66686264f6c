"""Claiming: which shipments BigCommerce is about to be asked to take is on record before it hears of them."""

from collections.abc import Mapping, Sequence

import msgspec
from django.db.models import QuerySet

from npf.audit.notes import Note
from npf.orders.models import Line, Order, SalesOrder
from npf.orders.move import move
from npf.orders.stages import Stage
from npf.push.rules import NEVER_OVER, Parcel, status_to_set
from npf.shipments.models import Shipment, ShipmentLine
from npf.stores.kinds import STATUSES
from npf.stores.visit import Visit


class Claimed(msgspec.Struct, frozen=True):
    """One order to tell BigCommerce of: shipments to write, the stage's status, what BigCommerce shows now."""

    order: Order
    parcels: list[Parcel]
    current: int | None
    wanted: int | None
    finished: bool
    bound: list[int]


def waiting(at: Visit) -> QuerySet[Order]:
    """Orders that something is to be told of."""
    orders = Order.objects.filter(store=at.store, next_push_at__isnull=False)
    return orders if at.urgent else orders.filter(next_push_at__lte=at.clock.now())


def claim(at: Visit, batch: Sequence[Order], fresh: Mapping[int, int]) -> list[Claimed]:
    """Mark the shipments of a batch as asked for. Orders that another hand stopped are held instead."""
    now = at.clock.now()
    claimed: list[Claimed] = []
    notes: list[Note | None] = []
    with at.claim():
        orders = Order.objects.select_for_update().filter(pk__in=[one.pk for one in batch]).order_by("bc_order_id")
        for order in orders:
            current = fresh.get(order.bc_order_id, order.status_id)
            if current != order.status_id:
                Order.objects.filter(pk=order.pk).update(status_id=current, status_seen_at=now)
                order.status_id = current
            if current in NEVER_OVER:
                notes += _stopped(at, order, current)
            elif order.stage in (Stage.PENDING, Stage.PROCESSING, Stage.HELD):
                claimed.append(_claim_one(at, order))
            else:
                Order.objects.filter(pk=order.pk).update(next_push_at=None)
        pks = [parcel.pk for one in claimed for parcel in one.parcels]
        Shipment.objects.filter(pk__in=pks, asked_at__isnull=True).update(asked_at=now)
        at.tell(notes)
    return claimed


def _stopped(at: Visit, order: Order, current: int) -> list[Note | None]:
    """Nothing is written onto a cancelled, refunded, declined or disputed order; a person decides (rule 3)."""
    Order.objects.filter(pk=order.pk).update(next_push_at=None)
    if order.stage not in (Stage.PENDING, Stage.PROCESSING):
        return []
    reason = f"BigCommerce shows {current} {STATUSES[current]}, and FM has the order: it may still be shipped"
    repair = "ask NPF's floor to stop it, then release it: it becomes Cancelled"
    at.count("held")
    return [move(order, Stage.HELD, at.clock, reason=reason, code="stopped_in_bigcommerce", repair=repair)]


def _claim_one(at: Visit, order: Order) -> Claimed:
    shipments = Shipment.objects.filter(sales_order__order=order).select_related("sales_order").order_by("pk")
    lines: dict[int, dict[int, int]] = {}
    for line in ShipmentLine.objects.filter(shipment__in=shipments).select_related("line"):
        lines.setdefault(line.shipment_id, {})[line.line.order_product_id] = line.quantity
    left = _left_over(order)
    parcels: list[Parcel] = []
    # A parcel that completes no line yet (part of a bundle) cannot be a shipment; the next one bears its number.
    without_lines: list[str] = []
    for one in shipments:
        items = lines.get(one.pk)
        if not items:
            without_lines.append(one.tracking_number)
        elif one.bc_shipment_id is None and one.wanted:
            doubtful = False
            for number, units in items.items():
                left[number] -= units
                doubtful = doubtful or left[number] < 0
            parcels.append(_parcel(one, items, tuple(without_lines), doubtful))
    unfinished = SalesOrder.objects.filter(order=order, finished_at__isnull=True).exists()
    finished = not unfinished and order.stage == Stage.PROCESSING
    values = at.settings.parameters
    if finished:
        wanted = values.status_complete
    elif order.stage == Stage.PROCESSING:
        wanted = values.status_processing
    elif order.stage == Stage.PENDING:
        wanted = values.status_pending
    else:
        wanted = None
    return Claimed(
        order=order,
        parcels=parcels,
        current=order.status_id,
        wanted=status_to_set(order.status_id, wanted),
        finished=finished,
        bound=[one.bc_shipment_id for one in shipments if one.bc_shipment_id is not None],
    )


def _parcel(one: Shipment, items: dict[int, int], also: tuple[str, ...], doubtful: bool) -> Parcel:
    return Parcel(
        pk=one.pk,
        order_address_id=one.sales_order.order_address_id,
        tracking_number=one.tracking_number,
        tracking_link=one.tracking_link,
        dispatch_code=one.sales_order.dispatch_code,
        items=items,
        asked_before=one.asked_at is not None,
        doubtful=doubtful,
        also=also,
    )


def _left_over(order: Order) -> dict[int, int]:
    """order_product_id -> units that BigCommerce may still be told of (fact 87), by its own figures and ours."""
    told: dict[int, int] = {}
    for line in ShipmentLine.objects.filter(line__order=order, shipment__bc_shipment_id__isnull=False):
        told[line.line_id] = told.get(line.line_id, 0) + line.quantity
    return {
        line.order_product_id: line.quantity - line.quantity_refunded - max(line.quantity_shipped, told.get(line.pk, 0))
        for line in Line.objects.filter(order=order)
    }
