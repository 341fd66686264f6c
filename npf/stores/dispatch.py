"""The dispatch table: the FM dispatch code of a shipping method, by the country and the weight of what is sent. Pure.

    "Express Post" = "EP EXP"                                             one code for every order of that method
    "*express*" = [{code = "EP EXP", countries = ["Australia"], up_to_kg = 22}, {code = "STR EXP"}]

The first row that fits counts, in this order: an exact method before a pattern with *, a longer pattern before a
shorter one, `default` last; of one method, a row with countries and weight before one with countries, then one with
weight, then one with neither. Case and runs of white space do not count. No two rows of one method that are alike in
this may fit the same order (tables.py refuses them), so that no order hangs on the sequence in which rows were written.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

DEFAULT = "default"

# Kilograms in one of the units in which a BigCommerce store may give its weights (fact 118).
KILOGRAMS = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    "t": Decimal(1000),
    "lb": Decimal("0.45359237"),
    "oz": Decimal("0.028349523125"),
}


class Row(msgspec.Struct, frozen=True):
    """One row. `countries` are ISO2, () = all; an order fits that weighs more than `over_kg` and at most `up_to_kg`.

    None = no such bound. An order whose weight nobody knows fits rows without bounds only.
    """

    method: str
    code: str = ""
    countries: tuple[str, ...] = ()
    over_kg: Decimal | None = None
    up_to_kg: Decimal | None = None

    @property
    def weighs(self) -> bool:
        """Whether it looks at the weight."""
        return self.over_kg is not None or self.up_to_kg is not None

    def names(self, method: str) -> bool:
        """Whether its text is that of the shipping method."""
        mine = folded(self.method)
        if mine == DEFAULT:
            return True
        return mine == folded(method) or ("*" in mine and bool(_pattern(mine).fullmatch(folded(method))))

    def goes_to(self, country: str) -> bool:
        return not self.countries or country in self.countries

    def bears(self, weight_kg: Decimal | None) -> bool:
        if not self.weighs:
            return True
        if weight_kg is None or (self.over_kg is not None and weight_kg <= self.over_kg):
            return False
        return self.up_to_kg is None or weight_kg <= self.up_to_kg

    def rank(self) -> tuple[Any, ...]:
        """Rows in this order: the first that fits counts. The text itself decides between patterns of one length."""
        text = folded(self.method)
        kind = 2 if text == DEFAULT else 1 if "*" in text else 0
        narrow = 0 if self.countries and self.weighs else 1 if self.countries else 2 if self.weighs else 3
        bounds = (self.over_kg or Decimal(0), self.up_to_kg if self.up_to_kg is not None else Decimal("Infinity"))
        return kind, -len(text) if kind == 1 else 0, text, narrow, self.countries, bounds


def rows_of(table: Mapping[str, Any]) -> tuple[Row, ...]:
    """The rows of a table as it is kept (see tables.py), the one that counts first in front."""
    found = []
    for method, value in table.items():
        rules: list[dict[str, Any]] = [{"code": value}] if isinstance(value, str) else value
        for one in rules:
            found.append(
                Row(
                    method,
                    one["code"],
                    tuple(one.get("countries", ())),
                    _kilograms(one.get("over_kg")),
                    _kilograms(one.get("up_to_kg")),
                )
            )
    return tuple(sorted(found, key=Row.rank))


def find(rows: Iterable[Row], method: str, country: str, weight_kg: Decimal | None) -> Row | None:
    """The first row that fits; None = unmapped. `country` is ISO2, "" = unknown; a weight of None is unknown too."""
    for row in rows:
        if row.names(method) and row.goes_to(country) and row.bears(weight_kg):
            return row
    return None


def lacking(rows: Iterable[Row], method: str, country: str, weight_kg: Decimal | None) -> Row:
    """The row, without its code, that an unmapped order needs: as wide as it can be without saying more than is asked.

    Of a method that no row names, any country and weight; of one that has no row to this country, this country; else
    the gap between the bounds of the rows that are there.
    """
    named = [row for row in rows if row.names(method)]
    there = [row for row in named if row.goes_to(country)]
    countries = (country,) if country and any(row.countries for row in there or named) else ()
    if not there or weight_kg is None:
        return Row(method, countries=countries)
    bounds = {bound for row in there for bound in (row.over_kg, row.up_to_kg) if bound is not None}
    below = [bound for bound in bounds if bound < weight_kg]
    above = [bound for bound in bounds if bound >= weight_kg]
    over, up_to = max(below, default=None), min(above, default=None)
    return Row(method, countries=countries, over_kg=over, up_to_kg=up_to)


def clash(one: Row, other: Row) -> bool:
    """Whether both could fit the same order with nothing to tell which of them counts."""
    if folded(one.method) != folded(other.method) or bool(one.countries) != bool(other.countries):
        return False
    if one.weighs != other.weighs or (one.countries and not set(one.countries) & set(other.countries)):
        return False
    over = max(Decimal(-1) if row.over_kg is None else row.over_kg for row in (one, other))
    up_to = min(Decimal("Infinity") if row.up_to_kg is None else row.up_to_kg for row in (one, other))
    return over < up_to


def _kilograms(bound: float | int | None) -> Decimal | None:
    return None if bound is None else Decimal(str(bound))


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text as methods are compared."""
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(piece) for piece in text.split("*")))
