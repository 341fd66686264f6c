"""One order: how it stands, what the people in the warehouse may do to it, what was sent, and who asked for it."""

from typing import Any
from urllib.parse import quote

from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import Form, Html, Piece, el, join, live, table

from .. import orders as states
from ..client import Client
from ..errors import MEANINGS
from ..orders import Order
from .frame import client_page, clock, path_of
from .orders import state
from .traffic import calls_table

DONE = (states.SHIPPED, states.CANCEL)
SHOWN = 20
CODES: list[tuple[Piece, Piece]] = [(code, f"{code} {words}") for code, words in MEANINGS.items()]
TOLD: list[tuple[Piece, Piece]] = [
    ("", "as it is"),
    ("left-out", "left out of the list"),
    ("no-details", "Sorry, No details available!"),
]
REST: list[tuple[Piece, Piece]] = [("back", "is back-ordered"), ("short", "never comes")]


def order_page(client: Client, order: Order, asked: Asked) -> bytes:
    """The page of one order."""
    named = [entry for entry in client.log if order.number in entry.numbers]
    return client_page(
        client,
        ("orders", order.number),
        f"Order {order.number}",
        asked,
        el("h1", f"Order {order.number}"),
        live("order", _stands(client, order)),
        *_moves(client, order, asked),
        el("h2", "What the status service tells"),
        _telling(client, order, asked),
        el("h2", "Calls that named it, last first"),
        live("calls", calls_table(named[-SHOWN:][::-1], client.settings.zone, "None.")),
        el("h2", "As it was sent"),
        _sent(order.fields),
    )


def units(order: Order) -> list[tuple[str, str, int]]:
    """(field, code, units that remain) of each code that can still be despatched."""
    return [(f"units:{quote(code, safe='')}", code, left) for code, left in order.remaining.items()]


def _stands(client: Client, order: Order) -> Html:
    ordered, shipped = order.ordered, order.shipped
    lines: list[tuple[Piece, ...]] = [
        (code, quantity, shipped.get(code, 0), order.backordered.get(code, 0), order.remaining.get(code, 0))
        for code, quantity in ordered.items()
    ]
    errors: list[tuple[Piece, ...]] = [(code, detail) for code, detail in order.errors]
    due: list[Piece] = []
    if order.due and not client.settings.manual:
        due = [" · ships by itself at ", clock(client, order.due)]
    words = [f"NPF order {order.npf_order_no}", f"batch {order.batch_code}", f"by {order.dispatch_method}"]
    if order.received > 1:
        words.append(f"its number came {order.received} times")
    heads = ("Product", "Ordered", "Shipped", "Back-ordered", "Remain")
    return join(
        [
            el("p", el("b", state(order)), " since ", clock(client, order.status_at), *due),
            el("p", " · ".join(words), class_="quiet"),
            table(heads, lines, "", numbers=heads[1:]),
            table(("Code", "Error"), errors, "") if errors else None,
            el("h2", "Consignments"),
            _consignments(client, order),
        ]
    )


def _consignments(client: Client, order: Order) -> Html:
    rows: list[tuple[Piece, ...]] = [
        (
            one.consignment,
            one.manifest,
            clock(client, one.despatched_at),
            ", ".join(f"{quantity} x {code}" for code, quantity in one.products.items()),
            one.freight,
            one.handling,
            el("code", one.link),
        )
        for one in order.shipments
    ]
    heads = ("Consignment", "Manifest", "Left", "Products", "Freight", "Handling", "Link")
    return table(heads, rows, "Nothing has left the building yet.", numbers=("Freight", "Handling"))


def _moves(client: Client, order: Order, asked: Asked) -> list[Html]:
    if order.status in DONE:
        return [el("p", f"It is {order.status}: the warehouse does nothing more to it.", class_="quiet")]
    forms: dict[str, Form] = {
        name: asked.form(path_of(client, "orders", order.number, name))
        for name in ("ship", "backorder", "hold", "cancel", "error", "release")
    }
    drawn: list[Html] = []
    if order.status != states.ERROR:
        drawn += [el("h2", "Despatch"), _despatch(forms["ship"], order)]
        drawn += [el("h2", "Back-order"), _backorder(forms["backorder"], order)]
    drawn.append(el("h2", "Stop it, let it go on"))
    simple: list[Html] = []
    if order.status != states.PICKING:
        simple.append(forms["release"].whole(button="Release: pick it again", minor=True))
    if order.status != states.ERROR:
        simple.append(_because(forms["hold"], "Why it is held", "Address could not be confirmed", "Hold"))
    simple.append(_because(forms["cancel"], "Why it is cancelled", "Cancelled by the client", "Cancel"))
    error = forms["error"]
    simple.append(
        error.whole(
            error.select("code", "Error code", CODES, "02006"),
            error.text("detail", "What it says of it", "", placeholder="the code's own words", size=40),
            button="Set ERROR",
            minor=True,
        )
    )
    return [*drawn, el("div", *simple, class_="stack")]


def _because(form: Form, label: str, reason: str, button: str) -> Html:
    return form.whole(form.text("reason", label, reason, size=40), button=button, minor=True)


def _despatch(form: Form, order: Order) -> Html:
    return form.whole(
        *_units(form, order),
        form.text("consignment", "Consignment number", "", placeholder="made up"),
        form.select("rest", "What does not leave", REST),
        button="Despatch",
    )


def _backorder(form: Form, order: Order) -> Html:
    return form.whole(*_units(form, order), button="Back-order", minor=True)


def _units(form: Form, order: Order) -> list[Html]:
    return [
        form.text(name, f"{code}: {left} {'remains' if left == 1 else 'remain'}", left, inputmode="numeric")
        for name, code, left in units(order)
    ]


def _telling(client: Client, order: Order, asked: Asked) -> Html:
    form = asked.form(path_of(client, "orders", order.number, "tell"))
    return form.whole(form.select("how", "The order is", TOLD, order.hidden), button="Set it", minor=True)


def _sent(fields: dict[str, Any]) -> Html:
    rows: list[tuple[Piece, ...]] = []
    for name, value in fields.items():
        rows += _rows(name, value)
    return el("details", el("summary", "Its elements"), table(("Element", "Text"), rows, ""))


def _rows(name: str, value: Any) -> list[tuple[Piece, ...]]:
    if isinstance(value, dict):
        return [row for inner, one in value.items() for row in _rows(f"{name}/{inner}", one)]
    if isinstance(value, list):
        return [row for place, one in enumerate(value, 1) for row in _rows(f"{name}[{place}]", one)]
    return [(name, value)]
