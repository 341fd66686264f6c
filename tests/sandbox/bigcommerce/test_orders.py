from typing import Any

import pytest

from npf.sandbox.bigcommerce import MISSING, Store


def test_a_status_is_written_by_its_id(bc: Any, store: Store, clock: Any) -> None:
    order_id = store.sell("MUG")
    clock.pass_(90)
    answer = bc.put(f"/v2/orders/{order_id}", {"status_id": 9})
    assert answer.status == 200
    assert (answer.json["status_id"], answer.json["status"]) == (9, "Awaiting Shipment")
    assert answer.json["date_modified"] == "Mon, 23 Nov 2026 02:01:30 +0000"
    assert store.orders[order_id].status_id == 9


def test_no_state_machine_stands_in_the_way(bc: Any, store: Store) -> None:
    order_id = store.sell("MUG", status_id=10)
    assert bc.put(f"/v2/orders/{order_id}", {"status_id": 11}).status == 200


@pytest.mark.parametrize(
    "body",
    [
        {"status": "Shipped"},
        {"custom_status": "Gone"},
        {"status_id": 15},
        {"status_id": "10"},
        {"status_id": True},
        {"status_id": 10, "items_total": 4},
        {"total_tax": "1.0000"},
        {"no_such_field": 1},
        {},
        [{"status_id": 10}],
    ],
)
def test_anything_else_refuses_the_whole_request(bc: Any, store: Store, body: Any) -> None:
    order_id = store.sell("MUG")
    answer = bc.put(f"/v2/orders/{order_id}", body)
    assert answer.status == 400
    assert set(answer.json[0]) == {"status", "message"}
    assert store.orders[order_id].status_id == 11


def test_an_order_can_be_archived_by_put(bc: Any, store: Store) -> None:
    order_id = store.sell("MUG")
    assert bc.put(f"/v2/orders/{order_id}", {"is_deleted": True}).json["is_deleted"] is True
    assert bc.get("/v2/orders").status == 204


def test_an_unknown_order_answers_404_everywhere(bc: Any, store: Store) -> None:
    for path in ("", "/products", "/shipping_addresses", "/shipments", "/consignments", "/coupons", "/products/1"):
        assert bc.get(f"/v2/orders/77{path}").status == 404
    assert bc.put("/v2/orders/77", {"status_id": 10}).status == 404
    assert bc.post("/v2/orders/77/shipments", {}).status == 404


def test_an_address_can_be_changed_but_its_figures_cannot(bc: Any, store: Store) -> None:
    order_id = store.sell("MUG")
    address = store.orders[order_id].addresses[0]
    path = f"/v2/orders/{order_id}/shipping_addresses/{address.id}"
    assert bc.put(path, {"street_1": "1 New Road", "zip": "3000"}).json["street_1"] == "1 New Road"
    assert bc.put(path, {"items_total": 4}).status == 400
    assert bc.put(path, {"zip": 3000}).status == 400
    assert bc.get(path).json["zip"] == "3000"


def test_two_addresses_share_the_lines(bc: Any, store: Store) -> None:
    order_id = store.place_order([("A", 1), ("B", 2), ("C", 3)], addresses=[{"city": "Perth"}, {"city": "Hobart"}])
    query = {"include": "consignments.line_items", "consignment_structure": "object"}
    first, second = bc.get(f"/v2/orders/{order_id}", **query).json["consignments"]["shipping"]
    assert [line["sku"] for line in first["line_items"]] == ["A", "C"]
    assert [line["sku"] for line in second["line_items"]] == ["B"]
    assert (first["city"], second["city"]) == ("Perth", "Hobart")
    assert first["id"] != second["id"]


def test_a_digital_order_has_no_address(bc: Any, store: Store) -> None:
    order_id = store.place_order([{"sku": "PDF", "type": "digital", "price": 5}])
    assert bc.get(f"/v2/orders/{order_id}/shipping_addresses").status == 204
    order = bc.get(f"/v2/orders/{order_id}").json
    assert (order["order_is_digital"], order["shipping_address_count"]) == (True, 0)


def test_a_pickup_order_has_no_address_either(bc: Any, store: Store) -> None:
    order_id = store.place_order([("MUG", 1)], pickup=True, status_id=8)
    query = {"include": "consignments.line_items", "consignment_structure": "object"}
    found = bc.get(f"/v2/orders/{order_id}", **query).json["consignments"]
    assert found["shipping"] == []
    assert found["pickups"][0]["line_items"][0]["order_pickup_method_id"] == 1


def test_a_refund_stays_on_the_line(bc: Any, store: Store) -> None:
    order_id = store.place_order([("A", 3), ("B", 1)])
    store.refund(order_id, line=0, quantity=1)
    row = bc.get(f"/v2/orders/{order_id}/products").json[0]
    assert (row["quantity_refunded"], row["is_refunded"]) == (1, False)
    assert store.orders[order_id].status_id == 14
    refunds = bc.get(f"/v3/orders/{order_id}/payment_actions/refunds").json["data"]
    assert refunds[0]["items"][0]["quantity"] == 1
    store.refund(order_id, line=0)
    store.refund(order_id, line=1)
    assert store.orders[order_id].status_id == 4


def test_overrides_lie_over_the_body(bc: Any, store: Store) -> None:
    order_id = store.place_order(
        [{"sku": "MUG", "quantity": 1, "weight": 12}],
        customer_message="Ring twice",
        address={"company": "Acme", "zip": None},
        surprise={"a": 1},
        payment_method=MISSING,
    )
    store.lay_over(order_id, payment_provider_id=MISSING)
    order = bc.get(f"/v2/orders/{order_id}").json
    assert (order["customer_message"], order["surprise"]) == ("Ring twice", {"a": 1})
    assert "payment_provider_id" not in order
    assert bc.get(f"/v2/orders/{order_id}/products").json[0]["weight"] == 12
    (address,) = bc.get(f"/v2/orders/{order_id}/shipping_addresses").json
    assert (address["company"], address["zip"]) == ("Acme", None)


@pytest.mark.parametrize("how", ["quantity", "status", "date"])
def test_an_order_can_be_made_unreadable(bc: Any, store: Store, how: str) -> None:
    good, bad = store.sell("MUG"), store.sell("MUG")
    store.malform(bad, how)
    query = {"include": "consignments.line_items", "consignment_structure": "object"}
    first, second = bc.get("/v2/orders", **query).json
    quantity = second["consignments"]["shipping"][0]["line_items"][0]["quantity"]
    odd = {
        "quantity": quantity == "two",
        "status": "status_id" not in second,
        "date": second["date_created"][:3] == "the",
    }
    assert [name for name, found in odd.items() if found] == [how]
    assert first["id"] == good
    assert first["status_id"] == 11


def test_what_a_merchant_edits_shows_at_once(bc: Any, store: Store) -> None:
    order_id = store.place_order([("A", 1), ("B", 2)])
    store.change_quantity(order_id, 1, 5)
    store.change_quantity(order_id, 0, 0)
    store.change_address(order_id, city="Darwin", zip="0800")
    store.edit(order_id, staff_notes="Call first")
    order = bc.get(f"/v2/orders/{order_id}").json
    assert (order["items_total"], order["staff_notes"]) == (5, "Call first")
    assert bc.get(f"/v2/orders/{order_id}/shipping_addresses").json[0]["city"] == "Darwin"


def test_what_an_order_does_not_have_answers_204(bc: Any, store: Store) -> None:
    order_id = store.place_order([("MUG", 1)], country="NZ", status_id=7)
    for path in (
        "/v2/orders/{}/coupons",
        "/v2/orders/{}/taxes",
        "/v2/orders/{}/messages",
        "/v3/orders/{}/transactions",
    ):
        assert bc.get(path.format(order_id)).status == 204
    assert bc.get(f"/v2/orders/{order_id}/fees").json == {"fees": []}
