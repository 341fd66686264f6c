"""V3 products, and the old way of writing stock through them (facts 99, 110-113)."""

from typing import Any

from npf.sandbox.bigcommerce.answers import (
    Answer,
    Request,
    data,
    no_content,
    number_list,
    page_of,
    paging,
    text_list,
    v3_error,
)
from npf.sandbox.bigcommerce.api.showing import (
    batch_of,
    chosen,
    object_of,
    product_body,
    product_of,
    stock_is_closed,
    variant_body,
    without_stock,
)
from npf.sandbox.bigcommerce.api.variants import write_variant
from npf.sandbox.bigcommerce.catalogue import TRACKING, Product
from npf.sandbox.bigcommerce.router import Route
from npf.sandbox.bigcommerce.stock import MOST
from npf.sandbox.bigcommerce.store import Store

PRODUCT_BATCH = 10
MOST_DELETED = 250
_KINDS: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "type": (str,),
    "sku": (str,),
    "price": (int, float),
    "weight": (int, float),
    "inventory_level": (int,),
    "inventory_tracking": (str,),
    "is_visible": (bool,),
}
_NEEDED = ("name", "type", "weight", "price")
_FILTERS = ("id", "id:in", "sku", "sku:in", "name", "type", "is_visible", "channel_id:in")


def list_products(request: Request) -> Answer:
    """GET /catalog/products. `sku` and `sku:in` look at the product's own SKU (fact 112)."""
    found = _found(request)
    # include=options or modifiers caps the page at 10 rows, whatever was asked (fact 113).
    include = set(request.query.get("include", "").split(","))
    most = 10 if include & {"options", "modifiers"} else 250
    if most == 10 and paging(request, 10, 250)[1] > 10:
        request.query["limit"] = "10"
    part, meta = page_of(request, found, default=min(50, most), most=250)
    return data([_shown(request, product, include) for product in part], meta)


def _found(request: Request) -> list[Product]:
    """What the filters leave; all of them must hold."""
    catalogue, query = request.store.catalogue, request.query
    ids = number_list(request, "id" if "id" in query else "id:in")
    skus = {query["sku"]} if "sku" in query else text_list(request, "sku:in")
    channels = number_list(request, "channel_id:in")
    visible = query.get("is_visible", "").lower()
    return [
        product
        for product in catalogue.products.values()
        if (ids is None or product.id in ids)
        and (skus is None or product.sku in skus)
        and product.name == query.get("name", product.name)
        and product.kind == query.get("type", product.kind)
        and (not visible or product.is_visible == (visible == "true"))
        and (channels is None or any((product.id, channel) in catalogue.assigned for channel in channels))
    ]


def _shown(request: Request, product: Product, include: set[str]) -> dict[str, Any]:
    body = chosen(request, product_body(request.store, product))
    if "variants" in include:
        body["variants"] = [variant_body(request.store, variant) for variant in product.variants]
    return body


def post_product(request: Request) -> Answer:
    """POST /catalog/products: 200; with `variants`, their option values become the product's options.

    207 shows a list where 200 shows one product (openapi/products_catalog.v3.yml).
    """
    store, body = request.store, object_of(request.body)
    if missing := [name for name in _NEEDED if name not in body]:
        raise v3_error(422, "The field(s) are missing", dict.fromkeys(missing, "error.path.missing"))
    _check(store, body, None)
    options = [_variant_row(store, row) for row in body.get("variants", [])]
    product = store.add_product(
        body.get("sku", ""),
        0,
        name=body["name"],
        kind=body["type"],
        tracking=body.get("inventory_tracking", "none"),
        options=options,
    )
    whole = _write(store, product, body)
    for variant, row in zip(product.variants, body.get("variants", []), strict=False):
        whole = write_variant(store, variant, row) and whole
    store.announce("store/product/created", {"type": "product", "id": product.id})
    return data(product_body(store, product)) if whole else without_stock([product_body(store, product)])


def get_product(request: Request) -> Answer:
    """GET /catalog/products/{id}."""
    include = set(request.query.get("include", "").split(","))
    return data(_shown(request, product_of(request), include))


def put_product(request: Request) -> Answer:
    """PUT /catalog/products/{id}: 207 where the stock alone was not written."""
    store, product, body = request.store, product_of(request), object_of(request.body)
    _check(store, body, product)
    whole = _write(store, product, body)
    return data(product_body(store, product)) if whole else without_stock(product_body(store, product))


def put_products(request: Request) -> Answer:
    """PUT /catalog/products: at most 10 (fact 110), all of them or none; 207 where stock alone was not written."""
    store, rows = request.store, batch_of(request.body, PRODUCT_BATCH)
    products = []
    for row in rows:
        product = store.catalogue.products.get(object_of(row).get("id", 0))
        if product is None:
            raise v3_error(404, f"One or more products do not exist: {row.get('id')}")
        _check(store, row, product)
        products.append(product)
    whole = [_write(store, product, row) for product, row in zip(products, rows, strict=True)]
    shown = [product_body(store, product) for product in products]
    return data(shown) if all(whole) else without_stock(shown)


def delete_product(request: Request) -> Answer:
    """DELETE /catalog/products/{id}: the product is gone, its variants and its stock with it."""
    _delete(request.store, [product_of(request)])
    return no_content()


def delete_products(request: Request) -> Answer:
    """DELETE /catalog/products: by a filter, which must be there; at most 250."""
    if not set(request.query) & set(_FILTERS):
        raise v3_error(422, "At least one filter must be provided in order to delete products")
    found = _found(request)
    if len(found) > MOST_DELETED:
        raise v3_error(413, f"The maximum number of products that can be deleted at one time is {MOST_DELETED}")
    _delete(request.store, found)
    return no_content()


def _delete(store: Store, products: list[Product]) -> None:
    for product in products:
        store.catalogue.remove(product)
        store.announce("store/product/deleted", {"type": "product", "id": product.id})
    known = store.catalogue
    store.inventory.forget(lambda _, key: key[1] in (known.products if key[0] == "product" else known.variants))


def _check(store: Store, body: dict[str, Any], product: Product | None) -> None:
    """Raises Refusal 422 for a value of the wrong kind, 409 for a name or SKU that another product has."""
    for name, kinds in _KINDS.items():
        if name in body and type(body[name]) not in kinds:
            raise v3_error(422, f"Invalid field(s): {name}", {name: "is invalid"})
    if body.get("inventory_tracking", "none") not in TRACKING:
        raise v3_error(422, "Invalid field(s): inventory_tracking", {"inventory_tracking": "is invalid"})
    if body.get("type", "physical") not in ("physical", "digital"):
        raise v3_error(422, "Invalid field(s): type", {"type": "is invalid"})
    for name in ("price", "weight", "inventory_level"):
        if body.get(name, 0) < 0:
            raise v3_error(422, f"Invalid field(s): {name}", {name: "must be 0 or more"})
    for other in store.catalogue.products.values():
        if other is not product and other.name == body.get("name"):
            raise v3_error(409, "The product name is a duplicate", {"name": "is not unique"})
        if other is not product and other.sku and other.sku == body.get("sku"):
            raise v3_error(409, "The product sku is a duplicate", {"sku": "is not unique"})


def _variant_row(store: Store, row: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    values = row.get("option_values") if isinstance(row, dict) else None
    if not isinstance(values, list) or not values or not isinstance(row.get("sku"), str):
        raise v3_error(422, "Invalid field(s): variants", {"variants": "need a sku and option_values"})
    if store.catalogue.find(row["sku"]) is not None:
        raise v3_error(409, "Sku is not unique", {"variants": f"{row['sku']} is not unique"})
    return row["sku"], tuple((str(one.get("option_display_name", "")), str(one.get("label", ""))) for one in values)


def _write(store: Store, product: Product, body: dict[str, Any]) -> bool:
    """Write what is writable here, pass over the rest. False where there was stock to write and none was written."""
    whole = True
    for name, value in body.items():
        if name not in _KINDS:
            continue
        if name == "inventory_level":
            if product.tracking == "product" and stock_is_closed(store):
                whole = False
            elif product.tracking == "product":
                base = product.variants[0]
                store.inventory.put(base, min(value, MOST) + store.inventory.level_of(base).safety)
        elif name == "inventory_tracking":
            product.tracking = value
        elif name in ("price", "weight"):
            setattr(product, name, round(value * 100))
        elif name == "sku" and not product.has_options:
            store.catalogue.rename(product.variants[0], value)
        else:
            setattr(product, "kind" if name == "type" else name, value)
    product.modified = store.seconds()
    return whole


_PRODUCTS = "store_v2_products"
ROUTES = [
    Route("GET", "/v3/catalog/products", list_products, _PRODUCTS),
    Route("POST", "/v3/catalog/products", post_product, _PRODUCTS),
    Route("PUT", "/v3/catalog/products", put_products, _PRODUCTS),
    Route("DELETE", "/v3/catalog/products", delete_products, _PRODUCTS),
    Route("GET", "/v3/catalog/products/{}", get_product, _PRODUCTS),
    Route("PUT", "/v3/catalog/products/{}", put_product, _PRODUCTS),
    Route("DELETE", "/v3/catalog/products/{}", delete_product, _PRODUCTS),
]
