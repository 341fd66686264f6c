"""The doctor says when BigCommerce takes stock off by itself (facts 69, 70)."""

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
