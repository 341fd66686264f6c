"""Whatever the preflight lets through, a strict FM accepts: any order, the real document, the sandbox's judge."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pycountry
import pytest
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from npf.fm.login import Login
from npf.fm.proposals import RULES
from npf.fm.write import order_document
from npf.orders.document import build
from npf.orders.parcels import Repair, parcels
from npf.orders.repairs import FIELDS, mended, refusal, text_of
from npf.sandbox.fm.documents import open_document, read_order
from npf.sandbox.fm.judge import judge
from npf.sandbox.fm.settings import Settings as FmSettings
from tests.orders.making import JANE, address, line, order, settings

LOGIN = Login("acme", "secret", "ACME")
_LETTERS = [
    "",
    " ",
    "Łukasz Wałęsa",
    "李",
    "Li 李",
    "O\u2019Brien \u2013 \u201cthe\u201d Third",
    "\U0001d4d9ane",
    "½ Moon",
]
_SIGNS = ["a&b<c>]]>", "\x00", "a\x0bb", "Zoe\u0301\u0308", "\u2028\u2029", "\ufeff", "\x85\x99", "\ufb01ne", "\t\r\n"]
_LONG = ["x" * 60, "12 " * 120, "1" * 80, "ß" * 31]
_ODD = st.sampled_from([*_LETTERS, *_SIGNS, *_LONG])
_TEXT = st.one_of(st.text(max_size=40), _ODD, st.text(st.characters(codec="latin-1"), max_size=300))
_PLACES = [("Victoria", "3065"), ("NSW", "2000"), ("ACT", "2600"), ("Northern Territory", "0800"), ("VIC", "2000")]


_ABROAD = st.sampled_from([*["NZ"] * 20, *(country.alpha_2 for country in pycountry.countries)])
_ODD_ADDRESS = st.dictionaries(st.sampled_from(sorted(JANE.keys() - {"country_iso2"})), _TEXT, max_size=2)
_ODD_LINE = st.dictionaries(
    st.sampled_from(["sku", "name", "upc", "wrapping_name", "wrapping_message", "engraving"]), _TEXT, max_size=2
)
# What shoppers get wrong, whole: chance alone would seldom hit it.
_WRONG = st.sampled_from(
    [
        {"zip": "30000"},
        {"zip": "3O65"},
        {"zip": "VIC 3065"},
        {"country": "Narnia", "country_iso2": ""},
        {"country": "Austrailia", "country_iso2": ""},
        {"phone": "0412 345 678 or 0498 765 432"},
        {"email": "e" * 250 + "@example.com"},
        {"last_name": "Featherstonehaugh Cholmondeley-Warner 1234567890123456789012345"},
    ]
)
_RATES = st.sampled_from([Decimal(0), Decimal("0.1"), Decimal("0.15")])


@st.composite
def _address(draw: st.DrawFn) -> dict[str, Any]:
    """Jane's, or one elsewhere, or one with a usual mistake, with two fields at most that hold anything."""
    found = dict(JANE)
    match draw(st.sampled_from(["home", "home", "state", "abroad", "wrong"])):
        case "wrong":
            found |= draw(_WRONG)
        case "state":
            found["state"], found["zip"] = draw(st.sampled_from(_PLACES))
        case "abroad":
            found |= {"country": "", "country_iso2": draw(_ABROAD)}
    return found | draw(_ODD_ADDRESS)


@st.composite
def _line(draw: st.DrawFn, number: int) -> dict[str, Any]:
    quantity, inc = draw(st.integers(1, 400)), draw(st.decimals(0, 5000, places=4))
    odd = draw(_ODD_LINE)
    engraving = {"display_name": "Engraving", "display_value": odd.pop("engraving", ""), "type": "Text field"}
    return line(
        number,
        odd.pop("sku", draw(st.sampled_from(["CUP", "TEE", "KIT"]))),
        quantity,
        price_inc_tax=str(inc),
        price_ex_tax=str((inc / (1 + draw(_RATES))).quantize(Decimal("0.0001"))),
        discounted_total_inc_tax=str(inc * quantity * draw(st.sampled_from([Decimal(1), Decimal("0.333")]))),
        product_options=[engraving],
        **odd,
    )


@st.composite
def _case(draw: st.DrawFn) -> tuple[Any, Any]:
    lines = [draw(_line(number)) for number in range(1, draw(st.sampled_from([2, 2, 3])))]
    cost, ship = draw(st.decimals(0, 200, places=2)), draw(_address())
    bill = ship if draw(st.booleans()) else draw(_address())
    place = address(51, *lines, **ship, cost_inc_tax=str(cost), cost_ex_tax=str(cost))
    message = draw(st.just("") | _TEXT)
    found = order(place, billing_address=bill, customer_message=message, customer_id=draw(st.integers(0, 2**31)))
    rules = draw(st.just(()) | st.just(tuple(RULES)) | st.sets(st.sampled_from(sorted(RULES))).map(tuple))
    store = settings(
        prefix=draw(st.sampled_from(["AC-", "", "A" * 20])),
        repairs=tuple("phone=03 9000 0000" if rule == "phone" else rule for rule in rules),
        bundles={"KIT": {"CUP": 1, "TEE": 2}},
        dispatch={"default": draw(st.sampled_from(["AP", "EP EXP"]))},
        fm={"item_is": draw(st.sampled_from(["line", "unit"]))},
    )
    return found, store


def _let_through(case: tuple[Any, Any]) -> list[bool]:
    """Whether each parcel passes; asserts that FM takes those that do, and that mending again changes nothing."""
    read, store = case
    passes = []
    for parcel in parcels(read, store):
        one = mended(build(read, parcel, store), parcel.consignment.id, store)
        passes.append(not one.problems)
        if one.problems:
            continue
        assert mended(one.document, parcel.consignment.id, store).document == one.document
        text = order_document(LOGIN, one.document)
        sent = read_order(open_document(text, "OrderList"))
        fm = FmSettings(international_item=store.fm.item_is)
        assert judge(sent, fm, lambda code: True) == []
    return passes


@pytest.mark.parametrize("examples", [300, pytest.param(2500, marks=pytest.mark.slow)])
def test_whatever_the_preflight_lets_through_fm_accepts(examples: int) -> None:
    seen: Counter[bool] = Counter()

    @seed(examples)
    @hypothesis_settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(_case())
    def holds(case: tuple[Any, Any]) -> None:
        seen.update(_let_through(case))

    holds()
    # Were nothing let through, nothing would be shown; were all, nothing would be tried.
    assert seen[True] > examples // 20
    assert seen[False] > examples // 20


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(_case(), st.sampled_from(FIELDS), _TEXT)
def test_a_value_that_a_person_may_give_leaves_no_problem_in_its_field(
    case: tuple[Any, Any], field: str, value: str
) -> None:
    read, store = case
    for parcel in parcels(read, store):
        built = build(read, parcel, store)
        value = " ".join(value.split())
        if refusal(built, field, value, store):
            continue
        address = 0 if field.startswith("Billing") else parcel.consignment.id
        one = mended(built, parcel.consignment.id, store, [Repair(address, field, value, text_of(built, field))])
        assert field not in [problem.field for problem in one.problems]
