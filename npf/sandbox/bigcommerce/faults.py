"""The faults of a BigCommerce store: those of the network and the server, and orders that come out wrong."""

import json
from collections.abc import Callable
from typing import Any

from npf.sandbox import faults as common
from npf.sandbox.bigcommerce.answers import to_json
from npf.sandbox.faults import Fault, Faults, Rule

KINDS = (*common.TRANSPORT_KINDS, "malformed-order", "unknown-field")

__all__ = ["KINDS", "Fault", "Faults", "Rule", "new_faults", "parse_faults", "spoil"]


def _reads_orders(method: str, path: str) -> bool:
    """Whether a request is answered with whole orders: the list, or one of them."""
    rest = path.removeprefix("/v2/orders")
    return method == "GET" and path.startswith("/v2/orders") and (not rest or rest[1:].isdigit())


def new_faults(seed: int = 0) -> Faults:
    """The faults of one store, none in force."""
    narrow: dict[str, Callable[[str, str], bool]] = {"malformed-order": _reads_orders, "unknown-field": _reads_orders}
    return Faults(seed, KINDS, narrow)


def parse_faults(spec: str) -> list[Rule]:
    """`"500=0.02,reset-after=0.01,429@3"`: kind=probability or kind@count. ValueError names the known kinds."""
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
