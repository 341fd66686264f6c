"""What orders take off FM's figures, by FM product code and order.

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
from npf.stock.rule import Cause, Sold, Taken, taken_by
from npf.stores.book import settings_of
from npf.stores.maps import Settings
from npf.stores.models import FmClient, Store

AWAITING_PAYMENT = 7
# Placed, and not for FM as it stands: BigCommerce has sold these, and FM may yet be asked for them (facts 37, 64).
# Incomplete is no sale, Awaiting Pickup does not come from FM; the others are over.
STILL_TO_COME = (1, 3, AWAITING_PAYMENT, 9, 11, 12, 13, 14)
_BY_STATUS = Q(stage=Stage.SKIPPED, reason_code="gate:order status", status_id__in=STILL_TO_COME)
# Of an order that is held for one of these, units are unknown (orders/gates.py).
UNREADABLE = ("gate:readable", "gate:lines")
_OPEN = (Stage.NEW, Stage.HELD, Stage.PENDING, Stage.PROCESSING)
# An order that would not pass this gate either is not FM's to ship, whatever becomes of its status.
_ELSEWHERE = Q(gates__contains=[{"gate": "country", "outcome": "skip"}])


def taken_off(store: Store, settings: Settings, counted_at: datetime) -> list[Taken]:
    """What to take off the figures that FM gave of the store's client at `counted_at`, over all stores of that client.

    `settings` say what FM's figures mean and what is to be published. Orders of the other stores bear their store's
    name. Test orders are no sales.
    """
    client = store.fm
    names = {one.pk: "" if one.pk == store.pk else f"{one.name} " for one in client.stores.all()}
    stores = client.stores.filter(removed_at__isnull=True)
    taken = [
        one
        for other in stores
        for one in (*sold_and_unknown_to_fm(other, names[other.pk]), *added_since(other, names[other.pk]))
    ]
    if settings.fm.stock_is == "available":
        return taken + sent_since(client, names, counted_at)
    # What has not left is read before what has: what leaves between the two reads stands in both, not in neither.
    if settings.parameters.stock_basis != "on_hand":
        taken += not_despatched(client, names, counted_at)
    return taken + despatched_since(client, names, counted_at)


def unreadable(store: Store) -> Order | None:
    """An order of the store's FM client that BigCommerce may have sold and whose units nobody can tell; None = none."""
    stores = store.fm.stores.filter(removed_at__isnull=True)
    orders = Order.objects.filter(store__in=stores, stage=Stage.HELD, reason_code__in=UNREADABLE)
    return orders.order_by("pk").first()


def sold_and_unknown_to_fm(store: Store, name: str) -> list[Taken]:
    """What orders take off that BigCommerce has and FM does not know. `name` goes before their numbers."""
    orders = Order.objects.filter(store=store, test=False).filter(
        Q(stage__in=(Stage.NEW, Stage.HELD)) | (_BY_STATUS & ~_ELSEWHERE)
    )
    # Address by address: of an order with several, FM may know one and not yet the other.
    live = SalesOrder.objects.filter(voided_at__isnull=True, sent_at__isnull=False)
    sent = live.filter(order=OuterRef("order"), order_address_id=OuterRef("order_address_id"))
    lines = Line.objects.filter(~Exists(sent), order__in=orders, type="physical").values_list(
        "product_id",
        "variant_id",
        "order__stage",
        "order__status_id",
        "order__bc_order_id",
        "order_product_id",
        "parent_order_product_id",
        "sku",
        F("quantity") - F("quantity_refunded") - Greatest("quantity_shipped", "left_before"),
    )
    settings = settings_of(store)
    sold = [
        ((product_id, variant_id), Sold(f"{name}{order}", line, parent, sku, units, _cause(stage, status)))
        for product_id, variant_id, stage, status, order, line, parent, sku, units in lines.iterator()
    ]
    return taken_by((one for _, one in sold), settings) + taken_by(_renamed(store, settings, sold), settings)


def _cause(stage: str, status_id: int | None) -> Cause:
    if stage == Stage.NEW:
        return Cause.NEW
    if stage == Stage.HELD:
        return Cause.HELD
    return Cause.UNPAID if status_id == AWAITING_PAYMENT else Cause.OTHER_STATUS


def _renamed(store: Store, settings: Settings, sold: Iterable[tuple[tuple[int, int], Sold]]) -> Iterator[Sold]:
    """Lines whose article the catalogue sells under another SKU by now, under that one (fact 54).

    FM may know the article by the one or by the other, so its units are taken off both.
    """
    found = Level.objects.filter(store=store).values_list("product_id", "variant_id", "sku")
    now = {(product_id, variant_id): sku for product_id, variant_id, sku in found}
    for (product_id, variant_id), one in sold:
        sku = now.get((product_id, variant_id)) or now.get((product_id, None))
        if sku and settings.parts(sku) != settings.parts(one.sku.strip()):
            yield msgspec.structs.replace(one, sku=sku)


def added_since(store: Store, name: str) -> list[Taken]:
    """What was added to orders in BigCommerce after FM was asked for them: FM does not know of it."""
    rows = Difference.objects.filter(order__store=store, order__test=False, order__stage__in=_OPEN)
    found: list[Sold] = []
    for row in rows.select_related("order").iterator():
        order = f"{name}{row.order.bc_order_id}"
        skus = dict(Line.objects.filter(order=row.pk).values_list("order_product_id", "sku"))
        wanted = dict(Line.objects.filter(order=row.pk).values_list("order_product_id", "wanted"))
        edits = [one for one in changes.read(row.changes) if one.about == "line"]
        wanted |= {one.id: int(one.now) for one in edits if one.field == "units"}
        renamed = {one.id: one.now for one in edits if one.field == "sku"}
        found += [
            Sold(order, one.id, None, skus.get(one.id, one.name), int(one.now) - int(one.had), Cause.CHANGED)
            for one in edits
            if one.adds and one.id not in renamed
        ]
        found += [Sold(order, line, None, sku, wanted.get(line) or 0, Cause.CHANGED) for line, sku in renamed.items()]
    return taken_by(found, settings_of(store))


Names = dict[int, str]
"""Store id -> what goes before the numbers of its orders."""
_ORDER = ("sales_order__order__store_id", "sales_order__order__bc_order_id")


def sent_since(client: FmClient, names: Names, moment: datetime) -> list[Taken]:
    """Orders that FM took at `moment` or later."""
    rows = _sales_lines(client).filter(sales_order__sent_at__gte=moment).values_list("code", *_ORDER)
    return _taken(names, Cause.SENT_SINCE, rows.annotate(units=Sum("quantity")))


def not_despatched(client: FmClient, names: Names, moment: datetime) -> list[Taken]:
    """What FM was asked for and has not left; orders that ended after `moment` included.

    So are numbers that are void: FM may hold their goods until it has cancelled them.
    """
    open_then = Q(sales_order__finished_at__isnull=True) | Q(sales_order__finished_at__gte=moment)
    lines = _sales_lines(client).filter(open_then, sales_order__sent_at__isnull=False)
    left = Sum(F("quantity") - F("per_unit") * F("line__despatched"))
    live = lines.filter(sales_order__voided_at__isnull=True).values_list("code", *_ORDER).annotate(left=left)
    void = lines.filter(sales_order__voided_at__isnull=False).values_list("code", *_ORDER).annotate(Sum("quantity"))
    # A line's own count speaks of the live number alone.
    parcels = Shipment.objects.filter(open_then, sales_order__fm_client=client, sales_order__voided_at__isnull=False)
    gone: dict[tuple[str, int, int], int] = {}
    for codes, store_id, order in parcels.values_list("codes", *_ORDER):
        for code, units in codes.items():
            gone[code, store_id, order] = gone.get((code, store_id, order), 0) + units
    still = [(code, shop, order, units - gone.get((code, shop, order), 0)) for code, shop, order, units in void]
    return _taken(names, Cause.IN_FM, [*live, *still])


def despatched_since(client: FmClient, names: Names, moment: datetime) -> list[Taken]:
    """What we saw leave at `moment` or later."""
    parcels = Shipment.objects.filter(
        sales_order__fm_client=client, sales_order__order__test=False, seen_at__gte=moment
    ).values_list("codes", *_ORDER)
    rows = [(code, store_id, order, units) for codes, store_id, order in parcels for code, units in codes.items()]
    return _taken(names, Cause.LEFT_SINCE, rows)


def _taken(names: Names, cause: Cause, rows: Iterable[tuple[str, int, int, int]]) -> list[Taken]:
    return [Taken(code, f"{names[store]}{order}", cause, units) for code, store, order, units in rows if units > 0]


def _sales_lines(client: FmClient) -> QuerySet[SalesLine]:
    return SalesLine.objects.filter(sales_order__fm_client=client, sales_order__order__test=False)
