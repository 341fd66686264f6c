"""NPF's set-up sheet and `KEY=VALUE`: two short ways to write what a store file says. Pure.

Both name one value at a time, by the key of the store file ("parameters.prefix", "prefix", "dispatch.*express*") or by
NPF's own words ("Start Date", "apikey"), and end as the nested tables that draft.read judges.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from npf.core.suggest import did_you_mean
from npf.stores.draft import Problem, WrongSettings
from npf.stores.fm_parameters import FM_PARAMETERS
from npf.stores.parameters import PARAMETERS
from npf.stores.tables import TABLES

Path = tuple[str, ...]

_PLAIN: dict[str, Path] = {
    "name": ("name",),
    "merchant": ("merchant",),
    "apistorename": ("bigcommerce", "store_id"),
    "username": ("bigcommerce", "client_id"),
    "apikey": ("bigcommerce", "access_token"),
    "client secret": ("bigcommerce", "client_secret"),
    "api url": ("bigcommerce", "api_url"),
    "fm address": ("fm", "base_url"),
    "fm username": ("fm", "username"),
    "fm password": ("fm", "password"),
    "fm client code": ("fm", "client_code"),
    "dispatch method": ("dispatch", "default"),
}
_KEYS: dict[str, Path] = {
    **{
        f"bigcommerce.{key}": ("bigcommerce", key)
        for key in ("store_id", "client_id", "client_secret", "access_token", "api_url")
    },
    **{f"fm.{key}": ("fm", key) for key in ("base_url", "username", "password", "private_key", "client_code")},
    **{f"fm.{row.key}": ("fm", row.key) for row in FM_PARAMETERS},
    **{f"parameters.{row.key}": ("parameters", row.key) for row in PARAMETERS},
    **{row.key: ("parameters", row.key) for row in PARAMETERS},
}
# A key of the file wins over NPF's word, so that both may be written anywhere; case and white space do not count.
WORDS: dict[str, Path] = {
    **{row.label.casefold(): ("fm", row.key) for row in FM_PARAMETERS},
    **{row.label.casefold(): ("parameters", row.key) for row in PARAMETERS},
    **_PLAIN,
    **_KEYS,
}


def path_of(word: str) -> Path:
    """Where a value belongs that is named by a key or by NPF's word.

    Raises WrongSettings with the nearest known one.
    """
    plain = " ".join(word.split())
    table, dot, rest = plain.partition(".")
    if dot and table.casefold() in TABLES and rest:
        table = table.casefold()
        if table == "bundles":
            sku, dot, code = rest.rpartition(".")
            return ("bundles", sku, code) if dot else ("bundles", rest)
        return (table, rest)
    found = WORDS.get(plain.casefold())
    if found is None:
        raise WrongSettings([Problem(plain, f"unknown key{did_you_mean(plain.casefold(), WORDS)}")])
    return found


def put(nested: Mapping[str, Any], path: Path, value: str) -> dict[str, Any]:
    """The tables with one value put in its place; an empty value takes a row of a table (or a parameter) away."""
    changed = dict(nested)
    head, rest = path[0], path[1:]
    if rest:
        inner = changed.get(head) or {}
        changed[head] = put(inner if isinstance(inner, dict) else {}, rest, value)
        if head != "bigcommerce" and not changed[head]:
            del changed[head]
    elif value.strip():
        changed[head] = value
    else:
        changed.pop(head, None)
    return changed


def assign(nested: Mapping[str, Any], assignments: Iterable[str]) -> dict[str, Any]:
    """Apply `KEY=VALUE` texts. Raises WrongSettings naming every one that cannot be understood."""
    problems: list[Problem] = []
    changed = dict(nested)
    for text in assignments:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            problems.append(Problem(text, "must be KEY=VALUE"))
            continue
        try:
            path = path_of(key)
            if not value:
                path = _row_to_take_away(changed, path)
            changed = put(changed, path, value)
        except WrongSettings as wrong:
            problems += wrong.problems
    if problems:
        raise WrongSettings(problems)
    return changed


def _row_to_take_away(nested: Mapping[str, Any], path: Path) -> Path:
    """The path of a row that is there. A bundle's SKU may hold dots, which `path_of` takes for "SKU.CODE".

    Raises WrongSettings for a row of a table that is not there: it is a slip of the pen.
    """
    if path[0] not in TABLES:
        return path
    table = nested.get(path[0]) or {}
    whole = ".".join(path[1:])
    if whole in table:
        return path[0], whole
    if len(path) == 3 and path[2] in table.get(path[1], {}):
        return path
    known = [*table, *(f"{sku}.{code}" for sku, row in table.items() if isinstance(row, dict) for code in row)]
    raise WrongSettings([Problem(".".join(path), f"there is no such row to take away{did_you_mean(whole, known)}")])


class Sheet(msgspec.Struct, frozen=True):
    """A set-up sheet as nested tables. `rows`: the parameter's key -> "row 7 (Start Date)", for what is said of it."""

    nested: dict[str, Any]
    rows: dict[str, str]

    def located(self, wrong: WrongSettings) -> WrongSettings:
        """The same problems, each with the row of the sheet that it is about."""
        return WrongSettings(
            [
                Problem(f"{self.rows[one.parameter]}: {one.parameter}", one.message)
                if one.parameter in self.rows
                else one
                for one in wrong.problems
            ]
        )


def read_sheet(text: str) -> Sheet:
    """A set-up sheet of two columns, NPF's word and the value. Rows without a value are left out.

    Columns are parted by commas, semicolons or tabs: by what comes first. Raises WrongSettings naming every row
    that is not understood.
    """
    problems: list[Problem] = []
    nested: dict[str, Any] = {}
    rows: dict[str, str] = {}
    for number, cells in _cells(text):
        place = f"row {number} ({cells[0]})"
        try:
            path = path_of(cells[0])
        except WrongSettings as wrong:
            problems += [Problem(f"row {number}: {one.parameter}", one.message) for one in wrong.problems]
            continue
        key = ".".join(path)
        if any(cells[2:]):
            problems.append(Problem(place, "has more than two columns; a value with commas stands in quotation marks"))
        elif key in rows:
            problems.append(Problem(place, f"says the same as {rows[key]}; keep one of the two"))
        else:
            nested, rows[key] = put(nested, path, cells[1]), place
    if problems:
        raise WrongSettings(problems)
    return Sheet(nested, rows)


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each row that says something; the heading and remarks (#) do not."""
    text = text.lstrip("\ufeff")
    first = text.lstrip().partition("\n")[0]
    delimiter = min(",;\t", key=lambda one: first.find(one) if one in first else len(first))
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), start=1):
            cells = [cell.strip() for cell in row]
            heading = [cell.casefold() for cell in cells[:2]] == ["parameter", "value"]
            if len(cells) > 1 and cells[0] and any(cells[1:]) and not cells[0].startswith("#") and not heading:
                yield number, cells
    except csv.Error as error:
        raise WrongSettings([Problem("SHEET", f"is no table of two columns: {error}")]) from None
