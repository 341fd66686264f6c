"""V3 catalogue as a whole: its summary, and which products are sold on which channels."""

from typing import Any

from npf.sandbox.bigcommerce.answers import Answer, Request, data, no_content, number_list, page_of, v3_error
from npf.sandbox.bigcommerce.record import iso8601
from npf.sandbox.bigcommerce.router import Route


def get_summary(request: Request) -> Answer:
    """GET /catalog/summary: counts and prices in dollars; lowest_variant_price is a text in the spec's example."""
    catalogue, stock = request.store.catalogue, request.store.inventory
    prices: list[int] = []
    count = value = 0
    for variant in catalogue.variants.values():
        product = catalogue.product_of(variant)
        price = product.price if variant.price is None else variant.price
        prices.append(price)
        if product.tracking == "variant" or (product.tracking == "product" and variant is product.variants[0]):
            count += stock.level_of(variant).available
            value += stock.level_of(variant).available * price
    prices = prices or [0]
    made = [product.created for product in catalogue.products.values()] or [request.store.seconds()]
    return data(
        {
            "inventory_count": count,
            "inventory_value": value / 100,
            "primary_category_id": 23,
            "primary_category_name": "Shop All",
            "variant_count": len(catalogue.variants),
            "highest_variant_price": max(prices) / 100,
            "average_variant_price": sum(prices) / len(prices) / 100,
            "lowest_variant_price": f"{min(prices) / 100:g}",
            "oldest_variant_date": iso8601(min(made)),
            "newest_variant_date": iso8601(max(made)),
        }
    )


def list_assignments(request: Request) -> Answer:
    """GET /catalog/products/channel-assignments, with the filters product_id:in and channel_id:in."""
    part, meta = page_of(request, sorted(_found(request)))
    return data([{"product_id": product, "channel_id": channel} for product, channel in part], meta)


def put_assignments(request: Request) -> Answer:
    """PUT /catalog/products/channel-assignments: 204; all of them or none."""
    store, rows = request.store, request.body
    if not isinstance(rows, list) or not rows:
        raise v3_error(422, "JSON data is missing or invalid")
    errors = {str(at): "product or channel not found" for at, row in enumerate(rows) if not _is_known(request, row)}
    if errors:
        raise v3_error(422, "One or more channel assignments are invalid", errors)
    store.catalogue.assigned |= {(row["product_id"], row["channel_id"]) for row in rows}
    return no_content()


def delete_assignments(request: Request) -> Answer:
    """DELETE /catalog/products/channel-assignments: by a filter, which must be there."""
    if not {"product_id:in", "channel_id:in"} & set(request.query):
        raise v3_error(422, "At least one filter must be provided in order to delete channel assignments")
    request.store.catalogue.assigned -= _found(request)
    return no_content()


def _found(request: Request) -> set[tuple[int, int]]:
    products, channels = number_list(request, "product_id:in"), number_list(request, "channel_id:in")
    return {
        (product, channel)
        for product, channel in request.store.catalogue.assigned
        if (products is None or product in products) and (channels is None or channel in channels)
    }


def _is_known(request: Request, row: Any) -> bool:
    store = request.store
    return (
        isinstance(row, dict)
        and row.get("product_id") in store.catalogue.products
        and row.get("channel_id") in store.channels
    )


_PRODUCTS = "store_v2_products"
_ASSIGNMENTS = "/v3/catalog/products/channel-assignments"
ROUTES = [
    Route("GET", "/v3/catalog/summary", get_summary, _PRODUCTS),
    Route("GET", _ASSIGNMENTS, list_assignments, _PRODUCTS),
    Route("PUT", _ASSIGNMENTS, put_assignments, _PRODUCTS),
    Route("DELETE", _ASSIGNMENTS, delete_assignments, _PRODUCTS),
]
