"""npf pull, send, follow, count, push, run, stock, check."""

from typing import Annotated, Any

import typer

from npf.cli import stores
from npf.cli.common import DONE, HELD_OR_FAILED, WRONG, AsJson, StoreName, document, leave, progress, say, table, warn
from npf.core.errors import FixSettings
from npf.serve.start import started

BY = "command"


def register(app: typer.Typer) -> None:
    """Put these commands into the top level."""
    app.command()(pull)
    for station in ("send", "follow", "count", "push"):
        app.command(station, help=_HELP[station])(_station(station))
    app.command()(run)
    app.command()(stock)
    app.command()(stores.check)


_HELP = {
    "send": "Send new orders to FM, once, now.",
    "follow": "Ask FM for every order that is not finished, once, now.",
    "count": "Ask FM for the stock of every SKU, once, now.",
    "push": "Tell BigCommerce what left NPF, once, now.",
}


def pull(
    name: StoreName,
    order: Annotated[int | None, typer.Option(metavar="ID", min=1, help="Only this order.")] = None,
    json: AsJson = False,
) -> None:
    """Pull changed orders from BigCommerce, once, now."""
    if order is None:
        return _visit("pull", name, json)
    with started():
        from npf.jobs.stations import pull_one
        from npf.stores import book
        from npf.stores.outside import Outside

        row = pull_one(book.find(name), Outside(), BY, order)
    if json:
        document({"store": name, "bc_order_id": order, "stage": row.stage, "reason": row.reason})
    else:
        say(f"Order {order}: {row.stage}" + (f" ({row.reason})" if row.reason else ""))
    return None


def _station(station: str) -> Any:
    def command(name: StoreName, json: AsJson = False) -> None:
        _visit(station, name, json)

    return command


def _visit(station: str, name: str, json: bool) -> None:
    with started(), progress(not json) as tell:
        from npf.jobs.stations import one_station
        from npf.stores import book
        from npf.stores.outside import Outside

        at = one_station(station, book.find(name), Outside(), BY, wait=60, progress=tell, urgent=True)
        done = {"store": name, "station": station, **at.counts, "calls": at.calls}
    if json:
        document(done)
    else:
        counts = ", ".join(f"{value} {key}" for key, value in at.counts.items()) or "nothing to do"
        say(f"{station}: {counts}. Calls: {at.calls['bigcommerce']} BigCommerce, {at.calls['fm']} FM.")
    leave(HELD_OR_FAILED if at.counts.get("held") or at.counts.get("failed") else 0)


def run(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME…")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every store that is not paused.")] = False,
    json: AsJson = False,
) -> None:
    """Pull, send, follow and push, once, in this order."""
    names = list(dict.fromkeys(names or []))
    if bool(names) == every:
        raise FixSettings("name the stores, or give --all", parameter="NAME", cure="npf run acme-au, or npf run --all")
    with started(), progress(not json) as tell:
        from npf.jobs.stations import run_all
        from npf.stores import book
        from npf.stores.models import Store
        from npf.stores.outside import Outside

        if every:
            working = Store.objects.filter(removed_at__isnull=True, paused_at__isnull=True)
            names = list(working.order_by("name").values_list("name", flat=True))
        for name in names:
            book.find(name)
        outside = Outside()
        # Each is read when its turn comes: a wrong FM login may have paused it meanwhile, with another store.
        done = [run_all(book.find(name), outside, BY, tell) for name in names]
    if json:
        document(done[0] if len(names) == 1 and not every else {"stores": done})
    else:
        columns = ("store", "pulled", "sent", "followed", "pushed", "held", "skipped", "failed")
        table(columns, [[one[key] for key in columns] for one in done], numbers=columns[1:])
        for one in done:
            for error in one["errors"]:
                warn(f"{one['store']}: {error}")
    if any(one["fix"] for one in done):
        leave(WRONG)
    leave(HELD_OR_FAILED if any(one["held"] or one["failed"] for one in done) else DONE)


def stock(
    name: StoreName,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show each figure and why; write nothing.")] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Go on past the seat belt, this once.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Write back what stood before the last push.")] = False,
    json: AsJson = False,
) -> None:
    """Pull, count, and push stock."""
    if undo and anyway:
        raise FixSettings("--undo knows no seat belt", parameter="--anyway", cure=f"npf stock {name} --undo")
    with started(), progress(not json) as tell:
        from npf.jobs.stations import push_stock, undo_stock
        from npf.stores import book
        from npf.stores.outside import Outside

        store, outside = book.find(name), Outside()
        if undo:
            done = undo_stock(store, outside, BY, dry_run=dry_run, progress=tell)
        else:
            done = push_stock(store, outside, BY, anyway=anyway, dry_run=dry_run, progress=tell)
    if json:
        document(done)
    else:
        columns = ("sku", "fm", "unsent", "buffer", "publish", "was", "why")
        shown = done["items"] if dry_run else [item for item in done["items"] if item["publish"] != item["was"]]
        table(
            columns,
            [[_why(item) if key == "why" else item[key] for key in columns] for item in shown],
            numbers=columns[1:6],
        )
        say(
            f"{done['counted']} SKUs counted, {done['changed']} changed, {done['written']} written, "
            f"{done['unknown']} unknown." + (" Nothing was written: dry run." if dry_run else "")
        )
        if done["stopped"]:
            warn(f"Stopped: {done['stopped']}")
        if done["belt"] and done["stopped"] and not dry_run:
            warn(f"If the figures are right all the same: npf stock {name} --anyway")
    refused = not dry_run and done["written"] < done["changed"]
    leave(HELD_OR_FAILED if done["stopped"] or refused else 0)


def _why(item: dict[str, Any]) -> str:
    """What was taken off and for which orders, and what keeps it from being written."""
    said = [
        f"{cause['units']} {name} ({', '.join(cause['orders'][:3])}{' …' if len(cause['orders']) > 3 else ''})"
        for name, cause in item["causes"].items()
    ]
    of = f" of {item['part']}" if said and item["part"] != item["sku"] else ""
    return "; ".join([", ".join(said) + of] * bool(said) + [item["note"]] * bool(item["note"]))
