"""FM's error codes and dispatch methods (WEBSERVICE section 1), in words for an operator."""

import re
from typing import Literal

import msgspec

Action = Literal["hold", "retry", "stop", "there"]


class ErrorCode(msgspec.Struct, frozen=True):
    """One code of FM.

    `meaning` is FM's own phrase, `advice` tells an operator what to do. `action`: hold = a person decides;
    retry = ask again later; stop = the settings of the whole FM client are wrong; there = FM has this order
    already. `parameter` is the setting to change where the action is stop. `field` is what the code is about
    where FM's detail names nothing.
    """

    code: str
    meaning: str
    action: Action
    advice: str
    parameter: str = ""
    field: str = ""


_LOGIN = "Check fm.username and fm.password against what NPF gave you."
_CLIENT = "Check fm.client_code against what NPF gave you."
_COMPARE = "FM has an order of this number: compare the two, then adopt it or hold."
_DISPATCH = "Map the shipping method to a dispatch code that NPF has set up for this client."
_OURS = "FM cannot read what was sent. This is a fault of the connector: report it with the exchange."

CODES: dict[str, ErrorCode] = {
    entry.code: entry
    for entry in (
        ErrorCode("100", "invalid XML", "hold", _OURS),
        ErrorCode("500", "internal server error", "retry", "FM has trouble; it is asked again by itself."),
        ErrorCode("99999", "unexpected error", "retry", "FM has trouble; it is asked again a few times."),
        ErrorCode("01001", "invalid login", "stop", _LOGIN, parameter="fm.username"),
        ErrorCode("02003", "invalid login", "stop", _LOGIN, parameter="fm.username"),
        ErrorCode("02002", "invalid client code", "stop", _CLIENT, parameter="fm.client_code"),
        ErrorCode("03001", "invalid client code", "stop", _CLIENT, parameter="fm.client_code"),
        ErrorCode("02001", "invalid order count", "hold", _OURS),
        ErrorCode("02005", "already imported", "there", _COMPARE, field="SalesOrderNo"),
        ErrorCode("03003", "duplicate order", "there", _COMPARE, field="SalesOrderNo"),
        ErrorCode("02006", "data missing", "hold", "Fill in what FM names, then send again."),
        ErrorCode(
            "02007",
            "invalid product code",
            "hold",
            "Map the SKU to a product code that FM knows, or have NPF create the product.",
            field="Products.Code",
        ),
        ErrorCode(
            "02008",
            "invalid country",
            "hold",
            "FM wants the full English name of the country.",
            field="ShippingAddress.Country",
        ),
        ErrorCode("02009", "invalid dispatch method", "hold", _DISPATCH, field="DespatchDetails.DispatchMethod"),
        ErrorCode("04002", "invalid dispatch method", "hold", _DISPATCH, field="DespatchDetails.DispatchMethod"),
        ErrorCode(
            "02010",
            "data for an international order is missing",
            "hold",
            "An order to another country needs the value and the description of the article.",
            field="DespatchDetails.ArticleDescription",
        ),
        ErrorCode(
            "02011",
            "handling cost is not defined",
            "hold",
            "NPF has no handling cost for this client and dispatch method: ask NPF to define it.",
            field="DespatchDetails.DispatchMethod",
        ),
        ErrorCode(
            "04001",
            "an international order can have only one item",
            "hold",
            "Split the order, one item each, or agree with NPF how it is to go.",
            field="Products",
        ),
        ErrorCode(
            "04003",
            "invalid post code",
            "hold",
            "Correct the post code; in Australia it has four digits.",
            field="ShippingAddress.PostCode",
        ),
        ErrorCode("1824", "invalid value for a named element", "hold", "Correct the value that FM names."),
    )
}

# A message without a code says one of these at times: the phrases that change what the caller does.
_PHRASES = {
    "invalid login": "02003",
    "invalid client code": "02002",
    "already imported": "02005",
    "duplicate order": "03003",
    "internal server error": "500",
    "unexpected error": "99999",
}

_BLANKS = re.compile(r"\s+")


def known(code: str) -> ErrorCode | None:
    """The entry of a code as FM writes it (stray spaces and lost leading zeros are forgiven), else None."""
    code = code.strip()
    return CODES.get(code) or CODES.get(code.zfill(5))


def code_in(message: str) -> str:
    """The code that a message without `ErrorCode` speaks of, by its number or by its phrase; "" for none."""
    found = re.match(r"\W*(\d{3,5})\b", message)
    if found and (entry := known(found[1])):
        return entry.code
    plain = _BLANKS.sub(" ", message).casefold()
    return next((code for phrase, code in _PHRASES.items() if phrase in plain), "")


DISPATCH_METHODS: tuple[str, ...] = (
    "AAE",
    "AP CD",
    "APM",
    "AP SM",
    "AP SMNZ",
    "AP",
    "CAPL",
    "CAPS",
    "DHL SM",
    "EDI",
    "EP DA",
    "EP IntAir",
    "EP",
    "EP Wine",
    "EP IntExp",
    "EP EXP",
    "EP IntAirMan",
    "EP MEL",
    "EP EXPMEL",
    "EP IntMEL",
    "EXT",
    "EXTC",
    "FASTWAYNZ",
    "FEDEXP",
    "FEDEX ECON",
    "LCR",
    "NZ PS",
    "NZ PC",
    "NZ TOLL",
    "QUAN",
    "ROSS",
    "STR EXP",
    "STR DG",
    "TNT EXPCTN",
    "TNT EXPECON",
    "TNT MELCTN",
    "TOLL EXPLSCTN",
    "TOLL PRICTN",
    "TOLL EXPCTN",
    "TOLL EXPMELCTN",
    "TOLL PRIMELCTN",
    "TOLL DGCTN",
    "AusPost Registered",
    "AusPost Express Post Parcel",
)
"""The codes of `DispatchMethod`, in the documentation's sequence."""
