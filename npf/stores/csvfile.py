"""A table of a store as a CSV file, out and in again. Pure.

Out: UTF-8 with a mark, commas, CRLF, as Excel opens it. A cell that Excel would take for a formula gets an apostrophe
in front, which Excel shows as text; on the way in that apostrophe is taken off again, and no other.

In: what spreadsheets save. UTF-8 or UTF-16 or Windows-1252; commas, semicolons or tabs; columns in any sequence, by
their titles. What is wrong is told by line and column.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from npf.core.suggest import did_you_mean
from npf.stores.tables import Codes, Column, Raw, Said, Table, judge

# What a spreadsheet takes for a formula (OWASP, CSV injection); the apostrophe itself, so that all come back.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "'")
# A code of digits alone that a spreadsheet has rounded: 9.31E+12.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E[+-]?\d+", re.I)
MOST_BYTES = 5_000_000


class Read(msgspec.Struct, frozen=True):
    """A CSV file as a table: what would be kept, what is wrong (place, message), and how many rows were read."""

    table: dict[str, Any]
    wrong: list[Said]
    count: int


def write(table: Table, kept: dict[str, Any]) -> bytes:
    """The file of a table. `read` gives the same table back."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.title for column in table.columns])
    writer.writerows([[_guarded(cell) for cell in table.cells(row)] for row in table.rows(kept)])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell


def read(table: Table, data: bytes, codes: Codes) -> Read:
    """Read a file whole. Nothing of it is to be kept while something is wrong."""
    if len(data) > MOST_BYTES:
        most = f"{MOST_BYTES // 1_000_000} MB"
        return Read({}, [("the file", f"is longer than {most}: is it the right one?")], 0)
    text = _decoded(data)
    try:
        lines = list(_lines(text))
    except csv.Error as fault:
        return Read({}, [("the file", f"is no table that a spreadsheet saved: {fault}")], 0)
    if not lines:
        return Read({}, [("the file", f"is empty; its first line names the columns: {_titles(table)}")], 0)
    columns, wrong = _columns(table, lines[0][1])
    if wrong:
        return Read({}, wrong, 0)
    raws: list[Raw] = []
    for number, cells in lines[1:]:
        raw, faults = _row(table, columns, number, cells)
        wrong += faults
        raws += [raw] if not faults else []
    rows, more = judge(table, raws, codes)
    return Read(table.nest(rows), sorted(wrong + more, key=_line_of), len(lines) - 1)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each row that says something. A line `sep=;` in front is Excel's own, and tells."""
    skipped = 0
    first, _, rest = text.partition("\n")
    if told := re.fullmatch(r"sep=(.)\s*", first, re.I):
        text, skipped, delimiter = rest, 1, told[1]
    else:
        places = {one: first.find(one) for one in ",;\t" if one in first}
        delimiter = min(places, key=lambda one: places[one], default=",")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for row in rows:
        if any(cell.strip() for cell in row):
            yield begins + skipped, row
        begins = rows.line_num + 1


def _columns(table: Table, titles: Sequence[str]) -> tuple[list[Column | None], list[Said]]:
    """Which column each cell of the first line heads; None = an empty one."""
    known = {_plain(name): column for column in table.columns for name in (column.title, column.key)}
    found: list[Column | None] = []
    wrong: list[Said] = []
    for index, title in enumerate(titles):
        column = known.get(_plain(_bare(title)))
        if column is None and title.strip():
            near = did_you_mean(title.strip(), [one.title for one in table.columns]) or f"; it has {_titles(table)}"
            wrong.append((f"line 1, column {_letter(index)}", f"“{title.strip()}” is no column of this table{near}"))
        elif column is not None and column in found:
            wrong.append((f"line 1, column {_letter(index)}", f"“{title.strip()}” stands twice"))
        found.append(column)
    lacking = [column.title for column in table.columns if not column.optional and column not in found]
    if lacking and not (wrong and len(wrong) < len(lacking)):
        says = f"there is no column {' and no column '.join(f'“{one}”' for one in lacking)}"
        wrong.append(("line 1", f"{says}; the first line names the columns: {_titles(table)}"))
    return found, wrong


def _row(table: Table, columns: Sequence[Column | None], number: int, cells: Sequence[str]) -> tuple[Raw, list[Said]]:
    values = dict.fromkeys(table.columns, "")
    places = {column: f"line {number}, column “{column.title}”" for column in table.columns}
    wrong: list[Said] = []
    for index, cell in enumerate(cells):
        column = columns[index] if index < len(columns) else None
        if column is None:
            if cell.strip():
                place = f"line {number}, column {_letter(index)}"
                wrong.append((place, "has no title in line 1; a value with a comma stands in quotation marks"))
            continue
        values[column] = _bare(cell)
        if not column.number and _ROUNDED.fullmatch(values[column]):
            says = (
                f"“{values[column]}” was rounded by the spreadsheet: give the column the format Text, and type it again"
            )
            wrong.append((places[column], says))
    return Raw(tuple(values.values()), tuple(places.values())), wrong


def _plain(title: str) -> str:
    return " ".join(title.replace("_", " ").split()).casefold()


def _titles(table: Table) -> str:
    return ", ".join(column.title for column in table.columns)


def _letter(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else str(index + 1)


def _line_of(said: Said) -> int:
    found = re.match(r"line (\d+)", said[0])
    return int(found[1]) if found else 0
