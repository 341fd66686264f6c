"""Rows to look at: small helpers, and one scene with all that a console has to show."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from npf.audit.models import Event, Exchange
from npf.console.models import Person
from npf.console.people import add_person
from npf.core.clock import SystemClock
from npf.orders.models import Address, Line, Order, Record, SalesLine, SalesOrder
from npf.orders.stages import Stage
from npf.shipments.models import Shipment, ShipmentLine
from npf.stock.models import Item, Level, Run
from npf.stores import book, draft
from npf.stores.models import Beat, Store

TOKEN = "bc-t0ken-never-to-be-shown-9f31"
FM_PASSWORD = "fm-passw0rd-never-to-be-shown"
PASSWORD = "a-long-enough-word"
CLOCK = SystemClock()


def now() -> datetime:
    return datetime.now(UTC)


def ago(**how: float) -> datetime:
    return now() - timedelta(**how)


def person(name: str = "anna", role: str = "integrator", stores: tuple[str, ...] = ()) -> Person:
    return add_person(name, role, PASSWORD, stores)


def nested(name: str, **parameters: Any) -> dict[str, Any]:
    """A store file; its prefix and store hash follow from the name, so that no two collide."""
    letters = "".join(char for char in name if char.isalpha()).upper()[:8]
    return {
        "name": name,
        "merchant": f"{name.split('-')[0].capitalize()} Pty Ltd",
        "bigcommerce": {"store_id": f"h{name}", "client_id": "client-1", "access_token": TOKEN},
        "fm": {"username": "npf", "password": FM_PASSWORD, "client_code": "ACME"},
        "parameters": {"start_date": "01/11/2026", "prefix": f"{letters}-", "countries": ["Australia", "New Zealand"]}
        | parameters,
        "dispatch": {"default": "AP", "*express*": "EP EXP"},
        "carriers": {"AP": "auspost", "EP EXP": "auspost"},
        "sku_map": {"SHOP-1": "FM-1"},
        "bundles": {"KIT-HOME": {"FM-1": 2, "FM-2": 1}},
    }


def store(name: str = "acme-au", *, looked: bool = True, api_url: str = "", **parameters: Any) -> Store:
    tables = nested(name, **parameters)
    if api_url:
        tables["bigcommerce"]["api_url"] = api_url
    found, _ = book.save(draft.read(tables), "a test", CLOCK)
    if looked:
        Store.objects.filter(pk=found.pk).update(next_look_at=now() + timedelta(minutes=1))
        for station in ("pull", "send", "follow", "push"):
            beat(found, station)
    found.refresh_from_db()
    return found


def beat(of: Store, station: str, **columns: Any) -> Beat:
    at = ago(seconds=34)
    known = {"began_at": at, "ended_at": at, "ok_at": at, "counts": {"pulled": 3} if station == "pull" else {}}
    made, _ = Beat.objects.update_or_create(store=of, station=station, defaults=known | columns)
    return made


def order(of: Store, number: int = 1000012, stage: str = Stage.NEW, **columns: Any) -> Order:
    """One order with its address, its line and its record; from Pending on with its sales order at FM."""
    known: dict[str, Any] = {
        "stage_at": ago(minutes=7),
        "status_id": 11,
        "date_created": ago(hours=2),
        "date_modified": ago(hours=2),
        "pulled_at": ago(minutes=10),
        "currency_code": "AUD",
        "total_inc_tax": Decimal("129.9000"),
        "shopper": "Sarah Nguyen",
        "email": "sarah@example.com",
        "country": "AU",
        "shipping_method": "Standard Post",
        "payment_status": "captured",
        "gated_with": of.settings_version,
        "gates": GATES,
    }
    made = Order.objects.create(store=of, bc_order_id=number, stage=stage, **(known | columns))
    Record.objects.create(order=made, raw=f'{{"id": {number}, "status_id": 11}}'.encode(), read_at=now())
    Address.objects.create(
        order=made,
        order_address_id=1,
        position=1,
        first_name="Sarah",
        last_name="Nguyen",
        street_1="14 Station Street",
        city="Fitzroy",
        state="Victoria",
        zip="3065",
        country="Australia",
        phone="0400 000 000",
    )
    line(made)
    if stage in (Stage.PENDING, Stage.PROCESSING, Stage.COMPLETE):
        sales_order(made)
    if stage in (Stage.PROCESSING, Stage.COMPLETE):
        shipment(made)
    return made


GATES = [
    {"gate": "cancelled", "outcome": "pass", "why": "not cancelled"},
    {"gate": "start date", "outcome": "pass", "why": "placed 23/11/2026 09:12", "setting": "start_date"},
    {"gate": "order status", "outcome": "pass", "why": "the status is 11", "setting": "order_status"},
    {"gate": "country", "outcome": "pass", "why": "goes to Australia", "setting": "countries"},
    {"gate": "dispatch method", "outcome": "pass", "why": '"Standard Post" -> AP', "setting": "dispatch"},
]
DISPATCH_HOLD = [
    *GATES[:-1],
    {
        "gate": "dispatch method",
        "outcome": "hold",
        "why": "shipping method “Same Day Sydney” is not in the dispatch table",
        "setting": "dispatch",
        "field": "DispatchMethod",
        "repair": 'add "Same Day Sydney" = "<code>" to the dispatch table, or a default',
        "lacks": ["Same Day Sydney", "", "", "", ""],
    },
]


def line(of: Order, number: int = 1, sku: str = "SHOP-1", **columns: Any) -> Line:
    known = {"name": "Linen apron, sage", "type": "physical", "quantity": 2, "product_id": 11, "variant_id": 12}
    return Line.objects.create(order=of, order_product_id=number, order_address_id=1, sku=sku, **(known | columns))


def sales_order(of: Order, **columns: Any) -> SalesOrder:
    known = {
        "fm_number": f"{of.store.parameters['prefix']}{of.bc_order_id}",
        "npf_order_no": f"NPF{of.bc_order_id + 500000}",
        "dispatch_code": "AP",
        "asked_at": ago(minutes=6),
        "sent_at": ago(minutes=6),
        "seen_at": ago(seconds=40),
        "follow_at": now() + timedelta(minutes=2),
        "fm_status": "PICK",
        "fm_message": "being picked",
    }
    made = SalesOrder.objects.create(order=of, order_address_id=1, fm_client=of.store.fm, **(known | columns))
    for one in of.lines.all():
        SalesLine.objects.create(sales_order=made, line=one, code="FM-1", per_unit=1, quantity=one.quantity)
    return made


def shipment(of: Order, **columns: Any) -> Shipment:
    known = {
        "consignment_no": f"33{of.bc_order_id}",
        "tracking_number": f"33{of.bc_order_id}",
        "tracking_link": f"https://auspost.com.au/mypost/track/#/details/33{of.bc_order_id}",
        "despatched_on": date(2026, 11, 23),
        "seen_at": ago(minutes=3),
        "bc_shipment_id": 70 + of.bc_order_id % 1000,
        "pushed_at": ago(minutes=2),
    }
    made = Shipment.objects.create(sales_order=of.sales_orders.get(), **(known | columns))
    for one in of.lines.all():
        ShipmentLine.objects.create(shipment=made, line=one, quantity=one.quantity)
        Line.objects.filter(pk=one.pk).update(despatched=one.quantity)
    return made


def shipment_of(of: Order, number: int) -> Shipment:
    """One line of the order has left, and BigCommerce knows."""
    one = of.lines.get(order_product_id=number)
    made = parcel(of.sales_orders.get(), codes={"FM-1": one.quantity}, bc_shipment_id=91, pushed_at=ago(minutes=2))
    ShipmentLine.objects.create(shipment=made, line=one, quantity=one.quantity)
    Line.objects.filter(pk=one.pk).update(despatched=one.quantity)
    return made


def parcel(of: SalesOrder, **columns: Any) -> Shipment:
    """A parcel that completes no line."""
    number = f"33{of.order.bc_order_id}"
    known = {"consignment_no": number, "tracking_number": number, "despatched_on": date(2026, 11, 23)}
    return Shipment.objects.create(sales_order=of, seen_at=ago(minutes=3), **(known | columns))


def event(of: Store, text: str, number: int | None = None, tag: str = "pull:order:pulled", **columns: Any) -> Event:
    known = {"at": ago(minutes=5), "by": "schedule"}
    return Event.objects.create(store_id=of.pk, bc_order_id=number, tag=tag, text=text, **(known | columns))


def exchange(of: Store, number: int, **columns: Any) -> Exchange:
    known = {
        "at": ago(minutes=4),
        "by": "schedule",
        "system": "bigcommerce",
        "what": f"POST /v2/orders/{number}/shipments",
        "asked": '{"tracking_number":"331000012","order_address_id":1}',
        "answered": '{"id":82}',
        "status": 201,
        "outcome": "done",
        "took_ms": 182,
    }
    return Exchange.objects.create(store_id=of.pk, bc_order_id=number, **(known | columns))


def run(of: Store, *items: dict[str, Any], **columns: Any) -> Run:
    at = ago(hours=3)
    known = {"began_at": at, "ended_at": at, "by": "schedule", "way": "inventory"}
    made = Run.objects.create(store=of, **(known | {"counted": len(items)} | columns))
    for number, one in enumerate(items):
        base = {"sku": f"SKU-{number:03}", "product_id": number, "unsent": 0, "buffer": 0}
        Item.objects.create(run=made, store=of, **(base | one))
    return made


def level(of: Store, sku: str, *, fm: int | None = 8, was: int | None = 3, **columns: Any) -> Level:
    """The last count of one SKU, of one unit of the code of the same name."""
    known = {"product_id": Level.objects.count() + 1, "tracking": "product", "figures": {sku: [1, fm]}}
    return Level.objects.create(store=of, sku=sku, fm=fm, was=was, **(known | {"counted_at": ago(hours=1)} | columns))
