"""A page at / to look at: every client, and its last orders with their state."""

from collections import Counter
from html import escape

from .client import Client
from .orders import Order
from .warehouse import Warehouse

SHOWN = 200

_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>FM sandbox</title>
<meta http-equiv="refresh" content="5"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: #1c2530; }
h2 { margin-top: 2rem; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #dde3ea; vertical-align: top; }
th { font-weight: 600; color: #55606d; } .quiet { color: #55606d; }
</style></head><body><h1>FM sandbox</h1>
<p class="quiet">A stand-in for NPF's logistics platform. The page renews itself every five seconds.</p>
"""


def write(warehouse: Warehouse) -> bytes:
    """The page, in UTF-8."""
    sections = "".join(_section(client) for client in list(warehouse.clients.values()))
    return f"{_HEAD}{sections or '<p>No clients yet.</p>'}</body></html>\n".encode()


def _section(client: Client) -> str:
    orders = list(client.orders.values())
    counts = Counter(order.status for order in orders)
    words = ", ".join(f"{escape(status)} {count}" for status, count in sorted(counts.items())) or "no orders yet"
    rows = "".join(_row(order) for order in reversed(orders[-SHOWN:]))
    table = (
        "<table><thead><tr><th>SalesOrderNo</th><th>NPFOrderNo</th><th>State</th><th>Products</th>"
        f"<th>Consignments</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    last = f'<p class="quiet">The last {SHOWN} of {len(orders)}.</p>' if len(orders) > SHOWN else ""
    return f"<h2>{escape(client.code)}</h2><p>{words}</p>{table if orders else ''}{last}"


def _row(order: Order) -> str:
    products = ", ".join(f"{quantity} x {code}" for code, quantity in order.ordered.items())
    consignments = ", ".join(shipment.consignment for shipment in order.shipments)
    state = f"{order.status}: {order.message}" if order.message else order.status
    cells = (order.number, str(order.npf_order_no), state, products, consignments)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
