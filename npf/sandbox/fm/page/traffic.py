"""What was called: the last calls of a client, and the two documents of one call."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from npf.sandbox.page.frame import Asked, clock
from npf.sandbox.page.markup import Html, Piece, el, link, live, table, whole_page

from ..client import Client
from ..log import PAPERS, Entry
from ..warehouse import Warehouse
from .frame import client_page, path_of

SHOWN = 100
_NAMED = 4


def calls_page(warehouse: Warehouse, client: Client, asked: Asked) -> bytes:
    """The calls tab."""
    clear = asked.form(path_of(client, "clear-calls"))
    return client_page(
        client,
        ("calls",),
        "Calls",
        asked,
        el("h1", "Calls"),
        live("calls", calls_table(client.log[-SHOWN:][::-1], client.settings.zone, "No calls yet.")),
        el("h2", "Clear"),
        clear.whole(button="Forget the calls", minor=True),
    )


def calls_table(entries: Sequence[Entry], zone: str, empty: str) -> Html:
    """Calls as a table, with the times of a zone; each leads to its documents."""
    rows: list[tuple[Piece, ...]] = [
        (
            link(f"/calls/{entry.number}", clock(entry.at, ZoneInfo(zone))),
            entry.operation,
            _named(entry),
            " ".join((entry.outcome, *entry.codes)),
            el("span", entry.fault, class_="bad") if entry.fault else "",
        )
        for entry in entries
    ]
    return table((f"Time, {zone}", "Operation", "Names", "Outcome", "Fault"), rows, empty)


def _named(entry: Entry) -> str:
    shown = ", ".join(entry.numbers[:_NAMED])
    return f"{shown} and {len(entry.numbers) - _NAMED} more" if len(entry.numbers) > _NAMED else shown


def call_page(warehouse: Warehouse, number: int) -> bytes:
    """The documents of one call."""
    entry = next((one for one in reversed(warehouse.log) if one.number == number), None)
    if entry is None:
        raise KeyError(f"call {number}")
    client = warehouse.clients.get(entry.client)
    back = link("/", "All clients") if client is None else link(path_of(client, "calls"), f"Calls of {client.code}")
    papers = warehouse.calls.papers(number)
    documents = (
        [el("p", f"Its documents are not kept any more: those of the last {PAPERS} calls are.", class_="quiet")]
        if papers is None
        else [
            el("h2", "What was asked"),
            el("pre", _over_lines(papers.asked)),
            el("h2", "What FM answered"),
            el("pre", _over_lines(papers.answered)) if papers.answered else el("p", "Nothing.", class_="quiet"),
        ]
    )
    return whole_page(
        f"Call {number}",
        f"/calls/{number}",
        el("p", back, class_="quiet"),
        el("h1", f"Call {number}"),
        calls_table([entry], "UTC" if client is None else client.settings.zone, ""),
        *documents,
    )


def _over_lines(document: str) -> str:
    """A document with each element on a line of its own, as deep as it stands."""
    lines, depth = [], 0
    for piece in document.replace("><", ">\n<").split("\n"):
        closes = piece.startswith("</")
        depth -= closes
        lines.append("  " * max(depth, 0) + piece)
        if piece.startswith("<") and not closes and "</" not in piece and not piece.endswith(("/>", "?>")):
            depth += 1
    return "\n".join(lines)
