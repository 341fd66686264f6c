"""How the catalogue's endpoints read and show products and variants."""

from typing import Any

from npf.sandbox.bigcommerce.answers import STATUS_PAGE, Answer, Request, not_found, ok, v3_error
from npf.sandbox.bigcommerce.catalogue import Product, Variant
from npf.sandbox.bigcommerce.locations import DEFAULT_LOCATION
from npf.sandbox.bigcommerce.record import iso8601
from npf.sandbox.bigcommerce.store import Store

_ALWAYS = {"id"}


def variant_body(store: Store, variant: Variant) -> dict[str, Any]:
    """As in examples/variants_by_sku.json. inventory_level is the default location's (fact 110)."""
    product = store.catalogue.product_of(variant)
    return {
        "id": variant.id,
        "product_id": product.id,
        "sku": variant.sku,
        "sku_id": variant.sku_id,
        "price": None if variant.price is None else variant.price / 100,
        "calculated_price": (product.price if variant.price is None else variant.price) / 100,
        "sale_price": None,
        "retail_price": None,
        "map_price": None,
        "weight": None,
        "calculated_weight": product.weight / 100,
        "width": None,
        "height": None,
        "depth": None,
        "is_free_shipping": False,
        "fixed_cost_shipping_price": None,
        "purchasing_disabled": False,
        "purchasing_disabled_message": "",
        "image_url": "",
        "cost_price": 0,
        "upc": variant.upc,
        "mpn": "",
        "gtin": "",
        "inventory_level": store.inventory.level_of(variant).available if _shows_stock(product) else 0,
        "inventory_warning_level": store.inventory.level_of(variant).warning,
        "bin_picking_number": variant.bin,
        "option_values": [
            {"id": variant.id * 10 + at, "label": label, "option_id": product.id * 10 + at, "option_display_name": name}
            for at, (name, label) in enumerate(variant.options)
        ],
    }


def _shows_stock(product: Product) -> bool:
    return product.tracking == "variant" or (product.tracking == "product" and not product.has_options)


def product_body(store: Store, product: Product) -> dict[str, Any]:
    """The fields of a product that matter to stock and shipping."""
    if product.tracking == "product":
        level = store.inventory.level_of(product.variants[0]).available
    elif product.tracking == "variant":
        level = sum(store.inventory.level_of(variant).available for variant in product.variants)
    else:
        level = 0
    return {
        "id": product.id,
        "name": product.name,
        "type": product.kind,
        "sku": product.sku,
        "description": "",
        "weight": product.weight / 100,
        "width": 0,
        "depth": 0,
        "height": 0,
        "price": product.price / 100,
        "cost_price": 0,
        "retail_price": 0,
        "sale_price": 0,
        "map_price": 0,
        "tax_class_id": 0,
        "product_tax_code": "",
        "calculated_price": product.price / 100,
        "categories": [],
        "brand_id": 0,
        "option_set_id": 0,
        "option_set_display": "right",
        "inventory_level": level,
        "inventory_warning_level": 0,
        "inventory_tracking": product.tracking,
        "reviews_rating_sum": 0,
        "reviews_count": 0,
        "total_sold": 0,
        "fixed_cost_shipping_price": 0,
        "is_free_shipping": False,
        "is_visible": product.is_visible,
        "is_featured": False,
        "related_products": [-1],
        "warranty": "",
        "bin_picking_number": product.variants[0].bin,
        "layout_file": "",
        "upc": "",
        "mpn": "",
        "gtin": "",
        "availability": "available",
        "availability_description": "",
        "sort_order": 0,
        "condition": "New",
        "is_condition_shown": False,
        "order_quantity_minimum": 0,
        "order_quantity_maximum": 0,
        "date_created": iso8601(product.created),
        "date_modified": iso8601(product.modified),
        "base_variant_id": None if product.has_options else product.variants[0].id,
    }


def stock_is_closed(store: Store) -> bool:
    """Whether the default location's stock cannot be edited by hand, and so not through the catalogue (107, 108)."""
    location = store.inventory.locations[DEFAULT_LOCATION]
    return location.managed or not location.enabled


def without_stock(value: Any) -> Answer:
    """207: the rest was written, the stock was not (openapi/products_catalog.v3.yml)."""
    title = "The inventory of the default location cannot be edited"
    why = {"inventory_level": "the location is disabled or managed by an external source"}
    errors = {"status": 422, "title": title, "type": STATUS_PAGE, "errors": why}
    return ok({"data": value, "errors": errors, "meta": {}}, 207)


def object_of(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise v3_error(422, "JSON data is missing or invalid")
    return body


def batch_of(body: Any, most: int) -> list[dict[str, Any]]:
    if not isinstance(body, list) or not body:
        raise v3_error(422, "JSON data is missing or invalid")
    if len(body) > most:
        raise v3_error(413, f"The request payload is too large. The maximum items allowed in the array is {most}")
    return body


def product_of(request: Request) -> Product:
    product = request.store.catalogue.products.get(request.ids[0])
    if product is None:
        raise not_found(request, f"A product was not found with an id of {request.ids[0]}")
    return product


def variant_of(request: Request) -> Variant:
    product = product_of(request)
    for variant in product.variants:
        if variant.id == request.ids[1]:
            return variant
    raise not_found(request, f"A variant was not found with an id of {request.ids[1]}")


def chosen(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """The fields that include_fields or exclude_fields leave; the id always stays."""
    if wanted := request.query.get("include_fields"):
        names = set(wanted.split(",")) | _ALWAYS
        return {name: value for name, value in body.items() if name in names}
    if unwanted := request.query.get("exclude_fields"):
        names = set(unwanted.split(",")) - _ALWAYS
        return {name: value for name, value in body.items() if name not in names}
    return body
