"""Orders with their FM numbers and shipments, and the timeline of one: what `--json` prints (DESIGN section 6)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch

from npf.audit.models import Event, Exchange
from npf.orders.models import Order, SalesOrder
from npf.shipments.models import Shipment
from npf.stores.book import settings_of
from npf.stores.maps import Settings
from npf.stores.models import Store


def listed(store: Store, stage: str = "", bc_order_id: int | None = None) -> list[dict[str, Any]]:
    """One row per live FM order, and one per order that FM was not asked for; ordered by BigCommerce number.

    {"bc_order_id", "fm_number", "npf_order_no", "stage", "reason", "test",
     "shipments": [{"tracking_number", "tracking_link", "carrier", "bc_shipment_id"}], "void": [fm_number]}
    `void` are the numbers under which the same was in FM before it was sent again; what left under them stands first.
    """
    shipments = Prefetch("shipments", queryset=Shipment.objects.order_by("pk"))
    sales_orders = SalesOrder.objects.filter(asked_at__isnull=False).order_by("pk").prefetch_related(shipments)
    found = Order.objects.filter(store=store).order_by("bc_order_id")
    if stage:
        found = found.filter(stage=stage)
    if bc_order_id is not None:
        found = found.filter(bc_order_id=bc_order_id)
    settings = settings_of(store)
    rows = []
    for order in found.prefetch_related(Prefetch("sales_orders", queryset=sales_orders)):
        rows += _rows(order, settings)
    return rows


def _rows(order: Order, settings: Settings) -> list[dict[str, Any]]:
    base = {"bc_order_id": order.bc_order_id, "fm_number": None, "npf_order_no": None}
    after = {"stage": order.stage, "reason": order.reason, "test": order.test}
    several = list(order.sales_orders.all())
    live = [one for one in several if one.voided_at is None]
    void = [one for one in several if one.voided_at is not None]
    rows = []
    for one in live:
        before = [other for other in void if other.order_address_id == one.order_address_id]
        void = [other for other in void if other not in before]
        numbers = {"fm_number": one.fm_number, "npf_order_no": one.npf_order_no or None}
        rows.append(base | numbers | after | _parcels([*before, one], settings) | {"void": _numbers(before)})
    if void or not several:
        # What is void and nothing has taken its place yet.
        rows.append(base | after | _parcels(void, settings) | {"void": _numbers(void)})
    return rows


def _numbers(some: Sequence[SalesOrder]) -> list[str]:
    return [one.fm_number for one in some]


def _parcels(some: Sequence[SalesOrder], settings: Settings) -> dict[str, Any]:
    return {
        "shipments": [
            _shipment(parcel, "".join(settings.carrier(one.dispatch_code)))
            for one in some
            for parcel in one.shipments.all()
        ]
    }


def _shipment(one: Shipment, carrier: str) -> dict[str, Any]:
    return {
        "tracking_number": one.tracking_number,
        "tracking_link": one.tracking_link,
        "carrier": carrier,
        "bc_shipment_id": one.bc_shipment_id,
    }


def timeline(store: Store, bc_order_id: int) -> list[dict[str, Any]]:
    """Everything that happened to an order, oldest first: events, and what the outer systems were asked to write.

    {"at", "by", "text", "tag"}, and of a write also {"asked", "answered", "status", "took_ms"}, secrets masked.
    """
    events = [
        {"at": one.at, "by": one.by, "text": one.text, "tag": one.tag}
        for one in Event.objects.filter(store_id=store.pk, bc_order_id=bc_order_id).order_by("at", "pk")
    ]
    exchanges = [
        {
            "at": one.at,
            "by": one.by,
            "text": f"{one.system}: {one.what}: {one.outcome}",
            "tag": f"{one.system}:exchange:{one.outcome}",
            "asked": one.asked,
            "answered": one.answered,
            "status": one.status,
            "took_ms": one.took_ms,
        }
        for one in Exchange.objects.filter(store_id=store.pk, bc_order_id=bc_order_id).order_by("at", "pk")
    ]
    # A write comes before the event that tells what became of it.
    return sorted([*exchanges, *events], key=lambda line: line["at"])
