"""An order's money is as it was after all that we write (facts 67, 68): discounts, coupon, fees, totals, lines."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.connected import Connected
from tests.push.conftest import at_fm

Connect = Callable[..., Connected]

EVERYTHING = {"include": "consignments,consignments.line_items,fees", "consignment_structure": "object"}
# What a shipment and a status may change of an order; everything else is money, goods or address.
MOVES = {
    *("status_id", "status", "custom_status", "date_modified", "date_shipped"),
    *("items_shipped", "quantity_shipped"),
}


def all_but_what_moves(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: all_but_what_moves(part) for key, part in value.items() if key not in MOVES}
    return [all_but_what_moves(part) for part in value] if isinstance(value, list) else value


def shown(shop: Connected, number: int) -> dict[str, Any]:
    """The whole order as BigCommerce shows it."""
    found: dict[str, Any] = json.loads(
        shop.outside.bigcommerce(shop.store).get(f"/v2/orders/{number}", params=EVERYTHING).body
    )
    return found


@pytest.mark.parametrize("moves", [True, False], ids=["shipments move the status", "they do not"])
def test_discounts_coupon_fees_and_totals_are_as_they_were(connect: Connect, moves: bool) -> None:
    shop = connect(
        merchant={"shipment_moves_status": moves}, status_pending="9", status_processing="3", status_complete="10"
    )
    goods = [
        {"sku": "MUG-INK", "quantity": 3, "applied_discounts": [{"id": "coupon", "amount": "12.0000"}]},
        {"sku": "APRON-LIN", "quantity": 1, "discounted_total_inc_tax": "47.2000"},
    ]
    money = {"discount": 350, "coupon": 1200, "fees": [("Insurance", 499), ("Handling", 250)], "store_credit": 1000}
    number = at_fm(shop, *goods, addresses=2, shipping_method="Express Post", **money)  # type: ignore[arg-type]
    before = shown(shop, number)
    assert (before["discount_amount"], before["coupon_discount"]) == ("3.5000", "12.0000")
    assert [fee["cost_inc_tax"] for fee in before["fees"]] == ["4.9900", "2.5000"]
    shop.station("push")
    shop.fm.ship(f"AC-{number}-1", {"MUG-INK": 1}, "C1")
    shop.run()
    shop.fm.ship(f"AC-{number}-1", None, "C2")
    shop.fm.ship(f"AC-{number}-2", None, "C3")
    shop.run()
    after = shown(shop, number)
    assert all_but_what_moves(after) == all_but_what_moves(before)
    assert (after["status_id"], after["items_shipped"]) == (10, 4)
    assert len(shop.bc.shipments(number)) == 3
    written = [entry for entry in shop.bc.log.writes() if entry.path == f"/v2/orders/{number}"]
    assert written
    assert all(list(entry.body) == ["status_id"] for entry in written)
