"""NPF's set-up sheet and `KEY=VALUE`: two short ways to write what a store file says. Pure.

Both name one value at a time, by the key of the store file ("parameters.prefix", "prefix", "dispatch.*express*") or by
NPF's own words ("Start Date", "apikey"), and end as the nested tables that draft.read judges.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from npf.core.suggest import did_you_mean
from npf.stores.draft import Problem, WrongSettings
from npf.stores.parameters import FM_PARAMETERS, PARAMETERS

Path = tuple[str, ...]

_TABLES = ("dispatch", "carriers", "sku_map", "bundles")
_PLAIN: dict[str, Path] = {
    "name": ("name",),
    "merchant": ("merchant",),
    "apistorename": ("bigcommerce", "store_id"),
    "username": ("bigcommerce", "client_id"),
    "apikey": ("bigcommerce", "access_token"),
    "api url": ("bigcommerce", "api_url"),
    "fm address": ("fm", "base_url"),
    "fm username": ("fm", "username"),
    "fm password": ("fm", "password"),
    "fm client code": ("fm", "client_code"),
    "dispatch method": ("dispatch", "default"),
}
_KEYS: dict[str, Path] = {
    **{f"bigcommerce.{key}": ("bigcommerce", key) for key in ("store_id", "client_id", "access_token", "api_url")},
    **{f"fm.{key}": ("fm", key) for key in ("base_url", "username", "password", "client_code")},
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
    if dot and table in _TABLES and rest:
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
        key, equals, value = text.partition("=")
        if not equals:
            problems.append(Problem(text, "must be KEY=VALUE"))
            continue
        try:
            changed = put(changed, path_of(key), value.strip())
        except WrongSettings as wrong:
            problems += wrong.problems
    if problems:
        raise WrongSettings(problems)
    return changed


def read_sheet(text: str) -> dict[str, Any]:
    """A set-up sheet of two columns, NPF's word and the value, as nested tables. Empty values are left out.

    Raises WrongSettings naming every word that is not known, with its row.
    """
    problems: list[Problem] = []
    nested: dict[str, Any] = {}
    dialect = "excel-tab" if "\t" in text.partition("\n")[0] else "excel"
    for number, row in enumerate(csv.reader(io.StringIO(text.lstrip("\ufeff")), dialect), start=1):
        cells = [cell.strip() for cell in row]
        if (
            not any(cells)
            or cells[0].startswith("#")
            or [cell.casefold() for cell in cells[:2]] == ["parameter", "value"]
        ):
            continue
        if len(cells) < 2 or not cells[1]:
            continue
        try:
            nested = put(nested, path_of(cells[0]), cells[1])
        except WrongSettings as wrong:
            problems += [Problem(f"row {number}: {one.parameter}", one.message) for one in wrong.problems]
    if problems:
        raise WrongSettings(problems)
    return nested
