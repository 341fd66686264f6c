"""`npf sandbox files`: one warehouse at a folder, until Ctrl-C."""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from .warehouse import FileWarehouse


def snippet(folder: Path) -> str:
    """The [fm] table of a store file that connects to a warehouse at a folder."""
    return f'[fm]\nkind = "files"\nbase_url = "{folder}"\nclient_code = "DEMO"\n'


def run(
    folder: Path,
    *,
    pick_delay: float = 3.0,
    form: str = "csv",
    every: float = 1.0,
    out: TextIO | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Take and ship every `every` seconds; the stock of what was ordered is written as a file each time it changes.

    Raises ValueError for a format that it cannot write, OSError for a folder that it cannot use.
    """
    if form not in ("csv", "json"):
        raise ValueError(f"the format must be csv or json, not {form!r}")
    warehouse = FileWarehouse(folder.absolute(), pick_delay=pick_delay, form=form)
    out = out or sys.stdout
    with suppress(KeyboardInterrupt):
        out.write(f"Warehouse of files at {warehouse.folder} (Ctrl-C ends it). For a store file:\n\n")
        out.write(snippet(warehouse.folder))
        out.flush()
        before: dict[str, int] = {}
        while True:
            warehouse.step()
            for order in warehouse.orders.values():
                for code in order.ordered:
                    warehouse.stock.setdefault(code, 100)
            if warehouse.stock != before:
                warehouse.count()
                before = dict(warehouse.stock)
            sleep(every)
