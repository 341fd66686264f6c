from typing import Any

import pytest

from npf.sandbox.bigcommerce import Store
from npf.sandbox.bigcommerce.stock import MOST


@pytest.fixture(autouse=True)
def catalogue(store: Store) -> None:
    store.add_product("MUG", 10)
    store.add_product("CARD", 10, tracking="none")
    store.add_product("TEE", 10, options=[("TEE-S", (("Size", "S"),)), ("TEE-L", (("Size", "L"),))])
    store.add_product("CUSH", 10, options=[("CUSH-W", (("Colour", "W"),))], tracking="product")


def adjust(bc: Any, *items: dict[str, Any], absolute: bool = True) -> Any:
    sent = {"reason": "count", "items": [{"location_id": 1, **item} for item in items]}
    if absolute:
        return bc.put("/v3/inventory/adjustments/absolute", sent)
    return bc.post("/v3/inventory/adjustments/relative", sent)


def test_an_order_takes_stock_when_it_is_placed_and_cancelling_returns_it(store: Store) -> None:
    order_id = store.place_order([("MUG", 3), ("CARD", 2), ("TEE-S", 1)])
    assert (store.stock("MUG"), store.stock("CARD"), store.stock("TEE-S")) == (7, 10, 9)
    store.cancel(order_id)
    store.cancel(order_id)
    assert (store.stock("MUG"), store.stock("TEE-S")) == (10, 10)


def test_an_incomplete_order_takes_stock_when_it_is_paid(store: Store) -> None:
    order_id = store.sell("MUG", 2, status_id=0)
    assert store.stock("MUG") == 10
    store.pay(order_id)
    assert store.stock("MUG") == 8


def test_a_store_may_take_stock_only_when_shipped(store: Store) -> None:
    store.switches.stock_behaviour = "order_completed_or_shipped"
    order_id = store.sell("MUG", 2)
    assert store.stock("MUG") == 10
    store.set_status(order_id, 2)
    store.set_status(order_id, 10)
    assert store.stock("MUG") == 8


def test_a_store_may_keep_the_stock_of_what_is_cancelled(store: Store) -> None:
    store.switches.returns_stock = False
    store.cancel(store.sell("MUG", 2))
    assert store.stock("MUG") == 8


def test_overselling_goes_below_zero(store: Store, bc: Any) -> None:
    store.sell("MUG", 12)
    assert store.stock("MUG") == -2
    assert bc.get("/v3/catalog/products", sku="MUG").json["data"][0]["inventory_level"] == -2


def test_an_absolute_adjustment_sets_what_is_on_hand(bc: Any, store: Store) -> None:
    product = store.variant("CUSH-W").product_id
    answer = adjust(
        bc,
        {"variant_id": store.variant("TEE-S").id, "quantity": 44},
        {"sku": "TEE-L", "quantity": 33},
        {"sku": "MUG", "quantity": 22},
        {"product_id": product, "quantity": 11},
    )
    assert (answer.status, set(answer.json)) == (200, {"transaction_id"})
    assert [store.stock(sku) for sku in ("TEE-S", "TEE-L", "MUG", "CUSH-W")] == [44, 33, 22, 11]


def test_a_relative_adjustment_adds_and_needs_an_absolute_one_first(bc: Any, store: Store) -> None:
    assert adjust(bc, {"sku": "MUG", "quantity": -4}, absolute=False).status == 200
    assert store.stock("MUG") == 6
    assert adjust(bc, {"sku": "MUG", "quantity": -7}, absolute=False).status == 422
    place = store.add_location("SYD")
    refused = adjust(bc, {"sku": "MUG", "quantity": 1, "location_id": place}, absolute=False)
    assert "requires absolute adjustment before relative" in refused.json["title"]


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ({"sku": "MUG", "quantity": 5, "location_id": 3}, "Location not found, identities: [3]"),
        ({"sku": "NONE", "quantity": 5}, "Items not found, identities: [sku NONE]"),
        ({"variant_id": 9, "quantity": 5}, "Items not found, identities: [variant_id 9]"),
        (
            {"variant_id": 83, "quantity": 5},
            "[Item with variant_id 83 is tracked by product, please update stock by product id]",
        ),
        (
            {"sku": "CUSH-W", "quantity": 5},
            "[Item with sku CUSH-W is tracked by product, please update stock by product id]",
        ),
        (
            {"product_id": 79, "quantity": 5},
            "[Item with product_id 79 is tracked by variant, please update stock by variant id]",
        ),
        ({"sku": "MUG", "quantity": -1}, "Payload contains invalid fields"),
        ({"sku": "MUG", "quantity": 1.5}, "Payload contains invalid fields"),
        ({"sku": "MUG"}, "Payload contains invalid fields"),
        ({"quantity": 1}, "Payload contains invalid fields"),
        ({"sku": "MUG", "variant_id": 83, "quantity": 1}, "Payload contains invalid fields"),
    ],
)
def test_one_bad_item_refuses_the_whole_batch_with_one_title(
    bc: Any, store: Store, item: dict[str, Any], title: str
) -> None:
    answer = adjust(bc, {"sku": "TEE-S", "quantity": 99}, item)
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["title"] == title
    assert store.stock("TEE-S") == 10
    store.switches.batch_refusal = "partial"
    assert adjust(bc, {"sku": "TEE-S", "quantity": 99}, item).status == 422
    assert store.stock("TEE-S") == 99


def test_a_disabled_location_cannot_be_adjusted(bc: Any, store: Store) -> None:
    place = store.add_location("OLD", enabled=False)
    assert adjust(bc, {"sku": "MUG", "quantity": 5, "location_id": place}).status == 422


def test_at_most_2000_items_go_in_one_call(bc: Any, store: Store) -> None:
    assert adjust(bc, *[{"sku": "MUG", "quantity": 5}] * 2000).status == 200
    assert adjust(bc, *[{"sku": "MUG", "quantity": 5}] * 2001).status == 413
    assert adjust(bc).status == 422


def test_too_large_a_figure_is_accepted_and_not_saved(bc: Any, store: Store) -> None:
    assert adjust(bc, {"sku": "MUG", "quantity": MOST + 1}).status == 200
    assert store.stock("MUG") == 10


def test_an_accepted_adjustment_may_show_later(bc: Any, store: Store, clock: Any) -> None:
    store.switches.inventory_lag = 2.0
    assert adjust(bc, {"sku": "MUG", "quantity": 50}).status == 200
    assert store.stock("MUG") == 10
    clock.pass_(2)
    assert store.stock("MUG") == 50


def test_items_are_found_by_sku_variant_product_and_location(bc: Any, store: Store) -> None:
    place = store.add_location("SYD")
    path = "/v3/inventory/items"

    def skus(**query: Any) -> list[str]:
        return [row["identity"]["sku"] for row in bc.get(path, **query).json["data"]]

    assert skus() == ["MUG", "CARD", "TEE-S", "TEE-L", "CUSH"]
    assert skus(**{"sku:in": "MUG,TEE-L,NONE"}) == ["MUG", "TEE-L"]
    assert skus(**{"variant_id:in": store.variant("TEE-S").id}) == ["TEE-S"]
    assert skus(**{"product_id:in": store.variant("CUSH-W").product_id}) == ["CUSH"]
    assert skus(limit=2, page=3) == ["CUSH"]
    row = bc.get(path, **{"location_id:in": place}).json["data"][0]
    assert [at["location_code"] for at in row["locations"]] == ["SYD"]
    assert bc.get(path, limit=1000).status == 200
    assert bc.get(path, limit=1001).status == 413
    assert bc.get(path, **{"variant_id:in": "x"}).status == 422


def test_safety_stock_lowers_what_may_be_sold(bc: Any, store: Store) -> None:
    settings = {"settings": [{"identity": {"sku": "MUG"}, "safety_stock": 3}]}
    assert bc.put("/v3/inventory/locations/1/items", settings).status == 200
    (row,) = bc.get("/v3/inventory/items", **{"sku:in": "MUG"}).json["data"]
    assert (row["locations"][0]["available_to_sell"], row["locations"][0]["total_inventory_onhand"]) == (7, 10)
    flat = bc.get("/v3/inventory/locations/1/items", **{"sku:in": "MUG"}).json["data"][0]
    assert (flat["available_to_sell"], flat["settings"]["safety_stock"]) == (7, 3)
    assert bc.put("/v3/inventory/locations/1/items", {"settings": [{"identity": {"sku": "MUG"}}]}).status == 422


def test_variants_are_found_by_one_sku_and_fifty_come_a_page(bc: Any, store: Store) -> None:
    for at in range(60):
        store.add_product(f"P{at}")
    path = "/v3/catalog/variants"
    assert [row["sku"] for row in bc.get(path, sku="TEE-L").json["data"]] == ["TEE-L"]
    page = bc.get(path).json
    assert (len(page["data"]), page["meta"]["pagination"]["total"]) == (50, 65)
    assert len(bc.get(path, page=2).json["data"]) == 15
    assert bc.get(path, page=9).json["data"] == []
    assert bc.get(path, limit=250, **{"product_id:in": "77,79"}).json["meta"]["pagination"]["count"] == 3
    assert set(bc.get(path, include_fields="sku").json["data"][0]) == {"id", "sku"}


def test_products_are_found_by_their_own_sku(bc: Any, store: Store) -> None:
    path = "/v3/catalog/products"
    assert [row["sku"] for row in bc.get(path, **{"sku:in": "MUG,TEE,TEE-S"}).json["data"]] == ["MUG", "TEE"]
    (tee,) = bc.get(path, sku="TEE", include="variants").json["data"]
    assert [row["sku"] for row in tee["variants"]] == ["TEE-S", "TEE-L"]
    assert (tee["inventory_tracking"], tee["inventory_level"]) == ("variant", 20)
    assert bc.get(f"{path}/{tee['id']}/variants").json["meta"]["pagination"]["total"] == 2
    for at in range(15):
        store.add_product(f"P{at}")
    assert len(bc.get(path, include="options", limit=250).json["data"]) == 10


def test_variants_are_written_fifty_at_once_and_only_where_they_carry_stock(bc: Any, store: Store) -> None:
    path = "/v3/catalog/variants"
    small, mug = store.variant("TEE-S").id, store.variant("MUG").id
    answer = bc.put(path, [{"id": small, "inventory_level": 4}, {"id": mug, "inventory_level": 4}])
    assert answer.status == 200
    assert (store.stock("TEE-S"), store.stock("MUG")) == (4, 10)
    refused = bc.put(path, [{"id": small, "inventory_level": 8}, {"id": mug, "inventory_level": "many"}])
    assert refused.status == 422
    assert refused.json["batch_errors"][0]["errors"] == {"id": str(mug)}
    assert store.stock("TEE-S") == 4
    assert bc.put(path, [{"id": 1, "inventory_level": 8}]).status == 422


def test_products_are_written_ten_at_once(bc: Any, store: Store) -> None:
    path = "/v3/catalog/products"
    mug = store.variant("MUG").product_id
    assert bc.put(path, [{"id": mug, "inventory_level": 5}]).status == 200
    assert store.stock("MUG") == 5
    assert bc.put(f"{path}/{mug}", {"inventory_level": 6}).json["data"]["inventory_level"] == 6
    assert bc.put(path, [{"id": mug}] * 11).status == 413
    assert bc.put(path, [{"id": 1}]).status == 404


def test_a_renamed_variant_keeps_its_id_and_order_lines_keep_the_old_sku(bc: Any, store: Store) -> None:
    order_id = store.sell("TEE-S")
    variant = store.variant("TEE-S")
    path = f"/v3/catalog/products/{variant.product_id}/variants/{variant.id}"
    assert bc.put(path, {"sku": "TEE-SMALL"}).json["data"]["sku"] == "TEE-SMALL"
    assert bc.put(path, {"sku": "MUG"}).status == 409
    line = bc.get(f"/v2/orders/{order_id}/products").json[0]
    assert (line["sku"], line["variant_id"]) == ("TEE-S", variant.id)


def test_the_settings_tell_when_stock_moves(bc: Any, store: Store) -> None:
    path = "/v3/settings/inventory"
    assert bc.get(path).json["data"]["update_stock_behavior"] == "order_placed"
    assert bc.put(path, {"update_stock_behavior": "order_completed_or_shipped"}).status == 200
    assert store.switches.stock_behaviour == "order_completed_or_shipped"
    assert bc.put(path, {"update_stock_behavior": "never"}).status == 422
