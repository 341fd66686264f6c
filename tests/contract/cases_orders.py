"""V2 orders and what hangs on them; V3 payments (openapi/orders.v2.oas2.yml, orders.v3.yml)."""

from typing import Any

from tests.contract.stage import Case, Stage

WHOLE = "include=consignments,consignments.line_items,fees&consignment_structure=object"
BILL = {
    "first_name": "Jane",
    "last_name": "Doe",
    "company": "",
    "street_1": "1 High Street",
    "street_2": "",
    "city": "Fitzroy",
    "state": "Victoria",
    "zip": "3065",
    "country": "Australia",
    "country_iso2": "AU",
    "phone": "0390000000",
    "email": "jane@example.com",
}


def order_of(s: Stage, path: str = "") -> str:
    return f"/v2/orders/{s.order}{path}"


def shipment(s: Stage) -> dict[str, Any]:
    return {
        "order_address_id": s.address,
        "items": [{"order_product_id": line, "quantity": 1} for line in s.lines],
        "tracking_number": "TN1",
        "shipping_provider": "auspost",
        "comments": "left",
    }


def shipped(s: Stage) -> int:
    found: int = s.post(order_of(s, "/shipments"), shipment(s))["id"]
    return found


def bought(s: Stage, **more: Any) -> dict[str, Any]:
    lines = [
        {"product_id": s.mug.id, "quantity": 2},
        {"product_id": s.tee.id, "variant_id": s.tee.variants[1].id, "quantity": 1},
    ]
    custom = {"name": "Sample", "quantity": 1, "price_inc_tax": 11, "price_ex_tax": 10}
    return {"billing_address": BILL, "products": [*lines, custom], "status_id": 11, **more}


def picked_up(s: Stage) -> dict[str, Any]:
    lines = [{"product_id": s.mug.id, "quantity": 1}]
    pickup = {"pickup_method_id": 1, "pickup_method_display_name": "Pick up", "line_items": lines}
    return {"billing_address": BILL, "consignments": {"pickups": [pickup]}}


def digital(s: Stage) -> int:
    return s.store.place_order([{"sku": "PDF", "type": "digital", "price": 5}])


def pay(s: Stage, action: str) -> str:
    return f"/v3/orders/{s.order}/payment_actions/{action}"


def authorised(s: Stage, action: str) -> object:
    s.store.edit(s.order, payment_status="authorized")
    return s.post(pay(s, action))


def back(s: Stage, quantity: int = 1, provider: str = "braintree") -> dict[str, Any]:
    items = [{"item_type": "PRODUCT", "item_id": s.lines[0], "quantity": quantity, "reason": "Broken"}]
    quote = s.post(pay(s, "refund_quotes"), {"items": items})
    amount = quote["data"]["total_refund_amount"] if "data" in quote else 1
    return {"items": items, "payments": [{"provider_id": provider, "amount": amount, "offline": False}]}


def refunded(s: Stage) -> int:
    found: int = s.post(pay(s, "refunds"), back(s))["data"]["id"]
    return found


def shipping_refunded(s: Stage) -> int:
    items = [{"item_type": "SHIPPING", "item_id": s.address, "amount": 3.5}]
    body = {"items": items, "payments": [{"provider_id": "storecredit", "amount": 3.5}]}
    found: int = s.post(pay(s, "refunds"), body)["data"]["id"]
    return found


NOTICES = {
    "notifications": {name: {"email_addresses": ["a@example.com"]} for name in ("order_placed", "forward_invoice")}
}

ORDERS: list[Case] = [
    ("getOrders", 200, lambda s: s.get(f"/v2/orders?min_id=1&limit=250&page=1&sort=id:asc&{WHOLE}")),
    ("getOrders", 200, lambda s: s.get("/v2/orders?status_id=11&customer_id=7&channel_id=1")),
    ("getOrders", 204, lambda s: s.get("/v2/orders?min_id=999")),
    ("getOrder", 200, lambda s: s.get(order_of(s))),
    ("getOrder", 200, lambda s: s.get(order_of(s, f"?{WHOLE}"))),
    ("getOrder", 404, lambda s: s.get("/v2/orders/999")),
    ("getOrdersCount", 200, lambda s: s.get("/v2/orders/count")),
    ("createOrder", 200, lambda s: s.post(f"/v2/orders?{WHOLE}", bought(s))),
    ("createOrder", 200, lambda s: s.post(f"/v2/orders?{WHOLE}", picked_up(s))),
    (
        "createOrder",
        200,
        lambda s: s.post(
            "/v2/orders",
            bought(
                s,
                shipping_addresses=[{**BILL, "shipping_method": "Express Post"}],
                shipping_cost_inc_tax="9.9500",
                fees=[{"type": "custom_fee", "display_name_merchant": "Packing", "cost_inc_tax": "2.00"}],
                customer_id=7,
                external_source="M-MIG",
            ),
        ),
    ),
    ("updateOrder", 200, lambda s: s.put(order_of(s), {"status_id": 10})),
    (
        "updateOrder",
        200,
        lambda s: s.put(order_of(s), {"products": [{"id": s.lines[0], "quantity": 5}], "staff_notes": "Call"}),
    ),
    ("deleteOrder", 204, lambda s: s.delete(order_of(s))),
    ("deleteOrders", 204, lambda s: s.delete("/v2/orders")),
    ("getOrderProducts", 200, lambda s: s.get(order_of(s, "/products?page=1&limit=250"))),
    ("getOrderProduct", 200, lambda s: s.get(order_of(s, f"/products/{s.lines[0]}"))),
    ("getOrderShippingAddresses", 200, lambda s: s.get(order_of(s, "/shipping_addresses"))),
    ("getOrderShippingAddresses", 204, lambda s: s.get(f"/v2/orders/{digital(s)}/shipping_addresses")),
    ("getOrderShippingAddress", 200, lambda s: s.get(order_of(s, f"/shipping_addresses/{s.address}"))),
    (
        "updateOrderShippingAddress",
        200,
        lambda s: s.put(order_of(s, f"/shipping_addresses/{s.address}"), {"city": "Cairns"}),
    ),
    ("updateOrderShippingAddress", 400, lambda s: s.put(order_of(s, f"/shipping_addresses/{s.address}"), {"id": 5})),
    ("updateOrderShippingAddress", 404, lambda s: s.put(order_of(s, "/shipping_addresses/999"), {"city": "Cairns"})),
    (
        "getOrderShippingAddressShippingQuotes",
        204,
        lambda s: s.get(order_of(s, f"/shipping_addresses/{s.address}/shipping_quotes")),
    ),
    ("getOrderConsignments", 200, lambda s: s.get(order_of(s, "/consignments"))),
    ("getOrderConsignments", 404, lambda s: s.get("/v2/orders/999/consignments")),
    (
        "getOrderConsignmentShippingQuotes",
        204,
        lambda s: s.get(order_of(s, f"/consignments/shipping/{s.address}/shipping_quotes")),
    ),
    (
        "getOrderConsignmentShippingQuotes",
        404,
        lambda s: s.get("/v2/orders/999/consignments/shipping/1/shipping_quotes"),
    ),
    ("getOrderFees", 200, lambda s: s.get(order_of(s, "/fees"))),
    ("getOrderFees", 404, lambda s: s.get("/v2/orders/999/fees")),
    ("getOrderTaxes", 200, lambda s: s.get(order_of(s, "/taxes"))),
    ("getOrderTaxes", 204, lambda s: s.get(f"/v2/orders/{s.store.place_order([('MUG', 1)], country='NZ')}/taxes")),
    ("getOrderCoupons", 200, lambda s: s.get(f"/v2/orders/{s.store.place_order([('MUG', 1)], coupon=500)}/coupons")),
    ("getOrderCoupons", 204, lambda s: s.get(order_of(s, "/coupons"))),
    ("getOrderMessages", 204, lambda s: s.get(order_of(s, "/messages"))),
    ("getOrderStatuses", 200, lambda s: s.get("/v2/order_statuses")),
    ("getOrderStatusesStatus", 200, lambda s: s.get("/v2/order_statuses/11")),
    ("getOrderShipments", 204, lambda s: s.get(order_of(s, "/shipments"))),
    ("getOrderShipments", 200, lambda s: (shipped(s), s.get(order_of(s, "/shipments?page=1&limit=250")))),
    ("createOrderShipments", 201, shipped),
    ("deleteOrderShipments", 204, lambda s: (shipped(s), s.delete(order_of(s, "/shipments")))),
    ("getOrderShipmentsCount", 200, lambda s: (shipped(s), s.get(order_of(s, "/shipments/count")))),
    ("getOrderShipment", 200, lambda s: s.get(order_of(s, f"/shipments/{shipped(s)}"))),
    ("updateOrderShipment", 200, lambda s: s.put(order_of(s, f"/shipments/{shipped(s)}"), {"tracking_number": "TN2"})),
    ("deleteOrderShipment", 204, lambda s: s.delete(order_of(s, f"/shipments/{shipped(s)}"))),
]

MONEY: list[Case] = [
    ("captureOrderPayment", 201, lambda s: authorised(s, "capture")),
    ("captureOrderPayment", 404, lambda s: s.post("/v3/orders/999/payment_actions/capture")),
    ("captureOrderPayment", 422, lambda s: s.post(pay(s, "capture"))),
    ("captureOrderPayment", 503, lambda s: (s.store.faults.next("503"), s.post(pay(s, "capture")))),
    ("captureOrderPayment", 504, lambda s: (s.store.faults.next("504"), s.post(pay(s, "capture")))),
    ("voidOrderPayment", 201, lambda s: authorised(s, "void")),
    ("voidOrderPayment", 404, lambda s: s.post("/v3/orders/999/payment_actions/void")),
    ("voidOrderPayment", 422, lambda s: s.post(pay(s, "void"))),
    ("voidOrderPayment", 502, lambda s: (s.store.faults.next("502"), s.post(pay(s, "void")))),
    ("getOrderTransactions", 200, lambda s: (refunded(s), s.get(f"/v3/orders/{s.order}/transactions"))),
    (
        "getOrderTransactions",
        204,
        lambda s: s.get(f"/v3/orders/{s.store.place_order([('MUG', 1)], status_id=7)}/transactions"),
    ),
    ("getOrderTransactions", 404, lambda s: s.get("/v3/orders/999/transactions")),
    (
        "getOrderTransactions",
        503,
        lambda s: (setattr(s.store.switches, "suspended", True), s.get(f"/v3/orders/{s.order}/transactions")),
    ),
    ("createOrderRefundQuotes", 201, lambda s: s.post(pay(s, "refund_quotes"), {"items": back(s)["items"]})),
    ("createOrderRefundQuotes", 422, lambda s: s.post(pay(s, "refund_quotes"), {"items": []})),
    ("createOrderRefund", 201, refunded),
    ("createOrderRefund", 201, shipping_refunded),
    ("getOrderRefund", 200, lambda s: s.get(f"/v3/orders/payment_actions/refunds/{shipping_refunded(s)}")),
    (
        "createOrderRefund",
        422,
        lambda s: s.post(
            f"/v3/orders/{s.guest}/payment_actions/refunds",
            {
                "items": [{"item_type": "ORDER", "item_id": s.guest, "amount": 1}],
                "payments": [{"provider_id": "storecredit", "amount": 1}],
            },
        ),
    ),
    ("createOrderRefund", 422, lambda s: s.post(pay(s, "refunds"), back(s, quantity=3))),
    ("getOrderRefunds", 200, lambda s: (refunded(s), s.get(pay(s, "refunds")))),
    ("getOrderRefund", 200, lambda s: s.get(f"/v3/orders/payment_actions/refunds/{refunded(s)}")),
    (
        "getOrdersRefunds",
        200,
        lambda s: (refunded(s), s.get(f"/v3/orders/payment_actions/refunds?order_id:in={s.order}&limit=10")),
    ),
    ("getGlobalOrderSettings", 200, lambda s: s.get("/v3/orders/settings")),
    ("updateGlobalOrderSettings", 200, lambda s: s.put("/v3/orders/settings", NOTICES)),
    ("updateGlobalOrderSettings", 422, lambda s: s.put("/v3/orders/settings", {"notifications": {}})),
    (
        "getChannelOrderSettings",
        200,
        lambda s: (s.put("/v3/orders/settings/channels/1", NOTICES), s.get("/v3/orders/settings/channels/1")),
    ),
    ("getChannelOrderSettings", 200, lambda s: s.get("/v3/orders/settings/channels/1")),
    ("updateChannelOrderSettings", 200, lambda s: s.put("/v3/orders/settings/channels/1", NOTICES)),
    (
        "updateChannelOrderSettings",
        422,
        lambda s: s.put(
            "/v3/orders/settings/channels/1",
            {"notifications": {"order_placed": {"email_addresses": None}, "forward_invoice": {"email_addresses": []}}},
        ),
    ),
]
