"""Why is an order not in FM? An answer for any number."""

import pytest

from npf.orders.models import Order
from npf.pull.explain import explain
from tests.connected import Connected


def ask(shop: Connected, number: int) -> dict[str, object]:
    with shop.visit("explain") as at:
        return explain(at, number)


def test_it_names_the_gate_its_figures_and_the_setting(shop: Connected) -> None:
    shop.set(countries=["New Zealand"])
    number = shop.place(country="AU")
    shop.station("pull")
    answer = ask(shop, number)
    gates = {gate["gate"]: gate for gate in answer["gates"]}  # type: ignore[attr-defined]
    assert (answer["known"], answer["stage"]) == (True, "skipped")
    assert (gates["country"]["outcome"], gates["country"]["setting"]) == ("skip", "countries")
    assert "Australia" in gates["country"]["why"]


def test_it_explains_an_order_that_was_never_pulled_and_writes_nothing(shop: Connected) -> None:
    number = shop.place(status_id=7)
    answer = ask(shop, number)
    assert answer["known"] is False
    assert "order status" in str(answer["says"])
    assert not Order.objects.exists()


@pytest.mark.parametrize("number", [1, 999_999])
def test_it_says_that_bigcommerce_has_no_such_number(shop: Connected, number: int) -> None:
    assert f"no order {number}" in str(ask(shop, number)["says"])
