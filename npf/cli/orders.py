"""npf orders, freight, order, explain, hold, release, retry."""

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
    from npf.desk.repairing import Trouble
    from npf.orders.models import Order

BY = "command"


def register(app: typer.Typer) -> None:
    """Put these commands into the top level."""
    for command in (orders, freight, order, explain, hold, release, retry):
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


def freight(name: StoreName, json: AsJson = False) -> None:
    """What FM charged for freight and handling in the last twelve months, by month and dispatch code."""
    with started():
        from msgspec import to_builtins

        from npf.core.clock import SystemClock
        from npf.shipments.charges import A_YEAR, charges
        from npf.stores import book

        rows = charges([book.find(name)], (SystemClock().now() - A_YEAR).date())
    if json:
        return document({"freight": [{**to_builtins(row), "month": f"{row.month:%Y-%m}"} for row in rows]})
    if not rows:
        say("Nothing was charged yet.")
        return None
    table(
        ("month", "dispatch", "carrier", "parcels", "freight", "handling", "total"),
        [
            (f"{row.month:%Y-%m}", row.dispatch_code, row.carrier, row.parcels, row.freight, row.handling, row.total)
            for row in rows
        ],
        numbers=("parcels", "freight", "handling", "total"),
    )
    return None


def order(name: StoreName, id: OrderId, json: AsJson = False) -> None:
    """The timeline of one order."""
    with started():
        from msgspec import to_builtins

        from npf.desk.compare import side_by_side
        from npf.desk.decisions import find
        from npf.desk.floor import text
        from npf.desk.repairing import troubles
        from npf.shipments.listing import listed, timeline
        from npf.stores import book
        from npf.stores.parameters import parameters

        store = book.find(name)
        row = find(store, id)
        lines = timeline(store, id)
        zone = parameters(store.parameters).zone
        sides, floor, wrong = side_by_side(row), text(row), troubles(row)
        given: list[Any] = list(row.repairs.order_by("pk").values("field", "value", "replaces", "by", "at"))
        if json:
            both = [to_builtins(side) for side in sides]
            found = {"orders": listed(store, bc_order_id=id), "gates": row.gates}
            found |= {"problems": [_problem(one) for one in wrong], "repairs": given}
            return document(found | {"difference": both, "floor": floor, "timeline": lines})
        say(f"Order {id}: {row.stage}" + (f" — {row.reason}" if row.reason else ""))
        if row.repair:
            say(f"Next step: {row.repair}")
        _show_repairs(wrong, given)
        _show_desk(sides, floor)
        table(
            (f"when ({zone})", "who", "what"),
            [(f"{line['at'].astimezone(zone):%d/%m/%Y %H:%M:%S}", line["by"], line["text"]) for line in lines],
        )
    return None


def _problem(one: "Trouble") -> dict[str, Any]:
    from msgspec import to_builtins

    problem = one.problem
    found: dict[str, Any] = to_builtins(problem)
    return found | {"address": one.address, "says": problem.text, "repair": problem.repair}


def _show_repairs(wrong: "Sequence[Trouble]", given: Sequence[dict[str, Any]]) -> None:
    """What FM would refuse with what is proposed, and what FM is given in place of BigCommerce's values."""
    if wrong:
        rows = [
            (
                one.problem.field,
                one.problem.rule,
                one.problem.text,
                ", or ".join(p.words for p in one.problem.proposals),
            )
            for one in wrong
        ]
        table(("field", "rule", "FM would refuse it", "proposed"), rows)
        say("npf release NAME ID --repair takes what is proposed, --set FIELD=VALUE another value.")
    if given:
        rows = [(one["field"], one["replaces"], one["value"], one["by"]) for one in given]
        table(("field", "BigCommerce has", "FM is given", "by"), rows)


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
    repair: Annotated[bool, typer.Option("--repair", help="Give FM the values that are proposed.")] = False,
    set: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=VALUE", help="Give FM this value, as ShippingAddress.LastName=Mirage."),
    ] = None,
    unset: Annotated[list[str] | None, typer.Option(metavar="FIELD", help="Take a value for FM back.")] = None,
    json: AsJson = False,
) -> None:
    """Let go of a hold and accept its cause, or mend what FM would refuse."""
    if repair or set or unset:
        return _mend(name, id, json, repair=repair, given=set or [], back=unset or [])
    if outcome and outcome not in OUTCOMES:
        cure = f"use one of {', '.join(OUTCOMES)}"
        near = did_you_mean(outcome, OUTCOMES)
        raise FixSettings(f'there is no outcome "{outcome}"{near}', parameter="--outcome", cure=cure)
    return _decide("release", name, id, json, outcome, remark=remark)


def _mend(name: str, id: int, json: bool, *, repair: bool, given: list[str], back: list[str]) -> None:
    pairs = [one.partition("=") for one in given]
    for field, sign, _ in pairs:
        if not sign:
            cure = "write it as ShippingAddress.LastName=Mirage"
            raise FixSettings(f'"{field}" gives no value', parameter="--set", cure=cure)
    with started():
        from npf.core.clock import SystemClock
        from npf.desk import decisions, repairing
        from npf.stores import book

        row, clock = decisions.find(book.find(name), id), SystemClock()
        values = {one.field: one for one in repairing.proposed(row)} if repair else {}
        values |= {field: repairing.Given(field.strip(), value) for field, _, value in pairs}
        says = ""
        for field in back:
            says = repairing.undo(row, BY, clock, field)
        if repair or values:
            says = repairing.repair(row, BY, clock, list(values.values()))
        _woken(name, row, says, json)


def retry(name: StoreName, id: OrderId, json: AsJson = False) -> None:
    """Try again what failed, now that its cause is mended."""
    _decide("retry", name, id, json)


def _decide(what: str, name: str, id: int, json: bool, *more: Any, **named: Any) -> None:
    with started():
        from npf.core.clock import SystemClock
        from npf.desk import decisions
        from npf.stores import book

        row = decisions.find(book.find(name), id)
        says = getattr(decisions, what)(row, BY, SystemClock(), *more, **named)
        _woken(name, row, says, json)


def _woken(name: str, row: "Order", says: str, json: bool) -> None:
    """Wake whoever goes on with a decided order, and say what comes of it."""
    from npf.wake import wake

    for station in ("pull", "send", "follow", "push"):
        wake(station, [row.store_id], BY)
    row.refresh_from_db()
    if json:
        document({"store": name, "bc_order_id": row.bc_order_id, "stage": row.stage, "says": says})
    else:
        say(f"Order {row.bc_order_id}: {says}.")
