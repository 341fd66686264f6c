"""Claiming: which shipments BigCommerce is about to be asked to take is on record before it hears of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db.models import QuerySet

from npf.audit.notes import Note, Tag
from npf.bigcommerce.orders import Standing
from npf.orders import changes
from npf.orders.models import Difference, Line, Order, SalesOrder
from npf.orders.move import move
from npf.orders.stages import STOPPED_STATUSES, Stage, may_be_told
from npf.push.rules import Parcel, Units, fits, named, plus, status_to_set, stopped
from npf.shipments.models import Shipment, ShipmentLine
from npf.stores.parameters import Parameters
from npf.stores.visit import Visit


class Claimed(msgspec.Struct, frozen=True):
    """One order to tell BigCommerce of.

    `parcels` are the shipments that it has not confirmed, `bound` the ids of those that it has. `to_ship`: units that
    it may show as shipped in all. `wanted` is the status to set, None = none. `seen`: BigCommerce has just shown its
    status. `finished`: FM has nothing more to say.
    """

    order: Order
    parcels: list[Parcel]
    bound: list[int]
    to_ship: Units
    wanted: int | None
    seen: bool
    finished: bool


def waiting(at: Visit) -> QuerySet[Order]:
    """Orders that BigCommerce is to be told something of."""
    orders = Order.objects.filter(store=at.store, next_push_at__isnull=False)
    return orders if at.urgent else orders.filter(next_push_at__lte=at.clock.now())


def claim(at: Visit, batch: Sequence[Order], fresh: Mapping[int, Standing]) -> list[Claimed]:
    """Mark the shipments of a batch as asked for. Orders that another hand stopped are held instead.

    `fresh`: where every order stands that changed in BigCommerce since it was pulled, by its number there.
    """
    now = at.clock.now()
    notes: list[Note | None] = []
    going: list[Order] = []
    seen: dict[int, Standing] = {}
    with at.claim():
        let_ship, gone = _let_ship(batch), _gone(batch)
        for order in Order.objects.select_for_update().filter(pk__in=[one.pk for one in batch]).order_by("bc_order_id"):
            if not may_be_told(order.stage, order.reason_code):
                Order.objects.filter(pk=order.pk).update(next_push_at=None)
                continue
            if shown := _newer(fresh.get(order.bc_order_id), order):
                seen[order.bc_order_id] = shown
                notes.append(_note_status(order, shown, now))
            if order.status_id in STOPPED_STATUSES:
                accepted = let_ship.get(order.pk) == order.status_id
                shown_as = f"BigCommerce shows {named(order.status_id)}"
                notes.append(_end(at, order, shown_as) if accepted else _stop(at, order))
            elif order.pk in gone:
                notes.append(_end(at, order, "BigCommerce has it no more"))
            else:
                going.append(order)
        claimed = _claimed(at, going, seen)
        asked = [parcel.pk for one in claimed for parcel in one.parcels]
        Shipment.objects.filter(pk__in=asked).update(asked_at=now)
        at.tell(notes)
    return claimed


def _let_ship(orders: Sequence[Order]) -> dict[int, int | None]:
    """Order.pk -> the status of a stopped order with which a person let it ship."""
    found = Difference.objects.filter(order__in=orders, status_accepted__isnull=False)
    return dict(found.values_list("pk", "status_accepted"))


def _gone(orders: Sequence[Order]) -> set[int]:
    """The orders that BigCommerce has no more, as pull or an earlier push found: there is nobody to tell."""
    found = Difference.objects.filter(order__in=orders)
    return {pk for pk, some in found.values_list("pk", "changes") if changes.IS_GONE in changes.read(some)}


def _newer(shown: Standing | None, order: Order) -> Standing | None:
    """What BigCommerce showed, unless pull has read the order as it was later on: lists may lag (fact 139).

    A status that stops the order counts whatever its date says: to look twice costs less than a parcel.
    """
    if shown is None or shown.status_id in STOPPED_STATUSES or not (shown.date_modified and order.date_modified):
        return shown
    return shown if shown.date_modified >= order.date_modified else None


def _note_status(order: Order, shown: Standing, now: datetime) -> Note | None:
    if shown.status_id == order.status_id:
        return None
    order.status_id = shown.status_id
    order.date_modified = shown.date_modified or order.date_modified
    columns = {"status_id": order.status_id, "status_seen_at": now, "date_modified": order.date_modified}
    Order.objects.filter(pk=order.pk).update(**columns)
    return Note(Tag.ORDER_CHANGED, f"BigCommerce shows {named(order.status_id)}", order.bc_order_id)


def _stop(at: Visit, order: Order) -> Note | None:
    assert order.status_id is not None
    why = stopped(order.status_id)
    words = {"reason": str(why), "code": why.code, "field": why.field, "repair": why.repair}
    at.count("held")
    return move(order, Stage.HELD, at.clock, **words, next_push_at=None)


def _end(at: Visit, order: Order, why: str) -> Note | None:
    """Nothing is written onto a stopped order that ships all the same (rule 3); once all of it has left, it is over."""
    if order.stage != Stage.PROCESSING or going_on([order]):
        Order.objects.filter(pk=order.pk).update(next_push_at=None)
        return None
    Shipment.objects.filter(sales_order__order=order, bc_shipment_id__isnull=True).update(wanted=False)
    reason = f"{why}, and it left NPF all the same: BigCommerce was not told of it"
    return move(order, Stage.CANCELLED, at.clock, reason=reason, next_push_at=None)


def going_on(orders: Sequence[Order]) -> set[int]:
    """Those of the orders that FM has more to say of."""
    rows = SalesOrder.objects.filter(order__in=orders, voided_at__isnull=True, finished_at__isnull=True)
    return set(rows.values_list("order_id", flat=True))


def _claimed(at: Visit, orders: Sequence[Order], fresh: Mapping[int, Standing]) -> list[Claimed]:
    """The orders with all that push must know of them, in a handful of queries for the whole batch."""
    values = at.settings.parameters
    shipments = Shipment.objects.filter(sales_order__order__in=orders)
    if not values.update_tracking_number:
        shipments.filter(asked_at__isnull=True, bc_shipment_id__isnull=True).update(wanted=False)
    rows = list(shipments.select_related("sales_order").order_by("pk"))
    items: dict[int, Units] = {}
    for one in ShipmentLine.objects.filter(shipment__in=rows).select_related("line"):
        items.setdefault(one.shipment_id, {})[one.line.order_product_id] = one.quantity
    lines = list(Line.objects.filter(order__in=orders))
    unfinished = going_on(orders)
    fewer = _fewer(orders)
    return [
        _claim_one(
            order,
            [row for row in rows if row.sales_order.order_id == order.pk],
            items,
            [line for line in lines if line.order_id == order.pk],
            fresh.get(order.bc_order_id),
            fewer.get(order.pk, {}),
            finished=order.stage == Stage.PROCESSING and order.pk not in unfinished,
            values=values,
        )
        for order in orders
    ]


def _fewer(orders: Sequence[Order]) -> dict[int, Units]:
    """Order.pk -> the units that BigCommerce wants now of the lines of which FM was asked for more."""
    found: dict[int, Units] = {}
    for row in Difference.objects.filter(order__in=orders):
        some = [one for one in changes.read(row.changes) if one.field == "units" and not one.adds]
        found[row.pk] = {one.id: int(one.now) for one in some}
    return found


def _claim_one(
    order: Order,
    shipments: Sequence[Shipment],
    items: Mapping[int, Units],
    lines: Sequence[Line],
    fresh: Standing | None,
    fewer: Units,
    *,
    finished: bool,
    values: Parameters,
) -> Claimed:
    bound = {one.bc_shipment_id: items.get(one.pk, {}) for one in shipments if one.bc_shipment_id is not None}
    told: Units = {}
    for carried in bound.values():
        told = plus(told, carried)
    shown = max(sum(line.quantity_shipped for line in lines), fresh.items_shipped if fresh else 0)
    to_ship = {line.order_product_id: line.quantity - line.quantity_refunded for line in lines}
    # BigCommerce takes no more than it shows now, whatever FM was asked for and has sent (fact 87).
    to_ship |= fewer
    return Claimed(
        order=order,
        parcels=_parcels(shipments, items, to_ship, told, fewer, others_shipped=shown > sum(told.values())),
        bound=list(bound),
        to_ship=to_ship,
        wanted=status_to_set(order.status_id, _status_of(order.stage, finished, values)),
        seen=fresh is not None,
        finished=finished,
    )


def _status_of(stage: str, finished: bool, values: Parameters) -> int | None:
    """The status that the store's parameters give to the stage."""
    if finished:
        return values.status_complete
    return {Stage.PENDING.value: values.status_pending, Stage.PROCESSING.value: values.status_processing}.get(stage)


def _parcels(
    shipments: Sequence[Shipment],
    items: Mapping[int, Units],
    to_ship: Units,
    told: Units,
    fewer: Units,
    *,
    others_shipped: bool,
) -> list[Parcel]:
    """The parcels that BigCommerce has not confirmed yet; `told` is what it has.

    Of the lines in `fewer` it wants so many only: the parcel is shown with those, as the shopper is to see it.
    """
    found: list[Parcel] = []
    without_lines: dict[int, list[str]] = {}
    for one in shipments:
        carries = items.get(one.pk, {})
        if one.bc_shipment_id is None:
            left = {line: max(0, fewer[line] - told.get(line, 0)) for line in carries if line in fewer}
            carries = {line: units for line, whole in carries.items() if (units := min(whole, left.get(line, whole)))}
        also = without_lines.setdefault(one.sales_order_id, [])
        if not carries:
            # It completes no line (a part of a bundle, units not wanted any more), so it cannot be a shipment; the
            # next one bears its number.
            also.append(one.tracking_number)
            continue
        if one.wanted and one.bc_shipment_id is None:
            doubtful = others_shipped or not fits(carries, told, to_ship)
            found.append(_parcel(one, carries, tuple(also), doubtful=doubtful))
            told = plus(told, carries)
        also.clear()
    return found


def _parcel(one: Shipment, items: Units, also: tuple[str, ...], *, doubtful: bool) -> Parcel:
    return Parcel(
        pk=one.pk,
        order_address_id=one.sales_order.order_address_id,
        tracking_number=one.tracking_number,
        tracking_link=one.tracking_link,
        dispatch_code=one.sales_order.dispatch_code,
        items=items,
        asked_at=one.asked_at,
        doubtful=doubtful,
        also=also,
    )
