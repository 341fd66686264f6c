"""Pages for people: `/` lists the clients, `/page/{code}` and its tabs show one, `/calls/{n}` the documents of a call.

GET  draws a page                                  npf.sandbox.page, frame, orders, order, stock, behaviour, traffic
POST does what a form asks and goes back (303); what cannot be is said on the page, at the field        actions
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import FormError, el, link, whole_page
from npf.sandbox.page.typed import Typed
from npf.sandbox.server import status_line

from ..client import Client
from ..warehouse import Warehouse
from . import actions
from .behaviour import faults_page, settings_page
from .home import home_page
from .order import order_page
from .orders import orders_page
from .stock import stock_page
from .traffic import call_page, calls_page

Answer = tuple[str, list[tuple[str, str]], bytes]

_TABS: dict[str, Callable[[Warehouse, Client, Asked], bytes]] = {
    "": orders_page,
    "stock": stock_page,
    "settings": settings_page,
    "faults": faults_page,
    "calls": calls_page,
}


def is_page(path: str) -> bool:
    """Whether a path is one of ours."""
    return path in ("/", "/client") or path.startswith(("/page/", "/calls/"))


def page(warehouse: Warehouse, environ: dict[str, Any]) -> Answer:
    """Answer a request of a browser. The caller has made sure that it is not another site's."""
    # A client code or an order number may hold a slash: parted first, decoded then.
    parts = [unquote(part) for part in environ["RAW_URI"].partition("?")[0].split("/") if part]
    try:
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            done = dict(parse_qsl(environ.get("QUERY_STRING", ""))).get("done", "")
            return _html(_draw(warehouse, parts, Asked(done)))
        raw: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return _act(warehouse, parts, dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)))
    except KeyError as error:
        text = f"There is no {error.args[0]} here."
        return _html(whole_page("Not found", "/", el("h1", "Not found"), el("p", text), link("/", "All clients")), 404)


def _draw(warehouse: Warehouse, parts: list[str], asked: Asked) -> bytes:
    match parts:
        case []:
            return home_page(warehouse, asked)
        case ["calls", number]:
            return call_page(warehouse, _number(number))
        case ["page", code, *rest]:
            client = warehouse.clients[code]
            with client.lock:
                match rest:
                    case ["orders", number]:
                        return order_page(client, client.order(number), asked)
                    case [] | [_] if (tab := "".join(rest)) in _TABS:
                        return _TABS[tab](warehouse, client, asked)
    raise KeyError("/".join(parts))


def _act(warehouse: Warehouse, parts: list[str], typed: Typed) -> Answer:
    """Do what the form asks, then see the page again; after a refusal with what was typed and what is wrong."""
    back, do = _action(warehouse, parts)
    try:
        done = do(typed)
    except FormError as error:
        action = "/" + "/".join(quote(part, safe="") for part in parts)
        return _html(_draw(warehouse, back, Asked("", action, typed, error)), 400)
    where = "/" + "/".join(quote(part, safe="") for part in back)
    return status_line(303), [("Location", f"{where}?done={quote(done)}")], b""


def _action(warehouse: Warehouse, parts: list[str]) -> tuple[list[str], Callable[[Typed], str]]:
    """(the page to see afterwards, what to do)."""
    match parts:
        case ["client"]:
            return [], lambda typed: actions.add_client(warehouse, typed)
        case ["page", code, "faults", whose, number, "remove"] if whose in actions.WHOSE:
            faults = actions.faults_of(warehouse, warehouse.clients[code], whose)
            return ["page", code, "faults"], lambda typed: actions.remove_fault(faults, _number(number))
        case ["page", code, "orders", number, name] if name in actions.ORDER_ACTIONS:
            client = warehouse.clients[code]
            order, do = client.order(number), actions.ORDER_ACTIONS[name]
            return ["page", code, "orders", number], lambda typed: do(client, order, typed)
        case ["page", code, name] if name in actions.CLIENT_ACTIONS:
            client, (act, tab) = warehouse.clients[code], actions.CLIENT_ACTIONS[name]
            return ["page", code, *([tab] if tab else [])], lambda typed: act(warehouse, client, typed)
    raise KeyError("/".join(parts))


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise KeyError(text)
    return int(text)


def _html(body: bytes, status: int = 200) -> Answer:
    return (
        status_line(status),
        [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")],
        body,
    )
