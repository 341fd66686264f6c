import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.core.errors import GiveUp
from npf.fm.login import Login
from npf.fm.write import fm_date, order_document, status_document, stock_document
from npf.warehouse.records import SalesOrder
from tests.fm.conftest import LOGIN, changed


def paths(node: ElementTree.Element, above: str = "") -> list[str]:
    """The path of every element in the sequence of the document."""
    here = f"{above}{node.tag}"
    return [here, *(path for child in node for path in paths(child, here + "/"))]


def documented(page: str) -> dict[str, list[str]]:
    """Section 1's sequence: group -> its elements, read from the bullet list of the contract."""
    section = page.split("## 1.")[1].split("Money, by")[0]
    bullets = re.split(r"\n- ", section.split("longest text):")[1])[1:]
    groups = {}
    for bullet in bullets:
        named = re.match(r"`(\w+)`(?: > `Product`\+)?: (.*)", bullet, re.DOTALL)
        group, text = (named[1], named[2]) if named else ("Order", bullet)
        text = re.sub(r"\([^)]*\)", "", text)
        groups[group] = re.findall(r"`(\w+)`", text)
    return groups


def test_the_elements_stand_in_the_documented_sequence(shared: Path, login: Login, order: SalesOrder) -> None:
    groups = documented((shared / "WEBSERVICE.md").read_text())
    root = ElementTree.fromstring(order_document(login, order))
    sent = root.find("Order")
    assert sent is not None

    address = [name for name in groups["BillingAddress"] if name not in ("Phone", "Email")]
    sections = ["BillingAddress", "ShippingAddress", "DespatchDetails", "Products", "Totals"]
    assert [node.tag for node in sent] == [*groups["Order"], *sections]
    assert [node.tag for node in sent.find("BillingAddress") or ()] == groups["BillingAddress"]
    assert [node.tag for node in sent.find("ShippingAddress") or ()] == address
    assert [node.tag for node in sent.find("DespatchDetails") or ()] == groups["DespatchDetails"]
    assert [node.tag for node in sent.find("Products/Product") or ()] == groups["Products"]
    assert [node.tag for node in sent.find("Totals") or ()] == groups["Totals"]


def test_the_login_stands_before_the_one_order(login: Login, order: SalesOrder) -> None:
    root = ElementTree.fromstring(order_document(login, order))
    assert [node.tag for node in root] == ["Login", "Order"]
    assert [(node.tag, node.text) for node in root[0]] == [
        ("Username", "acme"),
        ("Password", "s3cret&<é>"),
        ("ClientCode", "ACME"),
    ]


def test_values_are_written_as_fm_reads_them(login: Login, order: SalesOrder) -> None:
    order = changed(order, "DespatchDetails.ArticleValue", Decimal("22"))
    root = ElementTree.fromstring(order_document(login, order))
    assert root.findtext("Order/OrderDate") == "01-Jun-2012"
    assert root.findtext("Order/DespatchDetails/GiftWrappingRequired") == "Yes"
    assert root.findtext("Order/DespatchDetails/ArticleValue") == "22.00"
    assert root.findtext("Order/Products/Product/Quantity") == "2"
    assert root.findtext("Order/Products/Product/GST") == "10"
    assert root.findtext("Order/Totals/DiscountPercentage") == "10"
    assert root.findtext("Order/Totals/Total") == "24.75"


def test_no_gift_wrap_is_said_as_no(login: Login, order: SalesOrder) -> None:
    document = order_document(login, changed(order, "DespatchDetails.GiftWrappingRequired", False))
    assert "<GiftWrappingRequired>No<" in document


def test_nothing_is_written_as_minus_nothing(login: Login, order: SalesOrder) -> None:
    document = order_document(login, changed(order, "Totals.DiscountAmount", Decimal("-0.00")))
    assert "<DiscountAmount>0.00<" in document


def test_text_goes_without_white_space_around_it(login: Login, order: SalesOrder) -> None:
    document = order_document(login, changed(order, "BillingAddress.State", " \tQLD\n"))
    assert "<State>QLD</State>" in document
    assert ">\n" not in document
    assert "> <" not in document


@given(st.text())
def test_the_document_is_ascii_says_iso_8859_1_and_gives_every_text_back(text: str) -> None:
    holdable = "".join(
        c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )
    document = status_document(LOGIN, [holdable])
    assert document.isascii()
    assert document.startswith('<?xml version="1.0" encoding="ISO-8859-1"?><OrderList>')
    found = ElementTree.fromstring(document.encode("ascii")).findtext("Order/SalesOrderNo")
    assert found == holdable.strip()


def test_a_text_that_no_xml_can_hold_is_given_up_by_the_name_of_its_element(login: Login, order: SalesOrder) -> None:
    with pytest.raises(GiveUp) as raised:
        order_document(login, changed(order, "ShippingAddress.City", "Sapphire\x00Beach"))
    assert raised.value.field == "City"
    assert "Beach" not in str(raised.value)


def test_many_numbers_and_many_codes_stand_in_one_element_with_commas(login: Login) -> None:
    status = ElementTree.fromstring(status_document(login, ["MG1", "MG2", "MG3"]))
    stock = ElementTree.fromstring(stock_document(login, ["A-1", "B&2"]))
    assert paths(status) == [
        "OrderList",
        *("OrderList/Login", "OrderList/Login/Username", "OrderList/Login/Password", "OrderList/Login/ClientCode"),
        *("OrderList/Order", "OrderList/Order/SalesOrderNo"),
    ]
    assert status.findtext("Order/SalesOrderNo") == "MG1,MG2,MG3"
    assert stock.tag == "ProductList"
    assert stock.findtext("Product/ProductCode") == "A-1,B&2"


@given(st.dates())
def test_a_date_is_always_two_digits_three_english_letters_four_digits(day: date) -> None:
    assert re.fullmatch(r"\d\d-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{4}", fm_date(day))
