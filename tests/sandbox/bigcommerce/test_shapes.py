"""Our bodies have the keys of the official examples, and values of the same kinds."""

from typing import Any

import pytest

from npf.sandbox.bigcommerce import Store
from npf.sandbox.bigcommerce.statuses import STATUSES

OBJECT = {"include": "consignments,consignments.line_items,fees", "consignment_structure": "object"}


@pytest.fixture
def order_id(store: Store) -> int:
    store.add_product("TEE", options=[("TEE-S", (("Size", "S"),))])
    return store.place_order(
        [
            ("TEE-S", 2),
            {"sku": "CHILD", "quantity": 1, "parent": 0},
            {"name": "Hand-cut sample", "quantity": 1, "price": 5},
            {"sku": "PDF-1", "type": "digital", "price": 3},
            {"name": "Gift certificate", "type": "giftcertificate", "price": 50, "recipient": "friend@example.com"},
        ],
        address={"form_fields": (("License Id", "123BAF"),)},
        fees=[("A Fee", 1230)],
    )


def keys(rows: Any) -> set[str]:
    """All keys of a row, or of several rows together."""
    return set().union(*rows) if isinstance(rows, list) else set(rows)


def kinds(row: dict[str, Any]) -> dict[str, str]:
    """The kind of each value that is not null: whole and broken numbers are one kind."""
    names = {int: "number", float: "number"}
    return {key: names.get(type(value), type(value).__name__) for key, value in row.items() if value is not None}


def assert_alike(ours: dict[str, Any], theirs: list[dict[str, Any]]) -> None:
    """The same keys, and for each key that both fill, the same kind of value."""
    assert set(ours) == keys(theirs)
    for their in theirs:
        wanted = kinds(their)
        mine = kinds(ours)
        both = mine.keys() & wanted.keys()
        assert {key: mine[key] for key in both} == {key: wanted[key] for key in both}


def test_a_listed_order_has_the_keys_of_the_example(bc: Any, order_id: int, example: Any) -> None:
    (ours,) = bc.get("/v2/orders").json
    theirs = example("orders_page.json")
    assert_alike(ours, theirs)
    assert keys(ours["billing_address"]) == keys(theirs[0]["billing_address"])
    assert ours["products"] == {
        "url": f"http://{bc.connection.host}:{bc.connection.port}/stores/demo1/v2/orders/{order_id}/products",
        "resource": f"/orders/{order_id}/products",
    }


def test_an_order_with_everything_included_has_the_keys_of_the_example(bc: Any, order_id: int, example: Any) -> None:
    ours = bc.get(f"/v2/orders/{order_id}", **OBJECT).json
    theirs = example("order_with_consignments_object.json")
    assert_alike(ours, [theirs])
    mine, yours = ours["consignments"], theirs["consignments"]
    assert keys(mine) == keys(yours)
    assert_alike(mine["shipping"][0], yours["shipping"])
    assert_alike(mine["shipping"][0]["line_items"][0], yours["shipping"][0]["line_items"])
    options = yours["shipping"][0]["line_items"][0]["product_options"]
    assert_alike(mine["shipping"][0]["line_items"][0]["product_options"][0], options)
    assert_alike(mine["downloads"][0], yours["downloads"])
    assert_alike(mine["email"]["gift_certificates"][0], yours["email"]["gift_certificates"])
    assert keys(ours["fees"]) == keys(theirs["fees"]) - {"cost_exc_tax"}


def test_the_goods_lie_in_their_consignments(bc: Any, order_id: int) -> None:
    found = bc.get(f"/v2/orders/{order_id}", **OBJECT).json["consignments"]
    (shipping,) = found["shipping"]
    assert [line["sku"] for line in shipping["line_items"]] == ["TEE-S", "CHILD", ""]
    assert {line["order_address_id"] for line in shipping["line_items"]} == {shipping["id"]}
    assert shipping["items_total"] == sum(line["quantity"] for line in shipping["line_items"]) == 4
    child = shipping["line_items"][1]
    assert child["parent_order_product_id"] == shipping["line_items"][0]["id"]
    assert child["is_bundled_product"] is True
    assert child["price_inc_tax"] == "0.0000"
    assert [line["sku"] for line in found["downloads"][0]["line_items"]] == ["PDF-1"]
    (mail,) = found["email"]["gift_certificates"]
    assert mail["recipient_email"] == "friend@example.com"
    assert mail["line_items"][0]["order_address_id"] == 0


def test_without_the_structure_the_include_is_the_legacy_array(bc: Any, order_id: int, store: Store) -> None:
    include = {"include": "consignments.line_items"}
    (group,) = bc.get(f"/v2/orders/{order_id}", **include).json["consignments"]
    assert group["shipping"][0]["line_items"][0]["sku"] == "TEE-S"
    store.switches.legacy_array = False
    assert "shipping" in bc.get(f"/v2/orders/{order_id}", **include).json["consignments"]


def test_consignments_without_line_items_hold_links(bc: Any, order_id: int) -> None:
    query = {"include": "consignments", "consignment_structure": "object"}
    (shipping,) = bc.get(f"/v2/orders/{order_id}", **query).json["consignments"]["shipping"]
    assert set(shipping["line_items"][0]) == {"url", "resource"}


def test_lines_and_addresses_have_the_keys_of_the_examples(bc: Any, order_id: int, example: Any) -> None:
    lines = bc.get(f"/v2/orders/{order_id}/products").json
    assert_alike(lines[0], example("order_products.json"))
    for spelling in ("shipping_addresses", "shippingaddresses"):
        (address,) = bc.get(f"/v2/orders/{order_id}/{spelling}").json
        assert_alike(address, example("order_shipping_addresses.json"))
        assert bc.get(f"/v2/orders/{order_id}/{spelling}/{address['id']}").json == address


def test_a_shipment_has_the_keys_of_the_example(bc: Any, order_id: int, example: Any, store: Store) -> None:
    order = store.orders[order_id]
    items = [{"order_product_id": order.lines[0].id, "quantity": 1}]
    body = {"order_address_id": order.addresses[0].id, "items": items, "tracking_number": "T1"}
    made = bc.post(f"/v2/orders/{order_id}/shipments", body)
    assert made.status == 201
    theirs = example("shipment_create_response.json")
    assert_alike(made.json, [theirs])
    assert keys(made.json["billing_address"]) == keys(theirs["billing_address"])
    assert keys(made.json["items"]) == keys(theirs["items"])
    assert_alike(bc.get(f"/v2/orders/{order_id}/shipments").json[0], example("shipments_list.json"))


def test_statuses_store_and_channels_have_the_keys_of_the_examples(bc: Any, example: Any) -> None:
    statuses = bc.get("/v2/order_statuses").json
    assert [row["id"] for row in statuses] == list(STATUSES)
    theirs = example("order_statuses.json")
    for row, their in zip(statuses, theirs, strict=True):
        assert (row["name"], row["order"]) == (their["name"], their["order"])
        assert set(row) == set(their)
    assert_alike(bc.get("/v2/store").json, [example("store.json")])
    channels = bc.get("/v3/channels").json
    assert_alike(channels["data"][0], example("channels_list.json")["data"])
    assert set(channels["meta"]["pagination"]) == set(example("channels_list.json")["meta"]["pagination"])


def test_stock_and_catalogue_have_the_keys_of_the_examples(bc: Any, order_id: int, example: Any) -> None:
    variant = bc.get("/v3/catalog/variants", sku="TEE-S").json["data"][0]
    theirs = example("variants_by_sku.json")["data"]
    assert_alike(variant, theirs)
    assert keys(variant["option_values"]) == keys(theirs[0]["option_values"])
    item = bc.get("/v3/inventory/items").json["data"][0]
    wanted = example("inventory_items_page.json")["data"][0]
    assert set(item) == set(wanted)
    assert set(item["identity"]) == set(wanted["identity"])
    assert_alike(item["locations"][0], wanted["locations"])
    assert set(item["locations"][0]["settings"]) == set(wanted["locations"][0]["settings"])
    assert_alike(bc.get("/v3/inventory/locations").json["data"][0], example("locations.json")["data"])


def test_a_hook_has_the_keys_of_the_example(bc: Any, example: Any) -> None:
    theirs = example("webhook_hook.json")
    made = bc.post("/v3/hooks", theirs["create_request"])
    assert made.status == 200
    assert_alike(made.json["data"], [theirs["v3_response_200"]["data"]])
    admin = bc.get("/v3/hooks/admin").json
    assert set(admin["data"]) == set(theirs["admin_200"]["data"])
    assert_alike(admin["data"]["hooks_list"][0], theirs["admin_200"]["data"]["hooks_list"])


def test_money_is_text_with_four_decimals_and_costs_of_consignments_are_numbers(bc: Any, order_id: int) -> None:
    order = bc.get(f"/v2/orders/{order_id}", **OBJECT).json
    assert order["shipping_cost_inc_tax"] == "9.9500"
    assert order["consignments"]["shipping"][0]["cost_inc_tax"] == 9.95
    cents = [round(float(order[key]) * 100) for key in ("total_ex_tax", "total_tax", "total_inc_tax")]
    assert cents[0] + cents[1] == cents[2]


def test_dates_are_rfc_2822_in_utc(bc: Any, order_id: int) -> None:
    order = bc.get(f"/v2/orders/{order_id}").json
    assert order["date_created"] == order["date_modified"] == "Mon, 23 Nov 2026 02:00:00 +0000"
    assert order["date_shipped"] == ""


def test_errors_read_as_in_the_examples(bc: Any, example: Any) -> None:
    bodies = {row["name"]: row["body"] for row in example("errors.json")}
    assert bc.get("/v2/orders/9").json == bodies["v2_404"]
    assert bc.ask("GET", "/v2/orders", headers={"X-Auth-Token": "wrong"}).json["title"] == bodies["v3_401"]["title"]
    assert bc.get("/v3/channels/").json["title"] == bodies["v3_403_trailing_slash"]["title"]
    many = [{"id": at, "inventory_level": 1} for at in range(51)]
    refused = bc.put("/v3/catalog/variants", many)
    assert (refused.status, refused.json["title"]) == (413, bodies["variants_batch_413"]["title"])
