"""What FM would refuse, known before it is asked (WEBSERVICE section 1). Pure.

problems(order) -> [] : FM has no documented reason to refuse it
                   [Problem(field, rule, value, repair), ...] : hold it, a person takes the repair or another
"""

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import msgspec

from npf.core import countries
from npf.core.money import cents
from npf.fm.codes import DISPATCH_METHODS
from npf.fm.records import Address, Product, SalesOrder, Totals
from npf.fm.text import clean, fit, holds, latin1

Rule = Literal[
    "required", "length", "characters", "comma", "postcode", "country", "dispatch", "one item", "quantity", "money"
]
ItemIs = Literal["line", "unit"]

CENT = Decimal("0.01")
_BEYOND = 10**9  # no sum and no quantity of an order comes near it


class Problem(msgspec.Struct, frozen=True):
    """One thing that FM would refuse.

    `field` is FM's path with dots; lines count from 1 (`Products[1].Code`). `value` is what stands there, `repair`
    what could stand there instead, "" where nobody can know.
    """

    field: str
    rule: Rule
    value: str
    repair: str = ""

    @property
    def text(self) -> str:
        """A sentence for an operator."""
        what = _SENTENCES[self.rule].format(field=self.field, value=self.value, limit=_longest(self.field))
        return f"{what}; use {self.repair!r}?" if self.repair else what


_SENTENCES: dict[Rule, str] = {
    "required": "{field} is empty, FM requires it",
    "length": "{field} is longer than {limit} characters: {value!r}",
    "characters": "{field} has characters that FM cannot hold: {value!r}",
    "comma": "{field} has a comma, so that FM cannot be asked for it: {value!r}",
    "postcode": "{field} must be four digits in Australia: {value!r}",
    "country": "{field} is no country by the name that FM uses: {value!r}",
    "dispatch": "{field} is no dispatch code of FM: {value!r}",
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
    found += _address("BillingAddress", order.BillingAddress, order.ShippingAddress)
    found += _address("ShippingAddress", order.ShippingAddress, order.BillingAddress)
    found += _despatch(order, dispatch_methods)
    if countries.iso2(order.ShippingAddress.Country) not in {None, *domestic}:
        found += _international(order, item_is)
    found += _lines(order.Products)
    found += _money(order.Products, order.Totals)
    return found


def _text(field: str, value: str, repair: str = "") -> Iterator[Problem]:
    """Presence, length and characters of one text; `repair` is what could fill it where it is empty."""
    required, longest = _limit(field)
    value = value.strip()
    if not value:
        if required:
            yield Problem(field, "required", "", fit(repair, longest))
    elif not holds(value):
        plain = latin1(value)
        yield Problem(field, "characters", value, plain if len(plain) <= longest else _shorter(field, plain))
    elif len(value) > longest:
        yield Problem(field, "length", value, _shorter(field, value))


def _shorter(field: str, value: str) -> str:
    """What is too long, cut where it may be: prose by rule, a phone number by its decoration, a code never."""
    longest = _longest(field)
    if field.rpartition(".")[2] in _PROSE:
        return fit(value, longest)
    if field.endswith(".Phone"):
        digits = re.sub(r"[^\d+]", "", value)
        return digits if len(digits) <= longest else ""
    return ""


def _top(order: SalesOrder) -> Iterator[Problem]:
    yield from _text("SalesOrderNo", order.SalesOrderNo)
    if "," in order.SalesOrderNo:
        yield Problem("SalesOrderNo", "comma", order.SalesOrderNo)
    yield from _text("CustomerNo", order.CustomerNo)


def _address(path: str, address: Address, other: Address) -> Iterator[Problem]:
    fill = _fillings(address, other)
    for name in _ADDRESS:
        yield from _text(f"{path}.{name}", getattr(address, name), fill.get(name, ""))
    if path == "BillingAddress":
        yield from _text("BillingAddress.Phone", address.Phone, other.Phone)
        yield from _text("BillingAddress.Email", address.Email)
    yield from _country(f"{path}.Country", address.Country)
    yield from _postcode(f"{path}.PostCode", address)


def _fillings(address: Address, other: Address) -> dict[str, str]:
    """What could stand in an empty field of an address, taken from its neighbours, then from the other address."""
    first, last = address.FirstName.split(), address.LastName.split()
    return {
        "FirstName": " ".join(last[:-1]) or latin1(address.CompanyName) or other.FirstName,
        "LastName": (first[-1] if len(first) > 1 else "") or latin1(address.CompanyName) or other.LastName,
        "Address1": address.Address2,
        "State": address.City if countries.iso2(address.Country) not in {None, "AU"} else "",
    }


def _country(field: str, value: str) -> Iterator[Problem]:
    value = value.strip()
    if not value or not holds(value):
        return
    code = countries.iso2(value)
    if code is None:
        yield Problem(field, "country", value, countries.nearest(value) or "")
    elif countries.name(code) != value:
        yield Problem(field, "country", value, countries.name(code))


def _postcode(field: str, address: Address) -> Iterator[Problem]:
    value = address.PostCode.strip()
    if not value or countries.iso2(address.Country) != "AU" or re.fullmatch(r"[0-9]{4}", value):
        return
    inside = re.findall(r"(?<!\d)[0-9]{4}(?!\d)", latin1(value))
    if re.fullmatch(r"[0-9]{3}", value):
        # The Northern Territory's 0800 loses its zero in spreadsheets.
        yield Problem(field, "postcode", value, "0" + value)
    else:
        yield Problem(field, "postcode", value, inside[0] if len(inside) == 1 else "")


def _despatch(order: SalesOrder, dispatch_methods: Collection[str]) -> Iterator[Problem]:
    details = order.DespatchDetails
    method = details.DispatchMethod.strip()
    yield from _text("DespatchDetails.DispatchMethod", method)
    if method and method not in dispatch_methods:
        folded = {code.casefold(): code for code in dispatch_methods}
        repair = folded.get(" ".join(method.split()).casefold(), "")
        yield Problem("DespatchDetails.DispatchMethod", "dispatch", method, repair)
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
        first = clean(order.Products[0].Description, _longest("DespatchDetails.ArticleDescription"))
        yield Problem("DespatchDetails.ArticleDescription", "required", "", first)
    if order.DespatchDetails.ArticleValue == 0:
        yield Problem("DespatchDetails.ArticleValue", "required", "", str(order.Totals.SubTotal1))


def _lines(products: list[Product]) -> Iterator[Problem]:
    if not products:
        yield Problem("Products", "required", "")
    for number, product in enumerate(products, 1):
        path = f"Products[{number}]"
        yield from _text(f"{path}.Code", product.Code)
        yield from _text(f"{path}.Description", product.Description, product.Code)
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
        yield Problem(field, "money", f"{value}, expected {expected}", str(expected))
