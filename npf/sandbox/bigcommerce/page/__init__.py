"""Pages for people: `/` lists the stores, `/page/{hash}` and its tabs show one, `/page/{hash}/orders/{id}` an order.

GET  draws a page                                            npf.sandbox.page, frame, orders, behaviour, traffic
POST does what a form asks and goes back (303); what cannot be is said on the page, at the field        actions

A page of another site must not press these buttons: see `npf.sandbox.origin`.
"""

from collections.abc import Callable
from urllib.parse import parse_qsl, quote

from npf.sandbox.bigcommerce.answers import Answer
from npf.sandbox.bigcommerce.page import actions
from npf.sandbox.bigcommerce.page.behaviour import faults_page, switches_page
from npf.sandbox.bigcommerce.page.frame import path_of
from npf.sandbox.bigcommerce.page.orders import order_page, orders_page, stores_page
from npf.sandbox.bigcommerce.page.traffic import hooks_page, requests_page
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.world import World
from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import FormError, el, link, whole_page
from npf.sandbox.page.typed import Typed
from npf.sandbox.server import Environ

_TABS: dict[str, Callable[[Store, Asked], bytes]] = {
    "": orders_page,
    "switches": switches_page,
    "faults": faults_page,
    "hooks": hooks_page,
    "requests": requests_page,
}


def page(world: World, path: str, environ: Environ) -> Answer:
    """Answer a request of a browser. The caller has made sure that it is not another site's."""
    # WSGI hands paths over as bytes in the guise of latin-1.
    text = path.encode("latin-1").decode("utf-8", "replace")
    parts = [part for part in text.removeprefix("/page").split("/") if part]
    try:
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            done = dict(parse_qsl(environ.get("QUERY_STRING", ""))).get("done", "")
            return _html(_draw(world, parts, Asked(done)))
        raw: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        typed = dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
        return _act(world, parts, typed)
    except KeyError as error:
        text = f"There is no {error.args[0]} here."
        return _html(whole_page("Not found", "/", el("h1", "Not found"), el("p", text), link("/", "All stores")), 404)


def _draw(world: World, parts: list[str], asked: Asked) -> bytes:
    if not parts:
        return stores_page(world)
    store = world.stores[parts[0]]
    with store.lock:
        match parts[1:]:
            case ["orders", number]:
                return order_page(store, store.orders[_number(number)], asked)
            case [] | [_] as rest if (tab := "".join(rest)) in _TABS:
                return _TABS[tab](store, asked)
    raise KeyError("/".join(parts))


def _act(world: World, parts: list[str], typed: Typed) -> Answer:
    """Do what the form asks, then see the page again; after a refusal with what was typed and what is wrong."""
    if len(parts) < 2:
        raise KeyError("/".join(parts))
    store = world.stores[parts[0]]
    back, do = _action(store, parts[1:])
    try:
        done = do(typed)
    except FormError as error:
        action = path_of(store, *parts[1:])
        return _html(_draw(world, back, Asked("", action, typed, error)), 400)
    return Answer(303, headers=[("Location", f"{path_of(store, *back[1:])}?done={quote(done)}")])


def _action(store: Store, rest: list[str]) -> tuple[list[str], Callable[[Typed], str]]:
    """(the page to see afterwards, what to do)."""
    home = store.store_hash
    match rest:
        case ["faults", number, "remove"]:
            return [home, "faults"], lambda typed: _remove(store, _number(number))
        case ["orders", number, "address", place]:
            order, at = store.orders[_number(number)], _number(place)
            return [home, "orders", number], lambda typed: actions.change_address(store, order, at, typed)
        case ["orders", number, name] if name in actions.ORDER_ACTIONS:
            order = store.orders[_number(number)]
            return [home, "orders", number], lambda typed: actions.ORDER_ACTIONS[name](store, order, typed)
        case [name] if name in actions.STORE_ACTIONS:
            do, tab = actions.STORE_ACTIONS[name]
            return [home, tab] if tab else [home], lambda typed: do(store, typed)
    raise KeyError("/".join(rest))


def _remove(store: Store, number: int) -> str:
    store.faults.remove(number)
    return "The fault is removed."


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise KeyError(text)
    return int(text)


def _html(body: bytes, status: int = 200) -> Answer:
    return Answer(status, body, "text/html; charset=utf-8", [("Cache-Control", "no-store")])
