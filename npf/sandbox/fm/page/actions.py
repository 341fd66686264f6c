"""What the forms do. Each takes what was typed and gives the sentence that says what was done."""

from collections.abc import Callable

from npf.sandbox.faults import Faults
from npf.sandbox.page import typed as read
from npf.sandbox.page.markup import FormError
from npf.sandbox.page.typed import Typed

from ..answers import NO_DETAILS
from ..client import Client
from ..errors import MEANINGS, WrongMove
from ..orders import Order
from ..settings import SETTINGS
from ..stock import CATALOGUE
from ..warehouse import Warehouse
from .order import units

MOST_UNITS = 1_000_000
WHOSE = ("client", "all")


def faults_of(warehouse: Warehouse, client: Client, whose: str) -> Faults:
    """The faults of a client, or those of every client."""
    return client.faults if whose == "client" else warehouse.faults


def add_client(warehouse: Warehouse, typed: Typed) -> str:
    """Add a client; several may share a login."""
    code, username, password = (typed.get(name, "").strip() for name in ("client_code", "username", "password"))
    for name, value in (("client_code", code), ("username", username), ("password", password)):
        if not value:
            raise FormError(name, "must not be empty")
    sells = read.one_of(typed, "sells", ("every", "catalogue"))
    try:
        warehouse.add_client(
            client_code=code,
            username=username,
            password=password,
            products=CATALOGUE if sells == "catalogue" else None,
        )
    except ValueError as error:
        raise FormError("client_code", str(error)) from None
    return f"Client {code} is added."


def set_all(warehouse: Warehouse, client: Client, typed: Typed) -> str:
    """Set the settings, all of them or none."""
    wanted = read.switches(typed, SETTINGS)
    whose = read.one_of(typed, "whom", WHOSE)
    try:
        client.settings.changed(wanted)
    except ValueError as error:
        raise FormError(str(error).partition(" ")[0], str(error)) from None
    if whose == "all":
        warehouse.set(**wanted)
        return "The settings are those of every client."
    client.set(**wanted)
    return "The settings are set."


def add_fault(warehouse: Warehouse, client: Client, typed: Typed) -> str:
    """Add one rule."""
    return read.add_fault(faults_of(warehouse, client, read.one_of(typed, "whom", WHOSE)), typed)


def remove_fault(faults: Faults, number: int) -> str:
    """Take one rule back."""
    faults.remove(number)
    return "The fault is removed."


def clear_faults(warehouse: Warehouse, client: Client, typed: Typed) -> str:
    """Forget all rules and what has struck."""
    client.faults.clear()
    warehouse.faults.clear()
    return "No fault is in force."


def clear_calls(warehouse: Warehouse, client: Client, typed: Typed) -> str:
    """Forget the calls of a client."""
    client.calls.clear()
    return "The calls are forgotten."


def set_stock(warehouse: Warehouse, client: Client, typed: Typed) -> str:
    """Set what FM has, or tells, of a code."""
    code = typed.get("code", "").strip()
    if not code or "," in code:
        raise FormError("code", "a product code without a comma: codes stand in a list with commas")
    tells = read.one_of(typed, "tells", ("figure", "unknown", "text"))
    if tells == "figure":
        client.stock[code] = read.whole(typed, "value", 0, MOST_UNITS)
        client.stock.tell(code, None)
        return f"{code}: {client.stock[code]} on hand."
    words = NO_DETAILS if tells == "unknown" else typed.get("value", "").strip()
    if not words:
        raise FormError("value", "which text?")
    client.stock.tell(code, words)
    return f"{code}: FM tells {words!r}."


def ship(client: Client, order: Order, typed: Typed) -> str:
    """Despatch the units that were typed."""
    chosen = _units(order, typed)
    rest = read.one_of(typed, "rest", ("back", "short"))
    consignment = typed.get("consignment", "").strip()
    if len(consignment) > 50:
        raise FormError("consignment", "at most 50 characters")
    shipment = client.ship(order.number, chosen, consignment or None, short=rest == "short")
    return f"{sum(shipment.products.values())} units left as {shipment.consignment}."


def backorder(client: Client, order: Order, typed: Typed) -> str:
    """Back-order the units that were typed."""
    client.backorder(order.number, _units(order, typed))
    return f"{sum(order.backordered.values())} units are back-ordered."


def hold(client: Client, order: Order, typed: Typed) -> str:
    """Hold it."""
    client.hold(order.number, typed.get("reason", "").strip())
    return "The order is held."


def cancel(client: Client, order: Order, typed: Typed) -> str:
    """Cancel it."""
    client.cancel(order.number, typed.get("reason", "").strip())
    return "The order is cancelled."


def error(client: Client, order: Order, typed: Typed) -> str:
    """Set ERROR."""
    code = read.one_of(typed, "code", MEANINGS)
    client.error(order.number, code, typed.get("detail", "").strip() or None)
    return f"The order stands as ERROR with {code}."


def release(client: Client, order: Order, typed: Typed) -> str:
    """Pick it again."""
    client.release(order.number)
    return "The order is being picked again."


def tell(client: Client, order: Order, typed: Typed) -> str:
    """Hide it from the status service, or show it again."""
    how = read.one_of(typed, "how", ("", "left-out", "no-details"))
    if how:
        client.forget(order.number, how)
        return "The status service hides the order."
    client.remember(order.number)
    return "The status service tells of the order."


def _units(order: Order, typed: Typed) -> dict[str, int]:
    """The units that were typed, by code; at least one."""
    fields = units(order)
    if not fields:
        raise FormError("units", "nothing remains")
    chosen: dict[str, int] = {}
    for name, code, left in fields:
        try:
            chosen[code] = read.whole(typed, name, 0, left)
        except FormError as wrong:
            raise FormError(name, str(wrong), code) from None
    if not any(chosen.values()):
        name, code, _ = fields[0]
        raise FormError(name, "at least one unit of something", code)
    return chosen


def _allowed(move: Callable[[Client, Order, Typed], str]) -> Callable[[Client, Order, Typed], str]:
    """The move, with what the order's state forbids said on the page."""

    def do(client: Client, order: Order, typed: Typed) -> str:
        with client.lock:
            try:
                return move(client, order, typed)
            except WrongMove as wrong:
                raise FormError("order", str(wrong)) from None

    return do


# action -> (what does it, the tab it belongs to)
CLIENT_ACTIONS: dict[str, tuple[Callable[[Warehouse, Client, Typed], str], str]] = {
    "set": (set_all, "settings"),
    "fault": (add_fault, "faults"),
    "clear-faults": (clear_faults, "faults"),
    "clear-calls": (clear_calls, "calls"),
    "set-stock": (set_stock, "stock"),
}
ORDER_ACTIONS: dict[str, Callable[[Client, Order, Typed], str]] = {
    name: _allowed(move)
    for name, move in {
        "ship": ship,
        "backorder": backorder,
        "hold": hold,
        "cancel": cancel,
        "error": error,
        "release": release,
        "tell": tell,
    }.items()
}
