"""What the forms do. Each takes what was typed and gives the sentence that says what was done."""

from collections.abc import Callable

from npf.sandbox.bigcommerce import people, statuses
from npf.sandbox.bigcommerce.page.orders import ADDRESS_FIELDS
from npf.sandbox.bigcommerce.quota import parse_quota
from npf.sandbox.bigcommerce.record import Order
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.switchboard import set_switches
from npf.sandbox.bigcommerce.switches import SCOPES, SWITCHES
from npf.sandbox.page import typed as read
from npf.sandbox.page.markup import FormError
from npf.sandbox.page.typed import Typed

MOST_UNITS = 100_000


def place(store: Store, typed: Typed) -> str:
    """Place an order of one line."""
    sku = typed.get("sku", "").strip()
    if not sku:
        raise FormError("sku", "which SKU? An unknown one becomes a new product.")
    country = typed.get("country", "")
    if country not in people.COUNTRIES:
        raise FormError("country", f"there are shoppers in {', '.join(people.COUNTRIES)}")
    quantity = read.whole(typed, "quantity", 1, MOST_UNITS)
    status_id = _status(typed)
    method = typed.get("shipping_method", "")
    order_id = store.place_order([(sku, quantity)], country, status_id, method)
    return f"Order {order_id} is placed."


def set_all(store: Store, typed: Typed) -> str:
    """Set the switches, all of them or none."""
    wanted = read.switches(typed, SWITCHES)
    scopes = []
    for scope in SCOPES:
        level = typed.get(f"scope:{scope}", "")
        if level not in ("", "_read_only", "modify"):
            raise FormError(f"scope:{scope}", "modify, read-only or none")
        if level:
            scopes.append(scope if level == "modify" else f"{scope}_read_only")
    if any(name.startswith("scope:") for name in typed):
        wanted["scopes"] = scopes
    set_switches(store, wanted)
    return "The switches are set."


def set_quota(store: Store, typed: Typed) -> str:
    """Set how many requests a window allows."""
    try:
        quota = parse_quota(typed.get("quota"))
    except ValueError as error:
        raise FormError("quota", str(error)) from None
    store.quota.allowed, store.quota.window = quota or (None, 30.0)
    return "The quota is set."


def add_fault(store: Store, typed: Typed) -> str:
    """Add one rule."""
    return read.add_fault(store.faults, typed)


def clear_faults(store: Store, typed: Typed) -> str:
    """Forget all rules and what has struck."""
    store.faults.clear()
    return "No fault is in force."


def clear_requests(store: Store, typed: Typed) -> str:
    """Forget the requests."""
    store.log.clear()
    return "The requests are forgotten."


def deliver(store: Store, typed: Typed) -> str:
    """Send the webhooks that are due."""
    sent = store.world.deliver()
    return f"{sent} webhooks were sent." if sent != 1 else "One webhook was sent."


def pay(store: Store, order: Order, typed: Typed) -> str:
    """The payment comes."""
    store.pay(order.id)
    return f"Order {order.id} is paid."


def cancel(store: Store, order: Order, typed: Typed) -> str:
    """Cancel an order."""
    store.cancel(order.id)
    return f"Order {order.id} is cancelled."


def archive(store: Store, order: Order, typed: Typed) -> str:
    """Archive an order."""
    store.archive(order.id)
    return f"Order {order.id} is archived."


def set_status(store: Store, order: Order, typed: Typed) -> str:
    """Set any status."""
    status_id = _status(typed)
    store.set_status(order.id, status_id)
    return f"Order {order.id} is {store.custom_status(status_id)}."


def change_quantity(store: Store, order: Order, typed: Typed) -> str:
    """Edit the ordered quantity of a line."""
    line = _line(order, typed)
    quantity = read.whole(typed, "quantity", 0, MOST_UNITS)
    store.change_quantity(order.id, line, quantity)
    return f"Line {line + 1} is now {quantity}." if quantity else f"Line {line + 1} is removed."


def refund(store: Store, order: Order, typed: Typed) -> str:
    """Refund units of a line."""
    line = _line(order, typed)
    row = order.lines[line]
    left = row.quantity - row.refunded
    if not left:
        raise FormError("quantity", "all of this line is refunded already")
    quantity = read.whole(typed, "quantity", 1, left)
    store.refund(order.id, line, quantity)
    return f"{quantity} of {row.sku or row.name} refunded."


def change_address(store: Store, order: Order, place: int, typed: Typed) -> str:
    """Edit a shipping address."""
    if not 0 <= place < len(order.addresses):
        raise KeyError(f"address {place}")
    changed = {name: typed[name] for name in ADDRESS_FIELDS if name in typed}
    store.change_address(order.id, place, **changed)
    return "The address is changed."


def _status(typed: Typed) -> int:
    status_id = read.whole(typed, "status_id", 0, max(statuses.STATUSES))
    if status_id not in statuses.STATUSES:
        raise FormError("status_id", "there is no such status")
    return status_id


def _line(order: Order, typed: Typed) -> int:
    if not order.lines:
        raise FormError("line", "no line is left")
    return read.whole(typed, "line", 0, len(order.lines) - 1)


# action -> (what does it, the tab it belongs to)
STORE_ACTIONS: dict[str, tuple[Callable[[Store, Typed], str], str]] = {
    "place": (place, ""),
    "set": (set_all, "switches"),
    "quota": (set_quota, "switches"),
    "fault": (add_fault, "faults"),
    "clear-faults": (clear_faults, "faults"),
    "clear-requests": (clear_requests, "requests"),
    "deliver": (deliver, "hooks"),
}
ORDER_ACTIONS: dict[str, Callable[[Store, Order, Typed], str]] = {
    "pay": pay,
    "cancel": cancel,
    "archive": archive,
    "status": set_status,
    "quantity": change_quantity,
    "refund": refund,
}
