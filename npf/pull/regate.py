"""Judging again: where a setting has changed, every order that FM was not asked for, from the text that we hold."""

from django.db.models import Exists, OuterRef, QuerySet

from npf.bigcommerce import orders as bc_orders
from npf.core.errors import GiveUp, TryLater
from npf.orders.models import Order, Record, SalesOrder
from npf.orders.stages import GATED
from npf.pull import page
from npf.pull.decide import Pulled
from npf.stores.visit import Visit

AT_ONCE = 500


def run(at: Visit) -> None:
    """Judge again what was judged with earlier settings, or is to be judged again by somebody's wish (gated_with 0)."""
    last = 0
    while batch := _next(at, last):
        with_text = Record.objects.filter(order__in=batch).order_by("order_id").values_list("raw", flat=True)
        pulled = [_anew(at, one) for one in page.read(at, [bytes(raw) for raw in with_text])]
        with at.claim():
            page.save(at, pulled)
        last = batch[-1]


def _anew(at: Visit, one: Pulled) -> Pulled:
    """An order whose text cannot be read is asked for again: BigCommerce may write it whole by now."""
    if one.order is not None:
        return one
    try:
        return page.read_one(at, bc_orders.read(at.bigcommerce, one.bc_order_id))
    except (GiveUp, TryLater):
        # One order must not keep the others from being judged; it stays held, with the reason that it had.
        return one


def waiting(at: Visit) -> QuerySet[Order]:
    """The orders that stand as an earlier version of the settings judged them."""
    asked = SalesOrder.objects.filter(order=OuterRef("pk"), asked_at__isnull=False)
    return Order.objects.filter(
        ~Exists(asked), store=at.store, stage__in=GATED, gated_with__lt=at.store.settings_version
    )


def _next(at: Visit, last: int) -> list[int]:
    return list(waiting(at).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
