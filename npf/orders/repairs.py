"""Repairs: what goes to FM in the place of what it would refuse. Pure.

    document.build -> what a person gave -> what the store's rules find -> the document that FM is asked for

Nothing of it is ever written to BigCommerce. What a person gave stands only as long as what it replaces does: where the
field was changed in BigCommerce since, it is stale. A rule never overrules a person.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

import msgspec

from npf.fm.limits import Problem
from npf.fm.proposals import Proposal
from npf.orders import document
from npf.orders.parcels import Repair
from npf.stores.maps import Settings
from npf.warehouse.records import SalesOrder

_OF_AN_ADDRESS = (
    *("FirstName", "LastName", "CompanyName", "Address1", "Address2"),
    *("City", "State", "PostCode", "Country"),
)
FIELDS = (
    *(f"ShippingAddress.{name}" for name in _OF_AN_ADDRESS),
    *(f"BillingAddress.{name}" for name in (*_OF_AN_ADDRESS, "Phone", "Email")),
    *(
        f"DespatchDetails.{name}"
        for name in ("DispatchMethod", "CustomerMessage", "ArticleValue", "ArticleDescription")
    ),
)
"""What a repair may replace. Not the number, which finds the order again, nor the goods and their money."""


class Mended(msgspec.Struct, frozen=True):
    """A document after its repairs: those `used`, and the `stale` ones. `problems`: what FM would still refuse.

    `says`: what the store's rules did, as clauses for the timeline.
    """

    document: SalesOrder
    problems: list[Problem]
    says: list[str]
    used: list[Repair]
    stale: list[Repair]


def mended(order: SalesOrder, address: int, settings: Settings, repairs: Iterable[Repair] = ()) -> Mended:
    """The document of the parcel to an order_address_id, with the repairs of its order and the rules of its store."""
    mine = [one for one in repairs if one.address in (0, address)]
    used = [one for one in mine if text_of(order, one.field) == one.replaces]
    stale = [one for one in mine if one not in used]
    for one in used:
        order = with_text(order, one.field, one.value)
    given = {one.field for one in used}
    rules = rules_of(settings)
    says: list[str] = []
    while True:
        problems = document.problems(order, settings)
        found = [(one, by) for one in problems if one.field not in given and (by := _by_rule(one, rules)) is not None]
        if not found:
            return Mended(order, problems, says, used, stale)
        # One at a time: what it fills can be what the next proposal is made of.
        problem, proposal = found[0]
        given.add(problem.field)
        order = with_text(order, problem.field, proposal.value)
        was = f"in place of “{problem.value}”" if problem.value else "where nothing stands"
        says.append(f"{problem.field} is “{proposal.value}” {was}, by the store's rule {proposal.always}")


def rules_of(settings: Settings) -> dict[str, str]:
    """The rules that a store has on: name -> its value, "" for a rule that needs none."""
    pairs = (one.partition("=") for one in settings.parameters.repairs)
    return {name: value for name, _, value in pairs}


def _by_rule(problem: Problem, rules: Mapping[str, str]) -> Proposal | None:
    if problem.field == "BillingAddress.Phone" and problem.rule == "required" and "phone" in rules:
        return Proposal(rules["phone"], "the store's", "phone")
    return next((one for one in problem.proposals if one.always in rules), None)


def text_of(order: SalesOrder, field: str) -> str:
    """What stands in one of FIELDS."""
    group, _, name = field.partition(".")
    return str(getattr(getattr(order, group), name))


def with_text(order: SalesOrder, field: str, value: str) -> SalesOrder:
    """The document with another text in one of FIELDS. Raises ValueError for an amount that is none."""
    group, _, name = field.partition(".")
    filled: str | Decimal = value
    if name == "ArticleValue":
        try:
            filled = Decimal(value)
        except InvalidOperation:
            raise ValueError(f"“{value}” is no amount; write it as 12.50") from None
    part = msgspec.structs.replace(getattr(order, group), **{name: filled})
    return msgspec.structs.replace(order, **{group: part})


def refusal(order: SalesOrder, field: str, value: str, settings: Settings) -> str:
    """Why FM would refuse a value in one of FIELDS; "" = it would not."""
    try:
        tried = with_text(order, field, value)
    except ValueError as wrong:
        return str(wrong)
    return next((one.text for one in document.problems(tried, settings) if one.field == field), "")
