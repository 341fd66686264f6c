"""Every error code that FM's table has for a document, and what is let through."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.sandbox.fm.documents import open_document, read_order
from npf.sandbox.fm.errors import MEANINGS, Problem
from npf.sandbox.fm.judge import judge
from npf.sandbox.fm.settings import Settings

from .conftest import LOGIN, login_xml, money, order_leaves, write_leaves

Document = Callable[..., str]
LINE = "Products/Product[1]"


def test_a_sound_order_is_accepted_and_answered_with_stray_spaces(fm: Any, order_document: Document) -> None:
    answer = fm.send(order_document("MG1"))
    assert answer.findtext("Status") == "Valid"
    assert answer.findtext("Response/ClientCode") == " DEMO"
    assert answer.findtext("Response/SalesOrderNo") == " MG1"
    assert answer.findtext("Response/OrderStatus") == "Ready for process"
    order = fm.client.orders["MG1"]
    assert answer.findtext("Response/NPFOrderNo") == str(order.npf_order_no)
    assert order.fields["ShippingAddress"]["City"] == "Melbourne"


CHANGES: list[tuple[str, str, str | None, str]] = [
    ("02006", "BillingAddress/LastName", "", "BillingAddress/LastName"),
    ("02006", "BillingAddress/Phone", None, "BillingAddress/Phone"),
    ("02006", "ShippingAddress/State", "  ", "ShippingAddress/State"),
    ("02006", f"{LINE}/Code", None, f"{LINE}/Code"),
    ("02007", f"{LINE}/Code", "NOSUCH", "NOSUCH"),
    ("02008", "ShippingAddress/Country", "AU", "ShippingAddress/Country 'AU'"),
    ("02008", "BillingAddress/Country", "australia", "BillingAddress/Country 'australia'"),
    ("02009", "DespatchDetails/DispatchMethod", "PIGEON", "PIGEON"),
    ("04003", "ShippingAddress/PostCode", "300", "ShippingAddress/PostCode '300'"),
    ("04003", "BillingAddress/PostCode", "30001", "BillingAddress/PostCode '30001'"),
    ("1824", "SalesOrderNo", "X" * 31, "'SalesOrderNo'"),
    ("1824", "BillingAddress/FirstName", "x" * 51, "'BillingAddress/FirstName'"),
    ("1824", "BillingAddress/Phone", "0" * 16, "'BillingAddress/Phone'"),
    ("1824", "ShippingAddress/City", " Melbourne", "'ShippingAddress/City'"),
    ("1824", "OrderDate", "31-Feb-2026", "'OrderDate'"),
    ("1824", "OrderDate", "2026-11-23", "'OrderDate'"),
    ("1824", "OrderDate", "23-nov-2026", "'OrderDate'"),
    ("1824", f"{LINE}/Quantity", "0", f"'{LINE}/Quantity'"),
    ("1824", f"{LINE}/Quantity", "two", f"'{LINE}/Quantity'"),
    ("1824", f"{LINE}/SalesPrice", "-1.00", f"'{LINE}/SalesPrice'"),
    ("1824", f"{LINE}/SalesPrice", "10.001", f"'{LINE}/SalesPrice'"),
    ("1824", f"{LINE}/GST", "", f"'{LINE}/GST'"),
    ("1824", f"{LINE}/SalesPricesIncludesGST", "11.50", f"'{LINE}/SalesPricesIncludesGST'"),
    ("1824", f"{LINE}/Amount", "22.01", f"'{LINE}/Amount'"),
    ("1824", "Totals/SubTotal1", "22.01", "'Totals/SubTotal1'"),
    ("1824", "Totals/P_H_IncludesGST", "5.60", "'Totals/P_H_IncludesGST'"),
    ("1824", "Totals/SubTotal2", "27.49", "'Totals/SubTotal2'"),
    ("1824", "Totals/DiscountAmount", "0.01", "'Totals/DiscountAmount'"),
    ("1824", "Totals/Total", "27.00", "'Totals/Total'"),
]


@pytest.mark.parametrize(("code", "path", "text", "names"), CHANGES)
def test_an_order_is_refused_by_code_and_by_name(
    fm: Any, order_document: Document, code: str, path: str, text: str | None, names: str
) -> None:
    refusal = fm.refusal(order_document("MG1", {path: text}))
    assert names in refusal[code]
    assert fm.client.orders == {}
    assert fm.client.log[-1].outcome == "refused"
    assert code in fm.client.log[-1].codes


def test_all_that_is_missing_is_named_at_once(fm: Any, order_document: Document) -> None:
    change = {"BillingAddress/LastName": "", "ShippingAddress/City": None, "Totals/Total": None}
    refusal = fm.refusal(order_document("MG1", change))
    assert refusal == {"02006": "Data missing: BillingAddress/LastName, ShippingAddress/City, Totals/Total"}


@pytest.mark.parametrize(
    "document", ["", "<OrderList>", "<OrderList>&</OrderList>", "<Orders/>", "<OrderList>Ω</OrderList>"]
)
def test_broken_xml_is_code_100(fm: Any, document: str) -> None:
    assert list(fm.refusal(document)) == ["100"]


def test_raw_letters_need_the_encoding_that_is_declared(fm: Any, order_document: Document) -> None:
    document = order_document("MG1", {"ShippingAddress/City": "Orlans"}).replace("Orlans", "Orléans")
    assert list(fm.refusal('<?xml version="1.0" encoding="utf-8"?>' + document)) == ["100"]
    answer = fm.send('<?xml version="1.0" encoding="ISO-8859-1"?>' + document)
    assert answer.findtext("Status") == "Valid"
    assert fm.client.orders["MG1"].fields["ShippingAddress"]["City"] == "Orléans"


@pytest.mark.parametrize(
    ("login", "code"),
    [
        (("demo", "wrong", "DEMO"), "01001"),
        (("", "", "DEMO"), "01001"),
        (("demo", "s3cret", "OTHER"), "02002"),
        (("demo", "s3cret", ""), "02002"),
        (("demo", "wrong", "OTHER"), "01001"),
    ],
)
def test_login_and_client_code_are_refused_apart(
    fm: Any, order_document: Document, login: tuple[str, str, str], code: str
) -> None:
    assert list(fm.refusal(order_document("MG1", login=login))) == [code]


def test_a_client_code_that_belongs_to_another_login_is_refused(fm: Any, order_document: Document) -> None:
    fm.warehouse.add_client(client_code="ACME", username="acme", password="pw")
    assert list(fm.refusal(order_document("MG1", login=("demo", "s3cret", "ACME")))) == ["02002"]


@pytest.mark.parametrize(
    ("setting", "code", "change"),
    [
        ({"login_code": "02003"}, "02003", {"login": ("demo", "wrong", "DEMO")}),
        ({"dispatch_code": "04002"}, "04002", {"change": {"DespatchDetails/DispatchMethod": "PIGEON"}}),
    ],
)
def test_which_of_two_codes_is_a_setting(
    fm: Any, order_document: Document, setting: dict[str, str], code: str, change: dict[str, Any]
) -> None:
    fm.warehouse.set(**setting)
    assert list(fm.refusal(order_document("MG1", **change))) == [code]


def test_one_document_holds_one_order(fm: Any) -> None:
    order = write_leaves(order_leaves("MG1", (("Test001", 1, 100),), 0))
    assert list(fm.refusal(f"<OrderList>{login_xml(LOGIN)}</OrderList>")) == ["02001"]
    assert list(fm.refusal(f"<OrderList>{login_xml(LOGIN)}{order}{order}</OrderList>")) == ["02001"]


@pytest.mark.parametrize("code", ["02005", "03003"])
def test_a_number_is_taken_once_and_counted(fm: Any, order_document: Document, code: str) -> None:
    fm.client.set(duplicate_code=code)
    fm.send(order_document("MG1"))
    assert "MG1" in fm.refusal(order_document("MG1", {f"{LINE}/Code": "Test002"}))[code]
    assert fm.client.orders["MG1"].received == 2
    assert fm.client.orders["MG1"].lines[0].code == "Test001"
    assert [entry.outcome for entry in fm.client.log] == ["accepted", "refused"]


def test_two_clients_may_use_the_same_number(fm: Any, order_document: Document) -> None:
    fm.warehouse.add_client(client_code="ACME", username="acme", password="pw")
    fm.send(order_document("MG1"))
    assert fm.send(order_document("MG1", login=("acme", "pw", "ACME"))).findtext("Status") == "Valid"


ABROAD: dict[str, str | None] = {"ShippingAddress/Country": "France", "ShippingAddress/PostCode": "75001"}


def abroad(document: str) -> str:
    """The document with the two elements that customs want."""
    article = "</DispatchMethod><ArticleValue>22.00</ArticleValue><ArticleDescription>Cups</ArticleDescription>"
    return document.replace("</DispatchMethod>", article)


def test_an_international_order_needs_its_article(fm: Any, order_document: Document) -> None:
    refusal = fm.refusal(order_document("MG1", ABROAD))
    assert refusal["02010"].endswith("DespatchDetails/ArticleValue, DespatchDetails/ArticleDescription")
    assert fm.send(abroad(order_document("MG1", ABROAD))).findtext("Status") == "Valid"


def test_an_international_order_has_one_item(fm: Any, order_document: Document) -> None:
    two_lines = (("Test001", 1, 1100), ("Test002", 1, 500))
    assert list(fm.refusal(abroad(order_document("MG1", ABROAD, lines=two_lines)))) == ["04001"]
    fm.client.set(international_item="unit")
    assert list(fm.refusal(abroad(order_document("MG1", ABROAD)))) == ["04001"]
    fm.client.set(domestic_countries=("Australia", "France"))
    assert fm.send(abroad(order_document("MG1", ABROAD, lines=two_lines))).findtext("Status") == "Valid"


def test_new_zealand_is_domestic(fm: Any, order_document: Document) -> None:
    change = {"ShippingAddress/Country": "New Zealand", "ShippingAddress/PostCode": "1010"}
    lines = (("Test001", 1, 1100), ("Test002", 1, 500))
    assert fm.send(order_document("MG1", change, lines=lines)).findtext("Status") == "Valid"


def test_elements_out_of_their_sequence_are_named(fm: Any, order_document: Document) -> None:
    document = order_document("MG1")
    swapped = document.replace("<OrderDate>23-Nov-2026</OrderDate><CustomerNo>42</CustomerNo>",
                               "<CustomerNo>42</CustomerNo><OrderDate>23-Nov-2026</OrderDate>")  # fmt: skip
    assert swapped != document
    assert "Element 'OrderDate': This element is not expected" in fm.refusal(swapped)["1824"]
    strange = document.replace("<Products>", "<Colour>red</Colour><Products>")
    assert "Expected is one of ( Products, Totals )" in fm.refusal(strange)["1824"]
    twice = document.replace("</CustomerNo>", "</CustomerNo><CustomerNo>43</CustomerNo>")
    assert "'CustomerNo'" in fm.refusal(twice)["1824"]


def two_orders(document: str) -> str:
    """The document with its order twice."""
    start, end = document.index("<Order>"), document.index("</OrderList>")
    return document[:end] + document[start:end] + document[end:]


# Each code of the table: what in the document causes it, and with which settings.
BY_CONTENT: dict[str, tuple[Callable[[Document], str], dict[str, Any]]] = {
    "100": (lambda order: order("MG1") + "&", {}),
    "500": (lambda order: order("MG1", {f"{LINE}/Code": "REFUSE-500"}), {}),
    "99999": (lambda order: order("MG1", {f"{LINE}/Code": "REFUSE-99999"}), {}),
    "01001": (lambda order: order("MG1", login=("demo", "wrong", "DEMO")), {}),
    "02003": (lambda order: order("MG1", login=("demo", "wrong", "DEMO")), {"login_code": "02003"}),
    "02002": (lambda order: order("MG1", login=("demo", "s3cret", "NONE")), {}),
    "03001": (lambda order: order("MG1", login=("demo", "s3cret", "NONE")), {"client_code_code": "03001"}),
    "02001": (lambda order: two_orders(order("MG1")), {}),
    "02005": (lambda order: order("TAKEN"), {}),
    "03003": (lambda order: order("TAKEN"), {"duplicate_code": "03003"}),
    "02006": (lambda order: order("MG1", {"BillingAddress/LastName": ""}), {}),
    "02007": (lambda order: order("MG1", {f"{LINE}/Code": "NOSUCH"}), {}),
    "02008": (lambda order: order("MG1", {"ShippingAddress/Country": "AU"}), {}),
    "02009": (lambda order: order("MG1", {"DespatchDetails/DispatchMethod": "PIGEON"}), {}),
    "04002": (lambda order: order("MG1", {"DespatchDetails/DispatchMethod": "PIGEON"}), {"dispatch_code": "04002"}),
    "02010": (lambda order: order("MG1", ABROAD), {}),
    "02011": (lambda order: order("MG1"), {"no_handling_cost": ("AP",)}),
    "04001": (lambda order: abroad(order("MG1", ABROAD, lines=(("Test001", 1, 100), ("Test002", 1, 100)))), {}),
    "04003": (lambda order: order("MG1", {"ShippingAddress/PostCode": "300"}), {}),
    "1824": (lambda order: order("MG1", {"BillingAddress/Phone": "0" * 16}), {}),
}


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_every_code_of_the_table_is_caused_by_content(fm: Any, order_document: Document, code: str) -> None:
    fm.send(order_document("TAKEN"))
    write, settings = BY_CONTENT[code]
    fm.warehouse.set(**settings)
    assert list(fm.refusal(write(order_document))) == [code]
    assert list(fm.client.orders) == ["TAKEN"]


def test_every_code_of_the_table_can_be_asked_for(fm: Any, order_document: Document) -> None:
    for code in MEANINGS:
        fm.client.faults.load(f"{'500-doc' if code == '500' else code}@1")
        assert list(fm.refusal(order_document("MG1"))) == [code]
    assert fm.send(order_document("MG1")).findtext("Status") == "Valid"


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_a_product_can_ask_for_any_refusal(fm: Any, order_document: Document, code: str) -> None:
    document = order_document("MG1", {f"{LINE}/Code": f"REFUSE-{code}"})
    assert fm.refusal(document) == {code: f"{MEANINGS[code]}: asked for by product REFUSE-{code}"}
    assert fm.client.orders == {}


def test_a_product_that_asks_for_no_known_code_is_an_ordinary_one(fm: Any, order_document: Document) -> None:
    assert list(fm.refusal(order_document("MG1", {f"{LINE}/Code": "REFUSE-12345"}))) == ["02007"]


def test_the_other_form_of_a_refusal(fm: Any, order_document: Document) -> None:
    fm.client.set(refusal_form="invalid")
    broken = order_document("MG1", {f"{LINE}/Code": "NOSUCH", "ShippingAddress/Country": "AU"})
    assert fm.send(broken).findtext("Status") == (
        "Invalid|Invalid product code: NOSUCH|Invalid country: ShippingAddress/Country 'AU'"
    )
    fm.client.set(refusal_form="invalid-codes")
    assert (fm.send(broken).findtext("Status") or "").startswith("Invalid|02007 Invalid product code: NOSUCH|02008 ")


def verdict(leaves: dict[str, str]) -> list[Problem]:
    document = open_document(f"<OrderList>{write_leaves(leaves)}</OrderList>", "OrderList")
    return judge(read_order(document), Settings(), lambda code: True)


prices = st.tuples(st.just("Test001"), st.integers(1, 50), st.integers(0, 99_999))
orders = st.builds(
    lambda lines, handling: order_leaves("MG1", lines, handling),
    st.lists(prices, min_size=1, max_size=4),
    st.integers(0, 9_999),
)


@given(orders, st.integers(0, 100))
def test_money_that_adds_up_is_taken(leaves: dict[str, str], percentage: int) -> None:
    subtotal = int(leaves["Totals/SubTotal2"].replace(".", ""))
    discount = (subtotal * percentage + 50) // 100
    leaves["Totals/DiscountPercentage"] = str(percentage)
    leaves["Totals/DiscountAmount"] = money(discount)
    leaves["Totals/Total"] = money(subtotal - discount)
    assert verdict(leaves) == []


@given(orders, st.sampled_from([f"{LINE}/Amount", "Totals/SubTotal1", "Totals/SubTotal2", "Totals/Total"]))
def test_a_cent_too_many_is_named(leaves: dict[str, str], path: str) -> None:
    leaves[path] = money(int(leaves[path].replace(".", "")) + 1)
    problems = verdict(leaves)
    assert problems
    assert all(problem.code == "1824" for problem in problems)
    assert any(f"'{path}'" in problem.detail for problem in problems)


@given(st.recursive(st.text(max_size=5), lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_the_reader_judges_any_tree_without_breaking(tree: Any) -> None:
    names = ["SalesOrderNo", "Products", "Product", "Totals", "Total", "BillingAddress", "Country", "Quantity"]

    def write(node: Any, depth: int) -> str:
        if isinstance(node, str):
            return "".join(letter for letter in node if letter.isalnum() and letter.isascii())
        tags = [names[(place + depth) % len(names)] for place in range(len(node))]
        return "".join(f"<{tag}>{write(x, depth + 1)}</{tag}>" for tag, x in zip(tags, node, strict=True))

    document = open_document(f"<OrderList><Order>{write(tree, 0)}</Order></OrderList>", "OrderList")
    assert judge(read_order(document), Settings(), lambda code: True)
