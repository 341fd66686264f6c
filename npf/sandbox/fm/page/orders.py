"""The orders of a client, and how to connect to it."""

from collections import Counter

from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import Html, Piece, el, link, live, table

from ..client import Client
from ..orders import Order
from ..warehouse import Warehouse
from .frame import client_page, clock, path_of

SHOWN = 100
HIDDEN = {"left-out": "left out of every status list", "no-details": "told as “no details”"}


def orders_page(warehouse: Warehouse, client: Client, asked: Asked) -> bytes:
    """The page of a client: its orders, last moved first."""
    return client_page(
        client,
        (),
        "Orders",
        asked,
        el("h1", "Orders"),
        live("figures", _figures(warehouse, client)),
        _connect(client),
        el("h2", "Last moved first"),
        live("orders", _orders(client)),
    )


def state(order: Order) -> str:
    """How an order stands, in FM's word, with its reason."""
    hidden = f" ({HIDDEN[order.hidden]})" if order.hidden else ""
    return (f"{order.status}: {order.message}" if order.message else order.status) + hidden


def _figures(warehouse: Warehouse, client: Client) -> Html:
    counts = Counter(order.status for order in client.orders.values())
    words = " · ".join(f"{status} {count}" for status, count in sorted(counts.items())) or "no orders yet"
    how = " · nothing ships by itself (see Settings)" if client.settings.manual else ""
    return el("p", clock(client, warehouse.now()), f" {client.settings.zone} · {words}{how}", class_="quiet")


def _connect(client: Client) -> Html:
    rows: list[tuple[Piece, ...]] = [
        ("Username", el("code", client.username)),
        ("Password", el("code", client.password)),
        ("Client code", el("code", client.code)),
        ("Base address", "that of this page"),
    ]
    return el("details", el("summary", "How to connect to it"), table(("What", "Value"), rows, ""))


def _orders(client: Client) -> Html:
    orders = sorted(client.orders.values(), key=lambda one: (one.status_at, one.npf_order_no), reverse=True)
    rows: list[tuple[Piece, ...]] = []
    for order in orders[:SHOWN]:
        address = order.fields["ShippingAddress"]
        to = f"{address['FirstName']} {address['LastName']}, {address['City']}, {address['Country']}"
        goods = ", ".join(f"{quantity} x {code}" for code, quantity in order.ordered.items())
        consignments = ", ".join(shipment.consignment for shipment in order.shipments)
        number = link(path_of(client, "orders", order.number), order.number)
        rows.append((number, state(order), to, goods, consignments, clock(client, order.status_at)))
    heads = ("Order", "State", "To", "Goods", "Consignments", "Moved")
    shown = table(heads, rows, "No orders yet. They come over SOAP, by serverorder.")
    last = el("p", f"The last {SHOWN} of {len(orders)}.", class_="quiet") if len(orders) > SHOWN else None
    return el("div", shown, last)
