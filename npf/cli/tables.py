"""npf table NAME TABLE: the tables of a store, out to a CSV file and in again, and what a text would map to."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from npf.cli.common import AsJson, StoreName, document, leave, say, table, warn
from npf.core.errors import FixSettings
from npf.serve.start import started

if TYPE_CHECKING:
    from npf.stores.models import Store
    from npf.stores.rows import Changes
    from npf.stores.tables import Table, Values

BY = "command"


def register(app: typer.Typer) -> None:
    """Put the command into the top level."""
    app.command("table")(table_)


def table_(
    name: StoreName,
    which: Annotated[str, typer.Argument(metavar="TABLE", help="dispatch, carriers, sku_map, bundles or buffers.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Write it; - = to standard output.")
    ] = None,
    in_: Annotated[Path | None, typer.Option("--in", metavar="FILE.csv", help="Put this file in its place.")] = None,
    try_: Annotated[str | None, typer.Option("--try", metavar="TEXT", help="What would this text map to?")] = None,
    country: Annotated[str, typer.Option(help="With --try: where the order goes.")] = "",
    kg: Annotated[str, typer.Option(help="With --try: what the order weighs.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Put the former state back.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --in or --undo: only tell the difference.")] = False,
    json: AsJson = False,
) -> None:
    """A table of a store: show it, write it as CSV, take a CSV in its place, or try what a text would map to."""
    if sum(one is not None for one in (out, in_, try_)) + undo > 1:
        raise FixSettings("one thing at a time", parameter="TABLE", cure="give one of --out, --in, --try, --undo")
    with started():
        from npf.stores import book, shelf

        store, wanted = book.find(name), shelf.named(which)
        if try_ is not None:
            return _try(store, wanted, try_, country, kg, json)
        if in_ is not None or undo:
            return _change(store, wanted, in_, dry_run, json)
        if out is not None:
            return _out(store, wanted, out, json)
        rows = wanted.rows(getattr(store, wanted.key))
    if json:
        document({"store": name, "table": which, "rows": [_named(wanted, row) for row in rows]})
    else:
        numbers = [column.title for column in wanted.columns if column.number]
        table([column.title for column in wanted.columns], map(wanted.cells, rows), numbers=numbers)
    return None


def _try(store: "Store", wanted: "Table", text: str, country: str, kg: str, json: bool) -> None:
    from npf.stores import book
    from npf.stores.trying import mapped, read_place

    found = mapped(wanted.key, book.settings_of(store), text, *read_place(country, kg))
    if json:
        document({"store": store.name, "table": wanted.key, "text": text, "to": found.to, "says": found.says})
    else:
        say(found.says)
    leave(0 if found.to is not None else 1)


def _out(store: "Store", wanted: "Table", out: Path, json: bool) -> None:
    from npf.stores import csvfile

    kept = getattr(store, wanted.key)
    data = csvfile.write(wanted, kept)
    if str(out) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        says = f"{out} cannot be written: {error.strerror}"
        raise FixSettings(says, parameter="--out", cure="name another file") from None
    count = len(wanted.rows(kept))
    if json:
        document({"store": store.name, "table": wanted.key, "file": str(out), "rows": count})
    else:
        say(f"{count:,} rows written to {out}.")


def _change(store: "Store", wanted: "Table", file: Path | None, dry_run: bool, json: bool) -> None:
    from npf.core.clock import SystemClock
    from npf.stores import former, shelf
    from npf.stores.rows import compare
    from npf.wake import wake

    version, before = store.settings_version, getattr(store, wanted.key)
    if file is not None:
        then = _read(store, wanted, file)
    elif (was := former.last(store, wanted.key)) is not None:
        then = was.rows
    else:
        cure = "there is nothing to undo"
        raise FixSettings(f"nothing of {wanted.key} was changed yet", parameter="TABLE", cure=cure)
    changes = compare(wanted, before, then)
    going = _let_go(store, wanted.key, then)
    if changes and not dry_run:
        shelf.change(store, wanted.key, then, BY, SystemClock(), version=version)
        wake("pull", [store.pk], BY)
    _tell(store, wanted, changes, going, json, done=bool(changes) and not dry_run)


def _read(store: "Store", wanted: "Table", file: Path) -> dict[str, Any]:
    from npf.stores import csvfile, shelf
    from npf.stores.draft import Problem, WrongSettings

    try:
        data = file.read_bytes()
    except OSError as error:
        raise FixSettings(f"{file} cannot be read: {error.strerror}", parameter="--in", cure="name a file") from None
    read = csvfile.read(wanted, data, shelf.codes_of(store))
    if read.wrong:
        raise WrongSettings([Problem(place, message) for place, message in read.wrong])
    return read.table


def _let_go(store: "Store", key: str, then: dict[str, Any]) -> list[int]:
    import msgspec

    from npf.pull.whatif import let_go
    from npf.stores import book

    today = book.settings_of(store)
    return [order.bc_order_id for order in let_go(store, today, msgspec.structs.replace(today, **{key: then}))]


def _tell(store: "Store", wanted: "Table", changes: "Changes", going: list[int], json: bool, *, done: bool) -> None:
    if json:
        shown = {
            "added": [_named(wanted, row) for row in changes.added],
            "changed": [{"from": _named(wanted, old), "to": _named(wanted, new)} for old, new in changes.changed],
            "removed": [_named(wanted, row) for row in changes.removed],
        }
        return document({"store": store.name, "table": wanted.key, "saved": done, **shown, "let_go": going})
    rows = [("+", *wanted.cells(row)) for row in changes.added]
    for old, new in changes.changed:
        rows += [("from", *wanted.cells(old)), ("to", *wanted.cells(new))]
    rows += [("-", *wanted.cells(row)) for row in changes.removed]
    if rows:
        table(["", *(column.title for column in wanted.columns)], rows)
    say(f"{wanted.key} of {store.name}: {changes.in_words}. " + ("Saved." if done else "Nothing was saved."))
    if going:
        warn(f"{len(going)} held orders {'go' if done else 'would go'} to FM by it: {', '.join(map(str, going[:10]))}")
    return None


def _named(wanted: "Table", row: "Values") -> dict[str, str]:
    """The cells of a row by the keys of their columns."""
    return dict(zip([column.key for column in wanted.columns], wanted.cells(row), strict=True))
