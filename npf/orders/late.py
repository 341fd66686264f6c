"""What NPF has had for longer than the store was promised (stores/promise.py), and has not despatched whole.

Nobody waits for a test order, for one that was stopped in BigCommerce or is held here by hand, or for a void number.
Computed at each look from what is kept anyway, so that another promise counts at once.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from npf.orders.models import Order, SalesOrder
from npf.orders.stages import BY_HAND, STOPPED, UNFINISHED, Stage
from npf.stores.models import Store
from npf.stores.parameters import parameters
from npf.stores.promise import Promise, cutoff, due

_NOBODY_WAITS = frozenset({BY_HAND, STOPPED})


def promising(stores: QuerySet[Store]) -> QuerySet[Store]:
    """Those of the stores that were promised anything, as far as `late` needs them."""
    return stores.filter(parameters__promise_hours__gt=0).only("parameters")


def late(stores: Iterable[Store], now: datetime) -> QuerySet[SalesOrder]:
    """The sales orders of these stores that should have left NPF by now."""
    promised: dict[Promise, list[int]] = {}
    for store in stores:
        if promise := parameters(store.parameters).promise:
            promised.setdefault(promise, []).append(store.pk)
    if not promised:
        return SalesOrder.objects.none()
    old = Q(pk__in=[])
    for promise, pks in promised.items():
        if moment := cutoff(now, promise):
            old |= Q(order__store__in=pks, sent_at__lte=moment)
    return SalesOrder.objects.filter(
        old,
        ~Q(order__stage=Stage.HELD, order__reason_code__in=_NOBODY_WAITS),
        order__stage__in=UNFINISHED,
        order__test=False,
        finished_at__isnull=True,
        voided_at__isnull=True,
    )


def promised_for(order: Order, rows: Iterable[SalesOrder], promise: Promise | None) -> datetime | None:
    """When the first of what is awaited of an order must have left, in UTC; None = nothing is promised or awaited."""
    nobody = order.stage == Stage.HELD and order.reason_code in _NOBODY_WAITS
    if promise is None or order.test or nobody or order.stage not in UNFINISHED:
        return None
    awaited = [row.sent_at for row in rows if row.sent_at and not (row.finished_at or row.voided_at)]
    return due(min(awaited), promise) if awaited else None
