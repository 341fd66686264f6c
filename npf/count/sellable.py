"""The SKUs of a catalogue that FM can have. Pure.

A SKU that cannot be written for certain is listed with the reason and never guessed: stock that BigCommerce does not
keep, a SKU on several items, one level for several articles (facts 53, 99, 112). Outer blanks of a SKU do not count, as
when an order is sent.
"""

from collections.abc import Iterable

import msgspec

from npf.bigcommerce.catalog import Product, Variant
from npf.stores.maps import Settings

NOT_TRACKED = "inventory tracking is off in BigCommerce"
DOUBLED = "this SKU stands on several items in BigCommerce"
ONE_LEVEL = "BigCommerce keeps one level for all variants of this product, and at FM they are several articles"


class Sellable(msgspec.Struct, frozen=True):
    """One SKU. `variant_id` None = its stock stands on the product. `note` = why it is not written; "" = it is."""

    sku: str
    product_id: int
    variant_id: int | None
    tracking: str
    level: int | None
    note: str = ""


class Found(msgspec.Struct, frozen=True):
    """What a catalogue sells. `without_sku`: physical items that nobody can count."""

    items: list[Sellable]
    without_sku: int


def sellable(products: Iterable[Product], variants: Iterable[Variant], settings: Settings) -> Found:
    """Every physical SKU once; test items are left out (DESIGN section 3)."""
    of_product: dict[int, list[Variant]] = {}
    for variant in variants:
        of_product.setdefault(variant.product_id, []).append(variant)
    items: dict[str, Sellable] = {}
    without_sku = 0
    for product in products:
        if product.type == "digital":
            continue
        for one in _of_one(product, of_product.get(product.id, []), settings):
            if not one.sku:
                without_sku += 1
            elif one.sku in items:
                items[one.sku] = msgspec.structs.replace(items[one.sku], note=DOUBLED)
            elif one.sku not in settings.parameters.test_skus:
                items[one.sku] = one
    return Found(list(items.values()), without_sku)


def _of_one(product: Product, variants: list[Variant], settings: Settings) -> list[Sellable]:
    if product.inventory_tracking == "product":
        return [_whole(product, variants, settings)]
    note = "" if product.inventory_tracking == "variant" else NOT_TRACKED
    return [
        Sellable(
            # A variant without a SKU of its own is sold under the product's.
            sku=one.sku.strip() or product.sku.strip(),
            product_id=product.id,
            variant_id=one.id,
            tracking=product.inventory_tracking or "none",
            level=None if note else one.inventory_level,
            note=note,
        )
        for one in variants
    ]


def _whole(product: Product, variants: list[Variant], settings: Settings) -> Sellable:
    """A product that is tracked as a whole. What is sold of it bears the variants' SKUs (fact 54)."""
    sold = list(dict.fromkeys(one.sku.strip() for one in variants if one.sku.strip())) or [product.sku.strip()]
    sku = product.sku.strip() or sold[0]
    same = all(settings.parts(one) == settings.parts(sku) for one in sold)
    return Sellable(
        sku=sku,
        product_id=product.id,
        variant_id=None,
        tracking="product",
        level=product.inventory_level,
        note="" if same else ONE_LEVEL,
    )
