"""What orders take off FM's figures, by FM product code.

FM's figures are those of one moment, and the orders go on: what went to FM or left it since then is not in them. In
doubt a unit is taken off twice, never not at all.

    sold, FM does not know of it        taken off
    sent to FM since the count          taken off: FM's figure is from before
    in FM, not despatched               in the figure where it is what is available, else taken off
    despatched since the count          taken off where the figure is what is on hand
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from npf.orders.models import Line, Order, SalesLine, SalesOrder
from npf.orders.stages import Stage
from npf.shipments.models import Shipment
from npf.stock.models import Level
from npf.stock.rule import Sold, added, taken_by
from npf.stores.book import settings_of
from npf.stores.maps import Settings
from npf.stores.models import FmClient, Store

# Placed, and not for FM as it stands: BigCommerce has sold these, and FM may yet be asked for them (facts 37, 64).
# Incomplete is no sale, Awaiting Pickup does not come from FM; the others are over.
STILL_TO_COME = (1, 3, 7, 9, 11, 12, 13, 14)
_BY_STATUS = Q(stage=Stage.SKIPPED, reason_code="gate:order status", status_id__in=STILL_TO_COME)
# An order that would not pass this gate either is not FM's to ship, whatever becomes of its status.
_ELSEWHERE = Q(gates__contains=[{"gate": "country", "outcome": "skip"}])


def taken_off(client: FmClient, settings: Settings, counted_at: datetime) -> dict[str, int]:
    """FM code -> units to take off the figures that FM gave of its client at `counted_at`, over all of its stores.

    `settings` say what FM's figures mean and what is to be published. Test orders are no sales.
    """
    unknown = [sold_and_unknown_to_fm(store) for store in client.stores.filter(removed_at__isnull=True)]
    if settings.fm.stock_is == "available":
        return added(*unknown, sent_since(client, counted_at))
    # What has not left is read before what has: what leaves between the two reads stands in both, not in neither.
    left = {} if settings.parameters.stock_basis == "on_hand" else not_despatched(client, counted_at)
    return added(*unknown, left, despatched_since(client, counted_at))


def sold_and_unknown_to_fm(store: Store) -> dict[str, int]:
    """FM code -> units in orders that BigCommerce has taken and FM does not know."""
    orders = Order.objects.filter(store=store, test=False).filter(
        Q(stage__in=(Stage.NEW, Stage.HELD)) | (_BY_STATUS & ~_ELSEWHERE)
    )
    # Address by address: of an order with several, FM may know one and not yet the other.
    sent = SalesOrder.objects.filter(
        order=OuterRef("order"), order_address_id=OuterRef("order_address_id"), sent_at__isnull=False
    )
    lines = Line.objects.filter(~Exists(sent), order__in=orders, type="physical").values_list(
        "product_id",
        "variant_id",
        "order_id",
        "order_product_id",
        "parent_order_product_id",
        "sku",
        F("quantity") - F("quantity_refunded") - F("quantity_shipped"),
    )
    settings = settings_of(store)
    sold = [((product_id, variant_id), Sold(*line)) for product_id, variant_id, *line in lines.iterator()]
    return added(taken_by((one for _, one in sold), settings), taken_by(_renamed(store, settings, sold), settings))


def _renamed(store: Store, settings: Settings, sold: Iterable[tuple[tuple[int, int], Sold]]) -> Iterator[Sold]:
    """Lines whose article the catalogue sells under another SKU by now, under that one (fact 54).

    FM may know the article by the one or by the other, so its units are taken off both.
    """
    found = Level.objects.filter(store=store).values_list("product_id", "variant_id", "sku")
    now = {(product_id, variant_id): sku for product_id, variant_id, sku in found}
    for (product_id, variant_id), one in sold:
        sku = now.get((product_id, variant_id)) or now.get((product_id, None))
        if sku and settings.parts(sku) != settings.parts(one.sku):
            yield msgspec.structs.replace(one, sku=sku)


def sent_since(client: FmClient, moment: datetime) -> dict[str, int]:
    """FM code -> units in orders that FM took at `moment` or later."""
    lines = _sales_lines(client).filter(sales_order__sent_at__gte=moment)
    return dict(lines.values_list("code").annotate(units=Sum("quantity")))


def not_despatched(client: FmClient, moment: datetime) -> dict[str, int]:
    """FM code -> units that FM was asked for and that have not left; orders that ended after `moment` included."""
    open_then = Q(sales_order__finished_at__isnull=True) | Q(sales_order__finished_at__gte=moment)
    lines = _sales_lines(client).filter(open_then, sales_order__sent_at__isnull=False)
    left = Sum(F("quantity") - F("per_unit") * F("line__despatched"))
    return {code: max(0, units) for code, units in lines.values_list("code").annotate(left=left)}


def despatched_since(client: FmClient, moment: datetime) -> dict[str, int]:
    """FM code -> units that we saw leave at `moment` or later."""
    found: Iterable[dict[str, int]] = Shipment.objects.filter(
        sales_order__fm_client=client, sales_order__order__test=False, seen_at__gte=moment
    ).values_list("codes", flat=True)
    return added(*found)


def _sales_lines(client: FmClient) -> QuerySet[SalesLine]:
    return SalesLine.objects.filter(sales_order__fm_client=client, sales_order__order__test=False)
