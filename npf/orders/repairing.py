"""The rows of repairs: read for the rules, dropped where BigCommerce has changed what they replace."""

from collections.abc import Iterable, Mapping

from django.db.models import Q

from npf.orders import models
from npf.orders.parcels import Repair
from npf.stores.models import Store


def values(rows: Iterable[models.Repair]) -> tuple[Repair, ...]:
    """The repairs of one order, as the rules take them."""
    return tuple(Repair(row.order_address_id, row.field, row.value, row.replaces) for row in rows)


def of_orders(store: Store, which: Q) -> dict[int, tuple[Repair, ...]]:
    """BigCommerce number -> its repairs, for those of the store's orders that have any."""
    orders = models.Order.objects.filter(which, store=store).values("pk")
    found: dict[int, list[models.Repair]] = {}
    for row in models.Repair.objects.filter(order__in=orders).select_related("order").order_by("pk"):
        found.setdefault(row.order.bc_order_id, []).append(row)
    return {number: values(rows) for number, rows in found.items()}


def drop(store: Store, stale: Mapping[int, Iterable[Repair]]) -> None:
    """Forget repairs: BigCommerce number -> those of that order that are used no more."""
    for number, repairs in stale.items():
        for one in repairs:
            models.Repair.objects.filter(
                order__store=store,
                order__bc_order_id=number,
                order_address_id=one.address,
                field=one.field,
                replaces=one.replaces,
            ).delete()
