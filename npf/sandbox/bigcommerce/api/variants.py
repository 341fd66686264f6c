"""V3 variants, and the old way of writing stock through them (facts 21, 99, 110-114)."""

from typing import Any

from npf.sandbox.bigcommerce.answers import (
    STATUS_PAGE,
    Answer,
    Refusal,
    Request,
    data,
    no_content,
    number_list,
    ok,
    page_of,
    v3_error,
)
from npf.sandbox.bigcommerce.api.showing import (
    batch_of,
    chosen,
    object_of,
    product_of,
    stock_is_closed,
    variant_body,
    variant_of,
    without_stock,
)
from npf.sandbox.bigcommerce.catalogue import Product, Variant
from npf.sandbox.bigcommerce.router import Route
from npf.sandbox.bigcommerce.stock import MOST
from npf.sandbox.bigcommerce.store import Store

VARIANT_BATCH = 50


def list_variants(request: Request) -> Answer:
    """GET /catalog/variants: one `sku`, no `sku:in` (fact 112); 50 a page by default (fact 114)."""
    store = request.store
    variants = list(store.catalogue.variants.values())
    ids = number_list(request, "id:in")
    if "id" in request.query:
        ids = number_list(request, "id")
    product_ids = number_list(request, "product_id:in")
    if request.ids:
        product_ids = {product_of(request).id}
    sku = request.query.get("sku")
    found = [
        variant
        for variant in variants
        if (ids is None or variant.id in ids)
        and (product_ids is None or variant.product_id in product_ids)
        and (sku is None or variant.sku == sku)
    ]
    part, meta = page_of(request, found)
    return data([chosen(request, variant_body(store, variant)) for variant in part], meta)


def post_variant(request: Request) -> Answer:
    """POST /catalog/products/{id}/variants: 200; the first one with options takes the base variant's place."""
    store, product, body = request.store, product_of(request), object_of(request.body)
    _check(body)
    if not isinstance(body.get("sku"), str) or not body["sku"]:
        raise v3_error(422, "Invalid field(s): sku", {"sku": "error.path.missing"})
    if store.catalogue.find(body["sku"]) is not None:
        raise v3_error(409, "Sku is not unique", {"sku": "is not unique"})
    options = _options(product, body.get("option_values"))
    if any(variant.options == options for variant in product.variants):
        raise v3_error(409, "A variant with these option values exists already", {"option_values": "are not unique"})
    variant = store.catalogue.add_variant(product, body["sku"], options)
    whole = write_variant(store, variant, body)
    store.announce("store/sku/created", _event(variant))
    return _answer(store, variant, whole)


def get_variant(request: Request) -> Answer:
    """GET /catalog/products/{id}/variants/{id}."""
    return data(variant_body(request.store, variant_of(request)))


def put_variant(request: Request) -> Answer:
    """PUT /catalog/products/{id}/variants/{id}: 207 where the stock alone was not written."""
    variant, body = variant_of(request), object_of(request.body)
    _check(body)
    return _answer(request.store, variant, write_variant(request.store, variant, body))


def delete_variant(request: Request) -> Answer:
    """DELETE /catalog/products/{id}/variants/{id}: gone, with its stock. A base variant goes with its product only."""
    store, variant = request.store, variant_of(request)
    if not variant.options:
        raise v3_error(422, "The base variant of a product cannot be deleted")
    store.catalogue.remove_variant(variant)
    store.inventory.forget(lambda _, key: key != ("variant", variant.id))
    store.announce("store/sku/deleted", _event(variant))
    return no_content()


def put_variants(request: Request) -> Answer:
    """PUT /catalog/variants: at most 50; 422 with batch_errors, and then nothing is written (facts 21, 110)."""
    rows = batch_of(request.body, VARIANT_BATCH)
    errors: list[dict[str, Any]] = []
    variants: list[Variant] = []
    for row in rows:
        variant = request.store.catalogue.variants.get(object_of(row).get("id", 0))
        wrong = _wrong_fields(row)
        if wrong is None and row.get("inventory_level") is not None and stock_is_closed(request.store):
            wrong = "inventory_level"
        if variant is None or wrong is not None:
            title = "Variant not found" if variant is None else f"Invalid field(s): {wrong}"
            status = 404 if variant is None else 422
            errors.append({"status": status, "title": title, "type": STATUS_PAGE, "errors": {"id": str(row.get("id"))}})
        else:
            variants.append(variant)
    if errors:
        raise Refusal(ok({"batch_errors": errors}, 422))
    for variant, row in zip(variants, rows, strict=True):
        write_variant(request.store, variant, row)
    return data([variant_body(request.store, variant) for variant in variants])


def _answer(store: Store, variant: Variant, whole: bool) -> Answer:
    body = variant_body(store, variant)
    return data(body) if whole else without_stock(body)


def _event(variant: Variant) -> dict[str, Any]:
    return {"type": "sku", "id": variant.sku_id, "sku": {"product_id": variant.product_id, "variant_id": variant.id}}


def _check(body: dict[str, Any]) -> None:
    if (wrong := _wrong_fields(body)) is not None:
        raise v3_error(422, f"Invalid field(s): {wrong}", {wrong: "is invalid"})


def _options(product: Product, values: Any) -> tuple[tuple[str, str], ...]:
    """(option, value) pairs: by their words, or by the ids that other variants of the product show."""
    known = {
        (product.id * 10 + at, variant.id * 10 + at): pair
        for variant in product.variants
        for at, pair in enumerate(variant.options)
    }
    found = []
    for one in values if isinstance(values, list) else []:
        if isinstance(one, dict) and {"option_display_name", "label"} <= set(one):
            found.append((str(one["option_display_name"]), str(one["label"])))
        elif isinstance(one, dict) and (pair := known.get((one.get("option_id", 0), one.get("id", 0)))):
            found.append(pair)
        else:
            raise v3_error(422, "Invalid field(s): option_values", {"option_values": "is invalid"})
    if not found:
        raise v3_error(422, "Invalid field(s): option_values", {"option_values": "error.path.missing"})
    return tuple(found)


def write_variant(store: Store, variant: Variant, body: dict[str, Any]) -> bool:
    """Write what is writable here. False where there was stock to write and none was written."""
    whole = True
    product = store.catalogue.product_of(variant)
    level = store.inventory.level_of(variant)
    if "sku" in body and body["sku"] != variant.sku:
        if store.catalogue.find(body["sku"]) is not None:
            raise v3_error(409, "Sku is not unique")
        store.catalogue.rename(variant, body["sku"])
    # Stock of a product that is not tracked by variant is not kept here: accepted and without effect (fact 99).
    if "inventory_level" in body and product.tracking == "variant" and body["inventory_level"] is not None:
        if stock_is_closed(store):
            whole = False
        else:
            store.inventory.put(variant, min(body["inventory_level"], MOST) + level.safety)
    if "inventory_warning_level" in body:
        level.warning = body["inventory_warning_level"] or 0
    variant.bin = body.get("bin_picking_number", variant.bin)
    variant.upc = body.get("upc", variant.upc)
    if "price" in body:
        variant.price = None if body["price"] is None else round(body["price"] * 100)
    product.modified = store.seconds()
    return whole


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


_PRODUCTS = "store_v2_products"
_OF_PRODUCT = "/v3/catalog/products/{}/variants"
ROUTES = [
    Route("GET", "/v3/catalog/variants", list_variants, _PRODUCTS),
    Route("PUT", "/v3/catalog/variants", put_variants, _PRODUCTS),
    Route("GET", _OF_PRODUCT, list_variants, _PRODUCTS),
    Route("POST", _OF_PRODUCT, post_variant, _PRODUCTS),
    Route("GET", f"{_OF_PRODUCT}/{{}}", get_variant, _PRODUCTS),
    Route("PUT", f"{_OF_PRODUCT}/{{}}", put_variant, _PRODUCTS),
    Route("DELETE", f"{_OF_PRODUCT}/{{}}", delete_variant, _PRODUCTS),
]
