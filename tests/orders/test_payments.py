"""Status and money are separate in BigCommerce (fact 60): the status alone decides, as the merchant set it."""

import pytest

from npf.orders.gates import judge
from tests.orders.making import line, order, settings

PAYMENTS = [
    *("authorized", "captured", "capture pending", "declined", "held for review", "paid", "partially refunded"),
    *("pending", "refunded", "void", "void pending", ""),
]


@pytest.mark.parametrize("payment_status", PAYMENTS)
def test_the_payment_neither_lets_an_order_pass_nor_stops_it(payment_status: str) -> None:
    awaiting = judge(order(line(), payment_status=payment_status), settings())
    assert awaiting.decides is None
    unpaid = judge(order(line(), payment_status=payment_status, status_id=7), settings()).decides
    assert unpaid is not None
    assert unpaid.gate == "order status"


def test_what_was_shown_in_another_currency_changes_nothing() -> None:
    whole = order(line(), currency_code="NZD", default_currency_code="AUD")
    assert judge(whole, settings()) == judge(order(line()), settings())
