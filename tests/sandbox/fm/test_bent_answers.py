"""Answers that arrive and are not quite right, and what a late, doubled or slow call leaves behind."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from npf.sandbox.fm.answers import NO_DETAILS
from npf.sandbox.fm.bend import NO_DATE, STRANGE_STATUS
from npf.sandbox.fm.warehouse import STRANGER

from .conftest import LOGIN, asked, envelope, login_xml

Document = Callable[..., str]


def status_text(fm: Any, *numbers: str) -> str:
    return str(fm.call("importorderstatus", f"<OrderList>{login_xml(LOGIN)}{asked('Order', numbers)}</OrderList>"))


def stock_text(fm: Any, *codes: str) -> str:
    return str(fm.call("importsoh", f"<ProductList>{login_xml(LOGIN)}{asked('Product', codes)}</ProductList>"))


@pytest.mark.parametrize(
    ("kind", "status", "taken"),
    [
        ("soap-fault", 200, False),
        ("500-bare", 500, False),
        ("502", 502, False),
        ("503", 503, False),
        ("504", 504, False),
        ("504-after", 504, True),
        ("empty", 200, True),
    ],
)
def test_a_call_breaks_off_at_the_server_or_the_proxy(
    fm: Any, order_document: Document, kind: str, status: int, taken: bool
) -> None:
    fm.warehouse.faults.load(f"{kind}@1")
    told, headers, body = fm.raw("POST", "/serverorder.php", envelope("serverorder", "orders", order_document("MG1")))
    assert told == status
    assert ("MG1" in fm.client.orders) is taken
    if kind == "soap-fault":
        assert b"SOAP-ENV:Server" in body
        assert "Status" not in headers
    elif kind == "500-bare":
        assert body == b""
    elif kind == "empty":
        assert ET.fromstring(body)[0][0][0].text is None
    else:
        assert f"<h1>{status} ".encode() in body


def test_an_answer_can_come_late_to_work_that_is_done(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("stall-after:7@1")
    done_before: list[bool] = []
    fm.warehouse.sleep = lambda seconds: done_before.append("MG1" in fm.client.orders)
    fm.send(order_document("MG1"))
    assert done_before == [True]


def test_a_call_that_arrives_twice_is_answered_as_already_imported(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("twice@1")
    assert list(fm.refusal(order_document("MG1"))) == ["02005"]
    assert fm.client.orders["MG1"].received == 2
    assert [(entry.outcome, entry.fault) for entry in fm.client.log] == [("accepted", "twice"), ("refused", "twice")]


def test_a_slow_order_is_seen_and_shipped_later(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("slow:60@1")
    fm.send(order_document("MG1"))
    fm.send(order_document("MG2"))
    assert fm.status("MG1")["MG1"].findtext("OrderStatusMessage") == NO_DETAILS
    assert fm.word("MG2") == "PICKING"
    fm.clock.advance(60)
    assert [fm.word("MG1"), fm.word("MG2")] == ["PICKING", "SHIPPED"]
    fm.clock.advance(10)
    assert fm.word("MG1") == "SHIPPED"


def test_a_stale_list_of_orders_is_as_it_was(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.clock.advance(10)
    fm.send(order_document("MG2"))
    fm.warehouse.faults.load("stale:5@1")
    old = fm.status("MG1", "MG2")
    assert old["MG1"].findtext("OrderStatus", "").strip() == "PICKING"
    assert old["MG1"].find("ShipmentDetails") is None
    assert old["MG2"].findtext("OrderStatusMessage") == NO_DETAILS
    assert [fm.word("MG1"), fm.word("MG2")] == ["SHIPPED", "PICKING"]


def test_a_stale_stock_figure_is_as_it_was(fm: Any, order_document: Document) -> None:
    fm.clock.advance(60)
    fm.send(order_document("MG1"))
    fm.clock.advance(30)
    fm.client.stock["Test002"] = 7
    fm.warehouse.faults.load("stale:50@1, stale:20@1")
    assert fm.stock("Test001", "Test002") == {"Test001": "1000", "Test002": "1000"}
    assert fm.stock("Test001", "Test002") == {"Test001": "998", "Test002": "1000"}
    assert fm.stock("Test001", "Test002") == {"Test001": "998", "Test002": "7"}


def test_one_row_of_a_list_comes_twice(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.send(order_document("MG2"))
    fm.warehouse.faults.load("duplicate@2")
    told = ET.fromstring(status_text(fm, "MG1", "MG2"))
    assert [order.findtext("SalesOrderNo") for order in told] == [" MG1", " MG1", " MG2"]
    told = ET.fromstring(stock_text(fm, "Test001", "Test002"))
    assert [row.findtext("ProductCode") for row in told.iter("Product")] == [" Test001", " Test001", " Test002"]


def test_the_wrong_client_answers_with_its_own_stock(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("wrong-client@3")
    assert fm.send(order_document("MG1")).findtext("Response/ClientCode") == f" {STRANGER}"
    assert f"<ClientCode> {STRANGER}</ClientCode>" in status_text(fm, "MG1")
    assert "<StockonHand> 100</StockonHand>" in stock_text(fm, "Test001")
    fm.warehouse.add_client(client_code="ACME", username="acme", password="pw", products={"Test001": 3})
    fm.warehouse.faults.load("wrong-client@1")
    told = stock_text(fm, "Test001", "Test002")
    assert "<ClientCode> ACME</ClientCode>" in told
    assert "<StockonHand> 3</StockonHand>" in told
    assert NO_DETAILS in told


def test_an_answer_bears_a_number_that_nobody_asked_for(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("wrong-number@2")
    assert fm.send(order_document("MG1")).findtext("Response/SalesOrderNo") == " MG1-X"
    assert list(fm.status("MG1")) == ["MG1-X"]
    assert list(fm.client.orders) == ["MG1"]


def test_an_order_can_be_taken_without_a_number_of_fms(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("no-number@1")
    answer = fm.send(order_document("MG1"))
    assert answer.findtext("Status") == "Valid"
    assert answer.find("Response/NPFOrderNo") is None


def test_a_word_stands_for_a_number(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.clock.advance(10)
    fm.warehouse.faults.load("text-number@2")
    assert fm.stock("Test001", "Test002") == {"Test001": "see note", "Test002": "1000"}
    assert fm.status("MG1")["MG1"].findtext(".//FrieghtCharges") == "see note"


def test_a_status_and_a_date_are_strange(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.clock.advance(10)
    fm.warehouse.faults.load("strange-status@1, zero-dates@1")
    assert fm.status("MG1")["MG1"].findtext("OrderStatus") == STRANGE_STATUS
    told = fm.status("MG1")["MG1"]
    assert told.findtext("StatusTime") == f"{NO_DATE} 00:00:00"
    assert told.findtext(".//DespatchDate") == NO_DATE


def test_texts_are_ragged_or_hold_a_bare_ampersand(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("ragged@1, bare-ampersand@1, no-contents@1")
    answer = fm.send(order_document("MG1"))
    assert answer.findtext("Response/SalesOrderNo") == "\n\t   MG1 \t\n"
    fm.client.hold("MG1", "Call the shop")
    with pytest.raises(ET.ParseError):
        ET.fromstring(status_text(fm, "MG1").replace("&type=", "&amp;type="))
    assert stock_text(fm, "Test001") == "No Contents"
