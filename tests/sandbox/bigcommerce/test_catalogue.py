"""Products and variants come and go; order lines keep what they say."""

from typing import Any

from npf.sandbox.bigcommerce import Store

SIZES = [{"sku": f"SOCK-{size}", "option_values": [{"option_display_name": "Size", "label": size}]} for size in "SM"]
SOCK = {
    "name": "Sock",
    "type": "physical",
    "weight": 1,
    "price": 12,
    "inventory_tracking": "variant",
    "variants": SIZES,
}
VASE = {"name": "Vase", "type": "physical", "sku": "VASE", "weight": 1, "price": 28, "inventory_tracking": "product"}


def skus(bc: Any) -> list[str]:
    return [row["sku"] for row in bc.get("/v3/catalog/variants").json["data"]]


def test_a_product_is_made_with_its_variants_and_sold(bc: Any, store: Store) -> None:
    bc.post("/v3/catalog/products", SOCK)
    made = bc.post("/v3/catalog/products", {**VASE, "inventory_level": 9})
    assert (made.status, made.json["data"]["inventory_level"]) == (200, 9)
    assert skus(bc) == ["SOCK-S", "SOCK-M", "VASE"]
    store.sell("VASE", 2)
    assert store.stock("VASE") == 7


def test_a_name_and_a_sku_are_taken_once(bc: Any, store: Store) -> None:
    bc.post("/v3/catalog/products", VASE)
    assert bc.post("/v3/catalog/products", {**VASE, "sku": "OTHER"}).status == 409
    assert bc.post("/v3/catalog/products", {**VASE, "name": "Other"}).status == 409
    assert bc.post("/v3/catalog/products", {"name": "Other"}).status == 422
    assert skus(bc) == ["VASE"]


def test_the_first_variant_with_options_takes_the_place_of_the_base_variant(bc: Any, store: Store) -> None:
    product = store.add_product("TEE")
    path = f"/v3/catalog/products/{product.id}/variants"
    large = {"sku": "TEE-L", "option_values": [{"option_display_name": "Size", "label": "L"}]}
    made = bc.post(path, large)
    assert (made.status, skus(bc)) == (200, ["TEE-L"])
    assert bc.post(path, large).status == 409
    bc.delete(f"{path}/{made.json['data']['id']}")
    assert skus(bc) == ["TEE"]
    assert bc.delete(f"{path}/{product.variants[0].id}").status == 422


def test_a_deleted_variant_is_gone_and_its_orders_live_on(bc: Any, store: Store) -> None:
    product = store.add_product("TEE", 10, options=[("TEE-S", (("Size", "S"),)), ("TEE-M", (("Size", "M"),))])
    order_id = store.sell("TEE-S")
    gone = product.variants[0]
    assert bc.delete(f"/v3/catalog/products/{product.id}/variants/{gone.id}").status == 204
    assert bc.get(f"/v3/catalog/products/{product.id}/variants/{gone.id}").status == 404
    assert bc.get("/v3/inventory/items", **{"variant_id:in": gone.id}).json["data"] == []
    assert bc.get(f"/v2/orders/{order_id}/products").json[0]["sku"] == "TEE-S"
    store.cancel(order_id)
    assert bc.get(f"/v2/orders/{order_id}").json["status_id"] == 5
    sku = {"product_id": product.id, "variant_id": gone.id}
    assert ("store/sku/deleted", {"type": "sku", "id": gone.sku_id, "sku": sku}) in store.events


def test_a_count_on_its_way_is_lost_with_its_variant(bc: Any, store: Store, clock: Any) -> None:
    product = store.add_product("TEE", 10, options=[("TEE-S", (("Size", "S"),)), ("TEE-M", (("Size", "M"),))])
    bc.post("/_sandbox/demo1/switches", {"inventory_lag": 30})
    gone = product.variants[0]
    item = {"location_id": 1, "variant_id": gone.id, "quantity": 7}
    assert bc.put("/v3/inventory/adjustments/absolute", {"items": [item]}).status == 200
    bc.delete(f"/v3/catalog/products/{product.id}/variants/{gone.id}")
    clock.pass_(31)
    (left,) = bc.get("/v3/inventory/items").json["data"]
    assert (left["identity"]["sku"], left["locations"][0]["total_inventory_onhand"]) == ("TEE-M", 10)
    assert not any(key == ("variant", gone.id) for _, key in store.inventory.levels)


def test_products_are_deleted_by_a_filter_that_must_be_there(bc: Any, store: Store) -> None:
    first, second = store.add_product("A"), store.add_product("B")
    assert bc.delete("/v3/catalog/products").status == 422
    assert bc.delete(f"/v3/catalog/products?id:in={first.id}").status == 204
    assert skus(bc) == ["B"]
    assert bc.delete(f"/v3/catalog/products/{second.id}").status == 204
    assert bc.get(f"/v3/catalog/products/{second.id}").status == 404
    assert bc.get("/v3/catalog/summary").json["data"]["variant_count"] == 0


def test_stock_of_a_location_managed_elsewhere_is_not_written_through_the_catalogue(bc: Any, store: Store) -> None:
    product = store.add_product("MUG", 40)
    store.inventory.locations[1].managed = True
    answer = bc.put(f"/v3/catalog/products/{product.id}", {"price": 31, "inventory_level": 3})
    assert (answer.status, answer.json["errors"]["status"]) == (207, 422)
    assert (answer.json["data"]["price"], store.stock("MUG")) == (31.0, 40)


def test_a_product_is_sold_where_it_is_assigned(bc: Any, store: Store) -> None:
    product, channel = store.add_product("MUG"), store.add_channel("Two")
    path = "/v3/catalog/products/channel-assignments"
    assert bc.get("/v3/catalog/products", **{"channel_id:in": channel}).json["data"] == []
    assert bc.put(path, [{"product_id": product.id, "channel_id": channel}]).status == 204
    assert [row["id"] for row in bc.get("/v3/catalog/products", **{"channel_id:in": channel}).json["data"]] == [
        product.id
    ]
    assert bc.delete(f"{path}?channel_id:in=1").status == 204
    assert bc.get(path).json["data"] == [{"product_id": product.id, "channel_id": channel}]
