"""Orders with their FM numbers and shipments, and the timeline of one: what `--json` prints (DESIGN section 6)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from npf.audit.models import Event, Exchange
from npf.core.clock import Clock, SystemClock
from npf.orders.late import promised_for
from npf.orders.models import Order, SalesOrder
from npf.shipments.models import Shipment
from npf.stores.book import settings_of
from npf.stores.maps import Settings
from npf.stores.models import Store


def listed(
    store: Store, stage: str = "", bc_order_id: int | None = None, *, clock: Clock | None = None, late: bool = False
) -> list[dict[str, Any]]:
    """One row per live FM order, and one per order that FM was not asked for; ordered by BigCommerce number.

    {"bc_order_id", "fm_number", "npf_order_no", "stage", "reason", "test",
     "shipments": [{"tracking_number", "tracking_link", "carrier", "bc_shipment_id", "despatched_on", "freight",
     "handling"}], "void": [fm_number], "due_at", "late"}
    `void` are the numbers under which the same was in FM before it was sent again; what left under them stands first.
    `due_at` is when NPF has promised to have despatched what it has of the row, None = nothing is promised or awaited.
    With the argument `late`, only the rows that are.
    """
    shipments = Prefetch("shipments", queryset=Shipment.objects.order_by("pk"))
    sales_orders = SalesOrder.objects.filter(asked_at__isnull=False).order_by("pk").prefetch_related(shipments)
    found = Order.objects.filter(store=store).order_by("bc_order_id")
    if stage:
        found = found.filter(stage=stage)
    if bc_order_id is not None:
        found = found.filter(bc_order_id=bc_order_id)
    settings = settings_of(store)
    now = (clock or SystemClock()).now()
    rows = []
    for order in found.prefetch_related(Prefetch("sales_orders", queryset=sales_orders)):
        rows += _rows(order, settings, now)
    return [row for row in rows if row["late"] or not late]


def _rows(order: Order, settings: Settings, now: datetime) -> list[dict[str, Any]]:
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
        rest = _parcels([*before, one], settings) | {"void": _numbers(before)} | _promised(order, one, settings, now)
        rows.append(base | numbers | after | rest)
    if void or not several:
        # What is void and nothing has taken its place yet.
        nothing = {"due_at": None, "late": False}
        rows.append(base | after | _parcels(void, settings) | {"void": _numbers(void)} | nothing)
    return rows


def _promised(order: Order, row: SalesOrder, settings: Settings, now: datetime) -> dict[str, Any]:
    due_at = promised_for(order, [row], settings.parameters.promise)
    return {"due_at": due_at, "late": due_at is not None and due_at <= now}


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
        "despatched_on": one.despatched_on,
        "freight": one.freight,
        "handling": one.handling,
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
