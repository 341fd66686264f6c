"""One run of count over a store. See npf/count/__init__.py for its way."""

from collections.abc import Iterable

import msgspec

from npf.bigcommerce import catalog
from npf.stock.models import Level
from npf.stock.rule import publish
from npf.stores.maps import Settings
from npf.stores.visit import Visit


class Sold(msgspec.Struct, frozen=True):
    """One SKU of the catalogue. `variant_id` None = its stock stands on the product. `note` = why it is not written."""

    sku: str
    product_id: int
    variant_id: int | None
    tracking: str
    level: int | None
    note: str = ""


def run(at: Visit) -> None:
    """Count every SKU. Counts `counted`, `unknown`."""
    sold = list(sellable(catalog.products(at.bigcommerce), catalog.variants(at.bigcommerce), at.settings))
    parts = {one.sku: at.settings.parts(one.sku) or {} for one in sold}
    codes = sorted({code for found in parts.values() for code in found})
    at.progress("codes to count", 0, len(codes))
    figures = at.fm.stock(codes) if codes else {}
    at.progress("codes counted", len(codes), len(codes))
    now = at.clock.now()
    rows = []
    for one in sold:
        by_code = {code: (per_unit, figures.get(code)) for code, per_unit in parts[one.sku].items()}
        found = publish(by_code, {}, 0)
        rows.append(
            Level(
                store=at.store,
                sku=one.sku,
                product_id=one.product_id,
                variant_id=one.variant_id,
                tracking=one.tracking,
                was=one.level,
                fm=found.fm,
                figures=by_code,
                note=one.note or ("" if found.fm is not None else _why_unknown(one.sku, by_code)),
                counted_at=now,
            )
        )
        at.count("counted")
        at.count("unknown", 1 if found.fm is None else 0)
    with at.claim():
        Level.objects.filter(store=at.store).delete()
        Level.objects.bulk_create(rows, batch_size=1000)


def sellable(
    products: Iterable[catalog.Product], variants: Iterable[catalog.Variant], settings: Settings
) -> list[Sold]:
    """The SKUs of a catalogue that FM can have, once each. Test items are never counted (DESIGN section 3).

    A SKU that stands on two items cannot be told apart at FM: it is listed and never written (fact 53).
    """
    known = {product.id: product for product in products}
    found: dict[str, Sold] = {}
    for variant in variants:
        product = known.get(variant.product_id)
        if product is None or product.type == "digital":
            continue
        by_product = product.inventory_tracking == "product"
        sku = (product.sku or variant.sku) if by_product else variant.sku
        if not sku.strip() or sku in settings.parameters.test_skus:
            continue
        one = Sold(
            sku=sku,
            product_id=product.id,
            variant_id=None if by_product else variant.id,
            tracking=product.inventory_tracking or "none",
            level=product.inventory_level if by_product else variant.inventory_level,
            note="inventory tracking is off in BigCommerce" if product.inventory_tracking == "none" else "",
        )
        earlier = found.get(sku)
        if earlier is None:
            found[sku] = one
        elif (earlier.product_id, earlier.variant_id) != (one.product_id, one.variant_id):
            found[sku] = msgspec.structs.replace(earlier, note="this SKU stands on two items in BigCommerce")
    return list(found.values())


def _why_unknown(sku: str, parts: dict[str, tuple[int, int | None]]) -> str:
    if not parts:
        return f"{sku} is a bundle without a row in the bundle table"
    return "FM has no details of " + ", ".join(code for code, (_, figure) in parts.items() if figure is None)
