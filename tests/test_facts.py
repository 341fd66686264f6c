"""The table of facts about BigCommerce: no number is missing, and what a row names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "bigcommerce-facts.md"
SOURCE = ROOT.parent / "shared" / "bigcommerce" / "BEHAVIOUR.md"
LAST = 147

_ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$", re.M)
_NAMED = re.compile(r"`([^`]+)`")
_UNFINISHED = "after merge"


def rows() -> list[tuple[int, str, str, str]]:
    """(number, words, handled in, shown by) of each row."""
    return [(int(n), *(part.strip() for part in parts)) for n, *parts in _ROW.findall(TABLE.read_text())]


@cache
def names_in(file: str) -> frozenset[str] | None:
    """The functions, classes, methods (`Class.method`) and constants of a file; None where there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return None
    found: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        found |= _names(node)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for inner in node.body for name in _names(inner)}
    return frozenset(found)


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def lacks(name: str, mark: str) -> str:
    """What is wrong with `file.py:name` or `file.py::name`; "" = nothing. A file alone may be named as well."""
    file, _, inside = name.partition(mark)
    names = names_in(file)
    if names is None:
        return f"there is no file {file}"
    return f"{file} has no {inside}" if inside and inside not in names else ""


def test_every_number_is_there_once_and_in_order() -> None:
    assert [number for number, *_ in rows()] == list(range(1, LAST + 1))


def test_every_row_says_what_the_fact_is_and_where_it_is_handled_or_why_it_cannot_matter() -> None:
    wrong = []
    for number, words, handled, shown in rows():
        if _UNFINISHED in handled + shown:
            continue
        reason = handled.startswith("cannot matter: ")
        if not words or not (reason or _NAMED.findall(handled)):
            wrong.append(f"{number}: names no place and gives no reason")
        if not (reason or _NAMED.findall(shown)):
            wrong.append(f"{number}: names no test and gives no reason")
    assert wrong == []


def test_no_row_waits_for_work_that_is_not_there_yet() -> None:
    assert [number for number, *cells in rows() if any(_UNFINISHED in cell for cell in cells)] == []


def test_every_place_that_a_row_names_is_there() -> None:
    assert [
        f"{number}: {trouble}"
        for number, _, handled, _ in rows()
        if _UNFINISHED not in handled
        for name in _NAMED.findall(handled)
        if (trouble := lacks(name, ":") if name.startswith("npf/") else f"{name} is no place in npf/")
    ] == []


def test_every_test_that_a_row_names_is_there() -> None:
    assert [
        f"{number}: {trouble}"
        for number, _, _, shown in rows()
        if _UNFINISHED not in shown
        for name in _NAMED.findall(shown)
        if (trouble := lacks(name, "::") or ("" if "::test_" in name else f"{name} is no test"))
    ] == []


def test_the_numbers_are_those_of_the_source() -> None:
    if not SOURCE.is_file():
        pytest.skip(f"{SOURCE} is absent: it is not part of the repository")
    numbered = [int(number) for number in re.findall(r"^(\d+)\. \[", SOURCE.read_text(), re.M)]
    assert numbered == [number for number, *_ in rows()]
