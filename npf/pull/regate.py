"""Judging again: where a setting has changed, every order that FM was not asked for, from the text that we hold."""

from django.db.models import Exists, OuterRef, QuerySet

from npf.orders.models import Order, Record, SalesOrder
from npf.orders.stages import GATED
from npf.pull import page
from npf.stores.visit import Visit

AT_ONCE = 500


def run(at: Visit) -> None:
    """Judge again what was judged with earlier settings, or is to be judged again by somebody's wish (gated_with 0)."""
    last = 0
    while batch := _next(at, last):
        with_text = Record.objects.filter(order__in=batch).order_by("order_id").values_list("raw", flat=True)
        pulled = page.read(at, [bytes(raw) for raw in with_text])
        with at.claim():
            page.save(at, pulled)
        last = batch[-1]


def waiting(at: Visit) -> QuerySet[Order]:
    """The orders that stand as an earlier version of the settings judged them."""
    asked = SalesOrder.objects.filter(order=OuterRef("pk"), asked_at__isnull=False)
    return Order.objects.filter(
        ~Exists(asked), store=at.store, stage__in=GATED, gated_with__lt=at.store.settings_version
    )


def _next(at: Visit, last: int) -> list[int]:
    return list(waiting(at).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
