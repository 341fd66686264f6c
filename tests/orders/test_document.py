"""A parcel as FM's document: its money, its texts, its people, and what a strict FM says of it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.bigcommerce.records import Order
from npf.fm.limits import Problem
from npf.fm.login import Login
from npf.fm.proposals import Proposal
from npf.fm.write import order_document
from npf.orders import document
from npf.orders.parcels import parcels
from npf.sandbox.fm import Settings as FmSettings
from npf.sandbox.fm.documents import open_document, read_order
from npf.sandbox.fm.judge import judge as fm_judges
from npf.stores.maps import Settings
from npf.warehouse.records import SalesOrder
from tests.orders.making import JANE, address, line, order, settings

LOGIN = Login("npf", "secret", "ACME")


def documents(found: Order, setting: Settings) -> list[SalesOrder]:
    return [document.build(found, parcel, setting) for parcel in parcels(found, setting)]


def built(*parts: dict[str, Any], of: dict[str, Any] | None = None, **setting: Any) -> SalesOrder:
    """The one document of an order of these parts."""
    (one,) = documents(order(*parts, **(of or {})), settings(**setting))
    return one


def refusals(one: SalesOrder) -> list[str]:
    """What the FM sandbox, which shares no code with the writer, finds wrong."""
    read = read_order(open_document(order_document(LOGIN, one), "OrderList"))
    return [f"{found.code} {found.detail}" for found in fm_judges(read, FmSettings(), lambda code: True)]


def money(one: SalesOrder) -> list[tuple[str, int, str, str]]:
    return [(row.Code, row.Quantity, str(row.SalesPricesIncludesGST), str(row.Amount)) for row in one.Products]


# whose, when, where


def test_a_plain_order_is_one_that_fm_takes() -> None:
    one = built(line(1, quantity=2), line(2, "TEE", price="39.95"))
    assert refusals(one) == []
    assert document.problems(one, settings()) == []
    assert (one.SalesOrderNo, one.CustomerNo) == ("AC-1001", "20")
    assert (one.ShippingAddress.Country, one.BillingAddress.Phone) == ("Australia", "0412345678")
    assert (one.DespatchDetails.DispatchMethod, one.DespatchDetails.WebSiteCode) == ("AP", "acme")


def test_the_date_is_the_stores_own_day() -> None:
    late = {"date_created": "Tue, 10 Nov 2026 13:30:00 +0000"}
    assert built(line(), of=late).OrderDate == date(2026, 11, 11)
    assert built(line(), of=late, timezone="Australia/Perth").OrderDate == date(2026, 11, 10)


def test_guests_are_different_customers() -> None:
    assert built(line(), of={"customer_id": 0}).CustomerNo == "G1001"
    assert built(line(), of={"customer_id": 0, "id": 1002}).CustomerNo == "G1002"


def test_the_country_is_fms_full_name() -> None:
    one = built(address(51, line(), country="GBR", country_iso2=""))
    assert one.ShippingAddress.Country == "United Kingdom"


def test_an_unknown_country_stays_as_it_was_written_so_that_it_is_seen() -> None:
    one = built(address(51, line(), country=" Atlantis ", country_iso2=""))
    assert one.ShippingAddress.Country == "Atlantis"
    assert [found.rule for found in document.problems(one, settings())] == ["country"]


def test_phone_and_email_are_the_bills_or_else_those_of_the_delivery() -> None:
    nobody = JANE | {"phone": "", "email": " "}
    one = built(address(51, line(), phone="0399998888", email="gift@example.com"), of={"billing_address": nobody})
    assert (one.BillingAddress.Phone, one.BillingAddress.Email) == ("0399998888", "")
    assert (one.ShippingAddress.Phone, one.ShippingAddress.Email) == ("", "")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("0412 345 678", "0412 345 678"),
        ("+61 412 345 678", "+61 412 345 678"),
        ("+61 (0) 412 345 678", "+61412345678"),
        ("tel. 0412 345 678 (home)", "0412345678"),
        ("  0412345678  ", "0412345678"),
    ],
)
def test_a_phone_number_loses_its_decoration_only_where_it_is_too_long(written: str, sent: str) -> None:
    one = built(line(), of={"billing_address": JANE | {"phone": written}})
    assert one.BillingAddress.Phone == sent
    assert refusals(one) == []


def test_two_phone_numbers_are_held_and_not_cut() -> None:
    one = built(line(), of={"billing_address": JANE | {"phone": "0412345678 / 0398765432"}})
    assert [found.field for found in document.problems(one, settings())] == ["BillingAddress.Phone"]


# texts


def test_names_are_written_in_letters_that_fm_has() -> None:
    one = built(address(51, line(), first_name="Łukasz", last_name="Tūwhare-Größ", city="Whangārei"))
    where = one.ShippingAddress
    assert (where.FirstName, where.LastName, where.City) == ("Lukasz", "Tuwhare-Größ", "Whangarei")
    assert refusals(one) == []


def test_a_name_that_would_lose_letters_is_left_for_a_person() -> None:
    one = built(address(51, line(), last_name="王 Wang"))
    assert one.ShippingAddress.LastName == "王 Wang"
    assert [(found.field, found.rule) for found in document.problems(one, settings())] == [
        ("ShippingAddress.LastName", "characters")
    ]


def test_a_long_street_goes_on_in_the_second_line_and_nothing_is_lost() -> None:
    street = "The old schoolhouse behind the community hall, 1428 Upper Kangaroo Creek Road"
    where = built(address(51, line(), street_1=street, street_2="Gate 3")).ShippingAddress
    assert (where.Address1, where.Address2) == (
        "The old schoolhouse behind the community hall",
        "1428 Upper Kangaroo Creek Road Gate 3",
    )


def test_a_product_name_that_latin_letters_cannot_hold_gives_way_to_its_code() -> None:
    one = built(line(sku="CUP", name="茶杯"))
    assert one.Products[0].Description == "CUP"
    assert refusals(one) == []


def test_long_texts_are_cut_and_codes_never() -> None:
    one = built(line(sku="X" * 31, name="word " * 80), of={"customer_message": "please " * 40})
    assert len(one.Products[0].Description) <= 255
    assert len(one.DespatchDetails.CustomerMessage) <= 100
    assert one.Products[0].Code == "X" * 31
    assert [found.field for found in document.problems(one, settings())] == ["Products[1].Code"]


def test_the_shoppers_message_is_passed_on() -> None:
    assert built(line(), of={"customer_message": "Gate code 4711#"}).DespatchDetails.CustomerMessage == (
        "Gate code 4711#"
    )


def test_gift_wrap_is_asked_for_and_its_words_come_before_the_shoppers() -> None:
    wrapped = line(1, "CUP", wrapping_name="Kraft wrap", wrapping_message="With love")
    details = built(wrapped, of={"customer_message": "Leave at the door"}).DespatchDetails
    assert details.GiftWrappingRequired
    assert details.CustomerMessage == "Gift wrap CUP: Kraft wrap With love; Leave at the door"
    assert not built(line()).DespatchDetails.GiftWrappingRequired


def test_what_the_shopper_wrote_is_passed_on_and_a_choice_is_not() -> None:
    options = [
        {"type": "Text field", "display_name": "Engraving", "display_value": "To Ada"},
        {"type": "Checkbox", "display_name": "Gift receipt", "display_value": "Yes"},
        {"type": "Multiple choice", "display_name": "Size", "display_value": "S"},
        {"type": "Product Pick List", "display_name": "Lamp", "display_value": "LAMP"},
        {"type": "Multi-line text field", "display_name": "Card", "display_value": ""},
    ]
    message = built(line(sku="CUP", product_options=options)).DespatchDetails.CustomerMessage
    assert message == "CUP Engraving: To Ada; CUP Gift receipt: Yes"


# money


def test_prices_are_told_with_and_without_tax() -> None:
    one = built(line(1, quantity=2, price="24.90"))
    (row,) = one.Products
    assert (row.SalesPrice, row.GST, row.SalesPricesIncludesGST, row.Amount) == (
        Decimal("22.64"),
        10,
        Decimal("24.90"),
        Decimal("49.80"),
    )
    totals = one.Totals
    assert (totals.SubTotal1, totals.P_H_IncludesGST, totals.P_H_GST, totals.Total) == (
        Decimal("49.80"),
        Decimal("9.95"),
        10,
        Decimal("59.75"),
    )


def test_a_discount_is_in_the_unit_price() -> None:
    assert money(built(line(1, quantity=2, price="20", discounted_total_inc_tax="30.0000"))) == [
        ("CUP", 2, "15.00", "30.00")
    ]


def test_three_for_ten_are_told_as_three_at_three_thirty_three() -> None:
    one = built(line(1, quantity=3, price="4", discounted_total_inc_tax="10.0000"))
    assert money(one) == [("CUP", 3, "3.33", "9.99")]
    assert refusals(one) == []


def test_only_what_is_sent_is_told() -> None:
    assert money(built(line(1, quantity=4, price="5", quantity_refunded=1))) == [("CUP", 3, "5.00", "15.00")]


def test_a_bundle_shares_its_price_among_its_parts() -> None:
    one = built(line(1, "KIT-A", 2, price="30"), bundles={"KIT-A": {"CUP": 2, "TEE": 1}})
    assert money(one) == [("CUP", 4, "10.00", "40.00"), ("TEE", 2, "10.00", "20.00")]


def test_a_bundle_that_rides_with_its_children_gives_them_its_price() -> None:
    lines = (line(1, "KIT-A", price="30"), line(2, "CUP", price="0", parent_order_product_id=1))
    assert money(built(*lines, bundle_prefix="KIT-")) == [("CUP", 1, "30.00", "30.00")]


def test_what_a_child_that_rides_along_costs_is_in_its_bundles_price() -> None:
    lines = (line(1, "KIT-A", price="30"), line(2, "TEE", price="5", parent_order_product_id=1))
    assert money(built(*lines, bundles={"KIT-A": {"CUP": 1}})) == [("CUP", 1, "35.00", "35.00")]


def test_two_lines_of_one_article_are_one_row_because_fm_answers_by_code() -> None:
    one = built(line(1, quantity=1, price="10"), line(2, quantity=2, price="4"))
    assert money(one) == [("CUP", 3, "6.00", "18.00")]


def test_each_address_bears_its_own_postage_and_the_first_that_is_shipped_to_the_gift_wrap() -> None:
    three = order(
        address(51, line(1, quantity_refunded=1), cost_inc_tax=9),
        address(52, line(2), cost_inc_tax=5, handling_cost_inc_tax="1.5000"),
        address(53, line(3), cost_inc_tax=7),
        wrapping_cost_inc_tax="4.0000",
    )
    assert [one.Totals.P_H_IncludesGST for one in documents(three, settings())] == [Decimal("10.50"), Decimal("7.00")]


def test_the_value_of_the_goods_is_told_for_customs() -> None:
    details = built(line(1, price="12.50", quantity=2)).DespatchDetails
    assert (details.ArticleValue, details.ArticleDescription) == (Decimal("25.00"), "Name of CUP")


@pytest.mark.parametrize(
    ("problem", "cure"),
    [
        (Problem("ShippingAddress.PostCode", "postcode", "VIC 3065", (Proposal("3065"),)), "use “3065”, or"),
        (Problem("ShippingAddress.State", "required", ""), "correct it in BigCommerce"),
        (Problem("SalesOrderNo", "length", "x"), "choose another prefix"),
        (
            Problem("DespatchDetails.DispatchMethod", "dispatch", "ap", (Proposal("AP"),)),
            "mend the dispatch table: “AP”",
        ),
        (Problem("Products[2].Code", "length", "x"), "give FM's product code for this SKU in the SKU map"),
    ],
)
def test_a_problem_has_a_cure_where_a_person_can_carry_it_out(problem: Problem, cure: str) -> None:
    assert document.cure(problem).startswith(cure)


# laws

_MONEY = st.decimals(0, 5000, places=4)
_SKU = st.sampled_from(["CUP", "TEE", "KIT-A", "KIT-B"])


@st.composite
def goods(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A line with any price, quantity, discount, tax and refund."""
    quantity = draw(st.integers(1, 60))
    inc = draw(_MONEY)
    rate = draw(st.sampled_from(["0", "0.05", "0.1", "0.125", "0.15", "0.2"]))
    ex = (inc / (1 + Decimal(rate))).quantize(Decimal("0.0001"))
    share = draw(st.none() | st.decimals(0, 1, places=3))
    return line(
        number,
        draw(_SKU),
        quantity,
        price_inc_tax=str(inc),
        price_ex_tax=str(ex),
        total_inc_tax=str(inc * quantity),
        discounted_total_inc_tax=None if share is None else str((inc * quantity * share).quantize(Decimal("0.0001"))),
        quantity_refunded=draw(st.integers(0, quantity)),
        parent_order_product_id=draw(st.none() | st.integers(1, number)),
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    number, several = 0, []
    for place in range(draw(st.integers(1, 3))):
        lines = []
        for _ in range(draw(st.integers(1, 4))):
            number += 1
            lines.append(draw(goods(number)))
        costs = draw(st.tuples(_MONEY, _MONEY, _MONEY))
        handling = {"cost_inc_tax": str(costs[0]), "cost_ex_tax": str(costs[1]), "handling_cost_inc_tax": str(costs[2])}
        several.append(address(51 + place, *lines, **handling))
    return order(*several, wrapping_cost_inc_tax=str(draw(_MONEY)))


@given(orders())
def test_any_prices_quantities_and_discounts_add_up_to_the_cent(found: Order) -> None:
    setting = settings(bundles={"KIT-A": {"CUP": 2, "TEE": 1}, "KIT-B": {"PEN": 7}})
    for parcel in parcels(found, setting):
        one = document.build(found, parcel, setting)
        assert document.problems(one, setting) == []
        assert refusals(one) == []
        assert {row.Code: row.Quantity for row in one.Products} == parcel.codes()
        # A cent a unit at most is lost or won by telling whole cents.
        paid = sum((_paid(item) for item in parcel.items), Decimal(0))
        units = sum(row.Quantity for row in one.Products)
        assert abs(one.Totals.SubTotal1 - paid) <= Decimal("0.005") * units + Decimal("0.0001")


def _paid(item: Any) -> Decimal:
    whole = item.line.discounted_total_inc_tax
    whole = item.line.total_inc_tax if whole is None else whole
    return Decimal(whole) * int(item.quantity) / int(item.line.quantity)


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80)


@given(
    where=st.fixed_dictionaries({}, optional=dict.fromkeys(JANE, _TEXT)),
    billed=st.fixed_dictionaries({}, optional=dict.fromkeys(JANE, _TEXT)),
    name=_TEXT,
    message=_TEXT,
)
def test_whatever_people_write_the_limits_find_what_fm_would_refuse(
    where: dict[str, str], billed: dict[str, str], name: str, message: str
) -> None:
    found = order(
        address(51, line(name=name), **where), billing_address=JANE | billed, customer_message=message, customer_id=0
    )
    (one,) = documents(found, settings())
    if not document.problems(one, settings()):
        assert refusals(one) == []
