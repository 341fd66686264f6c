"""Loading orders for FM: from BigCommerce's record to the documents that FM would be asked for."""

from collections.abc import Sequence

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet

from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce.records import read_order
from npf.core.errors import GiveUp, TryLater
from npf.orders import document
from npf.orders.models import Order, SalesOrder
from npf.orders.parcels import FIRST_TIME, Before, Parcel, less_what_left, parcels
from npf.orders.repairing import values
from npf.orders.repairs import Mended, mended
from npf.orders.stages import Stage
from npf.orders.told import otherwise
from npf.send.unsent import hold, put_off
from npf.stores.visit import Visit
from npf.warehouse.records import SalesOrder as Document


class Loaded(msgspec.Struct, frozen=True):
    """An order that is to be sent, and one document for each of its parcels.

    `told`: what FM is told otherwise than BigCommerce has it, as clauses.
    """

    order: Order
    parcels: list[Parcel]
    documents: list[Document]
    told: list[str]


def waiting(at: Visit) -> QuerySet[Order]:
    """The orders that send may try now.

    An order that was judged with other settings than today's is pull's to judge again first, unless FM may have it.
    """
    asked = SalesOrder.objects.filter(order=OuterRef("pk"), asked_at__isnull=False, voided_at__isnull=True)
    judged = Q(gated_with=at.store.settings_version) | Exists(asked)
    orders = Order.objects.filter(judged, store=at.store, stage=Stage.NEW)
    if not at.urgent:
        orders = orders.filter(Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=at.clock.now()))
    return orders


def load(at: Visit, orders: Sequence[Order]) -> list[Loaded]:
    """Build the documents of orders (with their records). One that cannot be built is held or put off on the way."""
    return [one for order in orders if (one := _load(at, order)) is not None]


def _load(at: Visit, order: Order) -> Loaded | None:
    try:
        before = _before(order)
        read = less_what_left(bc_orders.completed(at.bigcommerce, read_order(bytes(order.record.raw))), before)
        found = parcels(read, at.settings, before.resent)
        built = [document.build(read, parcel, at.settings) for parcel in found]
        ready = [
            mended(one, parcel.consignment.id, at.settings, before.repairs)
            for parcel, one in zip(found, built, strict=True)
        ]
        _check(found, ready)
    except GiveUp as wrong:
        with at.claim():
            at.tell([hold(at, order, wrong)])
        return None
    except TryLater as error:
        with at.claim():
            at.tell([put_off(at, order, error)])
        return None
    clauses = [clause for parcel, one in zip(found, built, strict=True) for clause in otherwise(read, parcel, one)]
    clauses += [clause for one in ready for clause in one.says]
    return Loaded(order, found, [one.document for one in ready], list(dict.fromkeys(clauses)))


def _before(order: Order) -> Before:
    """What people decided of an order before."""
    repairs = values(order.repairs.all())
    if not order.resent:
        return Before(repairs=repairs) if repairs else FIRST_TIME
    left = order.lines.filter(left_before__gt=0).values_list("order_product_id", "left_before")
    return Before(order.resent, dict(left), repairs)


def _check(found: Sequence[Parcel], ready: Sequence[Mended]) -> None:
    """What the gates have checked, once more: an order that FM may have does not pass them again."""
    if not found:
        raise GiveUp("nothing is left to ship", code="nothing_to_ship", repair="look at the order in BigCommerce")
    if len({parcel.consignment.id for parcel in found}) < len(found):
        raise GiveUp("two of its shipping addresses have one id", code="malformed_order", field="order_address_id")
    for parcel in found:
        for sku in parcel.unknown_bundles:
            why = f"{sku} is a bundle and the bundle table has no row for it"
            raise GiveUp(why, code="unknown_bundle", field="sku", repair=f'add [bundles."{sku}"] with its parts')
    for one in ready:
        for problem in one.problems:
            raise GiveUp(problem.text, code="fm_limits", field=problem.field, repair=document.cure(problem))
