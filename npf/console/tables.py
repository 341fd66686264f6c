"""The tables of a store as lines of text that a person edits, and back. Pure.

    key = value              dispatch, carriers, SKU map: the value stands after the last "="
    KIT: CODE x 2, CODE2     bundles: the SKU ends at the first ": ", parts are parted by commas, no "x" means one

Empty lines count for nothing. Quotes around a key or a value, as in a store file, are taken off.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec


class Lines(msgspec.Struct):
    """What was read: the table, the line that each key stands on, and what is wrong, each with its line."""

    table: dict[str, Any]
    line_of: dict[str, int]
    wrong: list[str]


def write_rows(table: dict[str, str]) -> str:
    return "\n".join(f"{key} = {value}" for key, value in table.items())


def write_bundles(bundles: dict[str, dict[str, int]]) -> str:
    return "\n".join(
        f"{sku}: {', '.join(f'{code} x {quantity}' for code, quantity in parts.items())}"
        for sku, parts in bundles.items()
    )


def read_rows(text: str) -> Lines:
    """Lines of `key = value`."""

    def row(line: str) -> tuple[str, str]:
        key, equals, value = line.rpartition("=")
        if not equals or not key.strip():
            raise ValueError("write it as: key = value")
        return _bare(key), _bare(value)

    return _read(text, row)


def read_bundles(text: str) -> Lines:
    """Lines of `SKU: CODE x 2, CODE2 x 1`."""

    def row(line: str) -> tuple[str, dict[str, int]]:
        sku, colon, parts = line.partition(": ")
        if not colon:
            sku, colon, parts = line.partition(":")
        if not colon or not sku.strip() or not parts.strip():
            raise ValueError("write it as: SKU: CODE x 2, CODE2 x 1")
        return _bare(sku), _parts(parts)

    return _read(text, row)


def _parts(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in text.split(","):
        if not part.strip():
            continue
        times = re.fullmatch(r"(.+?)\s+[xX]\s*(\S+)", part.strip())
        code, quantity = (_bare(times[1]), times[2]) if times else (_bare(part), "1")
        if not re.fullmatch(r"[0-9]{1,5}", quantity):
            raise ValueError(f"“{quantity}” is no quantity; write a part as: CODE x 2")
        if code in found:
            raise ValueError(f"{code} stands twice in it")
        found[code] = int(quantity)
    return found


def _read(text: str, row: Callable[[str], tuple[str, Any]]) -> Lines:
    lines = Lines({}, {}, [])
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            key, value = row(line)
        except ValueError as wrong:
            lines.wrong.append(f"line {number}: {wrong}")
            continue
        if key in lines.table:
            lines.wrong.append(f"line {number}: {key} stands on line {lines.line_of[key]} already")
            continue
        lines.table[key], lines.line_of[key] = value, number
    return lines


def _bare(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].strip()
    return text
