"""The doctor on the dispatch table: methods by country, and the unit in which weights are read."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.check.doctor import Finding, examine
from npf.sandbox import bigcommerce as bc
from tests.connected import Connected

BY_WEIGHT = {"default": [{"code": "AP", "up_to_kg": 5}, {"code": "EP", "countries": ["AU"]}]}


def found(shop: Connected, subject: str) -> list[Finding]:
    with shop.visit("check") as at:
        return [one for one in examine(at) if one.subject == subject]


@pytest.mark.parametrize(
    ("merchant", "unit", "result", "says"),
    [
        ({}, "kg", "ok", "in kg"),
        ({}, "lb", "wrong", "BigCommerce gives them in kg"),
        ({"scopes": bc.FOUR_SCOPES}, "kg", "note", "cannot be read"),
    ],
)
def test_a_table_that_looks_at_the_weight_must_read_it_in_bigcommerces_unit(
    connect: Callable[..., Connected], merchant: dict[str, Any], unit: str, result: str, says: str
) -> None:
    """Fact 118."""
    shop = connect(merchant=merchant, tables={"dispatch": BY_WEIGHT}, weight_unit=unit)
    (one,) = found(shop, "weight unit")
    assert one.result == result
    assert says in one.says
    if result == "wrong":
        assert one.cure == "npf store set acme weight_unit=kg"


def test_a_table_without_weights_does_not_ask_for_their_unit(shop: Connected) -> None:
    assert found(shop, "weight unit") == []


def test_a_method_is_named_with_the_countries_that_no_row_goes_to(connect: Callable[..., Connected]) -> None:
    shop = connect(
        tables={"dispatch": {"Express": [{"code": "AP", "countries": ["AU"]}, {"code": "EP", "up_to_kg": 1}]}}
    )
    shop.place(shipping_method="Express")
    shop.place(shipping_method="Drone")
    said = {one.says: one.result for one in found(shop, "shipping method")}
    assert said == {'"Express" -> AP': "ok", '"Drone" has no dispatch code; 1 recent orders would be held': "wrong"}
