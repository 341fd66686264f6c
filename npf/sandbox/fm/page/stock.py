"""The stock of a client: what lies there, what is put aside, what FM tells; and a form that sets it by code."""

from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import Html, Piece, datalist, el, live, table

from ..client import Client
from ..warehouse import Warehouse
from .frame import client_page, path_of

SHOWN = 300
TELLS: list[tuple[Piece, Piece]] = [
    ("figure", "the figure on hand"),
    ("unknown", "Sorry, No details available!"),
    ("text", "another text"),
]


def stock_page(warehouse: Warehouse, client: Client, asked: Asked) -> bytes:
    """The stock tab."""
    form = asked.form(path_of(client, "set-stock"))
    return client_page(
        client,
        ("stock",),
        "Stock",
        asked,
        el("h1", "Stock"),
        form.whole(
            form.text("code", "Product code", "", list="codes", required=True),
            form.select("tells", "FM tells of it", TELLS),
            form.text("value", "The figure, or the text", ""),
            button="Set it",
        ),
        datalist("codes", sorted(client.stock)),
        el("p", "A code that is set for the first time can be ordered from then on.", class_="quiet"),
        el("h2", "By code"),
        live("stock", _codes(client)),
    )


def _codes(client: Client) -> Html:
    stock = client.stock
    codes = sorted(stock)
    rows: list[tuple[Piece, ...]] = [
        (code, stock[code], stock.reserved(code), stock.available(code), client.figure(code)) for code in codes[:SHOWN]
    ]
    heads = ("Product code", "On hand", "Put aside", "Available", "FM tells")
    empty = "No code yet: each is known, with 100 on hand, as soon as an order or a form names it."
    shown = table(heads, rows, empty, numbers=heads[1:])
    more = el("p", f"The first {SHOWN} of {len(codes)} codes.", class_="quiet") if len(codes) > SHOWN else None
    return el("div", shown, more)
