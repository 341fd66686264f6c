"""What a refusal of FM means to the caller: FM's codes turned into the four kinds of npf.core.errors.

stop (login, client code)   -> LoginRefused, a FixSettings
there (02005, 03003)        -> AlreadyThere, a Skip
retry (500, 99999)          -> TryLater
anything else               -> Refused, a GiveUp
"""

import re

from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.fm import codes
from npf.warehouse.port import AlreadyThere
from npf.warehouse.records import Refusal


class Refused(GiveUp):
    """FM refuses the order: hold it. `code` is FM's first code, `field` what FM's detail names (commas between)."""

    def __init__(self, message: str, refusals: list[Refusal], *, code: str, field: str, repair: str) -> None:
        super().__init__(message, code=code, field=field, repair=repair)
        self.refusals = refusals


class LoginRefused(FixSettings):
    """FM refuses the login or the client code: every store of this FM client stops."""

    def __init__(self, message: str, refusals: list[Refusal], *, parameter: str, cure: str) -> None:
        super().__init__(message, parameter=parameter, cure=cure)
        self.refusals = refusals


def refusal_error(refusals: list[Refusal], *, write: bool) -> NpfError:
    """The error to raise for what FM answered (at least one refusal).

    A wrong login outweighs all else, then "it is there", then what a person must decide; FM's own trouble counts
    only where it stands alone. `write` says that an order was sent: trouble then leaves it unclear whether FM
    has it.
    """
    entries = [(refusal, codes.known(refusal.code)) for refusal in refusals]
    message = "FM: " + "; ".join(_sentence(refusal, entry) for refusal, entry in entries)
    for _refusal, entry in entries:
        if entry and entry.action == "stop":
            return LoginRefused(message, refusals, parameter=entry.parameter, cure=entry.advice)
    if any(entry and entry.action == "there" for _refusal, entry in entries):
        return AlreadyThere(message, refusals)
    for refusal, entry in entries:
        if entry is None or entry.action == "hold":
            return Refused(
                message,
                refusals,
                code=refusal.code or "invalid",
                field=fields_in(refusal.detail) or (entry.field if entry else ""),
                repair=entry.advice if entry else "FM gives no documented reason: ask NPF, then send again.",
            )
    return TryLater(message, unclear=write)


def reading_error(refusals: list[Refusal]) -> NpfError:
    """The same for a question about status or stock: there is no order to hold, so it is asked again."""
    error = refusal_error(refusals, write=False)
    return error if isinstance(error, FixSettings) else TryLater(str(error))


def _sentence(refusal: Refusal, entry: codes.ErrorCode | None) -> str:
    meaning = entry.meaning if entry else "refused"
    number = f" ({refusal.code})" if refusal.code else ""
    return f"{meaning}{number}: {refusal.detail}" if refusal.detail else f"{meaning}{number}"


_NAMES = (
    *("SalesOrderNo", "OrderDate", "CustomerNo", "FirstName", "LastName", "CompanyName", "Address1", "Address2"),
    *("City", "State", "PostCode", "Country", "Phone", "Email", "DispatchMethod", "GiftWrappingRequired"),
    *("CustomerMessage", "ArticleValue", "ArticleDescription", "WebSiteCode", "Description", "BarCode"),
    *("Quantity", "SalesPrice", "SalesPricesIncludesGST", "Amount", "SubTotal1", "P_H_Cost", "P_H_GST"),
    *("P_H_IncludesGST", "SubTotal2", "DiscountPercentage", "DiscountAmount", "Total"),
)
_SECTIONS = {"billing": "BillingAddress", "shipping": "ShippingAddress"}


def _spaced(name: str) -> str:
    return r"[\s_]*".join(re.findall(r"[A-Z]+[a-z0-9]*|[a-z0-9]+", name))


# "PostCode", "Post Code" and "postcode" are one name to FM's people.
_ANY_NAME = "|".join(_spaced(name) for name in sorted(_NAMES, key=len, reverse=True))
_MENTION = re.compile(
    rf"\b(?:(?P<section>billing|shipping)[\s_]*(?:address)?[\s.:/>-]*)?(?P<name>{_ANY_NAME})\b", re.IGNORECASE
)
_BY_FOLDED = {name.replace("_", "").casefold(): name for name in _NAMES}


def fields_in(detail: str) -> str:
    """The fields of FM that an `ErrorDetail` names, by FM's own names, commas between; "" where it names none.

    >>> fields_in("Data missing: Billing Address LastName, Post Code")
    'BillingAddress.LastName, PostCode'
    """
    found: list[str] = []
    for mention in _MENTION.finditer(detail):
        name = _BY_FOLDED[re.sub(r"[\s_]", "", mention["name"]).casefold()]
        section = _SECTIONS[mention["section"].casefold()] + "." if mention["section"] else ""
        if section + name not in found:
            found.append(section + name)
    return ", ".join(found)
