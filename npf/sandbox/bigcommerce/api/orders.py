"""V2 orders: the list with its filters, one order, its sub-resources, statuses (facts 29-74)."""

from typing import Any

from npf.sandbox.bigcommerce import bodies, charges, ordering, placing, statuses
from npf.sandbox.bigcommerce.answers import (
    Answer,
    Request,
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


def post_order(request: Request) -> Answer:
    """POST /orders: 200 with the order, from an existing product or a custom one (openapi/orders.v2.oas2.yml)."""
    include, structure = _includes(request)
    return Answer(200, request.store.order_bytes(ordering.create(request.store, request.body), include, structure))


def put_order(request: Request) -> Answer:
    """PUT /orders/{id}: what the spec lets one write; anything else is refused whole (facts 22, 56, 66, 67)."""
    order = order_of(request)
    ordering.update(request.store, order, request.body)
    return Answer(200, request.store.order_bytes(order, frozenset(), ""))


def delete_order(request: Request) -> Answer:
    """DELETE /orders/{id} archives (fact 40)."""
    request.store.archive(order_of(request).id)
    return no_content()


def delete_orders(request: Request) -> Answer:
    """DELETE /orders archives ALL of them (fact 40)."""
    for order in request.store.book:
        if not order.is_deleted:
            request.store.archive(order.id)
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
        if name not in ordering.ADDRESS_FIELDS:
            raise ordering.not_writable(name)
        if not isinstance(value, str):
            raise ordering.invalid(name)
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


def list_taxes(request: Request) -> Answer:
    """GET /orders/{id}/taxes: a row for each line and each shipping cost that bears tax."""
    return some_or_204(charges.taxes(order_of(request)))


def list_coupons(request: Request) -> Answer:
    """GET /orders/{id}/coupons."""
    return some_or_204(charges.coupons(order_of(request)))


def nothing(request: Request) -> Answer:
    """Messages and shipping quotes: orders of the API and the panel have none (facts 18, 94)."""
    order_of(request)
    return no_content()


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
    Route("POST", "/v2/orders", post_order, _ORDERS),
    Route("DELETE", "/v2/orders", delete_orders, _ORDERS),
    Route("GET", "/v2/orders/count", count_orders, _ORDERS),
    Route("GET", "/v2/orders/{}", get_order, _ORDERS),
    Route("PUT", "/v2/orders/{}", put_order, _ORDERS),
    Route("DELETE", "/v2/orders/{}", delete_order, _ORDERS),
    Route("GET", "/v2/orders/{}/products", list_products, _ORDERS),
    Route("GET", "/v2/orders/{}/products/{}", get_product, _ORDERS),
    Route("GET", "/v2/orders/{}/consignments", get_consignments, _ORDERS),
    Route("GET", "/v2/orders/{}/consignments/shipping/{}/shipping_quotes", nothing, _ORDERS),
    Route("GET", "/v2/orders/{}/fees", get_fees, _ORDERS),
    Route("GET", "/v2/orders/{}/coupons", list_coupons, _ORDERS),
    Route("GET", "/v2/orders/{}/taxes", list_taxes, _ORDERS),
    Route("GET", "/v2/orders/{}/messages", nothing, _ORDERS),
    Route("GET", "/v2/order_statuses", list_statuses, _ORDERS),
    Route("GET", "/v2/order_statuses/{}", get_status, _ORDERS),
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
