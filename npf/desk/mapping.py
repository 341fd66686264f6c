"""One decision for all orders that lack the same row of a table: it is saved, and all of them pass the gates again.

    held "shipping method “By pigeon” is not in the dispatch table"   -> the row By pigeon = ? of dispatch
    held "bundle KIT-A is not in the bundle table"                    -> the rows KIT-A = ? of bundles
    held by FM, 02007 "invalid product code: CUP"                     -> the row CUP = ? of sku_map

Nothing is released blindly: the saved table is another version of the settings, with which pull judges every order
anew that FM was not asked for (pull/regate.py).
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import transaction

from npf.audit.journal import write
from npf.audit.notes import Note, Tag
from npf.core.clock import Clock
from npf.orders.models import Order
from npf.stores import shelf
from npf.stores.maps import Settings
from npf.stores.models import Store
from npf.stores.rows import put
from npf.stores.tables import TABLES

UNKNOWN_CODE = "02007"
_PART = re.compile(r"(.+?)(?:\s+[xX]\s*(\d+))?")


class Lack(msgspec.Struct, frozen=True):
    """A row that a table is without: its cells, those that a person must fill empty."""

    table: str
    cells: tuple[str, ...]

    @property
    def names(self) -> str:
        """What it is about, without what is to be filled: "By pigeon, New Zealand"."""
        return ", ".join(cell for cell in self.cells if cell) or "no shipping method"


def lack_of(order: Order, settings: Settings) -> Lack | None:
    """The row whose lack holds the order; None where it is held for something else."""
    if order.reason_code == UNKNOWN_CODE:
        return _unknown_to_fm(order, settings)
    if not order.reason_code.startswith("gate:"):
        return None
    decides: dict[str, Any] = next((gate for gate in order.gates if gate.get("outcome") != "pass"), {})
    cells, key = decides.get("lacks", []), decides.get("setting", "")
    return Lack(key, tuple(cells)) if key in TABLES and len(cells) == len(TABLES[key].columns) else None


def _unknown_to_fm(order: Order, settings: Settings) -> Lack | None:
    """The first SKU that goes to FM as it is, and that FM's refusal names."""
    named = set(re.findall(r"[^\s,;:'\"]+", order.reason))
    skus = sorted(order.lines.values_list("sku", flat=True))
    for sku in skus:
        if sku in named and sku not in settings.sku_map and not settings.is_bundle(sku):
            return Lack("sku_map", (sku, ""))
    return None


def rows_of(lack: Lack, filled: str) -> list[list[str]]:
    """The rows to add, with what a person typed: a code or a carrier; of a bundle its parts, "FM-1 x 2, FM-2"."""
    if lack.table != "bundles":
        cells = list(lack.cells)
        cells[1] = filled.strip()
        return [cells]
    parts = [part.strip() for part in filled.split(",") if part.strip()] or [""]
    found = [_PART.fullmatch(part) for part in parts]
    return [[lack.cells[0], one[1] if one else "", (one[2] if one else "") or "1"] for one in found]


def add(store: Store, lack: Lack, filled: str, orders: Sequence[int], by: str, clock: Clock) -> Store:
    """Save the row in the table of a store, and journal which held orders (their pks) it is to let go.

    A row that says the same already is no mistake: somebody was quicker. Raises WrongRow for what cannot stand, and
    Meanwhile where the store was changed between the look and the save.
    """
    table, kept = TABLES[lack.table], getattr(store, lack.table)
    codes = shelf.codes_of(store)
    there = {table.cells(row) for row in table.rows(kept)}
    for cells in rows_of(lack, filled):
        if tuple(cells) not in there:
            kept = put(table, kept, cells, codes)
    with transaction.atomic():
        changed = shelf.change(store, lack.table, kept, by, clock, version=store.settings_version)
        text = f"{by}: {table.title}, {lack.names} = {filled.strip()}. {len(orders):,} held orders pass the gates again"
        data = {"orders": list(orders), "version": changed.settings_version, "row": f"{lack.names} = {filled.strip()}"}
        write(store.pk, by, clock.now(), [Note(Tag.PERSON_MAPPED, text, data=data)])
    return changed
