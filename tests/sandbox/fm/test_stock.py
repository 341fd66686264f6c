"""The stock service, and how accepted and shipped orders move its figures."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.sandbox.fm.stock import ANY_STOCK, CATALOGUE, Stock

Document = Callable[..., str]


def test_the_default_catalogue_holds_the_test_items(fm: Any) -> None:
    assert fm.stock("Test001", "Test002") == {"Test001": "1000", "Test002": "1000"}


def test_an_unknown_code_is_told_in_words_and_never_as_zero(fm: Any) -> None:
    assert fm.stock("NOSUCH") == {"NOSUCH": "Sorry, No details available!"}


def test_the_figure_is_what_is_left_for_new_orders(fm: Any, order_document: Document) -> None:
    fm.client.stock["Test001"] = 10
    fm.send(order_document("MG1"))
    assert fm.stock("Test001") == {"Test001": "8"}
    fm.client.set(stock_is="on_hand")
    assert fm.stock("Test001") == {"Test001": "10"}
    fm.clock.advance(10)
    assert fm.stock("Test001") == {"Test001": "8"}
    fm.client.set(stock_is="available")
    assert fm.stock("Test001") == {"Test001": "8"}


def test_a_client_without_a_catalogue_sells_every_code(fm: Any, order_document: Document) -> None:
    client = fm.warehouse.add_client(client_code="ANY", username="any", password="pw", products=None)
    document = order_document("MG1", lines=(("WHATEVER", 3, 100),), login=("any", "pw", "ANY"))
    assert fm.send(document).findtext("Status") == "Valid"
    assert client.stock.available("WHATEVER") == ANY_STOCK - 3
    assert dict(client.stock) == {"WHATEVER": ANY_STOCK}
    client.ship("MG1")
    assert client.stock["WHATEVER"] == ANY_STOCK - 3


def test_products_can_be_those_of_a_store(fm: Any) -> None:
    client = fm.warehouse.add_client(client_code="SHOP", username="s", password="pw", products={"A": 3, "B": 0})
    assert dict(client.stock) == {"A": 3, "B": 0}
    assert not client.stock.sold("Test001")
    with pytest.raises(ValueError, match="negative"):
        client.stock["A"] = -1


def test_the_catalogue_itself_is_never_changed(fm: Any) -> None:
    fm.client.stock["Test001"] = 1
    assert CATALOGUE["Test001"] == 1000


moves = st.lists(st.tuples(st.sampled_from(["reserve", "give back", "despatch"]), st.integers(1, 9)), max_size=30)


@given(st.integers(0, 30), moves)
def test_figures_never_fall_below_zero(first: int, done: list[tuple[str, int]]) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    stock = Stock({"A": first}, lambda: now)
    for what, units in done:
        if what == "despatch":
            stock.despatch({"A": units}, now)
        else:
            stock.reserve({"A": units}, 1 if what == "reserve" else -1)
        assert 0 <= stock.available("A") <= stock["A"] <= first
        assert stock.reserved("A") >= 0
