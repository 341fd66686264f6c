"""Repairs of a person and rules of a store, between the document and FM."""

from pathlib import Path
from typing import Any

import pytest

from npf.fm.proposals import RULES
from npf.orders.document import build
from npf.orders.gates import judge
from npf.orders.parcels import Before, Repair, parcels
from npf.orders.repairs import FIELDS, Mended, mended, refusal, text_of, with_text
from npf.orders.told import otherwise
from tests.orders.making import JANE, address, line, order, settings

LAST = "ShippingAddress.LastName"
NAMELESS = {"last_name": "", "company": "Marina Mirage"}


def sent(wrong: dict[str, Any], *repairs: Repair, bill: dict[str, Any] | None = None, **setting: Any) -> Mended:
    """What becomes of an order to such an address."""
    read, store = order(address(51, line(), **wrong), billing_address=JANE | (bill or {})), settings(**setting)
    (parcel,) = parcels(read, store)
    return mended(build(read, parcel, store), 51, store, repairs)


def test_a_persons_value_goes_to_fm_in_place_of_what_it_would_refuse() -> None:
    found = sent(NAMELESS, Repair(51, LAST, "Marina Mirage", ""))
    assert (text_of(found.document, LAST), found.problems, found.stale) == ("Marina Mirage", [], [])


def test_a_value_is_not_used_once_bigcommerce_has_another_than_it_replaced() -> None:
    repair = Repair(51, LAST, "Marina Mirage", "")
    found = sent({"last_name": "Doe"}, repair)
    assert (text_of(found.document, LAST), found.stale) == ("Doe", [repair])
    judged = judge(order(address(51, line())), settings(), Before(repairs=(repair,)))
    assert judged.stale == [repair]


def test_a_value_for_one_address_leaves_the_others_as_they_are() -> None:
    repair = Repair(52, LAST, "Marina Mirage", "")
    found = sent(NAMELESS, repair)
    assert [problem.field for problem in found.problems] == [LAST]
    assert found.stale == []


def test_a_phone_number_for_the_parcel_that_lacks_one_stays_in_use_though_the_other_parcel_has_one() -> None:
    two = order(
        address(51, line(), phone="0412345678"),
        address(52, line(2), phone=""),
        billing_address=JANE | {"phone": ""},
    )
    repair = Repair(0, "BillingAddress.Phone", "03 9000 0000", "")
    judged = judge(two, settings(), Before(repairs=(repair,)))
    assert (judged.decides, judged.stale) == (None, [])


@pytest.mark.parametrize(
    ("wrong", "rule", "field", "value"),
    [
        (NAMELESS, "last_name_from_company", LAST, "Marina Mirage"),
        ({"last_name": "", "first_name": "Jane Doe"}, "last_name_from_first_name", LAST, "Doe"),
        ({"last_name": "", "first_name": "Cher"}, "last_name_from_first_name", LAST, "Cher"),
        ({"last_name": ""}, "names_from_other_address", LAST, "Doe"),
        ({"last_name": "李"}, "names_from_other_address", LAST, "Doe"),
        ({"last_name": "Li 李"}, "leave_out_letters", LAST, "Li"),
        ({"first_name": "", "company": "Acme"}, "first_name_from_company", "ShippingAddress.FirstName", "Acme"),
        ({"first_name": "", "last_name": "Jane Doe"}, "first_name_from_last_name", "ShippingAddress.FirstName", "Jane"),
        ({"street_1": "", "street_2": "2 Low St"}, "street_from_second_line", "ShippingAddress.Address1", "2 Low St"),
        ({"state": "Tasmania"}, "state_from_postcode", "ShippingAddress.State", "Victoria"),
        ({"state": ""}, "state_from_postcode", "ShippingAddress.State", "Victoria"),
        ({"zip": "VIC 3065"}, "postcode_digits", "ShippingAddress.PostCode", "3065"),
    ],
)
def test_a_rule_of_the_store_mends_every_order_and_says_so(
    wrong: dict[str, str], rule: str, field: str, value: str
) -> None:
    assert field in [problem.field for problem in sent(wrong).problems]
    found = sent(wrong, repairs=(rule,))
    assert (text_of(found.document, field), found.problems) == (value, [])
    assert [rule in clause and value in clause for clause in found.says] == [True]


ABROAD = {"country": "Hong Kong", "country_iso2": "HK", "city": "Kowloon", "state": "", "zip": ""}


def test_a_city_stands_for_a_state_and_noughts_for_a_post_code_that_there_is_not() -> None:
    found = sent(ABROAD, repairs=("state_from_city", "postcode_0000_where_none"))
    assert found.problems == []
    where = found.document.ShippingAddress
    assert (where.State, where.PostCode, where.Country) == ("Kowloon", "0000", "Hong Kong")


def test_a_phone_number_of_the_store_stands_where_there_is_none_and_nowhere_else() -> None:
    assert [problem.field for problem in sent({"phone": ""}, bill={"phone": ""}).problems] == ["BillingAddress.Phone"]
    found = sent({"phone": ""}, bill={"phone": ""}, repairs=("phone=03 9000 0000",))
    assert found.document.BillingAddress.Phone == "03 9000 0000"
    assert sent({}, repairs=("phone=03 9000 0000",)).document.BillingAddress.Phone == JANE["phone"]


def test_of_two_phone_numbers_the_first_is_taken_whole() -> None:
    found = sent({}, bill={"phone": "0412 345 678 or 0498 765 432"}, repairs=("first_phone_number",))
    assert found.document.BillingAddress.Phone == "0412 345 678"


def test_a_rule_that_is_made_of_what_another_has_mended_finds_it() -> None:
    found = sent({"zip": "VIC 3065", "state": ""}, repairs=("state_from_postcode", "postcode_digits"))
    assert (found.document.ShippingAddress.PostCode, found.document.ShippingAddress.State) == ("3065", "Victoria")


def test_a_rule_never_overrules_a_person() -> None:
    found = sent(NAMELESS, Repair(51, LAST, "Doe", ""), repairs=("last_name_from_company",))
    assert (text_of(found.document, LAST), found.says) == ("Doe", [])


def test_without_its_rule_an_order_is_held_with_the_proposal_in_words() -> None:
    found = judge(order(address(51, line(), **NAMELESS)), settings()).decides
    assert found is not None
    assert (found.field, found.outcome) == (LAST, "hold")
    assert found.why == f"{LAST} is empty, FM requires it"
    assert found.repair.startswith("use the company “Marina Mirage”, or correct it in BigCommerce")


def test_the_gate_says_what_a_rule_did() -> None:
    rule = {"repairs": ("last_name_from_company",)}
    verdicts = judge(order(address(51, line(), **NAMELESS)), settings(**rule)).verdicts
    assert f"{LAST} is “Marina Mirage”" in verdicts[-1].why
    assert "last_name_from_company" in verdicts[-1].why


def test_a_value_that_fm_would_refuse_is_refused_with_its_reason() -> None:
    read, store = order(address(51, line(), **NAMELESS)), settings()
    built = build(read, parcels(read, store)[0], store)
    assert refusal(built, LAST, "Mirage", store) == ""
    assert "longer than 30" in refusal(built, LAST, "M" * 31, store)
    assert "cannot hold" in refusal(built, LAST, "李", store)
    assert "dispatch code" in refusal(built, "DespatchDetails.DispatchMethod", "PIGEON", store)
    assert "no amount" in refusal(built, "DespatchDetails.ArticleValue", "much", store)
    assert refusal(built, "DespatchDetails.ArticleValue", "12.50", store) == ""


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_that_can_be_repaired_is_one_of_the_document(field: str) -> None:
    read, store = order(), settings()
    built = build(read, parcels(read, store)[0], store)
    value = "7.00" if field.endswith("ArticleValue") else "EP"
    assert text_of(with_text(built, field, value), field) == value


# what FM is told otherwise


def clauses(wrong: dict[str, Any], of: dict[str, Any] | None = None) -> list[str]:
    read, store = order(address(51, line(), **wrong), **({"billing_address": JANE | wrong} | (of or {}))), settings()
    (parcel,) = parcels(read, store)
    return otherwise(read, parcel, build(read, parcel, store))


def test_what_goes_as_it_is_is_not_spoken_of() -> None:
    assert (
        clauses({"street_1": "Unit 4, 12 A Very Long Street Name That Does Not Fit, Building B", "city": " Fitzroy "})
        == []
    )


def test_a_name_in_other_letters_is_told_with_its_original_once() -> None:
    assert clauses({"last_name": "Wałęsa"}) == ["the last name “Wałęsa” is written “Walesa”"]


def test_a_text_that_is_cut_is_told_with_its_original() -> None:
    company = "Pty " * 80
    (clause,) = clauses({"last_name": "Featherstonehaugh Cholmondeley-Warner"})
    assert clause == "the last name “Featherstonehaugh Cholmondeley-Warner” is cut to “Featherstonehaugh”"
    assert clauses({"company": company})[0].startswith("the company “Pty Pty")


def test_a_phone_number_that_loses_its_decoration_is_told() -> None:
    assert clauses({"phone": "+61 (0) 412 345 678"}) == [
        "the phone number “+61 (0) 412 345 678” is written “+61412345678”"
    ]


def test_a_message_that_is_cut_is_told_with_what_is_left_out() -> None:
    (clause,) = clauses({}, {"customer_message": "Ring twice and wait. " * 8})
    assert "is cut" in clause
    assert "is left out" in clause


def test_every_rule_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "preflight.md").read_text()
    assert all(f"`{rule}" in page for rule in RULES)
