"""Reading what BigCommerce sends: odd values as what they mean, anything else refused by the name of its field.

A record is a msgspec Struct whose fields use the types below (plain str, int, bool, Decimal and datetime to the type
checker). They take a string for a number and a number for a string, null and "" where a value is missing, and money
and weights in every spelling of fact 23. Unknown fields are skipped (fact 26).
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec

from npf.core.errors import GiveUp
from npf.core.money import decimal

T = TypeVar("T")

# What Postgres keeps in a bigint.
BIGGEST = 2**63 - 1

Id = Annotated[int, msgspec.Meta(ge=1, le=BIGGEST)]
"""A number that must be there and be 1 or more; digits in a string are taken."""

Count = Annotated[int, msgspec.Meta(ge=0, le=BIGGEST)]
"""A number that must be there and be 0 or more; digits in a string are taken."""


class Malformed(GiveUp):
    """A record that cannot be read; `field` is the path of the field that is wrong, "$" for the whole record."""


def _text(value: Any) -> str:
    """null and false are ""; a number is its digits (a postcode may come as one)."""
    if value.__class__ is str:
        # Postgres stores no NUL in text.
        return value.replace("\0", "") if "\0" in value else value
    if value is None or value is False:
        return ""
    if value is True or not isinstance(value, int | float):
        raise ValueError(f"expected text, got {_kind(value)}")
    return str(value)


def _whole(value: Any) -> int:
    """A whole number from 0; null and "" are 0."""
    number = _signed(value)
    if number is None:
        return 0
    if number < 0:
        raise ValueError(f"expected a whole number from 0, got {number}")
    return number


def _signed(value: Any) -> int | None:
    """A whole number, also below 0 (fact 116); null, false and "" are None."""
    if value.__class__ is int:
        number: int = value
    elif value is None or value is False or value == "":
        return None
    elif value.__class__ is float and value.is_integer():
        number = int(value)
    elif value.__class__ is str and re.fullmatch(r"\s*-?\d{1,19}(\.0*)?\s*", value, re.ASCII):
        number = int(value.split(".")[0])
    else:
        raise ValueError(f"expected a whole number, got {_shown(value)}")
    if not -BIGGEST <= number <= BIGGEST:
        raise ValueError("expected a whole number, got one too large")
    return number


def _reference(value: Any) -> int | None:
    """The id of something else; null, "" and 0 are None."""
    return _whole(value) or None


_FLAGS = {"": False, "0": False, "1": True, "false": False, "true": True, "no": False, "yes": True}


def _flag(value: Any) -> bool:
    if value.__class__ is bool:
        return bool(value)
    if value is None:
        return False
    known = _FLAGS.get(str(value).strip().lower())
    if known is None:
        raise ValueError(f"expected true or false, got {_shown(value)}")
    return known


@lru_cache(maxsize=8192, typed=True)
def _money(value: Any) -> Decimal:
    number = decimal(value)
    # Beyond these powers of ten it is no price, and would cost memory wherever it is rounded or written out.
    if not -40 <= number.adjusted() <= 18:
        raise ValueError(f"{value!r} is not an amount")
    return number


def _maybe_money(value: Any) -> Decimal | None:
    """An amount that BigCommerce may leave out; null and "" are None."""
    return None if value is None or value == "" else _money(value)


def moment(value: Any) -> datetime:
    """A date of V2 (RFC-2822) or V3 (ISO-8601), aware, in UTC; without an offset it is UTC (fact 24).

    Raises ValueError for anything else.
    """
    if value.__class__ is not str or not value:
        raise ValueError(f"expected a date, got {_shown(value)}")
    try:
        found = parsedate_to_datetime(value) if value[0].isalpha() else datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise ValueError(f"expected a date, got {_shown(value)}") from None


def _maybe_moment(value: Any) -> datetime | None:
    """null and "" are None (date_shipped of an order that is not shipped, fact 24)."""
    return None if value is None or value == "" else moment(value)


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), type(value).__name__)


def _shown(value: Any) -> str:
    return (
        repr(value[:40]) if isinstance(value, str) else _kind(value) if isinstance(value, dict | list) else repr(value)
    )


_READERS: dict[Any, Callable[[Any], Any]] = {}


def _reads_as(reader: Callable[[Any], Any], *results: type) -> Any:
    """A field type read by `reader`, which raises ValueError for what it refuses and returns one of `results`."""
    # msgspec asks the marker's metaclass whether the reader's result is an instance. It asks for every field, and a
    # bound method of C answers several times faster than a function of ours.
    check = results[0].__instancecheck__ if len(results) == 1 else lambda _, value: isinstance(value, results)
    marker = type("Marker", (type,), {"__instancecheck__": check})(reader.__name__, (), {})
    _READERS[marker] = reader
    return marker


if TYPE_CHECKING:
    Text = str
    Whole = int
    Signed = int | None
    Reference = int | None
    Flag = bool
    Money = Decimal
    MaybeMoney = Decimal | None
    Moment = datetime
    MaybeMoment = datetime | None
else:
    Text = _reads_as(_text, str)
    Whole = _reads_as(_whole, int)
    Signed = _reads_as(_signed, int, type(None))
    Reference = _reads_as(_reference, int, type(None))
    Flag = _reads_as(_flag, bool)
    Money = _reads_as(_money, Decimal)
    MaybeMoney = _reads_as(_maybe_money, Decimal, type(None))
    Moment = _reads_as(moment, datetime)
    MaybeMoment = _reads_as(_maybe_moment, datetime, type(None))


def _hook(kind: type, value: Any) -> Any:
    try:
        return _READERS[kind](value)
    except TypeError:
        raise ValueError(f"did not expect {_kind(value)}") from None


_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}


def _decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    found = _DECODERS.get(kind)
    if found is None:
        found = _DECODERS[kind] = msgspec.json.Decoder(kind, strict=False, dec_hook=_hook)
    return found


def _unchanged(value: Any) -> Any:
    return value


def record(
    raw: bytes | msgspec.Raw,
    kind: type[T],
    *,
    code: str = "malformed_answer",
    what: str = "answer",
    mend: Callable[[Any], Any] = _unchanged,
) -> T:
    """One record out of its JSON; raises Malformed (with `code`) that names the field; `what` names the thing.

    What cannot be read at once is read a second time, with broken characters replaced and the decoded JSON put
    right by `mend`: the rare shapes cost the common ones nothing.
    """
    decode = _decoder(kind).decode
    try:
        return decode(raw)
    except (ValueError, RecursionError) as error:
        said = str(error)
    try:
        return decode(_mended(bytes(raw), mend))
    except (ValueError, RecursionError) as error:
        if " - at `" in str(error):
            said = str(error)
    field = _path(said)
    reason = said.split(" - at `", 1)[0]
    raise Malformed(f"BigCommerce's {what} cannot be read: {field}: {reason}", code=code, field=field)


_MISSING = re.compile(r"missing required field `(\w+)`")


def _path(said: str) -> str:
    """The path of the field in msgspec's words."""
    at = re.search(r" - at `\$([^`]*)`", said)
    missing = _MISSING.search(said)
    path = (at[1] if at else "") + (f".{missing[1]}" if missing else "")
    return path.lstrip(".") or "$"


def _mended(raw: bytes, mend: Callable[[Any], Any]) -> bytes:
    """The same JSON without bytes that are no UTF-8 and without halves of surrogate pairs, put right by `mend`."""
    value = mend(json.loads(raw.decode("utf-8", "replace")))
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
