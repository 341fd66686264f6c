"""One table changed by a row, and two states of it compared. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from npf.stores.tables import Codes, Raw, Said, Table, Values, judge

Kept = Mapping[str, Any]


class WrongRow(ValueError):
    """A row that cannot stand; `said`: (the column's key, what would be right) for each fault."""

    def __init__(self, said: list[Said]) -> None:
        super().__init__("; ".join(message for _, message in said))
        self.said = said


class Changes(msgspec.Struct, frozen=True):
    """What another state of a table would add, change (from, to) and remove."""

    added: list[Values]
    changed: list[tuple[Values, Values]]
    removed: list[Values]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    @property
    def in_words(self) -> str:
        """ "2 added, 1 removed"; "nothing is different"."""
        counts = ((len(self.added), "added"), (len(self.changed), "changed"), (len(self.removed), "removed"))
        return ", ".join(f"{count:,} {word}" for count, word in counts if count) or "nothing is different"


def compare(table: Table, before: Kept, after: Kept) -> Changes:
    """What differs, row by row; rows are told apart by their identity (tables.Table)."""
    old = {table.identity(row): row for row in table.rows(before)}
    new = {table.identity(row): row for row in table.rows(after)}
    return Changes(
        [row for key, row in new.items() if key not in old],
        [(old[key], row) for key, row in new.items() if key in old and old[key] != row],
        [row for key, row in old.items() if key not in new],
    )


def put(table: Table, kept: Kept, cells: Sequence[str], codes: Codes, instead_of: Sequence[str] = ()) -> dict[str, Any]:
    """The table with one row more, or with this row in the place of the one that shows the cells `instead_of`.

    Raises WrongRow.
    """
    rows = _without(table, kept, instead_of) if instead_of else table.rows(kept)
    keys = tuple(column.key for column in table.columns)
    new = Raw(tuple(cells), keys)
    found, wrong = judge(table, [*(Raw(row, (_named(table, row),) * len(keys)) for row in rows), new], codes)
    if mine := [(place, message) for place, message in wrong if place in keys]:
        raise WrongRow(mine)
    return table.nest(found)


def take_out(table: Table, kept: Kept, cells: Sequence[str]) -> dict[str, Any]:
    """The table without the row that shows these cells. Raises WrongRow where there is none."""
    return table.nest(_without(table, kept, cells))


def _without(table: Table, kept: Kept, cells: Sequence[str]) -> list[Values]:
    rows = table.rows(kept)
    left = [row for row in rows if table.cells(row) != tuple(cells)]
    if len(left) == len(rows):
        raise WrongRow([(table.columns[0].key, "the row is not there any more: look at the table again")])
    return left


def _named(table: Table, row: Values) -> str:
    return "the row " + ", ".join(f"“{cell}”" for cell in table.cells(row) if cell)


def having(table: Table, rows: Iterable[Values], text: str) -> list[Values]:
    """The rows with a cell that has the text in it, in any case."""
    wanted = text.casefold()
    return [row for row in rows if any(wanted in cell.casefold() for cell in table.cells(row))]
