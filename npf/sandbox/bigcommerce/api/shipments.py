"""V2 shipments of an order (facts 75-92); the rules are in shipping.py."""

from npf.sandbox.bigcommerce import shipping
from npf.sandbox.bigcommerce.answers import Answer, Request, no_content, not_found, ok, paging, some_or_204
from npf.sandbox.bigcommerce.api.orders import order_of
from npf.sandbox.bigcommerce.record import Order
from npf.sandbox.bigcommerce.router import Route
from npf.sandbox.bigcommerce.shipping import Shipment, shipment_body


def list_shipments(request: Request) -> Answer:
    """GET: 204 without any, 50 a page by default (fact 88)."""
    order = order_of(request)
    page, limit = paging(request, 50, 250)
    found = request.store.shipments_of.get(order.id, [])[(page - 1) * limit : page * limit]
    return some_or_204([shipment_body(shipment, order) for shipment in found])


def count_shipments(request: Request) -> Answer:
    """GET /count."""
    return ok({"count": len(request.store.shipments_of.get(order_of(request).id, []))})


def post_shipment(request: Request) -> Answer:
    """POST: 201 with the whole shipment. Not idempotent (fact 86)."""
    order = order_of(request)
    return ok(shipment_body(shipping.create(request.store, order, request.body), order), 201)


def get_shipment(request: Request) -> Answer:
    """GET one."""
    order, shipment = _named(request)
    return ok(shipment_body(shipment, order))


def put_shipment(request: Request) -> Answer:
    """PUT: tracking, provider, carrier, link, comments, address (fact 91)."""
    order, shipment = _named(request)
    shipping.update(request.store, order, shipment, request.body)
    return ok(shipment_body(shipment, order))


def delete_shipment(request: Request) -> Answer:
    """DELETE one: 204, the status stays (fact 90)."""
    order, shipment = _named(request)
    shipping.delete(request.store, order, shipment)
    return no_content()


def delete_shipments(request: Request) -> Answer:
    """DELETE all of an order."""
    order = order_of(request)
    for shipment in list(request.store.shipments_of.get(order.id, [])):
        shipping.delete(request.store, order, shipment)
    return no_content()


def _named(request: Request) -> tuple[Order, Shipment]:
    order = order_of(request)
    for shipment in request.store.shipments_of.get(order.id, []):
        if shipment.id == request.ids[1]:
            return order, shipment
    raise not_found(request)


_BASE, _ORDERS = "/v2/orders/{}/shipments", "store_v2_orders"
ROUTES = [
    Route("GET", _BASE, list_shipments, _ORDERS),
    Route("POST", _BASE, post_shipment, _ORDERS),
    Route("DELETE", _BASE, delete_shipments, _ORDERS),
    Route("GET", f"{_BASE}/count", count_shipments, _ORDERS),
    Route("GET", f"{_BASE}/{{}}", get_shipment, _ORDERS),
    Route("PUT", f"{_BASE}/{{}}", put_shipment, _ORDERS),
    Route("DELETE", f"{_BASE}/{{}}", delete_shipment, _ORDERS),
]
