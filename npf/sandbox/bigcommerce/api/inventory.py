"""V3 inventory: items and adjustments (facts 95-109)."""

from typing import Any

from npf.sandbox.bigcommerce.answers import (
    Answer,
    Request,
    data,
    number_list,
    ok,
    page_of,
    problem,
    text_list,
)
from npf.sandbox.bigcommerce.catalogue import Product, Variant
from npf.sandbox.bigcommerce.locations import Location
from npf.sandbox.bigcommerce.router import Route
from npf.sandbox.bigcommerce.stock import Level


def list_items(request: Request) -> Answer:
    """GET /inventory/items: every item with its levels at each location, 1,000 a page at most (fact 105)."""
    store = request.store
    wanted = number_list(request, "location_id:in")
    codes = text_list(request, "location_code:in")
    locations = [
        location
        for location in store.inventory.locations.values()
        if (wanted is None or location.id in wanted) and (codes is None or location.code in codes)
    ]
    part, meta = page_of(request, _items(request), default=50, most=1000)
    rows = [
        {
            "identity": _identity(product, variant),
            "locations": [_at(location, _level(request, location, product, variant)) for location in locations],
        }
        for product, variant in part
    ]
    return data(rows, meta)


def list_location_items(request: Request) -> Answer:
    """GET /inventory/locations/{id}/items: flat, one row an item (fact 105)."""
    location = _location(request)
    part, meta = page_of(request, _items(request), default=50, most=1000)
    rows = []
    for product, variant in part:
        shown = _at(location, _level(request, location, product, variant))
        identity = {name: value for name, value in _identity(product, variant).items() if name != "sku_id"}
        flat = {name: shown[name] for name in ("available_to_sell", "total_inventory_onhand", "settings")}
        rows.append({"identity": identity, **flat})
    return data(rows, meta)


def put_location_items(request: Request) -> Answer:
    """PUT /inventory/locations/{id}/items: safety stock and the like, 2,000 at most."""
    location = _location(request)
    settings = request.body.get("settings") if isinstance(request.body, dict) else None
    if not isinstance(settings, list) or not settings:
        raise problem(422, "Payload contains invalid fields", {"settings": "must be a non-empty array"})
    if len(settings) > 2000:
        raise problem(413, "The request payload is too large. The maximum items allowed in the array is 2000")
    names = ("safety_stock", "is_in_stock", "warning_level", "bin_picking_number")
    levels = []
    for at, row in enumerate(settings):
        variant = _by_identity(request, row.get("identity", {})) if isinstance(row, dict) else None
        if variant is None:
            raise problem(422, "Payload contains invalid fields", {f"setting.{at}.identity": "not found"})
        if not any(name in row for name in names):
            why = "At least one setting must be specified: warning_level, is_in_stock or safety_stock"
            raise problem(422, "Payload contains invalid fields", {f"setting.{at}.settings": why})
        levels.append((request.store.inventory.level_of(variant, location.id), row))
    for level, row in levels:
        level.safety = row.get("safety_stock", level.safety)
        level.in_stock = row.get("is_in_stock", level.in_stock)
        level.warning = row.get("warning_level", level.warning)
        level.bin = row.get("bin_picking_number", level.bin)
    return ok({"transaction_id": f"settings-{location.id}-{len(levels)}"})


def put_absolute(request: Request) -> Answer:
    """PUT /inventory/adjustments/absolute sets what is on hand; no envelope (facts 17, 95)."""
    return _adjust(request, absolute=True)


def post_relative(request: Request) -> Answer:
    """POST /inventory/adjustments/relative adds or subtracts (facts 95, 101)."""
    return _adjust(request, absolute=False)


def _adjust(request: Request, absolute: bool) -> Answer:
    body = request.body if isinstance(request.body, dict) else {}
    transaction = request.store.inventory.adjust(body.get("items"), absolute)
    return ok({"transaction_id": transaction})


def _items(request: Request) -> list[tuple[Product, Variant]]:
    """What the filters leave; a product that is tracked as a whole is one item."""
    skus = text_list(request, "sku:in")
    variants = number_list(request, "variant_id:in")
    products = number_list(request, "product_id:in")
    return [
        (product, variant)
        for product in request.store.catalogue.products.values()
        if products is None or product.id in products
        for variant in (product.variants[:1] if product.tracking == "product" else product.variants)
        if (variants is None or variant.id in variants) and (skus is None or _identity(product, variant)["sku"] in skus)
    ]


def _identity(product: Product, variant: Variant) -> dict[str, Any]:
    if product.tracking == "product" and product.has_options:
        return {"sku": product.sku, "sku_id": None, "variant_id": None, "product_id": product.id}
    return {"sku": variant.sku, "sku_id": variant.sku_id, "variant_id": variant.id, "product_id": product.id}


def _level(request: Request, location: Location, product: Product, variant: Variant) -> Level:
    return request.store.inventory.level(location.id, request.store.inventory.key(product, variant))


def _at(location: Location, level: Level) -> dict[str, Any]:
    return {
        "location_id": location.id,
        "location_code": location.code,
        "location_name": location.label,
        "available_to_sell": level.available,
        "total_inventory_onhand": level.on_hand,
        "location_enabled": location.enabled,
        "settings": {
            "safety_stock": level.safety,
            "is_in_stock": level.in_stock,
            "warning_level": level.warning,
            "bin_picking_number": level.bin,
        },
    }


def _by_identity(request: Request, identity: Any) -> Variant | None:
    catalogue = request.store.catalogue
    if not isinstance(identity, dict):
        return None
    if "sku" in identity:
        return catalogue.find(identity["sku"])
    if "variant_id" in identity:
        return catalogue.variants.get(identity["variant_id"])
    product = catalogue.products.get(identity.get("product_id", 0))
    return product.variants[0] if product else None


def _location(request: Request) -> Location:
    location = request.store.inventory.locations.get(request.ids[0])
    if location is None:
        raise problem(404, f"Location not found, identities: [{request.ids[0]}]")
    return location


_INVENTORY = "store_inventory"
ROUTES = [
    Route("GET", "/v3/inventory/items", list_items, _INVENTORY),
    Route("PUT", "/v3/inventory/adjustments/absolute", put_absolute, _INVENTORY),
    Route("POST", "/v3/inventory/adjustments/relative", post_relative, _INVENTORY),
    Route("GET", "/v3/inventory/locations/{}/items", list_location_items, _INVENTORY),
    Route("PUT", "/v3/inventory/locations/{}/items", put_location_items, _INVENTORY),
]
