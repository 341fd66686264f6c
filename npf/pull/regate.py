"""Judging again: where a setting has changed, every order that FM was not asked for, from the text that we hold."""

from collections.abc import Container

import msgspec
from django.db.models import Exists, OuterRef, QuerySet

from npf.bigcommerce import orders as bc_orders
from npf.core.errors import GiveUp, TryLater
from npf.orders import gates
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
        to_read = set(Order.objects.filter(pk__in=batch, digest="").values_list("bc_order_id", flat=True))
        pulled = [_anew(at, one, to_read) for one in page.read(at, [bytes(raw) for raw in with_text])]
        with at.claim():
            page.save(at, [one for one in pulled if one is not None])
        last = batch[-1]


def _anew(at: Visit, one: Pulled, to_read: Container[int]) -> Pulled | None:
    """An order whose text cannot be read is asked for again: BigCommerce may write it whole by now.

    One without a digest (`to_read`) is to be sent again as it is now: what we hold of it is what FM was asked for. None
    where it cannot be read now; the next pull tries again.
    """
    must = one.bc_order_id in to_read
    if one.order is not None and not must:
        return one
    try:
        return page.read_one(at, bc_orders.read(at.bigcommerce, one.bc_order_id))
    except TryLater:
        # One order must not keep the others from being judged; it stays held, with the reason that it had.
        return None if must else one
    except GiveUp as gone:
        if not must:
            return one
        return msgspec.structs.replace(one, digest="", order=None, whole=False, judgement=gates.unreadable(gone))


def waiting(at: Visit) -> QuerySet[Order]:
    """The orders that stand as an earlier version of the settings judged them."""
    asked = SalesOrder.objects.filter(order=OuterRef("pk"), asked_at__isnull=False, voided_at__isnull=True)
    return Order.objects.filter(
        ~Exists(asked), store=at.store, stage__in=GATED, gated_with__lt=at.store.settings_version
    )


def _next(at: Visit, last: int) -> list[int]:
    return list(waiting(at).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
