"""What a merchant's other apps do to orders: make them, change them, charge and refund them."""

from typing import Any

import pytest

from npf.sandbox.bigcommerce import FOUR_SCOPES, Store

BILL = {"first_name": "Jane", "last_name": "Doe", "street_1": "1 High Street", "city": "Fitzroy", "state": "Victoria"}
BILL |= {"zip": "3065", "country": "Australia", "email": "jane@example.com"}


@pytest.fixture
def mug(store: Store) -> int:
    return store.add_product("MUG", 40, name="Mug", price=2200).id


def told(store: Store) -> list[str]:
    return [scope for scope, _ in store.events if scope.startswith("store/order/")]


def test_a_posted_order_is_an_order_like_any_other(bc: Any, store: Store, mug: int) -> None:
    made = bc.post(
        "/v2/orders", {"billing_address": BILL, "products": [{"product_id": mug, "quantity": 3}], "status_id": 11}
    )
    assert made.status == 200
    assert (made.json["total_inc_tax"], made.json["order_source"], made.json["channel_id"]) == (
        "66.0000",
        "external",
        1,
    )
    assert [row["id"] for row in bc.get("/v2/orders").json] == [made.json["id"]]
    (address,) = bc.get(f"/v2/orders/{made.json['id']}/shipping_addresses").json
    assert (address["city"], address["items_total"]) == ("Fitzroy", 3)
    assert store.stock("MUG") == 37
    assert told(store) == ["store/order/created"]
    assert store.sell("MUG") == made.json["id"] + 1


def test_a_posted_order_waits_without_a_status_and_holds_custom_products(bc: Any, store: Store, mug: int) -> None:
    custom = {"name": "Sample", "quantity": 2, "price_inc_tax": 5.5, "price_ex_tax": 5}
    shipping = [{**BILL, "shipping_method": "Express Post"}]
    body = {
        "billing_address": BILL,
        "products": [custom],
        "shipping_addresses": shipping,
        "shipping_cost_inc_tax": "9.95",
    }
    made = bc.post("/v2/orders?include=consignments.line_items&consignment_structure=object", body).json
    assert (made["status_id"], made["total_inc_tax"], made["payment_status"]) == (1, "20.9500", "pending")
    (place,) = made["consignments"]["shipping"]
    assert place["shipping_method"] == "Express Post"
    assert [(line["sku"], line["product_id"]) for line in place["line_items"]] == [("", 0)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"billing_address": None},
        {"products": []},
        {"products": [{"product_id": 999}]},
        {"products": [{"name": "Sample", "quantity": 1}]},
        {"products": [{"product_id": 77, "quantity": 0}]},
        {"id": 5},
        {"colour": "red"},
        {"status_id": 15},
        {"customer_id": 999},
        {"channel_id": 999},
        {"date_created": "yesterday"},
        {"consignments": {"pickups": []}},
    ],
)
def test_a_posted_order_that_is_wrong_is_refused_whole(bc: Any, store: Store, mug: int, wrong: Any) -> None:
    body = {"billing_address": BILL, "products": [{"product_id": mug, "quantity": 1}]}
    refused = bc.post("/v2/orders", {**body, **wrong})
    assert refused.status == 400
    assert set(refused.json[0]) == {"status", "message"}
    assert (len(store.orders), store.stock("MUG"), told(store)) == (0, 40, [])


def test_an_order_for_pickup_is_posted_by_consignment(bc: Any, store: Store, mug: int) -> None:
    pickup = {"pickup_method_id": 1, "line_items": [{"product_id": mug, "quantity": 1}]}
    made = bc.post("/v2/orders", {"billing_address": BILL, "consignments": {"pickups": [pickup]}}).json
    (line,) = bc.get(f"/v2/orders/{made['id']}/products").json
    assert (line["order_pickup_method_id"], line["order_address_id"]) == (1, 0)
    assert bc.get(f"/v2/orders/{made['id']}/shipping_addresses").status == 204


def test_lines_are_changed_added_and_removed_by_put(bc: Any, store: Store, mug: int) -> None:
    tee = store.add_product("TEE", 10, options=[("TEE-S", (("Size", "S"),)), ("TEE-M", (("Size", "M"),))])
    order_id = store.place_order([("MUG", 2), ("TEE-S", 1)])
    first, second = (line.id for line in store.orders[order_id].lines)
    chosen = [{"id": tee.variants[1].id * 10, "value": "M"}]
    rows = [{"id": first, "quantity": 5}, {"id": second, "quantity": 0}]
    rows.append({"product_id": tee.id, "quantity": 2, "product_options": chosen})
    assert bc.put(f"/v2/orders/{order_id}", {"products": rows}).status == 200
    shown = bc.get(f"/v2/orders/{order_id}/products").json
    assert [(row["sku"], row["quantity"]) for row in shown] == [("MUG", 5), ("TEE-M", 2)]
    assert [store.stock(sku) for sku in ("MUG", "TEE-S", "TEE-M")] == [35, 10, 8]
    assert bc.put(f"/v2/orders/{order_id}", {"products": [{"id": 999, "quantity": 1}]}).status == 400


def test_fees_are_replaced_as_a_whole(bc: Any, store: Store, mug: int) -> None:
    order_id = store.place_order([("MUG", 1)], fees=[("Packing", 250)])
    bc.put(f"/v2/orders/{order_id}", {"fees": []})
    assert bc.get(f"/v2/orders/{order_id}/fees").json == {"fees": []}


def test_deleting_all_orders_archives_them(bc: Any, store: Store) -> None:
    numbers = [store.sell("MUG"), store.sell("MUG")]
    assert bc.delete("/v2/orders").status == 204
    assert bc.get("/v2/orders").status == 204
    assert all(bc.get(f"/v2/orders/{number}").json["is_deleted"] for number in numbers)


def test_a_refund_marks_the_lines_and_returns_the_stock(bc: Any, store: Store, mug: int) -> None:
    order_id = store.place_order([("MUG", 3)], customer_id=7)
    path = f"/v3/orders/{order_id}/payment_actions"
    items = [{"item_type": "PRODUCT", "item_id": store.orders[order_id].lines[0].id, "quantity": 2}]
    quote = bc.post(f"{path}/refund_quotes", {"items": items}).json["data"]
    assert (quote["total_refund_amount"], quote["total_refund_tax_amount"]) == (44.0, 4.0)
    assert {method[0]["provider_id"] for method in quote["refund_methods"]} == {"braintree", "storecredit"}
    assert store.stock("MUG") == 37
    made = bc.post(f"{path}/refunds", {"items": items, "payments": [{"provider_id": "braintree", "amount": 44}]})
    assert (made.status, made.json["data"]["total_amount"]) == (201, 44.0)
    order = bc.get(f"/v2/orders/{order_id}").json
    assert (order["status_id"], order["payment_status"]) == (14, "partially refunded")
    assert bc.get(f"/v2/orders/{order_id}/products").json[0]["quantity_refunded"] == 2
    assert store.stock("MUG") == 39
    number = made.json["data"]["id"]
    assert (
        "store/order/refund/created",
        {"type": "order", "id": order_id, "refund": {"refund_id": number}},
    ) in store.events
    assert bc.get(f"/v3/orders/payment_actions/refunds/{number}").json["data"]["order_id"] == order_id
    events = [row["event"] for row in bc.get(f"/v3/orders/{order_id}/transactions").json["data"]]
    assert events == ["purchase", "refund"]
    assert bc.post(f"{path}/refunds", {"items": items}).status == 422


def test_a_refund_of_an_amount_leaves_lines_and_stock(bc: Any, store: Store, mug: int) -> None:
    order_id = store.place_order([("MUG", 1)], shipping_method="Free Shipping")
    item = {"item_type": "ORDER", "item_id": order_id}
    path = f"/v3/orders/{order_id}/payment_actions/refunds"
    bc.post(path, {"items": [{**item, "amount": 2}]})
    assert (store.orders[order_id].status_id, store.orders[order_id].lines[0].refunded) == (14, 0)
    bc.post(path, {"items": [{**item, "amount": 20}]})
    assert (store.orders[order_id].status_id, store.orders[order_id].payment_status) == (4, "refunded")
    assert bc.post(path, {"items": [{**item, "amount": 0.5}]}).status == 422
    assert store.stock("MUG") == 39


def test_a_payment_is_captured_or_voided_once_and_the_status_stays(bc: Any, store: Store) -> None:
    for action, becomes in (("capture", "captured"), ("void", "void")):
        order_id = store.place_order([("MUG", 1)], payment_status="authorized")
        path = f"/v3/orders/{order_id}/payment_actions/{action}"
        assert bc.post(path).status == 201
        order = bc.get(f"/v2/orders/{order_id}").json
        assert (order["payment_status"], order["status_id"]) == (becomes, 11)
        events = [row["event"] for row in bc.get(f"/v3/orders/{order_id}/transactions").json["data"]]
        assert events == ["authorization", action]
        assert bc.post(path).status == 422


def test_refunds_need_orders_or_transactions_and_transactions_their_own(connect: Any, store: Store) -> None:
    order_id = store.sell("MUG")
    store.add_account("orders", {"store_v2_orders"})
    store.add_account("reader", {"store_v2_orders_read_only"})
    store.add_account("four", FOUR_SCOPES)
    path = f"/v3/orders/{order_id}"
    assert connect(token="orders").get(f"{path}/payment_actions/refunds").status == 200
    assert connect(token="orders").get(f"{path}/transactions").status == 403
    assert connect(token="reader").post(f"{path}/payment_actions/capture").status == 403
    assert connect(token="four").get(f"{path}/transactions").status == 200
