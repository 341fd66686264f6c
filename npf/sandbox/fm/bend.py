"""Answers that are not quite right: an answer document in, the same with what a fault does to it out.

Where a document has nothing that the fault could spoil (no figure, no date), it stays as it is.
"""

import re
from collections.abc import Callable

NO_DATE = "30-Nov--0001"
"""What PHP's date("d-M-Y") makes of MySQL's 0000-00-00."""
STRANGE_STATUS = "AWAITING WAVE 7"
_ROW = re.compile(r"<(Order|Product)>(?:(?!</\1>).)*<(?:SalesOrderNo|ProductCode)>.*?</\1>", re.DOTALL)
_TEXT = re.compile(r">([^<>]+)</")


def bend(kind: str, text: str) -> str:
    """`text` as the fault of that kind leaves it; unchanged for every other kind."""
    spoil = _SPOILERS.get(kind)
    return text if spoil is None else spoil(text)


def as_client(text: str, client_code: str) -> str:
    """The document with another client's code on it."""
    return re.sub(r"(<ClientCode>\s*)[^<]*", lambda found: found[1] + client_code, text)


def _duplicate(text: str) -> str:
    return _ROW.sub(lambda row: row[0] * 2, text, count=1)


def _wrong_number(text: str) -> str:
    return re.sub(r"(<SalesOrderNo>\s*[^<]*)", r"\g<1>-X", text, count=1)


def _no_number(text: str) -> str:
    return re.sub(r"<NPFOrderNo>[^<]*</NPFOrderNo>", "", text)


def _text_number(text: str) -> str:
    numbers = r"<(StockonHand|BOQuantity|Quantity|FrieghtCharges)>[^<]*"
    return re.sub(numbers, r"<\1>see note", text, count=1)


def _strange_status(text: str) -> str:
    return re.sub(r"<OrderStatus>[^<]*", f"<OrderStatus>{STRANGE_STATUS}", text, count=1)


def _zero_dates(text: str) -> str:
    text = re.sub(r"<StatusTime>[^<]*", f"<StatusTime>{NO_DATE} 00:00:00", text)
    return re.sub(r"<DespatchDate>[^<]*", f"<DespatchDate>{NO_DATE}", text)


def _ragged(text: str) -> str:
    return _TEXT.sub(r">\n\t  \1 \t\n</", text)


def _bare_ampersand(text: str) -> str:
    free = r"<(OrderStatusMessage|ErrorDetail|ManifestNo|TrackingLink|BatchCode)>([^<]+)"
    return re.sub(free, r"<\1>\2 &ref=a & b", text)


_SPOILERS: dict[str, Callable[[str], str]] = {
    "duplicate": _duplicate,
    "wrong-number": _wrong_number,
    "no-number": _no_number,
    "no-contents": lambda text: "No Contents",
    "text-number": _text_number,
    "strange-status": _strange_status,
    "zero-dates": _zero_dates,
    "ragged": _ragged,
    "bare-ampersand": _bare_ampersand,
    "empty": lambda text: "",
}
