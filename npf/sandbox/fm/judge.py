"""Judges an order whose form is sound: names, codes and money (WEBSERVICE.md section 1)."""

import re
from collections.abc import Callable, Iterator

from .countries import NAMES
from .documents import OrderFields
from .errors import MEANINGS, Problem, problem
from .fields import DISPATCH_METHODS
from .settings import Settings
from .states import lies_in

_AUSTRALIAN_POST_CODE = re.compile(r"[0-9]{4}")


def judge(order: OrderFields, settings: Settings, sold: Callable[[str], bool]) -> list[Problem]:
    """All problems of an order, those of its form first. `sold` says whether a product code is known."""
    problems = list(order.problems)
    problems += _products(order, sold)
    problems += _countries(order)
    problems += _despatch(order, settings)
    problems += _post_codes(order, settings)
    # Sums are compared only where every number could be read; otherwise one mistake would be reported many times.
    if not order.problems:
        problems += _money(order)
    return problems


def refusal_asked_for(order: OrderFields) -> Problem | None:
    """The refusal that a product `REFUSE-02011` asks for: so any code can be had, those without a known cause too."""
    for line in order.products:
        word, _, code = line.get("Code", "").partition("-")
        if word == "REFUSE" and code in MEANINGS:
            return problem(code, f"asked for by product {line['Code']}")
    return None


def _products(order: OrderFields, sold: Callable[[str], bool]) -> Iterator[Problem]:
    codes = dict.fromkeys(line.get("Code", "") for line in order.products)
    unknown = [code for code in codes if code.strip() and not sold(code)]
    if unknown:
        yield problem("02007", ", ".join(unknown))


def _countries(order: OrderFields) -> Iterator[Problem]:
    for group in ("BillingAddress", "ShippingAddress"):
        country = _text(order, group, "Country")
        if country.strip() and country not in NAMES:
            yield problem("02008", f"{group}/Country '{country}'")


def _despatch(order: OrderFields, settings: Settings) -> Iterator[Problem]:
    method = _text(order, "DespatchDetails", "DispatchMethod")
    if method.strip() and method not in DISPATCH_METHODS:
        yield problem(settings.dispatch_code, f"DespatchDetails/DispatchMethod '{method}'")
    if method in settings.no_handling_cost:
        yield problem("02011", f"DespatchDetails/DispatchMethod '{method}'")
    country = _text(order, "ShippingAddress", "Country")
    if country not in NAMES or country in settings.domestic_countries:
        return
    # Which data customs want is not documented; a value of nothing tells them nothing.
    missing = [
        f"DespatchDetails/{name}"
        for name in ("ArticleValue", "ArticleDescription")
        if not _text(order, "DespatchDetails", name).strip("0. ")
    ]
    if missing:
        yield problem("02010", ", ".join(missing))
    items = len(order.products)
    if settings.international_item == "unit" and not order.problems:
        items = sum(int(line["Quantity"]) for line in order.products)
    if items > 1:
        yield problem("04001", f"{items} items to {country}")


def _post_codes(order: OrderFields, settings: Settings) -> Iterator[Problem]:
    for group in ("BillingAddress", "ShippingAddress"):
        code, state = _text(order, group, "PostCode"), _text(order, group, "State")
        if _text(order, group, "Country") != "Australia" or not code.strip():
            continue
        if not _AUSTRALIAN_POST_CODE.fullmatch(code):
            yield problem("04003", f"{group}/PostCode '{code}'")
        elif settings.post_code_checks_state and not lies_in(code, state):
            yield problem("04003", f"{group}/PostCode '{code}' is not in {state}")


def _money(order: OrderFields) -> Iterator[Problem]:
    """The sums of the documentation's own sample, in cents.

    A net price that was rounded to the cent can miss its gross one by a cent: that much is allowed between the two.
    The sums must fit exactly.
    """
    subtotal1 = 0
    for place, line in enumerate(order.products, start=1):
        path = f"Products/Product[{place}]/"
        net, tax = _cents(line["SalesPrice"]), int(line.get("GST", "0"))
        gross = _gross(net, tax)
        if told := line.get("SalesPricesIncludesGST"):
            if "GST" in line and _far(_cents(told), net, tax):
                yield _wrong(f"{path}SalesPricesIncludesGST", told, gross)
            gross = _cents(told)
        amount = gross * int(line["Quantity"])
        if _cents(line["Amount"]) != amount:
            yield _wrong(f"{path}Amount", line["Amount"], amount)
        subtotal1 += _cents(line["Amount"])
    yield from _totals(order.values["Totals"], subtotal1)


def _totals(totals: dict[str, str], lines: int) -> Iterator[Problem]:
    if _cents(totals["SubTotal1"]) != lines:
        yield _wrong("Totals/SubTotal1", totals["SubTotal1"], lines)
    net, tax = _cents(totals.get("P_H_Cost", "0")), int(totals.get("P_H_GST", "0"))
    handling = _gross(net, tax)
    if told := totals.get("P_H_IncludesGST"):
        if _far(_cents(told), net, tax):
            yield _wrong("Totals/P_H_IncludesGST", told, handling)
        handling = _cents(told)
    subtotal2 = _cents(totals["SubTotal1"]) + handling
    if _cents(totals["SubTotal2"]) != subtotal2:
        yield _wrong("Totals/SubTotal2", totals["SubTotal2"], subtotal2)
    subtotal2 = _cents(totals["SubTotal2"])
    percentage = int(totals.get("DiscountPercentage", "0"))
    if percentage > 100:
        yield Problem("1824", f"Element 'Totals/DiscountPercentage': '{percentage}' is more than 100.")
    discount = (subtotal2 * percentage + 50) // 100
    if told := totals.get("DiscountAmount"):
        # Half a cent either way: both ways of rounding a half are taken.
        if abs(_cents(told) * 100 - subtotal2 * percentage) > 50:
            yield _wrong("Totals/DiscountAmount", told, discount)
        discount = _cents(told)
    total = subtotal2 - discount
    if _cents(totals["Total"]) != total:
        yield _wrong("Totals/Total", totals["Total"], total)


def _text(order: OrderFields, group: str, name: str) -> str:
    found = order.values.get(group)
    text = found.get(name, "") if isinstance(found, dict) else ""
    return text if isinstance(text, str) else ""


def _cents(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")


def _gross(net: int, tax: int) -> int:
    return (net * (100 + tax) + 50) // 100


def _far(gross: int, net: int, tax: int) -> bool:
    return abs(net * (100 + tax) - gross * 100) > 100


def _wrong(element: str, told: str, cents: int) -> Problem:
    return Problem(
        "1824", f"Element '{element}': '{told}' does not add up, '{cents // 100}.{cents % 100:02d}' was expected."
    )
