"""The catalogue, and stock by location."""

from typing import Any

from tests.contract.stage import Case, Stage

VASE = {
    "name": "Vase",
    "type": "physical",
    "sku": "VASE",
    "weight": 0.8,
    "price": 28,
    "inventory_tracking": "product",
    "inventory_level": 9,
}
SIZES = [
    {"sku": f"SOCK-{size}", "option_values": [{"option_display_name": "Size", "label": size}]} for size in ("S", "M")
]
SOCK = {
    "name": "Sock",
    "type": "physical",
    "weight": 0.1,
    "price": 12,
    "inventory_tracking": "variant",
    "variants": SIZES,
}
LARGE = {"sku": "TEE-L", "option_values": [{"option_display_name": "Size", "label": "L"}], "inventory_level": 5}
BARN = {
    "code": "BARN",
    "label": "Barn",
    "address": {
        "address1": "1 Station Street",
        "city": "Orange",
        "state": "NSW",
        "zip": "2800",
        "email": "barn@example.com",
        "geo_coordinates": {"latitude": -33.3, "longitude": 149.1},
        "country_code": "AU",
    },
}


def mug(s: Stage, path: str = "") -> str:
    return f"/v3/catalog/products/{s.mug.id}{path}"


def tee(s: Stage, path: str = "") -> str:
    return f"/v3/catalog/products/{s.tee.id}/variants{path}"


def small(s: Stage) -> int:
    return s.tee.variants[0].id


def closed(s: Stage) -> None:
    """The default location is managed from outside: nobody writes its stock by hand."""
    s.store.inventory.locations[1].managed = True


def barn(s: Stage) -> int:
    s.post("/v3/inventory/locations", [BARN])
    return max(s.store.inventory.locations)


def counted(s: Stage, quantity: Any = 12, **which: Any) -> dict[str, Any]:
    item = {"location_id": 1, "quantity": quantity, **(which or {"product_id": s.mug.id})}
    return {"reason": "count", "items": [item]}


def safe(s: Stage, **more: Any) -> dict[str, Any]:
    return {"settings": [{"identity": {"sku": "TEE-S"}, "safety_stock": 2, **more}]}


CATALOGUE: list[Case] = [
    ("getProducts", 200, lambda s: s.get("/v3/catalog/products?include=variants&limit=250&page=1")),
    (
        "getProducts",
        200,
        lambda s: s.get("/v3/catalog/products?sku:in=MUG,TEE&include_fields=name,sku,inventory_level"),
    ),
    ("createProduct", 200, lambda s: s.post("/v3/catalog/products", VASE)),
    ("createProduct", 200, lambda s: s.post("/v3/catalog/products", SOCK)),
    ("createProduct", 207, lambda s: (closed(s), s.post("/v3/catalog/products", VASE))),
    ("createProduct", 409, lambda s: s.post("/v3/catalog/products", {**VASE, "sku": "MUG"})),
    ("createProduct", 422, lambda s: s.post("/v3/catalog/products", {"name": "Vase"})),
    ("updateProducts", 200, lambda s: s.put("/v3/catalog/products", [{"id": s.mug.id, "inventory_level": 7}])),
    (
        "updateProducts",
        207,
        lambda s: (closed(s), s.put("/v3/catalog/products", [{"id": s.mug.id, "inventory_level": 7}])),
    ),
    ("updateProducts", 404, lambda s: s.put("/v3/catalog/products", [{"id": 999, "inventory_level": 7}])),
    ("updateProducts", 409, lambda s: s.put("/v3/catalog/products", [{"id": s.mug.id, "name": "Tee"}])),
    ("updateProducts", 413, lambda s: s.put("/v3/catalog/products", [{"id": s.mug.id, "inventory_level": 7}] * 11)),
    ("updateProducts", 422, lambda s: s.put("/v3/catalog/products", [{"id": s.mug.id, "inventory_level": -1}])),
    ("deleteProducts", 204, lambda s: s.delete(f"/v3/catalog/products?id:in={s.mug.id},{s.tee.id}")),
    ("getProduct", 200, lambda s: s.get(mug(s, "?include=variants"))),
    ("getProduct", 404, lambda s: s.get("/v3/catalog/products/999")),
    ("updateProduct", 200, lambda s: s.put(mug(s), {"price": 31, "is_visible": False})),
    ("updateProduct", 207, lambda s: (closed(s), s.put(mug(s), {"inventory_level": 3}))),
    ("updateProduct", 404, lambda s: s.put("/v3/catalog/products/999", {"price": 31})),
    ("updateProduct", 409, lambda s: s.put(mug(s), {"sku": "TEE"})),
    ("updateProduct", 422, lambda s: s.put(mug(s), {"inventory_tracking": "sometimes"})),
    ("deleteProduct", 204, lambda s: s.delete(mug(s))),
    (
        "getProductsChannelAssignments",
        200,
        lambda s: s.get(f"/v3/catalog/products/channel-assignments?product_id:in={s.mug.id}"),
    ),
    (
        "createProductsChannelAssignments",
        204,
        lambda s: s.put(
            "/v3/catalog/products/channel-assignments",
            [{"product_id": s.mug.id, "channel_id": s.store.add_channel("Two")}],
        ),
    ),
    (
        "createProductsChannelAssignments",
        422,
        lambda s: s.put("/v3/catalog/products/channel-assignments", [{"product_id": 999, "channel_id": 1}]),
    ),
    (
        "deleteProductsChannelAssignments",
        204,
        lambda s: s.delete("/v3/catalog/products/channel-assignments?channel_id:in=1"),
    ),
    ("deleteProductsChannelAssignments", 422, lambda s: s.delete("/v3/catalog/products/channel-assignments")),
    ("getCatalogSummary", 200, lambda s: s.get("/v3/catalog/summary")),
    ("getVariants", 200, lambda s: s.get("/v3/catalog/variants?limit=250&page=1")),
    ("updateVariantsBatch", 200, lambda s: s.put("/v3/catalog/variants", [{"id": small(s), "inventory_level": 7}])),
    (
        "updateVariantsBatch",
        413,
        lambda s: s.put("/v3/catalog/variants", [{"id": small(s), "inventory_level": 7}] * 51),
    ),
    ("updateVariantsBatch", 422, lambda s: s.put("/v3/catalog/variants", [{"id": 999, "inventory_level": 7}])),
    ("getProductVariants", 200, lambda s: s.get(tee(s, "?page=1&limit=50"))),
    ("getProductVariants", 404, lambda s: s.get("/v3/catalog/products/999/variants")),
    ("createProductVariant", 200, lambda s: s.post(tee(s), LARGE)),
    ("createProductVariant", 207, lambda s: (closed(s), s.post(tee(s), LARGE))),
    ("createProductVariant", 404, lambda s: s.post("/v3/catalog/products/999/variants", LARGE)),
    ("getProductVariant", 200, lambda s: s.get(tee(s, f"/{small(s)}"))),
    ("getProductVariant", 404, lambda s: s.get(tee(s, "/999"))),
    ("updateProductVariant", 200, lambda s: s.put(tee(s, f"/{small(s)}"), {"price": 41.5, "bin_picking_number": "A1"})),
    ("updateProductVariant", 207, lambda s: (closed(s), s.put(tee(s, f"/{small(s)}"), {"inventory_level": 2}))),
    ("updateProductVariant", 404, lambda s: s.put(tee(s, "/999"), {"price": 41.5})),
    ("deleteProductVariant", 204, lambda s: s.delete(tee(s, f"/{small(s)}"))),
]

STOCK: list[Case] = [
    ("get-inventory-items", 200, lambda s: s.get("/v3/inventory/items?location_id:in=1&limit=1000&page=1")),
    ("get-inventory-items", 200, lambda s: s.get("/v3/inventory/items?sku:in=TEE-S,TEE-M")),
    ("put-absolute-adjustment", 200, lambda s: s.put("/v3/inventory/adjustments/absolute", counted(s))),
    ("put-absolute-adjustment", 422, lambda s: s.put("/v3/inventory/adjustments/absolute", counted(s, variant_id=999))),
    ("put-absolute-adjustment", 422, lambda s: s.put("/v3/inventory/adjustments/absolute", {"items": []})),
    (
        "post-relative-adjustment",
        200,
        lambda s: s.post("/v3/inventory/adjustments/relative", counted(s, -1, sku="TEE-S")),
    ),
    (
        "post-relative-adjustment",
        422,
        lambda s: s.post("/v3/inventory/adjustments/relative", counted(s, -99, sku="TEE-S")),
    ),
    ("get-location-inventory-items", 200, lambda s: s.get("/v3/inventory/locations/1/items?limit=100&page=1")),
    ("get-location-inventory-items", 404, lambda s: s.get("/v3/inventory/locations/999/items")),
    ("put-location-inventory-items", 200, lambda s: s.put("/v3/inventory/locations/1/items", safe(s))),
    (
        "put-location-inventory-items",
        422,
        lambda s: s.put(
            "/v3/inventory/locations/1/items", {"settings": [{"identity": {"sku": "NONE"}, "safety_stock": 2}]}
        ),
    ),
    ("getLocations", 200, lambda s: s.get("/v3/inventory/locations?limit=100&page=1")),
    ("createLocations", 200, lambda s: s.post("/v3/inventory/locations", [BARN])),
    ("createLocations", 422, lambda s: s.post("/v3/inventory/locations", [{"code": "BARN"}])),
    (
        "updateLocations",
        200,
        lambda s: s.put("/v3/inventory/locations", [{"id": barn(s), "label": "Big barn", "enabled": False}]),
    ),
    ("updateLocations", 422, lambda s: s.put("/v3/inventory/locations", [{"id": 999, "label": "Big barn"}])),
    ("deleteLocations", 200, lambda s: s.delete(f"/v3/inventory/locations?location_id:in={barn(s)}")),
    ("deleteLocations", 404, lambda s: s.delete("/v3/inventory/locations?location_id:in=999")),
    ("deleteLocations", 422, lambda s: s.delete("/v3/inventory/locations?location_id:in=1")),
]
