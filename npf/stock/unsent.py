"""What orders take off FM's figures, by FM product code."""

from django.db.models import F, Q, Sum

from npf.orders.models import Line, Order, SalesLine
from npf.orders.stages import Stage
from npf.stores.maps import Settings
from npf.stores.models import Store

# Placed and not yet for FM: BigCommerce has sold these, FM will be asked for them (facts 37, 64).
_STILL_TO_COME = (1, 7, 9, 11, 12)


def sold_and_unknown_to_fm(store: Store, settings: Settings) -> dict[str, int]:
    """FM code -> units in orders that BigCommerce has taken and FM does not know. Test orders are not sales."""
    waiting = Order.objects.filter(store=store, test=False).filter(
        Q(stage__in=(Stage.NEW, Stage.HELD))
        | Q(stage=Stage.SKIPPED, reason_code="gate:order status", status_id__in=_STILL_TO_COME)
    )
    lines = (
        Line.objects.filter(order__in=waiting, type="physical")
        .exclude(order__sales_orders__sent_at__isnull=False)
        .values("sku")
        .annotate(units=Sum(F("quantity") - F("quantity_refunded") - F("quantity_shipped")))
    )
    taken: dict[str, int] = {}
    for line in lines:
        for code, per_unit in (settings.parts(line["sku"]) or {}).items():
            taken[code] = taken.get(code, 0) + per_unit * max(0, line["units"])
    return taken


def in_fm_not_despatched(store: Store) -> dict[str, int]:
    """FM code -> units that FM was asked for and that have not left, over all stores of the FM client."""
    lines = (
        SalesLine.objects.filter(
            sales_order__fm_client=store.fm,
            sales_order__sent_at__isnull=False,
            sales_order__finished_at__isnull=True,
            sales_order__order__test=False,
        )
        .values("code")
        .annotate(units=Sum(F("quantity") - F("per_unit") * F("line__despatched")))
    )
    return {line["code"]: max(0, line["units"]) for line in lines}
