"""V3 orders: transactions, capture, void, refunds, and who hears of orders (facts 19, 55, 60, 62, 71, 127)."""

from npf.sandbox.bigcommerce import payments
from npf.sandbox.bigcommerce.answers import Answer, Request, data, no_content, not_found, number_list, ok, page_of
from npf.sandbox.bigcommerce.api.orders import order_of
from npf.sandbox.bigcommerce.record import iso8601
from npf.sandbox.bigcommerce.router import Route


def list_transactions(request: Request) -> Answer:
    """GET /orders/{id}/transactions: 204 without any (fact 19)."""
    rows = payments.transactions(request.store, order_of(request))
    if not rows:
        return no_content()
    part, meta = page_of(request, rows)
    return data(part, meta)


def capture(request: Request) -> Answer:
    """POST …/payment_actions/capture: 201 with an empty object."""
    payments.capture(request.store, order_of(request))
    return ok({}, 201)


def void(request: Request) -> Answer:
    """POST …/payment_actions/void: 201 with an empty object."""
    payments.void(request.store, order_of(request))
    return ok({}, 201)


def quote(request: Request) -> Answer:
    """POST …/payment_actions/refund_quotes: what a refund of these items would come to."""
    order = order_of(request)
    items = payments.read_items(request.store, order, request.body)
    return ok({"data": payments.quote(request.store, order, items), "meta": {}}, 201)


def post_refund(request: Request) -> Answer:
    """POST …/payment_actions/refunds."""
    order = order_of(request)
    refund = payments.read_refund(request.store, order, request.body)
    payments.do(request.store, order, refund)
    return ok({"data": refund.body(), "meta": {}}, 201)


def list_refunds(request: Request) -> Answer:
    """GET …/payment_actions/refunds of one order: lines and quantities (fact 55)."""
    return data([refund.body() for refund in request.store.payments.refunds_of(order_of(request).id)])


def list_all_refunds(request: Request) -> Answer:
    """GET /orders/payment_actions/refunds, with the filters order_id:in, id:in, created:min and created:max."""
    orders, ids = number_list(request, "order_id:in"), number_list(request, "id:in")
    since, until = request.query.get("created:min", ""), request.query.get("created:max", "9999")
    found = [
        refund
        for refund in request.store.payments.refunds.values()
        if (orders is None or refund.order_id in orders)
        and (ids is None or refund.id in ids)
        and since <= iso8601(refund.created) <= until
    ]
    part, meta = page_of(request, [refund.body() for refund in found])
    return data(part, meta)


def get_refund(request: Request) -> Answer:
    """GET /orders/payment_actions/refunds/{id}: here pieces say null for their requested_amount, as in the example."""
    refund = request.store.payments.refunds.get(request.ids[0])
    if refund is None:
        raise not_found(request, f"Refund with id {request.ids[0]} not found")
    body = refund.body()
    for item in body["items"]:
        item.setdefault("requested_amount", None)
    return data(body)


def get_settings(request: Request) -> Answer:
    """GET /orders/settings, or those of one channel: no `data` around them (openapi/orders.v3.yml)."""
    return ok({**request.store.settings.notices(_channel(request)), "meta": {}})


def put_settings(request: Request) -> Answer:
    """PUT /orders/settings, or those of one channel."""
    request.store.settings.set_notices(request.body, _channel(request))
    return get_settings(request)


def _channel(request: Request) -> int:
    if request.ids and request.ids[0] not in request.store.channels:
        raise not_found(request, f"Channel with id {request.ids[0]} not found")
    return request.ids[0] if request.ids else 0


_OF_ORDER = "/v3/orders/{}/payment_actions"
_EITHER = "store_v2_orders|store_v2_transactions"
ROUTES = [
    Route("GET", "/v3/orders/{}/transactions", list_transactions, "store_v2_transactions"),
    Route("POST", f"{_OF_ORDER}/capture", capture, _EITHER),
    Route("POST", f"{_OF_ORDER}/void", void, _EITHER),
    Route("POST", f"{_OF_ORDER}/refund_quotes", quote, _EITHER),
    Route("POST", f"{_OF_ORDER}/refunds", post_refund, _EITHER),
    Route("GET", f"{_OF_ORDER}/refunds", list_refunds, _EITHER),
    Route("GET", "/v3/orders/payment_actions/refunds", list_all_refunds, _EITHER),
    Route("GET", "/v3/orders/payment_actions/refunds/{}", get_refund, _EITHER),
    Route("GET", "/v3/orders/settings", get_settings, "store_v2_orders"),
    Route("PUT", "/v3/orders/settings", put_settings, "store_v2_orders"),
    Route("GET", "/v3/orders/settings/channels/{}", get_settings, "store_v2_orders"),
    Route("PUT", "/v3/orders/settings/channels/{}", put_settings, "store_v2_orders"),
]
