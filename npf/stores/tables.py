"""The tables of a store: for each its columns, and how its rows are read, judged and kept. Pure.

    a store file, a CSV file, a form -> raw rows -> judge -> what the store's row keeps -> cells -> a CSV file, a page

Whatever the way in, one column has one reader and one rule, so that all of them refuse the same. A further table is a
further row of TABLES.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from npf.core import countries
from npf.core.suggest import did_you_mean
from npf.fm.codes import DISPATCH_METHODS
from npf.stores import dispatch, kinds

Codes = Mapping[str, str]
"""FM's dispatch codes by their small letters."""

Values = tuple[Any, ...]
"""One row as it was read: a value for each column."""

Said = tuple[str, str]
"""Where something is wrong, in the words of whoever asked, and what would be right."""

_HEAVIEST = 100_000


class Column(msgspec.Struct, frozen=True):
    """`title` heads it on pages and in CSV files, `key` is its name in a store file's inline table."""

    key: str
    title: str
    read: Callable[[Any, Codes], Any]
    show: Callable[[Any], str] = str
    number: bool = False
    optional: bool = False


class Raw(msgspec.Struct, frozen=True):
    """One row as somebody wrote it. `places` says of each cell where it stands."""

    cells: tuple[Any, ...]
    places: tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """`key` names it in the store file and on the store's row.

    `unnest`: what a store file says -> raw rows, or what is wrong. `nest`: read rows -> what is kept; `rows`: back.
    `identity`: what makes a row this one and no other; only rows whose identities begin alike are compared with
    `clash`, which says why two of them cannot stand side by side. `alone`: (column, what is wrong) with one row.
    """

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    unnest: Callable[[str, Mapping[str, Any]], Iterator[Raw | Said]]
    nest: Callable[[Iterable[Values]], dict[str, Any]]
    rows: Callable[[Mapping[str, Any]], list[Values]]
    identity: Callable[[Values], Values] = lambda row: row[:1]
    clash: Callable[[Values, Values], str] = lambda one, other: ""
    alone: Callable[[Values], tuple[int, str] | None] = lambda row: None

    def cells(self, row: Values) -> tuple[str, ...]:
        """A row as texts, as CSV files and pages show it."""
        return tuple(column.show(value) for column, value in zip(self.columns, row, strict=True))


def known_codes(more: Iterable[str] = ()) -> dict[str, str]:
    """FM's documented dispatch codes and those that NPF has added (`fm.dispatch_codes`)."""
    return {code.casefold(): code for code in (*DISPATCH_METHODS, *more)}


def read(table: Table, written: Mapping[str, Any], codes: Codes) -> tuple[dict[str, Any], list[Said]]:
    """A table of a store file: what is kept, and everything that is wrong, by the path of the store file."""
    raws: list[Raw] = []
    wrong: list[Said] = []
    for found in table.unnest(table.key, written):
        if isinstance(found, Raw):
            raws.append(found)
        else:
            wrong.append(found)
    rows, more = judge(table, raws, codes)
    return table.nest(rows), wrong + more


def judge(table: Table, raws: Iterable[Raw], codes: Codes) -> tuple[list[Values], list[Said]]:
    """Read every cell of every row, then look at the rows together. Rows with something wrong are left out."""
    rows: list[Values] = []
    wrong: list[Said] = []
    seen: dict[Any, list[tuple[Values, str]]] = {}
    for raw in raws:
        values, faults = _read_row(table, raw, codes)
        if not faults and (fault := _beside_the_others(table, values, raw.places[0], seen)):
            faults = [fault]
        wrong += faults
        if not faults:
            rows.append(values)
    return rows, wrong


def _read_row(table: Table, raw: Raw, codes: Codes) -> tuple[Values, list[Said]]:
    values: list[Any] = []
    wrong: list[Said] = []
    for column, cell, place in zip(table.columns, raw.cells, raw.places, strict=True):
        try:
            values.append(column.read(cell, codes))
        except ValueError as fault:
            wrong.append((place, str(fault)))
    if not wrong and (alone := table.alone(tuple(values))):
        wrong.append((raw.places[alone[0]], alone[1]))
    return tuple(values), wrong


def _beside_the_others(
    table: Table, values: Values, place: str, seen: dict[Any, list[tuple[Values, str]]]
) -> Said | None:
    """What is wrong with a row beside the rows before it."""
    identity = table.identity(values)
    others = seen.setdefault(identity[0], [])
    for other, where in others:
        if says := table.clash(values, other):
            return place, f"{says} ({where})"
        if table.identity(other) == identity:
            return place, f"stands twice: {where} says it already"
    others.append((values, place))
    return None


# Reading cells


def _text(value: Any, _: Codes) -> str:
    return kinds.text(value)


def _required(value: Any, _: Codes) -> str:
    return kinds.required_text(value)


def _dispatch_code(value: Any, codes: Codes) -> str:
    word = kinds.required_text(value)
    if word.casefold() not in codes:
        raise ValueError(
            f'"{word}" is no dispatch code of FM{did_you_mean(word, codes.values())}; '
            "a new code of NPF's goes into fm.dispatch_codes first"
        )
    return codes[word.casefold()]


def _product_code(value: Any, _: Codes) -> str:
    word = kinds.required_text(value)
    if len(word) > 30:
        raise ValueError("is longer than the 30 characters of an FM product code")
    return word


def _carrier(value: Any, _: Codes) -> str:
    word = kinds.text(value)
    if any(char not in "abcdefghijklmnopqrstuvwxyz0123456789_-" for char in word):
        raise ValueError("must be a BigCommerce carrier such as auspost, or empty")
    return word


def _quantity(value: Any, _: Codes) -> int:
    return int(kinds.whole(1, 10_000)(value))


def _units(value: Any, _: Codes) -> int:
    return int(kinds.whole(0, 1_000_000)(value))


def _countries(value: Any, _: Codes) -> tuple[str, ...]:
    return tuple(sorted(kinds.several(kinds.country)([*value] if isinstance(value, tuple) else value)))


def _bound(value: Any, _: Codes) -> Decimal | None:
    return bound(value)


def bound(value: Any) -> Decimal | None:
    """Kilograms, as "22", "22.5", "22,5" or "22 kg"; None where the cell is empty."""
    word = "" if value is None or isinstance(value, bool) else str(value).strip().casefold().removesuffix("kg").strip()
    if not word and not isinstance(value, bool):
        return None
    try:
        found = Decimal(word.replace(",", ".") if word.count(",") == 1 and "." not in word else word)
    except InvalidOperation:
        raise ValueError("must be a weight in kilograms, such as 22 or 0.5, or empty") from None
    if not found.is_finite() or not 0 <= found <= _HEAVIEST or found != round(found, 3):
        raise ValueError(f"must be from 0 to {_HEAVIEST} kilograms, to the gram")
    return found.normalize() + 0


def _show_bound(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _show_countries(value: Iterable[str]) -> str:
    return ", ".join(map(countries.listed, value))


# Dispatch


_RULE = ("code", "countries", "over_kg", "up_to_kg")
_FORM = "must be text, a dispatch code, or a list of { code = …, countries = […], over_kg = …, up_to_kg = … }"


def _unnest_dispatch(key: str, table: Mapping[str, Any]) -> Iterator[Raw | Said]:
    for method, value in table.items():
        place = f"{key}.{method.strip()}"
        if not isinstance(value, list | dict):
            yield Raw((method, value, (), None, None), (place,) * 5)
            continue
        rules = value if isinstance(value, list) else [value]
        if not rules or not all(isinstance(rule, dict) for rule in rules):
            yield place, _FORM
            continue
        for number, rule in enumerate(rules, start=1):
            here = f"{place}[{number}]" if isinstance(value, list) else place
            for name in rule.keys() - {*_RULE}:
                yield f"{here}.{name}", f"unknown key{did_you_mean(name, _RULE)}"
            cells = (method, rule.get("code", ""), rule.get("countries", ()), *map(rule.get, _RULE[2:]))
            yield Raw(cells, (here, *(f"{here}.{name}" for name in _RULE)))


def _nest_dispatch(rows: Iterable[Values]) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {}
    spelt: dict[str, str] = {}
    for method, code, to, over, up_to in sorted(rows, key=lambda row: as_dispatch_row(row).rank()[3:]):
        rule: dict[str, Any] = {"code": code}
        rule |= {"countries": list(to)} if to else {}
        rule |= {name: _plain(bound) for name, bound in (("over_kg", over), ("up_to_kg", up_to)) if bound is not None}
        found.setdefault(spelt.setdefault(dispatch.folded(method), method), []).append(rule)
    return {
        method: rules[0]["code"] if len(rules) == 1 and len(rules[0]) == 1 else rules for method, rules in found.items()
    }


def _plain(bound: Decimal) -> int | float:
    return int(bound) if bound == int(bound) else float(bound)


def _dispatch_rows(kept: Mapping[str, Any]) -> list[Values]:
    return [(row.method, row.code, row.countries, row.over_kg, row.up_to_kg) for row in dispatch.rows_of(kept)]


def as_dispatch_row(values: Values) -> dispatch.Row:
    """Read values of the dispatch table as the rule sees them."""
    method, code, to, over, up_to = values
    return dispatch.Row(method, code, to, over, up_to)


def dispatch_cells(row: dispatch.Row) -> list[str]:
    """A row as the cells that pages and CSV files show."""
    return list(TABLES["dispatch"].cells((row.method, row.code, row.countries, row.over_kg, row.up_to_kg)))


def _dispatch_identity(row: Values) -> Values:
    return (dispatch.folded(row[0]), *row[2:])


def _dispatch_alone(row: Values) -> tuple[int, str] | None:
    over, up_to = row[3:]
    if over is None or up_to is None or over < up_to:
        return None
    return 4, f"must be more than the {over:f} kg that the row begins over"


def _dispatch_clash(one: Values, other: Values) -> str:
    if not dispatch.clash(as_dispatch_row(one), as_dispatch_row(other)):
        return ""
    if one[2:] == other[2:]:
        return f'says the same as "{other[0]}": case and white space do not count'
    return f'and another row of "{other[0]}" fit the same order: make their countries or weights differ'


# The others


def _unnest_pairs(key: str, table: Mapping[str, Any]) -> Iterator[Raw | Said]:
    for name, value in table.items():
        yield Raw((name, value), (f"{key}.{name.strip()}",) * 2)


def _nest_pairs(rows: Iterable[Values]) -> dict[str, Any]:
    return dict(rows)


def _pairs(kept: Mapping[str, Any]) -> list[Values]:
    return sorted(kept.items())


def _unnest_bundles(key: str, table: Mapping[str, Any]) -> Iterator[Raw | Said]:
    seen: set[str] = set()
    for sku, parts in table.items():
        place = f"{key}.{sku}"
        if not isinstance(parts, dict) or not parts:
            yield place, "must be a table of FM product code = quantity, with at least one part"
            continue
        if sku.strip() in seen:
            yield place, "stands twice"
        seen.add(sku.strip())
        for code, quantity in parts.items():
            yield Raw((sku, code, quantity), (place, f"{place}.{code}", f"{place}.{code}"))


def _nest_bundles(rows: Iterable[Values]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for sku, code, quantity in rows:
        found.setdefault(sku, {})[code] = quantity
    return found


def _parts(kept: Mapping[str, Any]) -> list[Values]:
    return [(sku, code, quantity) for sku, parts in sorted(kept.items()) for code, quantity in parts.items()]


TABLES: dict[str, Table] = {
    table.key: table
    for table in (
        Table(
            "dispatch",
            "Dispatch methods",
            "BigCommerce's shipping method and FM's dispatch code. The first row that fits counts: an exact method "
            "before a pattern with *, a longer pattern before a shorter one, “default” last; of one method, rows with "
            "countries and weight before rows with countries, then with weight, then with neither.",
            (
                Column("method", "shipping method", _text),
                Column("code", "dispatch code", _dispatch_code),
                Column("countries", "countries", _countries, _show_countries, optional=True),
                Column("over_kg", "over kg", _bound, _show_bound, number=True, optional=True),
                Column("up_to_kg", "up to kg", _bound, _show_bound, number=True, optional=True),
            ),
            _unnest_dispatch,
            _nest_dispatch,
            _dispatch_rows,
            _dispatch_identity,
            _dispatch_clash,
            _dispatch_alone,
        ),
        Table(
            "carriers",
            "Carriers",
            "FM's dispatch code and the carrier that BigCommerce is told, such as auspost. Without a row, a shopper "
            "sees the tracking number and no carrier.",
            (Column("code", "dispatch code", _dispatch_code), Column("carrier", "carrier", _carrier)),
            _unnest_pairs,
            _nest_pairs,
            _pairs,
        ),
        Table(
            "sku_map",
            "SKU map",
            "BigCommerce's SKU and FM's product code, only where they differ. The SKU is compared letter by letter.",
            (Column("sku", "SKU", _text), Column("code", "FM product code", _product_code)),
            _unnest_pairs,
            _nest_pairs,
            _pairs,
        ),
        Table(
            "bundles",
            "Bundles",
            "What one unit of a bundle is made of: a row for each part. The SKU is compared letter by letter.",
            (
                Column("sku", "bundle SKU", _required),
                Column("code", "FM product code", _product_code),
                Column("quantity", "quantity", _quantity, number=True),
            ),
            _unnest_bundles,
            _nest_bundles,
            _parts,
            lambda row: row[:2],
        ),
        Table(
            "buffers",
            "Buffers",
            "Units of a SKU that are never published, in place of the store's stock buffer. The SKU is BigCommerce's.",
            (Column("sku", "SKU", _required), Column("units", "units", _units, number=True)),
            _unnest_pairs,
            _nest_pairs,
            _pairs,
        ),
    )
}
