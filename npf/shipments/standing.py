"""Where orders stand by their rows at FM alone: where a hold that ends lets them go on."""

from collections.abc import Iterable

from django.db.models import Q

from npf.orders.models import SalesOrder
from npf.orders.stages import Stage
from npf.shipments.models import Shipment


def stands(orders: Iterable[int]) -> dict[int, Stage]:
    """Order.pk -> its stage: new until FM has all of it, processing once any of it has left, else pending; cancelled
    where FM has cancelled all of it. Void numbers count for nothing but what left under them.
    """
    pks = list(orders)
    live: dict[int, list[tuple[bool, str]]] = {pk: [] for pk in pks}
    rows = SalesOrder.objects.filter(order__in=pks, voided_at__isnull=True)
    for pk, sent_at, status in rows.values_list("order_id", "sent_at", "fm_status"):
        live[pk].append((sent_at is not None, status))
    left = _have_left(pks)
    return {pk: _stands(rows_of, pk in left) for pk, rows_of in live.items()}


def _stands(rows: list[tuple[bool, str]], left: bool) -> Stage:
    if not rows or not all(sent for sent, _ in rows):
        return Stage.NEW
    if left:
        return Stage.PROCESSING
    return Stage.CANCELLED if all(status == "CANCEL" for _, status in rows) else Stage.PENDING


def _have_left(orders: list[int]) -> set[int]:
    # What leaves under a number that is void already carries no lines: it is not what was wanted.
    counts = Q(sales_order__voided_at__isnull=True) | Q(lines__isnull=False)
    left = Shipment.objects.filter(counts, sales_order__order__in=orders)
    return set(left.values_list("sales_order__order", flat=True))
