"""V2 orders: the list with its filters, one order, its sub-resources, statuses (facts 29-74)."""

from typing import Any

from npf.sandbox.bigcommerce import bodies, placing, statuses
from npf.sandbox.bigcommerce.answers import (
    Answer,
    Request,
    data,
    no_content,
    not_found,
    ok,
    paging,
    some_or_204,
    v2_error,
)
from npf.sandbox.bigcommerce.api.filters import FILTERS, SORTS, wish_of
from npf.sandbox.bigcommerce.faults import spoil
from npf.sandbox.bigcommerce.listing import rows_of
from npf.sandbox.bigcommerce.record import Order
from npf.sandbox.bigcommerce.router import Route

INCLUDES = {"consignments", "consignments.line_items", "fees"}
_PAGING = {"page", "limit", "sort", "include", "consignment_structure"}
_WRITABLE = {
    "status_id",
    "is_deleted",
    "staff_notes",
    "customer_message",
    "payment_method",
    "external_order_id",
    "external_source",
    "customer_id",
    "channel_id",
}
_ADDRESS_FIELDS = {
    "first_name",
    "last_name",
    "company",
    "street_1",
    "street_2",
    "city",
    "state",
    "zip",
    "country",
    "country_iso2",
    "phone",
    "email",
}


def list_orders(request: Request) -> Answer:
    """GET /orders. 204 when the page is empty; an unknown filter refuses the whole request (fact 22)."""
    for name in request.query:
        if name not in FILTERS and name not in _PAGING:
            raise v2_error(400, f"The field '{name}' is not supported by this resource.")
    include, structure = _includes(request)
    wish = wish_of(request)
    page, wish.limit = paging(request, 50, 250)
    wish.offset = (page - 1) * wish.limit
    field, _, direction = request.query.get("sort", "id").partition(":")
    if field not in SORTS or direction not in ("", "asc", "desc"):
        raise v2_error(400, "The field 'sort' is invalid.")
    wish.sort, wish.reverse = SORTS[field], direction == "desc"
    store = request.store
    rows = rows_of(request, wish, lambda order: store.order_bytes(order, include, structure))
    if not rows:
        return no_content()
    return Answer(200, b"[" + b",".join(rows) + b"]")


def get_order(request: Request) -> Answer:
    """GET /orders/{id}: also archived ones (fact 40)."""
    include, structure = _includes(request)
    raw = request.store.order_bytes(order_of(request), include, structure)
    return Answer(200, spoil(request.fault, raw) if request.fault in ("malformed-order", "unknown-field") else raw)


def count_orders(request: Request) -> Answer:
    """GET /orders/count: without a status it leaves Incomplete out of the total (fact 39)."""
    for name in request.query:
        if name not in FILTERS:
            raise v2_error(400, f"The field '{name}' is not supported by this resource.")
    counts = request.store.book.count(wish_of(request))
    rows = [
        {
            "id": status_id,
            "name": name,
            "system_label": name,
            "custom_label": request.store.custom_status(status_id),
            "system_description": description,
            "count": counts.get(status_id, 0),
            "sort_order": place,
        }
        for status_id, (name, place, description) in sorted(statuses.STATUSES.items(), key=lambda row: row[1][1])
    ]
    asked = "status_id" in request.query
    total = sum(number for status_id, number in counts.items() if asked or status_id != statuses.INCOMPLETE)
    return ok({"statuses": rows, "count": total})


def put_order(request: Request) -> Answer:
    """PUT /orders/{id}: the few fields that matter to a fulfilment connector; others are refused (facts 66, 67)."""
    order, store, body = order_of(request), request.store, request.body
    if not isinstance(body, dict) or not body:
        raise v2_error(400, "The request body must be a JSON object.")
    known = bodies.order_fields(order, "")
    for name, value in body.items():
        if name not in _WRITABLE:
            if name in known:
                raise v2_error(
                    400,
                    f"The field '{name}' cannot be written to. Please remove it from your request before trying again.",
                )
            raise v2_error(400, f"The field '{name}' is not supported by this resource.")
        wanted: type = type(known[name]) if known[name] is not None else str
        if type(value) is not wanted:
            raise v2_error(400, f"The field '{name}' is invalid.")
    if body.get("status_id", 0) not in statuses.STATUSES:
        raise v2_error(400, "The field 'status_id' is invalid.")
    placing.amend_order(order, {name: value for name, value in body.items() if name != "status_id"})
    if "status_id" in body:
        store.move_status(order, body["status_id"])
    store.touch(order)
    return Answer(200, store.order_bytes(order, frozenset(), ""))


def delete_order(request: Request) -> Answer:
    """DELETE /orders/{id} archives (fact 40)."""
    request.store.archive(order_of(request).id)
    return no_content()


def list_products(request: Request) -> Answer:
    """GET /orders/{id}/products: 50 lines by default (fact 47)."""
    order = order_of(request)
    page, limit = paging(request, 50, 250)
    lines = order.lines[(page - 1) * limit : page * limit]
    return some_or_204([bodies.line_body(line, order) for line in lines])


def get_product(request: Request) -> Answer:
    """GET /orders/{id}/products/{id}."""
    order = order_of(request)
    line = order.line(request.ids[1])
    if line is None:
        raise not_found(request)
    return ok(bodies.line_body(line, order))


def list_addresses(request: Request) -> Answer:
    """GET /orders/{id}/shipping_addresses: 204 for a digital order (fact 50)."""
    order = order_of(request)
    page, limit = paging(request, 50, 250)
    part = order.addresses[(page - 1) * limit : page * limit]
    return some_or_204([bodies.address_body(address, order, request.store.base_url()) for address in part])


def get_address(request: Request) -> Answer:
    """GET /orders/{id}/shipping_addresses/{id}."""
    order = order_of(request)
    address = order.address(request.ids[1])
    if address is None:
        raise not_found(request)
    return ok(bodies.address_body(address, order, request.store.base_url()))


def put_address(request: Request) -> Answer:
    """PUT /orders/{id}/shipping_addresses/{id}: the address itself, no costs (fact 56)."""
    order = order_of(request)
    address = order.address(request.ids[1])
    if address is None:
        raise not_found(request)
    if not isinstance(request.body, dict):
        raise v2_error(400, "The request body must be a JSON object.")
    for name, value in request.body.items():
        if name not in _ADDRESS_FIELDS:
            raise v2_error(
                400,
                f"The field '{name}' cannot be written to. Please remove it from your request before trying again.",
            )
        if not isinstance(value, str):
            raise v2_error(400, f"The field '{name}' is invalid.")
    placing.amend_address(address, request.body)
    request.store.touch(order)
    return ok(bodies.address_body(address, order, request.store.base_url()))


def get_consignments(request: Request) -> Answer:
    """GET /orders/{id}/consignments."""
    with_lines = "consignments.line_items" in request.query.get("include", "").split(",")
    return ok(bodies.consignments(order_of(request), request.store.base_url(), with_lines))


def get_fees(request: Request) -> Answer:
    """GET /orders/{id}/fees, in the envelope of the spec's example."""
    return ok({"fees": bodies.fees(order_of(request))})


def nothing(request: Request) -> Answer:
    """Coupons, taxes, messages, shipping quotes, transactions of an order that has none (facts 18, 19, 94)."""
    order_of(request)
    return no_content()


def list_refunds(request: Request) -> Answer:
    """V3 refunds of an order: lines and quantities (fact 55)."""
    order = order_of(request)
    items = [
        {"item_type": "PRODUCT", "item_id": line.id, "quantity": line.refunded, "reason": ""}
        for line in order.lines
        if line.refunded
    ]
    return data([{"id": order.id, "order_id": order.id, "reason": "", "items": items}] if items else [])


def list_statuses(request: Request) -> Answer:
    """GET /order_statuses (examples/order_statuses.json)."""
    return ok([_status_body(request, status_id) for status_id in statuses.STATUSES])


def get_status(request: Request) -> Answer:
    """GET /order_statuses/{id}."""
    if request.ids[0] not in statuses.STATUSES:
        raise not_found(request)
    return ok(_status_body(request, request.ids[0]))


def order_of(request: Request) -> Order:
    """The order that the path names; Refusal 404 when there is none."""
    order = request.book.by_id.get(request.ids[0])
    if order is None:
        raise not_found(request)
    return order


def _status_body(request: Request, status_id: int) -> dict[str, Any]:
    name, place, description = statuses.STATUSES[status_id]
    return {
        "id": status_id,
        "name": name,
        "system_label": name,
        "custom_label": request.store.custom_status(status_id),
        "system_description": description,
        "order": place,
    }


def _includes(request: Request) -> tuple[frozenset[str], str]:
    structure = request.query.get("consignment_structure", "")
    if structure not in ("", "object"):
        raise v2_error(400, "The field 'consignment_structure' is invalid.")
    wanted = {part.strip() for part in request.query.get("include", "").split(",") if part.strip()}
    if wanted - INCLUDES:
        raise v2_error(400, "The field 'include' is invalid.")
    return frozenset(wanted), structure


_ORDERS = "store_v2_orders"
ROUTES = [
    Route("GET", "/v2/orders", list_orders, _ORDERS),
    Route("GET", "/v2/orders/count", count_orders, _ORDERS),
    Route("GET", "/v2/orders/{}", get_order, _ORDERS),
    Route("PUT", "/v2/orders/{}", put_order, _ORDERS),
    Route("DELETE", "/v2/orders/{}", delete_order, _ORDERS),
    Route("GET", "/v2/orders/{}/products", list_products, _ORDERS),
    Route("GET", "/v2/orders/{}/products/{}", get_product, _ORDERS),
    Route("GET", "/v2/orders/{}/consignments", get_consignments, _ORDERS),
    Route("GET", "/v2/orders/{}/consignments/shipping/{}/shipping_quotes", nothing, _ORDERS),
    Route("GET", "/v2/orders/{}/fees", get_fees, _ORDERS),
    Route("GET", "/v2/orders/{}/coupons", nothing, _ORDERS),
    Route("GET", "/v2/orders/{}/taxes", nothing, _ORDERS),
    Route("GET", "/v2/orders/{}/messages", nothing, _ORDERS),
    Route("GET", "/v2/order_statuses", list_statuses, _ORDERS),
    Route("GET", "/v2/order_statuses/{}", get_status, _ORDERS),
    Route("GET", "/v3/orders/{}/transactions", nothing, "store_v2_transactions"),
    Route("GET", "/v3/orders/{}/payment_actions/refunds", list_refunds, "store_v2_transactions"),
]
# Both spellings are served (fact 41).
for _spelling in ("shipping_addresses", "shippingaddresses"):
    _base = f"/v2/orders/{{}}/{_spelling}"
    ROUTES += [
        Route("GET", _base, list_addresses, _ORDERS),
        Route("GET", f"{_base}/{{}}", get_address, _ORDERS),
        Route("PUT", f"{_base}/{{}}", put_address, _ORDERS),
        Route("GET", f"{_base}/{{}}/shipping_quotes", nothing, _ORDERS),
        Route("GET", f"{_base}/{{}}/shippingquotes", nothing, _ORDERS),
    ]
