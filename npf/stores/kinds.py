"""Reading one value of a store file, a set-up sheet or a form: text or TOML's own types in, a plain value out.

Each reader takes what a person wrote and returns what is kept (JSON values only), or raises ValueError with a sentence
that says what is wrong and what would be right.
"""

import posixpath
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from npf.core import countries
from npf.core.suggest import did_you_mean
from npf.fm.proposals import RULES

Reader = Callable[[Any], Any]

# BigCommerce's fixed statuses; a merchant may rename but never renumber them (facts 64, 65).
STATUSES = {
    0: "Incomplete",
    1: "Pending",
    2: "Shipped",
    3: "Partially Shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting Payment",
    8: "Awaiting Pickup",
    9: "Awaiting Shipment",
    10: "Completed",
    11: "Awaiting Fulfillment",
    12: "Manual Verification Required",
    13: "Disputed",
    14: "Partially Refunded",
}


def text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be text")
    word = str(value).strip()
    if not word.isprintable():
        raise ValueError("must be one line without control characters")
    return word


def required_text(value: Any) -> str:
    if not (read := text(value)):
        raise ValueError("must not be empty")
    return read


def short(most: int, reader: Reader = text) -> Reader:
    """A reader of texts of at most `most` characters."""

    def read(value: Any) -> str:
        if len(word := reader(value)) > most:
            raise ValueError(f"has {len(word)} characters; {most} is the most")
        return str(word)

    return read


def yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in ("yes", "y", "true", "1", "on"):
        return True
    if word in ("no", "n", "false", "0", "off"):
        return False
    raise ValueError("must be Yes or No")


def whole(least: int, most: int) -> Reader:
    """A reader of whole numbers from `least` to `most`."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value).strip()):
            raise ValueError("must be a whole number")
        number = int(str(value).strip())
        if not least <= number <= most:
            raise ValueError(f"must be from {least} to {most}")
        return number

    return read


def nought_or(least: int, most: int) -> Reader:
    """A reader of whole numbers from `least` to `most`, or 0."""
    number = whole(0, most)

    def read(value: Any) -> int:
        if 0 < (found := number(value)) < least:
            raise ValueError(f"must be 0, or from {least} to {most}")
        return int(found)

    return read


def share(value: Any) -> float:
    try:
        number = float(str(value).strip().removesuffix("%"))
    except ValueError:
        raise ValueError("must be a share such as 30% or 0.3") from None
    if str(value).strip().endswith("%"):
        number /= 100
    if not 0 <= number <= 1:
        raise ValueError("must be from 0% to 100%")
    return number


def one_of(*words: str) -> Reader:
    """A reader that takes one of `words`, in any case."""

    def read(value: Any) -> str:
        word = str(value).strip().casefold().replace(" ", "_").replace("-", "_")
        if word not in words:
            raise ValueError(f"must be one of {', '.join(words)}{did_you_mean(word, words)}")
        return word

    return read


def word_of(*words: str) -> Reader:
    """A reader that takes one of `words`, in any case, and gives it as it is spelt here."""
    by_folded = {word.casefold(): word for word in words}

    def read(value: Any) -> str:
        word = str(value).strip()
        if word.casefold() not in by_folded:
            raise ValueError(f"must be one of {', '.join(words)}{did_you_mean(word, words)}")
        return by_folded[word.casefold()]

    return read


def several(reader: Reader) -> Reader:
    """A reader of lists, or of text with commas; each item read by `reader`, doubles dropped, order kept."""

    def read(value: Any) -> list[Any]:
        items = value if isinstance(value, list) else str(value).split(",")
        kept: list[Any] = []
        for item in items:
            item = item.strip() if isinstance(item, str) else item
            if item == "":
                continue
            try:
                one = reader(item)
            except ValueError as wrong:
                raise ValueError(str(wrong) if str(item) in str(wrong) else f'"{item}" {wrong}') from None
            if one not in kept:
                kept.append(one)
        return kept

    return read


def country(value: Any) -> str:
    """ISO2 of a country by name, ISO2 or ISO3."""
    code = countries.iso2(str(value))
    if code is None:
        close = countries.nearest(str(value))
        raise ValueError(f'"{str(value).strip()}" is no country' + (f' (did you mean "{close}"?)' if close else ""))
    return code


def repair(value: Any) -> str:
    """A rule of RULES that mends what FM would refuse; `phone` with the number, as phone=03 9000 0000."""
    name, sign, more = text(value).partition("=")
    name, more = name.strip().casefold().replace(" ", "_").replace("-", "_"), more.strip()
    if name not in RULES:
        raise ValueError(f'"{name}" is no rule{did_you_mean(name, RULES)}; the rules are {", ".join(RULES)}')
    if name != "phone":
        if sign:
            raise ValueError(f"{name} takes no value")
        return name
    if not re.fullmatch(r"[0-9+() -]{6,15}", more):
        raise ValueError("phone needs a number of at most 15 characters: phone=03 9000 0000")
    return f"phone={more}"


def status_id(value: Any) -> int:
    """A BigCommerce status by number, by its own English name, or by both as `11 (Name)` (facts 64, 65)."""
    word = str(value).strip()
    found = re.fullmatch(r"(\d{1,2})(\s*\(.*\))?", word)
    if found and int(found[1]) in STATUSES:
        return int(found[1])
    for number, name in STATUSES.items():
        if name.casefold() == word.casefold():
            return number
    raise ValueError(f'"{value}" is no BigCommerce status; use a number from 0 to 14 or a name such as Completed')


def pulled_status(value: Any) -> int:
    """A status whose orders go to FM. 0 is refused: it is a checkout that nobody has paid (fact 37)."""
    number = status_id(value)
    if number == 0:
        raise ValueError("status 0 (Incomplete) is an unpaid checkout and is never sent; use 11 (Awaiting Fulfillment)")
    if number in (4, 5, 6):
        raise ValueError(f"status {number} ({STATUSES[number]}) is never sent; use 11 (Awaiting Fulfillment)")
    return number


def written_status(value: Any) -> int | None:
    """A status that BigCommerce may be given; "" and "none" leave it as it is. Money states are refused (fact 71)."""
    if value is None or str(value).strip().casefold() in ("", "none"):
        return None
    number = status_id(value)
    if number in (0, 4, 5, 6, 12, 13, 14):
        raise ValueError(
            f"status {number} ({STATUSES[number]}) may not be set by a connector; use 2, 3, 8, 9, 10 or 11"
        )
    return number


def day(value: Any) -> str:
    """A date as dd/MM/yyyy; kept as ISO. A TOML date is taken too."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return _of_our_time(value)
    word = str(value).strip()
    if not re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", word):
        raise ValueError("must be a date as dd/MM/yyyy, such as 01/11/2026")
    try:
        found = datetime.strptime(word, "%d/%m/%Y").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        raise ValueError(f"{word} is no day of the calendar; dates are written dd/MM/yyyy") from None
    return _of_our_time(found)


def _of_our_time(found: date) -> str:
    if not 2000 <= found.year < 2100:
        raise ValueError(f"{found:%d/%m/%Y} is not of this century")
    return found.isoformat()


def time_of_day(value: Any) -> str:
    """HH:MM, 24 hours."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(:00)?", str(value).strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError("must be a time of day as HH:MM, such as 18:00")
    return f"{int(found[1]):02}:{found[2]}"


_WEIGHTS = {
    **dict.fromkeys(("kg", "kgs", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("g", "gram", "grams"), "g"),
    **dict.fromkeys(("t", "tonne", "tonnes"), "t"),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
    **dict.fromkeys(("oz", "ounce", "ounces"), "oz"),
}


def weight_unit(value: Any) -> str:
    """A unit of weight by its sign, or by BigCommerce's own word (`weight_units`, fact 118)."""
    word = str(value).strip().casefold()
    if word not in _WEIGHTS:
        raise ValueError("must be one of kg, g, t, lb, oz")
    return _WEIGHTS[word]


def opening(value: Any) -> str:
    """Two times of day, HH:MM-HH:MM, the second later than the first."""
    opens, dash, closes = str(value).partition("-")
    if not dash:
        raise ValueError("must be two times of day as HH:MM-HH:MM, such as 08:00-17:00")
    opens, closes = time_of_day(opens), time_of_day(closes)
    if closes <= opens:
        raise ValueError("must end later on the same day than it begins")
    return f"{opens}-{closes}"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(value: Any) -> str:
    word = str(value).strip()
    known = _zones()
    if word not in known:
        raise ValueError(f'"{word}" is no time zone{did_you_mean(word, known)}')
    return ZoneInfo(word).key


def number_prefix(value: Any) -> str:
    """Put before the order number in FM: 30 characters together (WEBSERVICE section 1), the number has up to 10."""
    word = text(value)
    if not re.fullmatch(r"[A-Za-z0-9._/-]*", word):
        raise ValueError("may hold letters, digits and . _ / - only")
    if len(word) > 20:
        raise ValueError(
            f"makes numbers over 30 characters: it has {len(word)}, an order number up to 10; use at most 20"
        )
    return word


def address(value: Any) -> str:
    """An http(s) address without a trailing slash; scheme and host in small letters, so that one has one spelling."""
    word = text(value).rstrip("/")
    found = re.fullmatch(r"(https?://[^\s/?#@]+)(/[^\s?#]*)?(\?\S*)?", word, re.I)
    if not found:
        raise ValueError("must be an address that begins with https://")
    return found[1].casefold() + word[len(found[1]) :]


def warehouse_address(value: Any) -> str:
    """Where a warehouse is: the https address of FM, an sftp address, or a folder of this machine (file:///…)."""
    word = text(value).rstrip("/")
    if word.startswith("/"):
        word = f"file://{word}"
    if word.casefold().startswith("file:///"):
        return f"file://{posixpath.normpath(word[len('file://') :])}"
    if not word.casefold().startswith("sftp://"):
        try:
            return address(value)
        except ValueError:
            says = "must be an address that begins with https:// or sftp://, or the path of a folder"
            raise ValueError(says) from None
    found = re.fullmatch(r"sftp://(\[[0-9a-f:]+\]|[^\s/?#@:]+)(:\d{1,5})?(/[^\s?#]*)?", word, re.I)
    if not found or int((found[2] or ":22")[1:]) > 65535:
        raise ValueError("must be as sftp://HOST:PORT/FOLDER; the user goes into fm.username")
    port = found[2] if found[2] and int(found[2][1:]) != 22 else ""
    return f"sftp://{found[1].casefold()}{port}{posixpath.normpath(found[3]) if found[3] else ''}"


def folder(value: Any) -> str:
    """The name of a folder inside another."""
    word = text(value).strip("/")
    if not re.fullmatch(r"[^/\\\x00]+(/[^/\\\x00]+)*", word) or ".." in word.split("/"):
        raise ValueError("must be the name of a folder, such as out or to-npf/orders")
    return word


def fingerprint(value: Any) -> str:
    """Of a host key, as `ssh-keygen -l` prints it."""
    word = text(value)
    found = re.fullmatch(r"(?:SHA256:)?([A-Za-z0-9+/]{43})=?", word)
    if not found:
        raise ValueError("must be a fingerprint as SHA256: and 43 characters; ssh-keygen -lf shows it of a key")
    return f"SHA256:{found[1]}"


def private_key(value: Any) -> str:
    """A private key from BEGIN to END, with or without its line ends; "" = none."""
    word = str(value).strip() if isinstance(value, str) else text(value)
    if not word:
        return ""
    found = re.fullmatch(r"-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----", word)
    if not found:
        raise ValueError("must be a private key without a passphrase, from -----BEGIN to -----END and its dashes")
    body = "".join(found[2].split())
    lines = [body[start : start + 64] for start in range(0, len(body), 64)]
    return "\n".join([f"-----BEGIN {found[1]}-----", *lines, f"-----END {found[1]}-----", ""])


def optional_address(value: Any) -> str:
    return address(value) if text(value) else ""
