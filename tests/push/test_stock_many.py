"""How many calls a push of 20,000 changed SKUs takes. `make bench` says how long it takes, and how much memory."""

from collections.abc import Callable

import pytest

from npf.sandbox import bigcommerce as bc
from tests.connected import Connected
from tests.push.test_stock import stock_writes, with_scopes

Connect = Callable[..., Connected]
SKUS = 20_000


def with_many(connect: Connect, scopes: frozenset[str], products: int) -> Connected:
    """A store of 20,000 SKUs and nothing else: `products` without options, the rest variants, five a product."""
    shop = with_scopes(connect, scopes)
    shop.bc.catalogue.products.clear()
    shop.bc.catalogue.variants.clear()
    for number in range(products):
        shop.bc.add_product(f"P-{number}", 50)
    for number in range((SKUS - products) // 5):
        options = [(f"V-{number}-{size}", (("Size", str(size)),)) for size in range(5)]
        shop.bc.add_product(f"V-{number}", 50, options=options)
    shop.bc.log.clear()
    return shop


@pytest.mark.slow
def test_twenty_thousand_skus_are_written_in_ten_calls_and_confirmed_in_twenty(connect: Connect) -> None:
    shop = with_many(connect, bc.FULL_SCOPES, 2000)
    done = shop.stock()
    assert (done["written"], done["differs"], done["stopped"]) == (SKUS, 0, None)
    assert [count for _, count in stock_writes(shop)] == [2000] * 10
    read = [entry for entry in shop.bc.log if entry.path == "/v3/inventory/items"]
    # As many before the writing as after; each list ends with an empty page where the last was full.
    assert len(read) <= 2 * 21


@pytest.mark.slow
def test_without_the_scope_variants_go_by_fifties_and_products_by_tens(connect: Connect) -> None:
    shop = with_many(connect, bc.FOUR_SCOPES, 2000)
    done = shop.stock()
    assert (done["written"], done["differs"], done["stopped"]) == (SKUS, 0, None)
    written = stock_writes(shop)
    assert sum(path == "/v3/catalog/variants" for path, _ in written) == 18_000 / 50
    assert sum(path == "/v3/catalog/products" for path, _ in written) == 2000 / 10
