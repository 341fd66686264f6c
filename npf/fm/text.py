"""Texts as FM can hold them: ISO-8859-1, one line, no longer than the field (WEBSERVICE "Transport", section 1).

Names and messages may be cut and transliterated, codes and numbers never: which is which, `limits` says.
"""

import re
import unicodedata

# What NFKD does not take apart. Cyrillic, Greek, Han and the like have no entry on purpose: a parcel labelled in a
# transliteration that nobody checked is worse than an order that is held.
_ALIKE = {
    "'": "\u2018\u2019\u201a\u201b\u02bb\u02bc\u2032",  # single quotation marks, letters of breath, prime
    '"': "\u201c\u201d\u201e\u201f\u2033",  # double quotation marks, double prime
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022",  # hyphens, dashes, minus, bullet
    "<": "\u2039",
    ">": "\u203a",
    "/": "\u2044",
    "->": "\u2192",
    "<-": "\u2190",
    "EUR": "\u20ac",
    "l": "ł",
    "L": "Ł",
    "d": "đ",
    "D": "Đ",
    "h": "ħ",
    "H": "Ħ",
    "t": "ŧ",
    "T": "Ŧ",
    "ng": "ŋ",
    "NG": "Ŋ",
    "i": "\u0131",
    "k": "ĸ",
    "oe": "œ",
    "OE": "Œ",
    "f": "ƒ",
    "e": "ə",
    "E": "Ə",
    "SS": "ẞ",
    "": "\u00ad",  # soft hyphen
}
_TABLE = {ord(char): plain for plain, chars in _ALIKE.items() for char in chars}


def latin1(text: str) -> str:
    """The text in ISO-8859-1 without control characters, on one line, blanks single and trimmed.

    What fits stays as it is (é, ø, ß); what does not is transliterated (ł -> l, š -> s, curly quotes, full-width
    digits) or, where nothing in Latin letters corresponds to it (Han, emoji), left out. Doing it twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _windows(unicodedata.normalize("NFC", text)).translate(_TABLE)
    out = "".join(char if _fits(char) else _spelt(char) for char in text)
    return " ".join(out.split())


def _windows(text: str) -> str:
    """Windows' quotes and dashes that travelled as ISO-8859-1's control characters, made themselves again."""
    return re.sub(r"[\x80-\x9f]", lambda c: c[0].encode("latin-1").decode("cp1252", "ignore"), text)


def _fits(char: str) -> bool:
    return " " <= char <= "~" or "\xa0" <= char <= "\xff"


def _spelt(char: str) -> str:
    if char.isspace():
        return " "
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    # No-break spaces turn up from taking apart spacing accents; the split above makes them plain.
    spread = unicodedata.normalize("NFKD", char).translate(_TABLE)
    return "".join(part for part in spread if _fits(part))


def holds(text: str) -> bool:
    """Whether FM can hold the text as it stands: ISO-8859-1 without control characters but tab and line ends."""
    return (text.isascii() and text.isprintable()) or all(_fits(char) or char in "\t\r\n" for char in text)


_NUMBER = re.compile(r"\d+(?:[.,:/\-]\d+)*")
_LOOSE_END = " ,;:-/&(+"


def fit(text: str, limit: int) -> str:
    """At most `limit` characters of the text, blanks single and trimmed, cut between words where it has any.

    A number is never cut: if the first word is too long, the cut falls at a sign inside it or, as the last resort,
    between letters; a text that begins with a number longer than `limit` gives "". What fits is not changed
    further; what is cut does not end in a comma, a dash or an open bracket.
    """
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    inside = {i for number in _NUMBER.finditer(text) for i in range(number.start() + 1, number.end())}
    cuts = [i for i in range(1, limit + 1) if i not in inside]
    blanks = [i for i in cuts if text[i] == " "]
    signs = [i for i in cuts if not (text[i - 1].isalnum() and text[i].isalnum())]
    for choice in (blanks, signs, cuts):
        kept = text[: choice[-1]].rstrip(_LOOSE_END) if choice else ""
        if kept:
            return kept
    return ""


def clean(text: str, limit: int) -> str:
    """`latin1`, then `fit`: what to send of a text that may be changed."""
    return fit(latin1(text), limit)


def spill(first: str, second: str, limit: int) -> tuple[str, str]:
    """Two address lines, the first at most `limit` long: what does not fit goes in front of the second, unlost."""
    first = " ".join(first.split())
    kept = fit(first, limit)
    rest = first[len(kept) :].strip(" ,;")
    return kept, " ".join(f"{rest} {second}".split())


def phone(text: str, limit: int) -> str:
    """The number as written; only its digits and a leading plus where that is longer than `limit` and they are not."""
    text = text.strip()
    plain = re.sub(r"\(0\)", "", text) if text.startswith("+") else text
    digits = ("+" if text.startswith("+") else "") + "".join(char for char in plain if char in "0123456789")
    return digits if len(digits) <= limit < len(text) else text


_BETWEEN_NUMBERS = re.compile(r"[/,;|]|\b(?:or|and|ext|x|mob|mobile|ph|phone|tel|fax)\b\.?:?", re.I)


def phone_numbers(text: str, limit: int) -> list[str]:
    """Of a text with several phone numbers (`02 1234 5678 or 0412 345 678`) those that fit, whole, as written."""
    found = [phone(piece, limit) for piece in _BETWEEN_NUMBERS.split(latin1(text))]
    return [one for one in found if len(one) <= limit and sum(char.isdigit() for char in one) >= 6]
