"""What FM would refuse, known before it is asked (WEBSERVICE section 1). Pure.

problems(order) -> [] : FM has no documented reason to refuse it
                   [Problem(field, rule, value, proposals), ...] : hold it, a person takes a proposal or another value
"""

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import msgspec

from npf.core import countries
from npf.core.money import cents
from npf.fm import australia
from npf.fm.codes import DISPATCH_METHODS
from npf.fm.proposals import Proposal, propose
from npf.fm.text import fit, holds
from npf.warehouse.records import Address, Product, SalesOrder, Totals

Rule = Literal[
    "required",
    "length",
    "characters",
    "comma",
    "postcode",
    "state",
    "country",
    "dispatch",
    "one item",
    "quantity",
    "money",
]
ItemIs = Literal["line", "unit"]

CENT = Decimal("0.01")
_BEYOND = 10**9  # no sum and no quantity of an order comes near it


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that FM would refuse.

    `field` is FM's path with dots; lines count from 1 (`Products[1].Code`). `value` is what stands there, `proposals`
    what could stand there instead, the likeliest first; none where nobody can know. `beside` is what it does not fit.
    """

    field: str
    rule: Rule
    value: str
    proposals: tuple[Proposal, ...] = ()
    beside: str = ""

    @property
    def repair(self) -> str:
        """The likeliest value; "" for none."""
        return self.proposals[0].value if self.proposals else ""

    @property
    def text(self) -> str:
        """What is wrong, as a clause for an operator."""
        return _SENTENCES[self.rule].format(
            field=self.field, value=self.value, limit=_longest(self.field), beside=self.beside
        )


_SENTENCES: dict[Rule, str] = {
    "required": "{field} is empty, FM requires it",
    "length": "{field} is longer than {limit} characters: “{value}”",
    "characters": "{field} has characters that FM cannot hold: “{value}”",
    "comma": "{field} has a comma, so that FM cannot be asked for it: “{value}”",
    "postcode": "{field} is no post code of Australia, which has four digits: “{value}”",
    "state": "{field} “{value}” does not go with the post code {beside}",
    "country": "{field} is no country by the name that FM uses: “{value}”",
    "dispatch": "{field} is no dispatch code of FM: “{value}”",
    "one item": "an order to another country can have only one item, this one has {value}",
    "quantity": "{field} must be a whole number above 0: {value}",
    "money": "{field} does not add up: {value}",
}

# What may be changed by rule: people read it, no system looks it up.
_PROSE = frozenset(
    {
        *("FirstName", "LastName", "CompanyName", "Address1", "Address2", "City", "State"),
        *("CustomerMessage", "ArticleDescription", "Description"),
    }
)
_ADDRESS: dict[str, tuple[bool, int]] = {
    "FirstName": (True, 50),
    "LastName": (True, 30),
    "CompanyName": (False, 255),
    "Address1": (True, 50),
    "Address2": (False, 255),
    "City": (True, 50),
    "State": (True, 50),
    "PostCode": (True, 10),
    "Country": (True, 40),
}
LIMITS: dict[str, tuple[bool, int]] = {
    "SalesOrderNo": (True, 30),
    "CustomerNo": (True, 30),
    **{f"BillingAddress.{name}": limit for name, limit in _ADDRESS.items()},
    "BillingAddress.Phone": (True, 15),
    "BillingAddress.Email": (False, 255),
    **{f"ShippingAddress.{name}": limit for name, limit in _ADDRESS.items()},
    "DespatchDetails.DispatchMethod": (True, 30),
    "DespatchDetails.CustomerMessage": (False, 100),
    "DespatchDetails.ArticleDescription": (False, 100),
    "DespatchDetails.WebSiteCode": (False, 255),
    "Products.Code": (True, 30),
    "Products.Description": (True, 255),
    "Products.BarCode": (False, 100),
}
"""Path -> (required, longest text), as WEBSERVICE section 1 lists them; the lines of `Products` share a path."""


@lru_cache(maxsize=4096)
def _limit(field: str) -> tuple[bool, int]:
    """(required, longest text) of a path, whatever line of `Products` it names."""
    return LIMITS.get(re.sub(r"\[\d+\]", "", field), (False, 0))


def _longest(field: str) -> int:
    return _limit(field)[1]


def problems(
    order: SalesOrder,
    *,
    domestic_countries: Iterable[str] = ("Australia", "New Zealand"),
    dispatch_methods: Collection[str] = DISPATCH_METHODS,
    item_is: ItemIs = "line",
) -> list[Problem]:
    """Everything in the order that FM would refuse, in the sequence of the document; none = send it.

    `domestic_countries` are names, ISO2 or ISO3: an order that ships elsewhere may have one item. Whether FM means
    a line or a unit by that is unknown: `item_is`.
    """
    domestic = {countries.iso2(name) or name for name in domestic_countries}
    found = [*_top(order)]
    found += _address("BillingAddress", order.BillingAddress)
    found += _address("ShippingAddress", order.ShippingAddress)
    found += _despatch(order, dispatch_methods)
    if countries.iso2(order.ShippingAddress.Country) not in {None, *domestic}:
        found += _international(order, item_is)
    found += _lines(order.Products)
    found += _money(order.Products, order.Totals)
    return [_with_proposals(order, one) for one in found]


def _with_proposals(order: SalesOrder, one: Problem) -> Problem:
    if one.proposals:
        return one
    return msgspec.structs.replace(one, proposals=propose(order, one.field, one.rule, one.value, _longest(one.field)))


def _text(field: str, value: str) -> Iterator[Problem]:
    """Presence, length and characters of one text. What is too long may be cut where it is prose, a code never."""
    required, longest = _limit(field)
    value = value.strip()
    prose = field.rpartition(".")[2] in _PROSE
    if not value:
        if required:
            yield Problem(field, "required", "")
    elif not holds(value):
        yield Problem(field, "characters", value)
    elif len(value) > longest:
        shorter = fit(value, longest) if prose else ""
        yield Problem(field, "length", value, (Proposal(shorter, "cut"),) if shorter else ())


def _top(order: SalesOrder) -> Iterator[Problem]:
    yield from _text("SalesOrderNo", order.SalesOrderNo)
    if "," in order.SalesOrderNo:
        yield Problem("SalesOrderNo", "comma", order.SalesOrderNo)
    yield from _text("CustomerNo", order.CustomerNo)


def _address(path: str, address: Address) -> Iterator[Problem]:
    for name in _ADDRESS:
        yield from _text(f"{path}.{name}", getattr(address, name))
    if path == "BillingAddress":
        yield from _text("BillingAddress.Phone", address.Phone)
        yield from _text("BillingAddress.Email", address.Email)
    yield from _country(f"{path}.Country", address.Country)
    if countries.iso2(address.Country) == "AU":
        yield from _australian(path, address)


def _country(field: str, value: str) -> Iterator[Problem]:
    value = value.strip()
    if not value or not holds(value):
        return
    code = countries.iso2(value)
    if code is None or countries.name(code) != value:
        yield Problem(field, "country", value)


def _australian(path: str, address: Address) -> Iterator[Problem]:
    """The post code, and the state that it goes with. What is wrong with the one says nothing of the other."""
    postcode, state = address.PostCode.strip(), address.State.strip()
    states = australia.states_of(postcode)
    if postcode and not states:
        yield Problem(f"{path}.PostCode", "postcode", postcode)
    elif states and state and australia.state(state) not in states:
        yield Problem(f"{path}.State", "state", state, beside=f"{postcode} of {australia.NAMES[states[0]]}")


def _despatch(order: SalesOrder, dispatch_methods: Collection[str]) -> Iterator[Problem]:
    details = order.DespatchDetails
    method = details.DispatchMethod.strip()
    yield from _text("DespatchDetails.DispatchMethod", method)
    if method and method not in dispatch_methods:
        folded = {code.casefold(): code for code in dispatch_methods}
        near = folded.get(" ".join(method.split()).casefold())
        proposals = (Proposal(near, "FM's code"),) if near else ()
        yield Problem("DespatchDetails.DispatchMethod", "dispatch", method, proposals)
    for name in ("CustomerMessage", "ArticleDescription", "WebSiteCode"):
        yield from _text(f"DespatchDetails.{name}", getattr(details, name))
    if not _to_the_cent(details.ArticleValue):
        yield Problem("DespatchDetails.ArticleValue", "money", str(details.ArticleValue))


def _international(order: SalesOrder, item_is: ItemIs) -> Iterator[Problem]:
    units = sum(product.Quantity for product in order.Products)
    items = len(order.Products) if item_is == "line" else units
    if items > 1:
        yield Problem("Products", "one item", f"{items} {item_is}s")
    # 02010 speaks of data that is missing and does not say which: these two are what customs ask for.
    if not order.DespatchDetails.ArticleDescription.strip() and order.Products:
        yield Problem("DespatchDetails.ArticleDescription", "required", "")
    if order.DespatchDetails.ArticleValue == 0:
        yield Problem("DespatchDetails.ArticleValue", "required", "")


def _lines(products: list[Product]) -> Iterator[Problem]:
    if not products:
        yield Problem("Products", "required", "")
    for number, product in enumerate(products, 1):
        path = f"Products[{number}]"
        yield from _text(f"{path}.Code", product.Code)
        yield from _text(f"{path}.Description", product.Description)
        yield from _text(f"{path}.BarCode", product.BarCode)
        if not 1 <= product.Quantity < _BEYOND:
            yield Problem(f"{path}.Quantity", "quantity", str(product.Quantity))


def _to_the_cent(value: Decimal) -> bool:
    return value.is_finite() and 0 <= value < _BEYOND and value == cents(value)


def _with_gst(price: Decimal, percent: int) -> Decimal:
    return cents(price * (100 + percent) / 100)


def _money(products: list[Product], totals: Totals) -> Iterator[Problem]:
    """Every relation of WEBSERVICE's "Money"; prices with and without GST may differ by the cent of rounding."""
    amounts = [
        *((f"Products[{n}].{name}", getattr(product, name))
          for n, product in enumerate(products, 1)
          for name in ("SalesPrice", "SalesPricesIncludesGST", "Amount")),
        *((f"Totals.{name}", getattr(totals, name))
          for name in ("SubTotal1", "P_H_Cost", "P_H_IncludesGST", "SubTotal2", "DiscountAmount", "Total")),
    ]  # fmt: skip
    wrong = [Problem(field, "money", str(value)) for field, value in amounts if not _to_the_cent(value)]
    if wrong:
        # Sums over amounts that are no amounts say nothing.
        yield from wrong
        return
    for number, product in enumerate(products, 1):
        yield from _line_money(f"Products[{number}]", product)
    yield from _sum("Totals.SubTotal1", totals.SubTotal1, sum((p.Amount for p in products), Decimal(0)))
    yield from _percent("Totals.P_H_GST", totals.P_H_GST)
    handling = _with_gst(totals.P_H_Cost, totals.P_H_GST)
    yield from _sum("Totals.P_H_IncludesGST", totals.P_H_IncludesGST, handling, within=CENT)
    yield from _sum("Totals.SubTotal2", totals.SubTotal2, totals.SubTotal1 + totals.P_H_IncludesGST)
    yield from _percent("Totals.DiscountPercentage", totals.DiscountPercentage)
    discount = cents(totals.SubTotal2 * totals.DiscountPercentage / 100)
    yield from _sum("Totals.DiscountAmount", totals.DiscountAmount, discount)
    yield from _sum("Totals.Total", totals.Total, totals.SubTotal2 - totals.DiscountAmount)


def _line_money(path: str, product: Product) -> Iterator[Problem]:
    yield from _percent(f"{path}.GST", product.GST)
    gross = _with_gst(product.SalesPrice, product.GST)
    yield from _sum(f"{path}.SalesPricesIncludesGST", product.SalesPricesIncludesGST, gross, within=CENT)
    yield from _sum(f"{path}.Amount", product.Amount, product.SalesPricesIncludesGST * product.Quantity)


def _percent(field: str, value: int) -> Iterator[Problem]:
    if not 0 <= value <= 100:
        yield Problem(field, "money", f"{value} per cent")


def _sum(field: str, value: Decimal, expected: Decimal, within: Decimal = Decimal(0)) -> Iterator[Problem]:
    if abs(value - expected) > within:
        yield Problem(field, "money", f"{value}, expected {expected}")
