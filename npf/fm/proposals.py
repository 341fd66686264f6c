"""What could stand in the place of what FM would refuse. Pure.

Each proposal says where its value comes from; most bear the name of a rule, by which a store can have it so for every
order. The rules are this closed set: what a person must know of one order (a street, a country) generalises to none.
"""

import re
from collections.abc import Callable, Iterator

import msgspec

from npf.core import countries
from npf.fm import australia
from npf.fm.text import fit, latin1, phone_numbers
from npf.warehouse.records import Address, SalesOrder

RULES = {
    "last_name_from_company": "Where the last name is empty, the company stands there.",
    "last_name_from_first_name": "Where the last name is empty, the last word of the first name stands there.",
    "first_name_from_company": "Where the first name is empty, the company stands there.",
    "first_name_from_last_name": "Where the first name is empty, what stands before the last word of the last name.",
    "names_from_other_address": "A name that is empty or illegible to FM is taken from the order's other address.",
    "street_from_second_line": "Where the first line of the street is empty, the second moves up.",
    "state_from_postcode": "In Australia, the post code says the state where it is empty or another one.",
    "state_from_city": "Outside Australia, where the state is empty, the city stands there.",
    "postcode_digits": "An Australian post code that lost its zero or stands among other text is put right.",
    "postcode_0000_where_none": "A country that has no post codes gets 0000.",
    "first_phone_number": "Of several phone numbers, the first that FM can hold is taken.",
    "leave_out_letters": "Letters that FM cannot hold are left out, where others remain.",
    "phone": "Where there is no phone number, this one stands there: phone=03 9000 0000.",
}
"""Name -> what it does. All are used by their name alone but `phone`, which is written with its number."""

# Countries without post codes (Universal Postal Union): FM requires one all the same.
_WITHOUT = """
AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GA GD GH GM GQ GY HK JM KI KM KN KP LY ML MO MR MW NR NU
QA RW SB SC SL SR ST SY TD TG TK TL TO TV UG VU WS YE ZW
"""
_NO_POST_CODES = frozenset(_WITHOUT.split())


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value. `source` says in words where it comes from; `always` is the rule of RULES that it follows."""

    value: str
    source: str = ""
    always: str = ""

    @property
    def words(self) -> str:
        """As a clause for an operator: use the company “Marina Mirage”."""
        return f"use {self.source} “{self.value}”" if self.source else f"use “{self.value}”"


def propose(order: SalesOrder, field: str, rule: str, value: str, longest: int) -> tuple[Proposal, ...]:
    """What could fill or replace a field, the likeliest first. `rule` as in limits.Problem; `longest` in characters."""
    path, _, name = field.rpartition(".")
    if path == "DespatchDetails":
        return _kept(_of_the_article(order, name), longest)
    if path not in ("BillingAddress", "ShippingAddress"):
        return ()
    address, other = order.BillingAddress, order.ShippingAddress
    if path == "ShippingAddress":
        address, other = other, address
    find = _BY_FIELD.get(name)
    found = [*find(address, other)] if find else []
    if rule == "characters":
        # What is illegible here is likelier legible at the other address than to be the company.
        found = [*_legible(value), *sorted(found, key=lambda one: one.always != "names_from_other_address")]
    return _kept(iter(found), longest)


def _kept(found: Iterator[Proposal], longest: int) -> tuple[Proposal, ...]:
    """Those that FM could hold, each value once. A name may be cut, a number never is (`fit`)."""
    kept: dict[str, Proposal] = {}
    for one in found:
        value = fit(latin1(one.value), longest or len(one.value))
        if value:
            kept.setdefault(value, msgspec.structs.replace(one, value=value))
    return tuple(kept.values())


def _legible(value: str) -> Iterator[Proposal]:
    plain = latin1(value)
    if any(char.isalnum() for char in plain):
        lossy = any(char.isalpha() and not latin1(char) for char in value)
        always = "leave_out_letters" if lossy else ""
        yield Proposal(plain, "what FM can hold of it,", always)


def _last_name(address: Address, other: Address) -> Iterator[Proposal]:
    first = address.FirstName.split()
    if len(first) > 1:
        yield Proposal(first[-1], "the last word of the first name,", "last_name_from_first_name")
    yield Proposal(address.CompanyName, "the company", "last_name_from_company")
    yield Proposal(other.LastName, "the last name of the other address,", "names_from_other_address")
    if len(first) == 1:
        yield Proposal(first[0], "the first name", "last_name_from_first_name")


def _first_name(address: Address, other: Address) -> Iterator[Proposal]:
    last = address.LastName.split()
    if len(last) > 1:
        yield Proposal(" ".join(last[:-1]), "the first words of the last name,", "first_name_from_last_name")
    yield Proposal(address.CompanyName, "the company", "first_name_from_company")
    yield Proposal(other.FirstName, "the first name of the other address,", "names_from_other_address")
    if len(last) == 1:
        yield Proposal(last[0], "the last name", "first_name_from_last_name")


def _street(address: Address, other: Address) -> Iterator[Proposal]:
    yield Proposal(address.Address2, "the second line", "street_from_second_line")


def _state(address: Address, other: Address) -> Iterator[Proposal]:
    code = countries.iso2(address.Country)
    if code == "AU":
        for state in australia.states_of(address.PostCode.strip()):
            written = australia.written(state, address.State)
            yield Proposal(written, f"the state of {address.PostCode.strip()},", "state_from_postcode")
    elif code is not None:
        yield Proposal(address.City, "the city", "state_from_city")


def _postcode(address: Address, other: Address) -> Iterator[Proposal]:
    value, code = address.PostCode.strip(), countries.iso2(address.Country)
    if code in _NO_POST_CODES and not value:
        yield Proposal("0000", "for a country without post codes", "postcode_0000_where_none")
    if code != "AU" or not value:
        return
    inside = re.findall(r"(?<!\d)[0-9]{4}(?!\d)", latin1(value))
    if re.fullmatch(r"[0-9]{3}", value):
        if australia.states_of("0" + value):
            # The Northern Territory's 0800 loses its zero in spreadsheets.
            yield Proposal("0" + value, "with the zero that it lost,", "postcode_digits")
    elif len(inside) == 1:
        yield Proposal(inside[0], "the four digits in it,", "postcode_digits")


def _country(address: Address, other: Address) -> Iterator[Proposal]:
    code = countries.iso2(address.Country)
    near = countries.name(code) if code else countries.nearest(address.Country)
    if near:
        yield Proposal(near, "FM's name")


def _phone(address: Address, other: Address) -> Iterator[Proposal]:
    for number in phone_numbers(address.Phone, 15):
        yield Proposal(number, "the number", "first_phone_number")
    yield Proposal(other.Phone, "the number of the other address,")


def _of_the_article(order: SalesOrder, name: str) -> Iterator[Proposal]:
    """What customs ask for of goods that go abroad."""
    if name == "ArticleDescription" and order.Products:
        yield Proposal(order.Products[0].Description, "the name of the article,")
    elif name == "ArticleValue" and order.Totals.SubTotal1 > 0:
        yield Proposal(str(order.Totals.SubTotal1), "what the goods cost,")


_BY_FIELD: dict[str, Callable[[Address, Address], Iterator[Proposal]]] = {
    "FirstName": _first_name,
    "LastName": _last_name,
    "Address1": _street,
    "State": _state,
    "PostCode": _postcode,
    "Country": _country,
    "Phone": _phone,
}
