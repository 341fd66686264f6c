"""All clients of the warehouse, a form to add one, and the calls that named none of them."""

from npf.sandbox.page.frame import Asked, said
from npf.sandbox.page.markup import Piece, el, link, live, table, whole_page

from ..warehouse import Warehouse
from .frame import path_of
from .traffic import calls_table

SHOWN = 20
SELLS: list[tuple[Piece, Piece]] = [
    ("every", "every code, 100 of each"),
    ("catalogue", "Test001, Test002 and ten more"),
]


def home_page(warehouse: Warehouse, asked: Asked) -> bytes:
    """The page at `/`."""
    rows: list[tuple[Piece, ...]] = [
        (link(path_of(client), client.code), client.username, len(client.orders), len(client.log))
        for client in list(warehouse.clients.values())
    ]
    empty = "No clients yet. Add one below."
    form = asked.form("/client")
    strangers = [entry for entry in warehouse.log if entry.client not in warehouse.clients]
    return whole_page(
        "FM sandbox",
        "/",
        el("h1", "FM sandbox"),
        el("p", "A stand-in for NPF's logistics platform: three SOAP services, and a warehouse.", class_="quiet"),
        said(asked),
        live("clients", table(("Client code", "Login", "Orders", "Calls"), rows, empty, numbers=("Orders", "Calls"))),
        el("h2", "Add a client"),
        form.whole(
            form.text("client_code", "Client code", required=True),
            form.text("username", "Username", required=True),
            form.text("password", "Password", required=True),
            form.select("sells", "Sells", SELLS),
            button="Add the client",
        ),
        el("h2", "Calls that name no client of this warehouse"),
        live("strangers", calls_table(strangers[-SHOWN:][::-1], "UTC", "None yet.")),
    )
