"""Reads the documents that clients send, strictly: what the contract does not allow becomes a Problem.

text of the SOAP argument -> open_document -> Document (login, body elements)
Document -> read_order | read_numbers | read_codes
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .errors import Problem, Refused, problem
from .fields import ORDER, Group, Leaf
from .xmlsafe import Broken, parse

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_INTEGER = re.compile(r"\d{1,9}")
_DECIMAL = re.compile(r"\d{1,9}(\.\d{1,2})?")
_DATE = re.compile(r"(\d\d)-([A-Z][a-z]{2})-(\d{4})")
_XSD = {"integer": "xs:integer", "quantity": "xs:positiveInteger", "decimal": "xs:decimal", "date": "dd-Mon-yyyy"}


@dataclass(slots=True)
class Document:
    """A document whose XML is sound: the login's three texts and the elements after it."""

    username: str
    password: str
    client_code: str
    elements: list[ET.Element]


@dataclass(slots=True)
class OrderFields:
    """An order as sent. Leaves by name, groups as dicts, `Products` as a list of dicts; all values are texts."""

    number: str
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    @property
    def products(self) -> list[dict[str, str]]:
        """The product lines in their sequence; empty where `Products` is missing."""
        group = self.values.get("Products")
        return list(group.get("Product") or ()) if isinstance(group, dict) else []


def open_document(text: str, root: str) -> Document:
    """The document in a SOAP argument. Raises Refused with 100 where it is not XML, or its root is another.

    PHP hands the argument on in ISO-8859-1: a character outside it is lost, and a document that declares (or, saying
    nothing, means) UTF-8 is broken by any raw character above ASCII.
    """
    try:
        data = text.encode("iso-8859-1")
    except UnicodeEncodeError as error:
        raise Refused(problem("100", f"character {text[error.start]!r} is outside ISO-8859-1")) from error
    try:
        element = parse(data)
    except Broken as error:
        raise Refused(problem("100", str(error))) from error
    if element.tag != root:
        raise Refused(problem("100", f"root element is {element.tag}, not {root}"))
    login = element.find("Login")

    def told(name: str) -> str:
        return "" if login is None else login.findtext(name) or ""

    rest = [child for child in element if child is not login]
    return Document(told("Username"), told("Password"), told("ClientCode"), rest)


def read_order(document: Document) -> OrderFields:
    """The one order of a document, with the problems of its form. Raises Refused with 02001 unless it is one."""
    orders = [element for element in document.elements if element.tag == "Order"]
    if len(orders) != 1:
        raise Refused(problem("02001", f"{len(orders)} orders"))
    problems: list[Problem] = []
    missing: list[str] = []
    for element in document.elements:
        if element.tag != "Order":
            problems.append(_unexpected(element.tag, ("Order",)))
    values = _read_group(orders[0], ORDER, "", problems, missing)
    if missing:
        problems.insert(0, problem("02006", ", ".join(missing)))
    number = values.get("SalesOrderNo", "")
    return OrderFields(number, values, problems)


def read_numbers(document: Document, group: str, leaf: str, most: int) -> list[str]:
    """What a status or stock document asks for: the comma-separated texts, trimmed, each once, in their sequence.

    Raises Refused: 02001 unless there is one `group` element or for more than `most` (0 = no limit), 02006 for an
    empty list.
    """
    groups = [element for element in document.elements if element.tag == group]
    if len(groups) != 1:
        raise Refused(problem("02001", f"{len(groups)} {group} elements"))
    asked = [text.strip() for text in (groups[0].findtext(leaf) or "").split(",")]
    numbers = list(dict.fromkeys(text for text in asked if text))
    if not numbers:
        raise Refused(problem("02006", leaf))
    if most and len(numbers) > most:
        raise Refused(problem("02001", f"{len(numbers)} asked for, {most} allowed"))
    return numbers


def _read_group(
    element: ET.Element, group: Group, path: str, problems: list[Problem], missing: list[str]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    next_place = 0
    for child in element:
        place = group.places.get(child.tag)
        part = group.parts[place] if place is not None else None
        again = isinstance(part, Group) and part.repeats and place == next_place - 1
        if part is None or place is None or (place < next_place and not again):
            problems.append(_unexpected(child.tag, [p.name for p in group.parts[next_place:]]))
            values.setdefault(child.tag, "")
            continue
        next_place = place + 1
        if isinstance(part, Leaf):
            values[part.name] = _read_leaf(child, part, path, problems, missing)
        elif part.repeats:
            rows = values.setdefault(part.name, [])
            rows.append(_read_group(child, part, f"{path}{part.name}[{len(rows) + 1}]/", problems, missing))
        else:
            values[part.name] = _read_group(child, part, f"{path}{part.name}/", problems, missing)
    for part in group.parts:
        if part.name not in values:
            missing += _required(part, path)
    return values


def _read_leaf(element: ET.Element, leaf: Leaf, path: str, problems: list[Problem], missing: list[str]) -> str:
    text = element.text or ""
    if len(element):
        problems.append(_unexpected(element[0].tag, ()))
    elif not text.strip():
        if leaf.required:
            missing.append(path + leaf.name)
        elif text or leaf.kind in _XSD:
            problems.append(_invalid(path, leaf, text))
    elif text != text.strip():
        problems.append(_invalid(path, leaf, text))
    elif leaf.longest is not None and len(text) > leaf.longest:
        problems.append(
            Problem(
                "1824",
                f"Element '{path}{leaf.name}': [facet 'maxLength'] The value has a length of '{len(text)}'; "
                f"this exceeds the allowed maximum length of '{leaf.longest}'.",
            )
        )
    elif not _valid(leaf.kind, text):
        problems.append(_invalid(path, leaf, text))
    return text


def _valid(kind: str, text: str) -> bool:
    if kind == "integer":
        return _INTEGER.fullmatch(text) is not None and text.isascii()
    if kind == "quantity":
        return _INTEGER.fullmatch(text) is not None and text.isascii() and int(text) > 0
    if kind == "decimal":
        return _DECIMAL.fullmatch(text) is not None and text.isascii()
    if kind == "yesno":
        return text in ("Yes", "No")
    if kind == "date":
        return _is_date(text)
    return True


def _is_date(text: str) -> bool:
    parts = _DATE.fullmatch(text)
    if parts is None or parts.group(2) not in MONTHS:
        return False
    try:
        date(int(parts.group(3)), MONTHS.index(parts.group(2)) + 1, int(parts.group(1)))
    except ValueError:
        return False
    return True


def _required(part: Leaf | Group, path: str) -> list[str]:
    """The required leaves inside a part that is missing as a whole."""
    if isinstance(part, Leaf):
        return [path + part.name] if part.required else []
    inside = f"{path}{part.name}{'[1]' if part.repeats else ''}/"
    return [name for inner in part.parts for name in _required(inner, inside)]


def _invalid(path: str, leaf: Leaf, text: str) -> Problem:
    kind = _XSD.get(leaf.kind, "xs:string")
    return Problem("1824", f"Element '{path}{leaf.name}': '{text}' is not a valid value of the type '{kind}'.")


def _unexpected(tag: str, expected: Sequence[str]) -> Problem:
    wanted = f" Expected is one of ( {', '.join(expected)} )." if expected else ""
    return Problem("1824", f"Element '{tag}': This element is not expected.{wanted}")
