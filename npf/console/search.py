"""Finding orders by whatever a person has in hand."""

from django.db.models import Q, QuerySet

from npf.orders.models import Line, Order, SalesOrder
from npf.shipments.models import Shipment
from npf.stores.models import FmClient, Store

MOST_HITS = 500
# BigCommerce's numbers are 32 bits wide today; whatever has more digits than this is no order number.
MOST_DIGITS = 18


def find(orders: QuerySet[Order], stores: QuerySet[Store], text: str) -> QuerySet[Order]:
    """The orders among `orders` that `text` may mean; all of them where it is empty.

    Numbers, SKUs and tracking numbers are compared whole, in the case as typed and in capitals; the shopper's name and
    e-mail contain the text. A text of digits alone is never taken for a name.
    """
    text = text.strip().removeprefix("#").strip().replace("\0", "")
    if not text:
        return orders
    written = {text, text.upper()}
    meant = Q(pk__in=_hits(stores, written))
    if text.isascii() and text.isdigit():
        if len(text) <= MOST_DIGITS:
            meant |= Q(bc_order_id=int(text))
        return orders.filter(meant)
    return orders.filter(meant | Q(shopper__icontains=text) | Q(email__icontains=text))


def _hits(stores: QuerySet[Store], written: set[str]) -> list[int]:
    """The orders of an identifier, looked up in its own table: each through an index, not by walking the orders."""
    clients = FmClient.objects.filter(stores__in=stores)
    by_number = SalesOrder.objects.filter(fm_client__in=clients, fm_number__in=written).values_list("order_id")
    by_npf = SalesOrder.objects.filter(order__store__in=stores, npf_order_no__in=written).values_list("order_id")
    by_sku = Line.objects.filter(order__store__in=stores, sku__in=written).order_by("-pk").values_list("order_id")
    by_parcel = Shipment.objects.filter(
        Q(tracking_number__in=written) | Q(consignment_no__in=written), sales_order__order__store__in=stores
    ).values_list("sales_order__order_id")
    found: set[int] = set()
    for hits in (by_number, by_npf, by_parcel, by_sku):
        found |= {pk for (pk,) in hits[:MOST_HITS]}
    return list(found)
