"""Of all that BigCommerce offers, only this is ever asked: no counts, no deprecated lists, nothing that deletes."""

import re

import pytest

from npf.check.doctor import examine
from npf.sandbox import bigcommerce as bc
from tests.connected import Connected

ASKED = {
    "GET /v2/orders",
    "GET /v2/orders/#",
    "GET /v2/orders/#/products",
    "GET /v2/orders/#/shipping_addresses",
    "GET /v2/orders/#/shipments",
    "POST /v2/orders/#/shipments",
    "PUT /v2/orders/#",
    "GET /v2/order_statuses",
    "GET /v3/catalog/products",
    "GET /v3/catalog/variants",
    "PUT /v3/catalog/products",
    "PUT /v3/catalog/variants",
    "GET /v3/inventory/items",
    "PUT /v3/inventory/adjustments/absolute",
    "GET /v3/inventory/locations",
    # Only to see whether the token may.
    "GET /v3/orders/#/transactions",
    "GET /v3/customers",
    "GET /v2/store",
    "GET /v3/channels",
    "GET /v3/settings/inventory",
}


@pytest.mark.parametrize("scopes", [bc.FULL_SCOPES, bc.FOUR_SCOPES], ids=["all scopes", "the four scopes"])
def test_the_whole_way_of_every_kind_of_order_asks_for_nothing_else(connect: object, scopes: frozenset[str]) -> None:
    """Facts 28, 39, 40, 62, 71, 90, 91, 94, 95, 101, 120."""
    shop: Connected = connect(merchant={"scopes": scopes})  # type: ignore[operator]
    numbers = bc.seed_store(shop.bc, 60, seed=3)
    shop.bc.hide_lines(numbers[5])
    shop.bc.faults.next("reset-after", method="POST")
    for _ in range(3):
        shop.run()
    shop.stock()
    with shop.visit("check") as at:
        list(examine(at))
    log = [entry for entry in shop.bc.log if not entry.path.startswith("/v3/hooks")]
    asked = {f"{entry.method} {re.sub(r'/[0-9]+', '/#', entry.path)}" for entry in log}
    assert asked <= ASKED
    assert {"POST /v2/orders/#/shipments", "PUT /v2/orders/#", "GET /v2/orders/#/products"} <= asked
