"""The rows of a file, whatever its encoding, delimiter and order of columns. Pure.

CSV or JSON, told apart by how it begins; a row is a dict by FM's own names of the fields, a name that nobody knows is
left out.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from npf.files.ledger import Bad

FIELDS = (
    *("SalesOrderNo", "ClientCode", "NPFOrderNo", "OrderStatus", "OrderStatusMessage", "StatusTime"),
    *("ConsignmentNo", "ManifestNo", "DespatchDate", "TrackingLink", "FrieghtCharges", "HandlingCharges"),
    *("Code", "Quantity", "BOQuantity", "ErrorCode", "ErrorDetail", "StockonHand"),
)
_ALIKE = {"freightcharges": "FrieghtCharges", "productcode": "Code", "sku": "Code"}
_BY_FOLDED = {**{name.casefold(): name for name in FIELDS}, **_ALIKE}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# The lists of a JSON document that hold its rows, and of an order that hold its despatches and goods.
_ROWS, _INNER = ("Order", "Orders", "Product", "Products", "rows"), ("Shipment", "Shipments", "Products", "Errors")

# An order, its details, a shipment, its products: nothing that a warehouse writes lies deeper.
_DEEPEST = 6

Row = dict[str, str]


class Unfinished(Exception):
    """The file lacks its end: it is still being written."""


class Unreadable(Exception):
    """The file as a whole cannot be read; `bad` says where."""

    def __init__(self, line: int, says: str) -> None:
        super().__init__(says)
        self.bad = Bad(line, says)


class Numbered(msgspec.Struct, frozen=True):
    """A row and where it stands: the line of a CSV file, the place in the list of a JSON file, from 1."""

    line: int
    row: Row
    wrong: str = ""


def text(raw: bytes) -> str:
    """The bytes as text: by their mark, else as UTF-8, else as Windows' western letters."""
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def rows(raw: bytes, end_marker: str = "") -> tuple[set[str], list[Numbered]]:
    """(the fields that the file has, its rows with something in them). Raises Unreadable, Unfinished.

    `end_marker`: the text that must stand alone on the last line.
    """
    content = text(raw).replace("\0", "")
    if end_marker:
        body, _, last = content.rstrip().rpartition("\n")
        if last.strip() != end_marker:
            raise Unfinished
        content = body
    names: set[str] = set()
    found = list(_json(content) if content.lstrip()[:1] in ("[", "{") else _csv(content, names))
    names |= {name for one in found for name in one.row}
    return names, [one for one in found if one.wrong or any(one.row.values())]


def _plain(value: str) -> str:
    """One line, without what a database cannot hold."""
    return " ".join(value.replace("\0", "").split()).encode(errors="replace").decode()


def _field(name: str) -> str | None:
    return _BY_FOLDED.get(re.sub(r"[^a-z0-9]", "", str(name).casefold()))


def _csv(content: str, fields: set[str]) -> Iterator[Numbered]:
    """The rows; `fields` gets those of the heading."""
    lines = content.splitlines()
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t|", key=lambda one: sum(_field(cell) is not None for cell in head.split(one)))
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    names: list[str | None] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = [_field(cell) for cell in cells]
                fields |= {name for name in names if name}
                continue
            row = {name: _plain(cell) for name, cell in zip(names, cells, strict=False) if name}
            too_many = len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :])
            wrong = f"has {len(cells)} cells, the heading has {len(names)}" if too_many else ""
            yield Numbered(reader.line_num, row, wrong)
    except csv.Error as error:
        raise Unreadable(reader.line_num, f"no CSV: {error}") from None


def _json(content: str) -> Iterator[Numbered]:
    try:
        document: Any = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable(0, f"no JSON: {error}") from None
    if isinstance(document, dict):
        document = next((document[key] for key in _ROWS if isinstance(document.get(key), list)), [document])
    for number, item in enumerate(document, 1):
        if isinstance(item, dict):
            for row in _spread(item, 0):
                yield Numbered(number, row)
        else:
            yield Numbered(number, {}, "is no object with fields")


def _spread(item: dict[str, Any], depth: int) -> Iterator[Row]:
    """The rows of one object: a row for each member of the lists inside it, each with the fields around it."""
    around: Row = {}
    inner: list[dict[str, Any]] = []
    for key, value in item.items():
        if isinstance(value, dict):
            value = next((value[name] for name in _INNER if isinstance(value.get(name), list)), [value])
        if isinstance(value, list):
            inner += [one for one in value if isinstance(one, dict)]
        elif (name := _field(key)) and value is not None:
            around[name] = _plain(str(value))
    if not inner:
        yield around
    for one in inner:
        for row in _spread(one, depth + 1) if depth < _DEEPEST else ():
            yield around | row
