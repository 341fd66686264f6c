"""What orders take off FM's figures, by FM product code.

FM's figures are those of one moment, and the orders go on: what went to FM or left it since then is not in them. In
doubt a unit is taken off twice, never not at all.

    sold, FM does not know of it        taken off; so is what an edit added to an order that FM has
    sent to FM since the count          taken off: FM's figure is from before
    in FM, not despatched               in the figure where it is what is available, else taken off
    despatched since the count          taken off where the figure is what is on hand
    under a number that is void         in FM, until FM has cancelled it; what goes in its place is taken off beside it
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Greatest

from npf.orders import changes
from npf.orders.models import Difference, Line, Order, SalesLine, SalesOrder
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
_OPEN = (Stage.NEW, Stage.HELD, Stage.PENDING, Stage.PROCESSING)
# An order that would not pass this gate either is not FM's to ship, whatever becomes of its status.
_ELSEWHERE = Q(gates__contains=[{"gate": "country", "outcome": "skip"}])


def taken_off(client: FmClient, settings: Settings, counted_at: datetime) -> dict[str, int]:
    """FM code -> units to take off the figures that FM gave of its client at `counted_at`, over all of its stores.

    `settings` say what FM's figures mean and what is to be published. Test orders are no sales.
    """
    stores = client.stores.filter(removed_at__isnull=True)
    unknown = [one for store in stores for one in (sold_and_unknown_to_fm(store), added_since(store))]
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
    live = SalesOrder.objects.filter(voided_at__isnull=True, sent_at__isnull=False)
    sent = live.filter(order=OuterRef("order"), order_address_id=OuterRef("order_address_id"))
    lines = Line.objects.filter(~Exists(sent), order__in=orders, type="physical").values_list(
        "product_id",
        "variant_id",
        "order_id",
        "order_product_id",
        "parent_order_product_id",
        "sku",
        F("quantity") - F("quantity_refunded") - Greatest("quantity_shipped", "left_before"),
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


def added_since(store: Store) -> dict[str, int]:
    """FM code -> units that were added to orders in BigCommerce after FM was asked for them: FM does not know them."""
    rows = Difference.objects.filter(order__store=store, order__test=False, order__stage__in=_OPEN)
    found: list[Sold] = []
    for row in rows.iterator():
        skus = dict(Line.objects.filter(order=row.pk).values_list("order_product_id", "sku"))
        wanted = dict(Line.objects.filter(order=row.pk).values_list("order_product_id", "wanted"))
        edits = [one for one in changes.read(row.changes) if one.about == "line"]
        wanted |= {one.id: int(one.now) for one in edits if one.field == "units"}
        renamed = {one.id: one.now for one in edits if one.field == "sku"}
        found += [
            Sold(row.pk, one.id, None, skus.get(one.id, one.name), int(one.now) - int(one.had))
            for one in edits
            if one.adds and one.id not in renamed
        ]
        found += [Sold(row.pk, line, None, sku, wanted.get(line) or 0) for line, sku in renamed.items()]
    return taken_by(found, settings_of(store))


def sent_since(client: FmClient, moment: datetime) -> dict[str, int]:
    """FM code -> units in orders that FM took at `moment` or later."""
    lines = _sales_lines(client).filter(sales_order__sent_at__gte=moment)
    return dict(lines.values_list("code").annotate(units=Sum("quantity")))


def not_despatched(client: FmClient, moment: datetime) -> dict[str, int]:
    """FM code -> units that FM was asked for and that have not left; orders that ended after `moment` included.

    So are numbers that are void: FM may hold their goods until it has cancelled them.
    """
    open_then = Q(sales_order__finished_at__isnull=True) | Q(sales_order__finished_at__gte=moment)
    lines = _sales_lines(client).filter(open_then, sales_order__sent_at__isnull=False)
    left = Sum(F("quantity") - F("per_unit") * F("line__despatched"))
    live = lines.filter(sales_order__voided_at__isnull=True).values_list("code").annotate(left=left)
    void = lines.filter(sales_order__voided_at__isnull=False).values_list("code").annotate(units=Sum("quantity"))
    # A line's own count speaks of the live number alone.
    parcels = Shipment.objects.filter(open_then, sales_order__fm_client=client, sales_order__voided_at__isnull=False)
    gone = added(*parcels.values_list("codes", flat=True))
    return added(
        {code: max(0, units) for code, units in live},
        {code: max(0, units - gone.get(code, 0)) for code, units in void},
    )


def despatched_since(client: FmClient, moment: datetime) -> dict[str, int]:
    """FM code -> units that we saw leave at `moment` or later."""
    found: Iterable[dict[str, int]] = Shipment.objects.filter(
        sales_order__fm_client=client, sales_order__order__test=False, seen_at__gte=moment
    ).values_list("codes", flat=True)
    return added(*found)


def _sales_lines(client: FmClient) -> QuerySet[SalesLine]:
    return SalesLine.objects.filter(sales_order__fm_client=client, sales_order__order__test=False)
