"""V3 catalogue: products and variants, and the old way of writing stock through them (facts 99, 110-114)."""

from typing import Any

from npf.sandbox.bigcommerce.answers import (
    STATUS_PAGE,
    Answer,
    Refusal,
    Request,
    data,
    not_found,
    number_list,
    ok,
    page_of,
    paging,
    text_list,
    v3_error,
)
from npf.sandbox.bigcommerce.catalogue import Product, Variant
from npf.sandbox.bigcommerce.record import iso8601
from npf.sandbox.bigcommerce.router import Route
from npf.sandbox.bigcommerce.stock import MOST
from npf.sandbox.bigcommerce.store import Store

PRODUCT_BATCH, VARIANT_BATCH = 10, 50
_ALWAYS = {"id"}
_WRITABLE_PRODUCT = {"name", "sku", "inventory_level", "inventory_tracking", "price", "weight", "is_visible"}


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
        "option_set_id": None,
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
        "date_created": iso8601(product.modified),
        "date_modified": iso8601(product.modified),
        "base_variant_id": None if product.has_options else product.variants[0].id,
    }


def list_products(request: Request) -> Answer:
    """GET /catalog/products. `sku` and `sku:in` look at the product's own SKU (fact 112)."""
    products = list(request.store.catalogue.products.values())
    ids = number_list(request, "id:in")
    if "id" in request.query:
        ids = number_list(request, "id")
    skus = text_list(request, "sku:in")
    if "sku" in request.query:
        skus = {request.query["sku"]}
    found = [
        product for product in products if (ids is None or product.id in ids) and (skus is None or product.sku in skus)
    ]
    # include=options or modifiers caps the page at 10 rows, whatever was asked (fact 113).
    include = set(request.query.get("include", "").split(","))
    most = 10 if include & {"options", "modifiers"} else 250
    if most == 10 and paging(request, 10, 250)[1] > 10:
        request.query["limit"] = "10"
    part, meta = page_of(request, found, default=min(50, most), most=250)
    return data([_shown_product(request, product, include) for product in part], meta)


def _shown_product(request: Request, product: Product, include: set[str]) -> dict[str, Any]:
    body = _chosen(request, product_body(request.store, product))
    if "variants" in include:
        body["variants"] = [variant_body(request.store, variant) for variant in product.variants]
    return body


def get_product(request: Request) -> Answer:
    """GET /catalog/products/{id}."""
    include = set(request.query.get("include", "").split(","))
    return data(_shown_product(request, _product(request), include))


def put_product(request: Request) -> Answer:
    """PUT /catalog/products/{id}."""
    product = _product(request)
    _write_product(request.store, product, _object(request.body))
    return data(product_body(request.store, product))


def put_products(request: Request) -> Answer:
    """PUT /catalog/products: at most 10 (fact 110)."""
    rows = _batch(request.body, PRODUCT_BATCH)
    products = []
    for row in rows:
        product = request.store.catalogue.products.get(_object(row).get("id", 0))
        if product is None:
            raise v3_error(404, f"One or more products do not exist: {row.get('id')}")
        products.append(product)
    for product, row in zip(products, rows, strict=True):
        _write_product(request.store, product, {name: value for name, value in row.items() if name != "id"})
    return data([product_body(request.store, product) for product in products])


def list_variants(request: Request) -> Answer:
    """GET /catalog/variants: one `sku`, no `sku:in` (fact 112); 50 a page by default (fact 114)."""
    store = request.store
    variants = list(store.catalogue.variants.values())
    ids = number_list(request, "id:in")
    if "id" in request.query:
        ids = number_list(request, "id")
    product_ids = number_list(request, "product_id:in")
    if request.ids:
        product_ids = {_product(request).id}
    sku = request.query.get("sku")
    found = [
        variant
        for variant in variants
        if (ids is None or variant.id in ids)
        and (product_ids is None or variant.product_id in product_ids)
        and (sku is None or variant.sku == sku)
    ]
    part, meta = page_of(request, found)
    return data([_chosen(request, variant_body(store, variant)) for variant in part], meta)


def get_variant(request: Request) -> Answer:
    """GET /catalog/products/{id}/variants/{id}."""
    return data(variant_body(request.store, _variant(request)))


def put_variant(request: Request) -> Answer:
    """PUT /catalog/products/{id}/variants/{id}."""
    variant = _variant(request)
    body = _object(request.body)
    if (wrong := _wrong_fields(body)) is not None:
        raise v3_error(422, f"Invalid field(s): {wrong}", {wrong: "is invalid"})
    _write_variant(request.store, variant, body)
    return data(variant_body(request.store, variant))


def put_variants(request: Request) -> Answer:
    """PUT /catalog/variants: at most 50; 422 with batch_errors, and then nothing is written (facts 21, 110)."""
    rows = _batch(request.body, VARIANT_BATCH)
    errors: list[dict[str, Any]] = []
    variants: list[Variant] = []
    for row in rows:
        variant = request.store.catalogue.variants.get(_object(row).get("id", 0))
        wrong = _wrong_fields(row)
        if variant is None or wrong is not None:
            title = "Variant not found" if variant is None else f"Invalid field(s): {wrong}"
            status = 404 if variant is None else 422
            errors.append({"status": status, "title": title, "type": STATUS_PAGE, "errors": {"id": str(row.get("id"))}})
        else:
            variants.append(variant)
    if errors:
        raise Refusal(ok({"batch_errors": errors}, 422))
    for variant, row in zip(variants, rows, strict=True):
        _write_variant(request.store, variant, row)
    return data([variant_body(request.store, variant) for variant in variants])


def _write_variant(store: Store, variant: Variant, body: dict[str, Any]) -> None:
    product = store.catalogue.product_of(variant)
    level = store.inventory.level_of(variant)
    if "sku" in body and body["sku"] != variant.sku:
        if store.catalogue.find(body["sku"]) is not None:
            raise v3_error(409, "Sku is not unique")
        store.catalogue.rename(variant, body["sku"])
    # Stock of a product that is not tracked by variant is not kept here: accepted and without effect (fact 99).
    if "inventory_level" in body and product.tracking == "variant" and body["inventory_level"] is not None:
        store.inventory.put(variant, min(body["inventory_level"], MOST) + level.safety)
    if "inventory_warning_level" in body:
        level.warning = body["inventory_warning_level"] or 0
    variant.bin = body.get("bin_picking_number", variant.bin)
    variant.upc = body.get("upc", variant.upc)
    if "price" in body:
        variant.price = None if body["price"] is None else round(body["price"] * 100)
    product.modified = store.seconds()


def _write_product(store: Store, product: Product, body: dict[str, Any]) -> None:
    for name, value in body.items():
        if name not in _WRITABLE_PRODUCT:
            continue
        if name == "inventory_level":
            if type(value) is not int:
                raise v3_error(422, "Invalid field(s): inventory_level", {name: "must be an integer"})
            if product.tracking == "product":
                base = product.variants[0]
                store.inventory.put(base, min(value, MOST) + store.inventory.level_of(base).safety)
        elif name == "inventory_tracking":
            if value not in ("none", "product", "variant"):
                raise v3_error(422, "Invalid field(s): inventory_tracking", {name: "is invalid"})
            product.tracking = value
        elif name in ("price", "weight"):
            setattr(product, name, round(value * 100))
        elif name == "sku" and not product.has_options:
            store.catalogue.rename(product.variants[0], value)
        else:
            setattr(product, name, value)
    product.modified = store.seconds()


def _wrong_fields(body: dict[str, Any]) -> str | None:
    """The first field of a variant that has a wrong value, or None. What is not written here is passed over."""
    for name, value in body.items():
        if value is None:
            continue
        if name in ("inventory_level", "inventory_warning_level"):
            right = type(value) is int and value >= 0
        elif name in ("sku", "bin_picking_number", "upc"):
            right = isinstance(value, str)
        else:
            right = name != "price" or isinstance(value, int | float)
        if not right:
            return name
    return None


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise v3_error(422, "JSON data is missing or invalid")
    return body


def _batch(body: Any, most: int) -> list[dict[str, Any]]:
    if not isinstance(body, list) or not body:
        raise v3_error(422, "JSON data is missing or invalid")
    if len(body) > most:
        raise v3_error(413, f"The request payload is too large. The maximum items allowed in the array is {most}")
    return body


def _product(request: Request) -> Product:
    product = request.store.catalogue.products.get(request.ids[0])
    if product is None:
        raise not_found(request, f"A product was not found with an id of {request.ids[0]}")
    return product


def _variant(request: Request) -> Variant:
    product = _product(request)
    for variant in product.variants:
        if variant.id == request.ids[1]:
            return variant
    raise not_found(request, f"A variant was not found with an id of {request.ids[1]}")


def _chosen(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """The fields that include_fields or exclude_fields leave; the id always stays."""
    if wanted := request.query.get("include_fields"):
        names = set(wanted.split(",")) | _ALWAYS
        return {name: value for name, value in body.items() if name in names}
    if unwanted := request.query.get("exclude_fields"):
        names = set(unwanted.split(",")) - _ALWAYS
        return {name: value for name, value in body.items() if name not in names}
    return body


_PRODUCTS = "store_v2_products"
ROUTES = [
    Route("GET", "/v3/catalog/products", list_products, _PRODUCTS),
    Route("PUT", "/v3/catalog/products", put_products, _PRODUCTS),
    Route("GET", "/v3/catalog/products/{}", get_product, _PRODUCTS),
    Route("PUT", "/v3/catalog/products/{}", put_product, _PRODUCTS),
    Route("GET", "/v3/catalog/variants", list_variants, _PRODUCTS),
    Route("PUT", "/v3/catalog/variants", put_variants, _PRODUCTS),
    Route("GET", "/v3/catalog/products/{}/variants", list_variants, _PRODUCTS),
    Route("GET", "/v3/catalog/products/{}/variants/{}", get_variant, _PRODUCTS),
    Route("PUT", "/v3/catalog/products/{}/variants/{}", put_variant, _PRODUCTS),
]
