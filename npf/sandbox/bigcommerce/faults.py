"""The faults of a BigCommerce store: those of the network and the server, of what is read, and of its webhooks."""

import json
from collections.abc import Callable
from typing import Any

from npf.sandbox import faults as common
from npf.sandbox.bigcommerce.answers import to_json
from npf.sandbox.faults import Fault, Faults, Rule

HOOK = "HOOK"
"""What stands for the method where a webhook is drawn for; its path is the scope of the event."""

_READING = {
    "malformed-order": "one order of the answer has a word for a quantity, or no status",
    "unknown-field": "one order of the answer has a field that nobody knows",
    "drift": "the merchant saves every tenth listed order again right after its page was made: later pages shift",
    "duplicate": "the last order of the page before comes again; on a first page one order comes twice",
    "stale": "a list of orders, or one order, answers as it was so many seconds ago",
}
_HOOKS = {
    "hook-double": "a webhook is delivered twice",
    "hook-late": "a webhook comes so many seconds late",
    "hook-missing": "a webhook never comes",
    "hook-shuffle": "a webhook comes after the one that follows it, or 10 seconds late where none follows",
}
KINDS = common.TRANSPORT_KINDS | _READING | _HOOKS
"""All kinds, each with what it does."""

__all__ = ["HOOK", "KINDS", "Fault", "Faults", "Rule", "new_faults", "parse_faults", "spoil"]


def new_faults(seed: int = 0) -> Faults:
    """The faults of one store, none in force."""
    narrow: dict[str, Callable[[str, str], bool]] = dict.fromkeys(KINDS, lambda method, path: method != HOOK)
    narrow |= dict.fromkeys(_READING, _reads_orders) | dict.fromkeys(("drift", "duplicate"), _lists_orders)
    narrow |= dict.fromkeys(_HOOKS, lambda method, path: method == HOOK)
    return Faults(seed, KINDS, narrow)


def _lists_orders(method: str, path: str) -> bool:
    return method == "GET" and path == "/v2/orders"


def _reads_orders(method: str, path: str) -> bool:
    """Whether a request is answered with whole orders: the list, or one of them."""
    return _lists_orders(method, path) or (
        method == "GET" and path.startswith("/v2/orders/") and path.removeprefix("/v2/orders/").isdigit()
    )


def parse_faults(spec: str) -> list[Rule]:
    """`"500=0.02,stale:60=0.01,429@3"`: kind=probability or kind@count. ValueError names the known kinds."""
    return common.parse_faults(spec, KINDS)


def spoil(kind: str, raw: bytes) -> bytes:
    """One order's JSON with a wrong type ("malformed-order") or a field that nobody knows ("unknown-field").

    A malformed order has a word for a quantity where its lines came with it, else no status.
    """
    order: dict[str, Any] = json.loads(raw)
    if kind == "unknown-field":
        order["x_loyalty"] = {"points": 120, "tier": None, "history": [1, "two"]}
        return to_json(order)
    found = order.get("consignments")
    shipping = found.get("shipping", []) if isinstance(found, dict) else []
    lines = [line for one in shipping for line in one["line_items"] if "quantity" in line]
    if lines:
        lines[0]["quantity"] = "two"
    else:
        order.pop("status_id", None)
    return to_json(order)
