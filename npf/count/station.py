"""One run of count over a store. See npf/count/__init__.py for its way."""

from npf.bigcommerce import catalog
from npf.core.errors import TryLater
from npf.count.sellable import sellable
from npf.stock.bulk import insert
from npf.stock.models import Level
from npf.stock.rule import publish
from npf.stores.visit import Visit
from npf.warehouse.records import StockAnswer

Parts = dict[str, tuple[int, int | None]]
"""FM code -> (units in one SKU, FM's figure or None)."""


def run(at: Visit) -> None:
    """Count every SKU. Counts `counted`, `unknown`, `without_sku`.

    Raises TryLater where FM does not answer, or answers for another client; then the last count stays.
    """
    found = sellable(catalog.products(at.bigcommerce), catalog.variants(at.bigcommerce), at.settings)
    parts = {one.sku: at.settings.parts(one.sku) or {} for one in found.items}
    codes = sorted({code for some in parts.values() for code in some})
    # Before FM is asked: an order that it takes while it answers may be missing in its figures.
    counted_at = at.clock.now()
    at.progress("codes counted", 0, len(codes))
    answer = _ask(at, codes)
    at.progress("codes counted", len(codes), len(codes))
    kept = Level.objects.filter(store=at.store).values_list("sku", "known_at", "published")
    before = {sku: (known_at, published) for sku, known_at, published in kept}
    rows = []
    for one in found.items:
        figures = {code: (units, answer.StockonHand.get(code)) for code, units in parts[one.sku].items()}
        fm = publish(figures, {}, 0).fm
        known_at, published = before.get(one.sku, (None, None))
        rows.append(
            Level(
                store=at.store,
                sku=one.sku,
                product_id=one.product_id,
                variant_id=one.variant_id,
                tracking=one.tracking,
                was=one.level,
                fm=fm,
                figures=figures,
                note=one.note or ("" if fm is not None else _why_unknown(figures, answer)),
                counted_at=counted_at,
                known_at=known_at if fm is None else counted_at,
                published=published,
            )
        )
    with at.claim():
        Level.objects.filter(store=at.store).delete()
        insert(rows)
    at.count("counted", len(rows))
    at.count("unknown", sum(row.fm is None for row in rows))
    at.count("without_sku", found.without_sku)


def _ask(at: Visit, codes: list[str]) -> StockAnswer:
    answer = at.fm.stock_answer(codes)
    own = at.store.fm.client_code.strip().casefold()
    others = [code for code in answer.ClientCodes if code.strip().casefold() != own]
    if others:
        raise TryLater(f"FM answered for client {', '.join(others)}, not for {at.store.fm.client_code}")
    return answer


def _why_unknown(figures: Parts, answer: StockAnswer) -> str:
    if not figures:
        return "a bundle without a row in the bundle table"
    unknown = [code for code, (_, figure) in figures.items() if figure is None]
    unaskable = [code for code in unknown if code in answer.unaskable]
    if unaskable:
        return f"FM cannot be asked for a code with a comma: {'; '.join(unaskable)}"
    return f"FM has no details of {', '.join(unknown)}"
