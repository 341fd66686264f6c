"""npf store …, npf check."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from npf.cli.common import HELD_OR_FAILED, AsJson, StoreName, document, leave, new_app, say, table, warn
from npf.core.errors import FixSettings
from npf.serve.start import started

if TYPE_CHECKING:
    from npf.stores.models import Store

app = new_app("Stores: add, change, pause, remove.")
BY = "command"


@app.command()
def add(file: Annotated[Path, typer.Argument(metavar="FILE.toml")], json: AsJson = False) -> None:
    """Add a store from a store file, or change the one of that name."""
    nested = _toml(file)
    with started():
        _save(nested, json, "changed" if _known(nested) else "added")


@app.command("import")
def import_(
    sheet: Annotated[Path, typer.Argument(metavar="SHEET.csv")],
    name: Annotated[str, typer.Option(help="The store, where the sheet does not name it.")] = "",
    json: AsJson = False,
) -> None:
    """Add or change a store from NPF's set-up sheet: two columns, NPF's word and the value."""
    from npf.stores.draft import WrongSettings
    from npf.stores.sheet import read_sheet

    read = read_sheet(_text(sheet))
    nested = read.nested | ({"name": name} if name else {})
    if not nested.get("name"):
        raise FixSettings(f"{sheet} does not name the store", parameter="name", cure="add --name NAME, or a row: name")
    with started():
        from npf.stores import book

        store = _known(nested)
        if store is not None:
            nested = _merged(book.nested(store, secrets=True), nested)
        try:
            _save(nested, json, "changed" if store else "added")
        except WrongSettings as wrong:
            raise read.located(wrong) from None


@app.command("set")
def set_(
    name: StoreName,
    values: Annotated[list[str], typer.Argument(metavar="KEY=VALUE…")],
    json: AsJson = False,
) -> None:
    """Change parameters: npf store set acme prefix=MG "dispatch.*express*=EP EXP". An empty value takes a row away."""
    with started():
        from npf.stores import book
        from npf.stores.sheet import assign

        _save(assign(book.nested(book.find(name), secrets=True), values), json, "changed")


@app.command()
def show(name: StoreName, json: AsJson = False) -> None:
    """Show a store's settings; secrets are masked."""
    with started():
        from npf.stores import book
        from npf.stores.tables import TABLES

        store = book.find(name)
        nested = book.nested(store)
        words, paused = book.in_words(store), store.paused_reason or None
        if json:
            return document(nested | {"paused": paused, "start_date_in_words": words})
        say(f"{name} ({store.merchant}): {words}")
        for title in ("bigcommerce", "fm"):
            say(f"\n{title}")
            table(("key", "value"), [(f"{title}.{key}", value) for key, value in nested[title].items()])
        say("\nparameters")
        table(("NPF's words", "key", "value"), _parameter_rows(store))
        for title in TABLES:
            if nested[title]:
                say(f"\n{title}")
                table(("key", "value"), [(f"{title}.{key}", _in_words(value)) for key, value in nested[title].items()])
        if paused:
            warn(f"Paused: {paused}")
    return None


def _parameter_rows(store: "Store") -> list[tuple[str, str, str]]:
    from npf.stores.parameters import PARAMETERS, parameters
    from npf.stores.words import written

    values = parameters(store.parameters)
    return [
        (row.label, row.key, written(row, getattr(values, row.key)) + ("" if row.key in store.parameters else "  *"))
        for row in PARAMETERS
    ] + [("", "", "(* = nobody has set it)")]


def _in_words(value: Any) -> str:
    """A row of a table: a text, the parts of a bundle, or a code for each country and weight."""
    if isinstance(value, list):
        return "; ".join(", ".join(f"{key} = {one}" for key, one in rule.items()) for rule in value)
    return ", ".join(f"{count} x {code}" for code, count in value.items()) if isinstance(value, dict) else str(value)


@app.command("list")
def list_(json: AsJson = False) -> None:
    """List the stores."""
    with started():
        from npf.stores.models import Store

        stores = Store.objects.filter(removed_at__isnull=True).select_related("fm").order_by("name")
        stores = stores.defer("access_token", "fm__password")
        rows = [
            {
                "name": one.name,
                "merchant": one.merchant,
                "store_id": one.store_hash,
                "fm_client": one.fm.client_code,
                "paused": one.paused_reason or None,
            }
            for one in stores
        ]
    if json:
        return document({"stores": rows})
    if not rows:
        say("No store yet. npf store add FILE.toml adds the first.")
    else:
        table(("name", "merchant", "BigCommerce", "FM client", "paused"), [list(row.values()) for row in rows])
    return None


@app.command()
def pause(
    name: StoreName,
    reason: Annotated[str, typer.Option(help="Why.")] = "paused by hand",
    json: AsJson = False,
) -> None:
    """Stop all work on a store until it is resumed."""
    with started():
        from npf.core.clock import SystemClock
        from npf.stores import book

        done = book.pause(book.find(name), BY, SystemClock(), reason)
    _did(name, "paused", json, f"{name} is paused." if done else f"{name} was paused already.", changed=done)


@app.command()
def resume(name: StoreName, json: AsJson = False) -> None:
    """Let a paused store work again."""
    with started():
        from npf.core.clock import SystemClock
        from npf.stores import book

        done = book.resume(book.find(name), BY, SystemClock())
    _did(name, "resumed", json, f"{name} works again." if done else f"{name} was not paused.", changed=done)


@app.command()
def remove(
    name: StoreName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Remove a store: its credentials go, its orders are kept so that adding it again sends none twice."""
    with started():
        from npf.hooks.keep import forget
        from npf.orders.models import Order
        from npf.orders.stages import Stage
        from npf.stores import book
        from npf.stores.outside import Outside
        from npf.stores.visit import look

        store = book.find(name)
        going = Order.objects.filter(store=store, stage__in=(Stage.NEW, Stage.PENDING, Stage.PROCESSING)).count()
        if not yes:
            asked = f"Remove {name}? {going} orders are on their way and would be followed no more"
            typer.confirm(asked, abort=True, err=True)
        with look(store, Outside(), BY) as at:
            if left := forget(at):
                warn(f"{name}: {left}.")
            book.remove(store, BY, at.clock)
    _did(name, "removed", json, f"{name} is removed. Adding it again brings its {going} open orders back.")


def _did(name: str, did: str, json: bool, says: str, *, changed: bool = True) -> None:
    if json:
        document({"store": name, "did": did, "changed": changed})
    else:
        say(says)


def check(name: StoreName, json: AsJson = False) -> None:
    """The doctor: credentials, scopes, statuses, channels, locations, SKUs, shipping methods, the clock.

    Where NPF_PUBLIC_URL is set it also registers the store's webhook, or mends it; besides that it writes nothing.
    """
    with started():
        import msgspec

        from npf.check.doctor import examine
        from npf.stores import book
        from npf.stores.outside import Outside
        from npf.stores.visit import look

        with look(book.find(name), Outside(), BY) as at:
            findings = list(examine(at))
            calls = at.calls
    wrong = sum(finding.result == "wrong" for finding in findings)
    if json:
        document({"store": name, "wrong": wrong, "findings": msgspec.to_builtins(findings), "calls": calls})
    else:
        rows = [(one.result.replace("wrong", "WRONG"), one.subject, one.says, one.cure) for one in findings]
        table(("", "subject", "what was found", "what to do"), rows)
        say(f"\n{wrong} to mend." if wrong else "\nNothing to mend.")
    leave(HELD_OR_FAILED if wrong else 0)


def _known(nested: dict[str, Any]) -> "Store | None":
    """The row of the store that a file names, None where there is none yet."""
    from npf.stores.models import Store

    return Store.objects.select_related("fm").filter(name=str(nested.get("name")), removed_at__isnull=True).first()


def _save(nested: dict[str, Any], json: bool, did: str) -> None:
    from npf.check.credentials import prove
    from npf.stores import book, draft
    from npf.stores.outside import Outside

    outside = Outside()
    read = draft.read(nested)
    unproved = prove(read, outside)
    store, said = book.save(read, BY, outside.clock)
    if json:
        document({"store": store.name, "did": did, "said": said, "unproved": unproved})
    else:
        say(f"{store.name} {did}: {book.in_words(store)}.")
        for sentence in said:
            warn(sentence)
        for sentence in unproved:
            warn(f"Not proved yet: {sentence}. npf check {store.name} tries again.")
    leave(HELD_OR_FAILED if unproved else 0)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, value in new.items():
        merged[key] = _merged(old.get(key) or {}, value) if isinstance(value, dict) else value
    return merged


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FixSettings(f"{file} cannot be read: {error.strerror}", parameter="FILE", cure="name a file") from None
    except UnicodeDecodeError:
        cure = "save it as UTF-8"
        raise FixSettings(f"{file} is not UTF-8 text", parameter="FILE", cure=cure) from None


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        cure = "mend the line that is named; texts stand in quotation marks"
        raise FixSettings(f"{file} is no TOML: {error}", parameter="FILE", cure=cure) from None
