"""The doctor says when BigCommerce takes stock off by itself (facts 69, 70), and by which way stock is written."""

from collections.abc import Callable

import pytest

from npf.check.doctor import examine
from npf.sandbox import bigcommerce as bc
from tests.connected import Connected


@pytest.mark.parametrize(
    ("merchant", "result", "says"),
    [
        ({"stock_behaviour": "order_placed"}, "ok", "when an order is placed"),
        ({"stock_behaviour": "order_completed_or_shipped"}, "note", "goes twice"),
        ({"scopes": bc.FOUR_SCOPES}, "note", "cannot be read"),
    ],
)
def test_stock_that_is_taken_off_at_shipping_is_noted(
    connect: Callable[..., Connected], merchant: dict[str, object], result: str, says: str
) -> None:
    with connect(merchant=merchant).visit("check") as at:
        found = [one for one in examine(at) if one.subject == "stock moves" and says in one.says]
    assert [one.result for one in found] == [result]


@pytest.mark.parametrize(
    ("scopes", "stock_write", "says"),
    [
        (bc.FULL_SCOPES, "absolute", "as figures"),
        (bc.FULL_SCOPES, "exact", "as differences, which keep what is sold meanwhile"),
        (bc.FOUR_SCOPES, "absolute", "through the catalogue: 50 variants or 10 products a call"),
        (bc.FOUR_SCOPES, "exact", "as figures, though stock_write is exact"),
    ],
)
def test_it_says_which_way_stock_is_written_and_what_the_scope_would_gain(
    connect: Callable[..., Connected], scopes: frozenset[str], stock_write: str, says: str
) -> None:
    with connect(merchant={"scopes": scopes}, stock_write=stock_write).visit("check") as at:
        (found,) = [one for one in examine(at) if one.subject == "stock"]
    assert says in found.says
    assert ("Store Inventory: modify" in found.cure) == (scopes == bc.FOUR_SCOPES)
