import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npf.core import countries
from npf.fm import australia
from npf.fm.codes import DISPATCH_METHODS
from npf.fm.limits import LIMITS, Problem, problems
from npf.fm.text import clean, holds
from npf.fm.write import order_document
from npf.warehouse.records import SalesOrder
from tests.fm.conftest import LOGIN, changed

TEXTS = sorted(LIMITS)


def one(order: SalesOrder, **settings: Any) -> Problem:
    found = problems(order, **settings)
    assert len(found) == 1, found
    return found[0]


def test_an_order_within_all_limits_has_no_problem(order: SalesOrder) -> None:
    assert problems(order) == []


def test_the_limits_are_those_of_the_contract(shared: Path) -> None:
    section = (shared / "WEBSERVICE.md").read_text().split("## 1.")[1].split("Money, by")[0]
    bullets = re.split(r"\n- ", section.split("longest text):")[1])[1:]
    written: dict[str, tuple[bool, int]] = {}
    for bullet in bullets:
        named = re.match(r"`(\w+)`(?: > `Product`\+)?: (.*)", bullet, re.DOTALL)
        group, text = (f"{named[1]}.", named[2]) if named else ("", bullet)
        for name, required, longest in re.findall(r"`(\w+)`( R)?(?: (\d+))?(?=[ ,·;\n(]|$)", text):
            if longest:
                written[group + name] = (bool(required), int(longest))
    shipping = {k.replace("Billing", "Shipping"): v for k, v in written.items() if k.startswith("BillingAddress.")}
    del shipping["ShippingAddress.Phone"], shipping["ShippingAddress.Email"]
    gift_wrap = written.pop("DespatchDetails.GiftWrappingRequired")

    assert written | shipping == LIMITS
    assert gift_wrap == (False, 30)


@pytest.mark.parametrize("path", [path for path in TEXTS if LIMITS[path][0]])
def test_an_empty_field_that_fm_requires_is_named(order: SalesOrder, path: str) -> None:
    found = problems(changed(order, path, "  "))
    assert [(p.field.replace("[1]", ""), p.rule, p.value) for p in found] == [(path, "required", "")]
    assert path.split(".")[-1] in found[0].text


@pytest.mark.parametrize("path", TEXTS)
def test_a_text_that_is_too_long_is_named_and_its_repair_fits(order: SalesOrder, path: str) -> None:
    longest = LIMITS[path][1]
    found = [p for p in problems(changed(order, path, "Ab " * longest)) if p.rule == "length"]
    assert [p.field.replace("[1]", "") for p in found] == [path]
    assert len(found[0].repair) <= longest
    assert str(longest) in found[0].text


def test_a_text_exactly_as_long_as_its_field_passes(order: SalesOrder) -> None:
    assert problems(changed(order, "SalesOrderNo", "M" * 30)) == []
    assert one(changed(order, "SalesOrderNo", "M" * 31)).rule == "length"


def test_a_code_or_a_number_is_never_cut_as_a_repair(order: SalesOrder) -> None:
    for path in ("SalesOrderNo", "Products.Code", "CustomerNo", "BillingAddress.Email"):
        found = [p for p in problems(changed(order, path, "M1" * 200)) if p.rule == "length"]
        assert [p.repair for p in found] == [""]


def test_a_phone_number_is_shortened_by_its_decoration_only(order: SalesOrder) -> None:
    assert one(changed(order, "BillingAddress.Phone", "+61 (0) 412 345 678")).repair == "+61412345678"
    twice = one(changed(order, "BillingAddress.Phone", "0412 345 678 or 0498 765 432"))
    assert [(one.value, one.always) for one in twice.proposals[:2]] == [
        ("0412 345 678", "first_phone_number"),
        ("0498 765 432", "first_phone_number"),
    ]


@pytest.mark.parametrize(
    ("address", "repair"),
    [
        ({"LastName": ""}, "Mirage & Sons"),
        ({"LastName": "", "FirstName": "Marina Mirage"}, "Mirage"),
        ({"LastName": "", "CompanyName": ""}, "Mirage"),
        ({"FirstName": "", "LastName": "Marina Mirage"}, "Marina"),
        ({"Address1": "", "Address2": "Level 2"}, "Level 2"),
    ],
)
def test_an_empty_name_or_line_is_filled_from_its_neighbours(
    order: SalesOrder, address: dict[str, str], repair: str
) -> None:
    shipping = msgspec.structs.replace(order.ShippingAddress, **address)
    problem = one(changed(order, "ShippingAddress", shipping))
    assert (problem.rule, problem.repair) == ("required", repair)


@pytest.mark.parametrize(
    ("postcode", "repair"),
    [
        ("800", "0800"),
        ("400", ""),
        ("VIC 3000", "3000"),
        ("30000", ""),
        ("3OOO", ""),
        ("2000 or 3000", ""),
        ("\uff13000", "3000"),
    ],
)
def test_an_australian_post_code_has_exactly_four_digits(order: SalesOrder, postcode: str, repair: str) -> None:
    found = [p for p in problems(changed(order, "BillingAddress.PostCode", postcode)) if p.rule == "postcode"]
    assert [(p.field, p.repair) for p in found] == [("BillingAddress.PostCode", repair)]


@pytest.mark.parametrize(
    ("state", "postcode", "repair"),
    [
        ("NSW", "3000", "VIC"),
        ("New South Wales", "3000", "Victoria"),
        ("Victoria", "0870", "Northern Territory"),
        ("Melbourne", "3000", "Victoria"),
        ("NSW", "2600", "ACT"),
        ("QLD", "0200", "ACT"),
    ],
)
def test_an_australian_post_code_goes_with_its_state(order: SalesOrder, state: str, postcode: str, repair: str) -> None:
    address = msgspec.structs.replace(order.ShippingAddress, State=state, PostCode=postcode)
    problem = one(changed(order, "ShippingAddress", address))
    assert (problem.field, problem.rule, problem.repair) == ("ShippingAddress.State", "state", repair)
    assert state in problem.text
    assert postcode in problem.text
    assert problem.proposals[0].always == "state_from_postcode"


@pytest.mark.parametrize(
    ("state", "postcode"),
    [
        *[("Victoria", "8001"), ("vic", "3000"), ("N.S.W.", "1001"), ("AU-QLD", "9999"), ("Tas.", "7800")],
        *[("NT", "0909"), ("South Australia", "0872"), ("NSW", "2620"), ("ACT", "2620"), ("ACT", "2914")],
    ],
)
def test_a_state_is_understood_in_full_and_for_short_and_a_border_may_be_crossed(
    order: SalesOrder, state: str, postcode: str
) -> None:
    address = msgspec.structs.replace(order.ShippingAddress, State=state, PostCode=postcode)
    assert problems(changed(order, "ShippingAddress", address)) == []


@given(st.integers(0, 9999).map(lambda number: f"{number:04d}"))
def test_every_australian_post_code_proposes_a_state_that_it_goes_with(postcode: str) -> None:
    for state in australia.states_of(postcode):
        assert australia.state(state) == australia.state(australia.NAMES[state]) == state
    assert bool(australia.states_of(postcode)) == (postcode[0] not in "0" or postcode[:2] in ("02", "08", "09"))


def test_another_country_has_its_own_post_codes(order: SalesOrder) -> None:
    address = msgspec.structs.replace(order.ShippingAddress, Country="New Zealand", PostCode="KA1 6AB")
    assert problems(changed(order, "ShippingAddress", address)) == []


@pytest.mark.parametrize(
    ("country", "repair"),
    [("AU", "Australia"), ("australia", "Australia"), ("Austrailia", "Australia"), ("Narnia", None)],
)
def test_a_country_stands_by_the_name_that_fm_uses(order: SalesOrder, country: str, repair: str | None) -> None:
    problem = one(changed(order, "BillingAddress.Country", country))
    assert problem.rule == "country"
    assert repair is None or problem.repair == repair


def test_a_dispatch_method_is_one_of_fms_codes_exactly(order: SalesOrder) -> None:
    problem = one(changed(order, "DespatchDetails.DispatchMethod", "ep  exp"))
    assert (problem.rule, problem.repair) == ("dispatch", "EP EXP")
    assert one(changed(order, "DespatchDetails.DispatchMethod", "PIGEON")).repair == ""
    for code in DISPATCH_METHODS:
        assert problems(changed(order, "DespatchDetails.DispatchMethod", code)) == []
    assert problems(changed(order, "DespatchDetails.DispatchMethod", "NEW"), dispatch_methods=["NEW"]) == []


def abroad(order: SalesOrder) -> Any:
    address = msgspec.structs.replace(order.ShippingAddress, Country="Japan", PostCode="100-0001")
    order = changed(order, "ShippingAddress", address)
    order = changed(order, "DespatchDetails.ArticleDescription", "Cosmetics")
    return changed(order, "DespatchDetails.ArticleValue", Decimal("22.00"))


def test_an_order_to_another_country_has_one_item_and_says_what_it_is(order: SalesOrder) -> None:
    assert problems(abroad(order)) == []
    assert one(abroad(order), item_is="unit").value == "2 units"
    assert one(changed(abroad(order), "DespatchDetails.ArticleDescription", "")).repair == "Nude By Night Foundation"
    assert one(changed(abroad(order), "DespatchDetails.ArticleValue", Decimal(0))).repair == "22.00"

    two = msgspec.structs.replace(order.Products[0], Quantity=1, Amount=Decimal("11.00"))
    two_lines = changed(abroad(order), "Products", [two, two])
    assert one(two_lines).rule == "one item"
    assert "2 lines" in one(two_lines).text


def test_what_is_abroad_is_a_setting(order: SalesOrder) -> None:
    plain = changed(abroad(order), "DespatchDetails.ArticleDescription", "")
    assert one(plain).field == "DespatchDetails.ArticleDescription"
    for japan in ("Japan", "JP", "jpn"):
        assert problems(plain, domestic_countries={"Australia", japan}) == []


def test_a_number_with_a_comma_could_never_be_asked_for(order: SalesOrder) -> None:
    assert one(changed(order, "SalesOrderNo", "MG1,2")).rule == "comma"


def test_characters_that_fm_cannot_hold_are_named_with_a_transliteration(order: SalesOrder) -> None:
    problem = one(changed(order, "ShippingAddress.FirstName", "\u0141ukasz"))
    assert (problem.rule, problem.repair) == ("characters", "Lukasz")
    illegible = one(changed(order, "ShippingAddress.FirstName", "\u6771\u4eac"))
    assert (illegible.repair, illegible.proposals[0].source) == ("Marina", "the first name of the other address,")
    assert one(changed(order, "ShippingAddress.City", "\u6771\u4eac")).repair == ""
    assert one(changed(order, "ShippingAddress.City", "Perth\x07")).repair == "Perth"
    assert problems(changed(order, "ShippingAddress.City", "Zürich")) == []


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_is_above_nothing(order: SalesOrder, quantity: int) -> None:
    found = problems(changed(order, "Products.Quantity", quantity))
    assert ("Products[1].Quantity", "quantity") in [(p.field, p.rule) for p in found]


def test_an_order_has_lines(order: SalesOrder) -> None:
    assert ("Products", "required") in [(p.field, p.rule) for p in problems(changed(order, "Products", []))]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Products.Amount", "21.99"),
        ("Products.SalesPricesIncludesGST", "11.02"),
        ("Totals.SubTotal1", "22.01"),
        ("Totals.P_H_IncludesGST", "5.52"),
        ("Totals.SubTotal2", "27.51"),
        ("Totals.DiscountAmount", "2.74"),
        ("Totals.Total", "24.76"),
        ("Totals.Total", "24.755"),
        ("Totals.Total", "-24.75"),
        ("Totals.Total", "NaN"),
        ("Totals.Total", "1E+40"),
        ("DespatchDetails.ArticleValue", "1.001"),
    ],
)
def test_money_is_to_the_cent_and_adds_up(order: SalesOrder, path: str, value: str) -> None:
    found = problems(changed(order, path, Decimal(value)))
    assert path in [p.field.replace("[1]", "") for p in found]
    assert {p.rule for p in found} == {"money"}


@pytest.mark.parametrize("path", ["Products.GST", "Totals.P_H_GST", "Totals.DiscountPercentage"])
def test_a_percentage_is_between_0_and_100(order: SalesOrder, path: str) -> None:
    for value in (-1, 101):
        assert path in [p.field.replace("[1]", "") for p in problems(changed(order, path, value))]


def test_a_price_may_differ_by_the_cent_that_rounding_costs(order: SalesOrder) -> None:
    line = msgspec.structs.replace(
        order.Products[0],
        Quantity=1,
        SalesPrice=Decimal("9.05"),
        SalesPricesIncludesGST=Decimal("9.95"),
        Amount=Decimal("9.95"),
    )
    totals = msgspec.structs.replace(
        order.Totals,
        SubTotal1=Decimal("9.95"),
        SubTotal2=Decimal("15.45"),
        DiscountPercentage=0,
        DiscountAmount=Decimal(0),
        Total=Decimal("15.45"),
    )
    assert problems(msgspec.structs.replace(order, Products=[line], Totals=totals)) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    path=st.sampled_from(TEXTS),
    text=st.one_of(st.text(max_size=300), st.text(st.characters(codec="latin-1"), max_size=60)),
)
def test_what_passes_is_short_enough_and_holdable_in_every_field(order: SalesOrder, path: str, text: str) -> None:
    order = changed(order, path, text)
    if problems(order):
        return
    root = ElementTree.fromstring(order_document(LOGIN, order).encode("ascii")).find("Order")
    assert root is not None
    sent = root.findtext(path.replace(".", "/").replace("Products/", "Products/Product/")) or ""
    required, longest = LIMITS[path]
    assert len(sent) <= longest
    assert sent or not required
    assert holds(sent)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    path=st.sampled_from([p for p in TEXTS if "Name" in p or "Address1" in p]), text=st.text(min_size=1, max_size=300)
)
def test_a_cleaned_name_passes_or_is_empty(order: SalesOrder, path: str, text: str) -> None:
    longest = LIMITS[path][1]
    found = problems(changed(order, path, clean(text, longest)))
    assert {p.rule for p in found} <= {"required"}


@pytest.mark.parametrize("code", ["AU", "NZ", "GB", "US", "KR", "TW", "CI"])
def test_the_names_of_countries_are_those_that_core_gives(order: SalesOrder, code: str) -> None:
    found = problems(changed(order, "BillingAddress.Country", countries.name(code)))
    assert not [p for p in found if p.rule in ("country", "characters")]
