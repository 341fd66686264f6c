"""npf orders, order, explain, hold, release, retry."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from npf.cli.common import AsJson, OrderId, StoreName, document, say, table
from npf.core.errors import FixSettings
from npf.core.suggest import did_you_mean
from npf.desk.answers import OUTCOMES
from npf.serve.start import started

if TYPE_CHECKING:
    from npf.desk.compare import Side

BY = "command"


def register(app: typer.Typer) -> None:
    """Put these commands into the top level."""
    for command in (orders, order, explain, hold, release, retry):
        app.command()(command)


def orders(
    name: StoreName,
    stage: Annotated[str, typer.Option(metavar="S", help="Only this stage.")] = "",
    late: Annotated[bool, typer.Option("--late", help="Only what NPF has for longer than it promised.")] = False,
    json: AsJson = False,
) -> None:
    """What stands where."""
    with started():
        from npf.orders.stages import Stage
        from npf.shipments.listing import listed
        from npf.stores import book

        if stage and stage not in [stage.value for stage in Stage]:
            known = [stage.value for stage in Stage]
            cure = f"use one of {', '.join(known)}"
            raise FixSettings(
                f'there is no stage "{stage}"{did_you_mean(stage, known)}', parameter="--stage", cure=cure
            )
        rows = listed(book.find(name), stage, late=late)
    if json:
        return document({"orders": rows})
    if not rows:
        say("No late orders." if late else "No orders" + (f" in stage {stage}." if stage else " yet."))
        return None
    table(
        ("order", "FM number", "NPF", "stage", "tracking", "reason"),
        [
            (
                row["bc_order_id"],
                row["fm_number"],
                row["npf_order_no"],
                row["stage"] + (" (test)" if row["test"] else "") + (", late" if row["late"] else ""),
                ", ".join(one["tracking_number"] for one in row["shipments"]),
                row["reason"],
            )
            for row in rows
        ],
    )
    return None


def order(name: StoreName, id: OrderId, json: AsJson = False) -> None:
    """The timeline of one order."""
    with started():
        from msgspec import to_builtins

        from npf.desk.compare import side_by_side
        from npf.desk.decisions import find
        from npf.desk.floor import text
        from npf.shipments.listing import listed, timeline
        from npf.stores import book
        from npf.stores.parameters import parameters

        store = book.find(name)
        row = find(store, id)
        lines = timeline(store, id)
        zone = parameters(store.parameters).zone
        sides, floor = side_by_side(row), text(row)
        if json:
            both = [to_builtins(side) for side in sides]
            found = {"orders": listed(store, bc_order_id=id), "gates": row.gates}
            return document(found | {"difference": both, "floor": floor, "timeline": lines})
        say(f"Order {id}: {row.stage}" + (f" — {row.reason}" if row.reason else ""))
        if row.repair:
            say(f"Next step: {row.repair}")
        _show_desk(sides, floor)
        table(
            (f"when ({zone})", "who", "what"),
            [(f"{line['at'].astimezone(zone):%d/%m/%Y %H:%M:%S}", line["by"], line["text"]) for line in lines],
        )
    return None


def _show_desk(sides: "Sequence[Side]", floor: str) -> None:
    """What FM was asked for beside what BigCommerce shows now, and the text for NPF's floor."""
    if sides:
        rows = [(side.title, row) for side in sides for row in side.rows]
        table(
            ("", "", "FM has", "BigCommerce shows now", ""),
            [(title, row.name, row.had, row.now, "changed" if row.changed else "") for title, row in rows],
        )
    if floor:
        say(f"\nFor NPF's floor:\n\n{floor}\n")


def explain(name: StoreName, id: OrderId, json: AsJson = False) -> None:
    """Why is an order not in FM? Each gate, for any number, also one that was never pulled."""
    with started():
        from npf.pull.explain import explain as ask
        from npf.stores import book
        from npf.stores.outside import Outside
        from npf.stores.visit import look

        with look(book.find(name), Outside(), BY) as at:
            answer = ask(at, id)
    if json:
        return document(answer)
    say(f"Order {id}: {answer['says']}.")
    table(
        ("gate", "", "what it looked at", "setting", "next step"),
        [(one["gate"], one["outcome"], one["why"], one["setting"], one["repair"]) for one in answer["gates"]],
    )
    return None


def hold(
    name: StoreName, id: OrderId, reason: Annotated[str, typer.Option(help="Why.")] = "", json: AsJson = False
) -> None:
    """Stop an order here until it is released."""
    _decide("hold", name, id, json, reason)


def release(
    name: StoreName,
    id: OrderId,
    outcome: Annotated[
        str,
        typer.Option(
            metavar="O", help="What NPF's floor answers to a cancelled or changed order: stopped|ship|resend."
        ),
    ] = "",
    remark: Annotated[str, typer.Option(help="A word for the timeline.")] = "",
    json: AsJson = False,
) -> None:
    """Let go of a hold and accept its cause."""
    if outcome and outcome not in OUTCOMES:
        cure = f"use one of {', '.join(OUTCOMES)}"
        near = did_you_mean(outcome, OUTCOMES)
        raise FixSettings(f'there is no outcome "{outcome}"{near}', parameter="--outcome", cure=cure)
    _decide("release", name, id, json, outcome, remark=remark)


def retry(name: StoreName, id: OrderId, json: AsJson = False) -> None:
    """Try again what failed, now that its cause is mended."""
    _decide("retry", name, id, json)


def _decide(what: str, name: str, id: int, json: bool, *more: Any, **named: Any) -> None:
    with started():
        from npf.core.clock import SystemClock
        from npf.desk import decisions
        from npf.stores import book
        from npf.wake import wake

        store = book.find(name)
        row = decisions.find(store, id)
        says = getattr(decisions, what)(row, BY, SystemClock(), *more, **named)
        for station in ("pull", "send", "follow", "push"):
            wake(station, [store.pk], BY)
        row.refresh_from_db()
    if json:
        document({"store": name, "bc_order_id": id, "stage": row.stage, "says": says})
    else:
        say(f"Order {id}: {says}.")
