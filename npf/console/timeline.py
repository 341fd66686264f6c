"""The way of one order: what happened, and what the outer systems were asked and answered, by time."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from npf.audit.models import Event, Exchange
from npf.console.words import arrows
from npf.orders.models import Order

MOST = 500

_SYSTEMS = {"bigcommerce": "BigCommerce", "fm": "FM"}
_OUTCOMES = {
    "done": "done",
    "refused": "refused",
    "failed": "did not work",
    "unclear": "the answer was lost",
}


class Entry(msgspec.Struct, frozen=True):
    """One entry; `asked` and `answered` are filled for exchanges (secrets were masked when they were kept)."""

    at: datetime
    text: str
    by: str
    kind: str
    asked: str = ""
    answered: str = ""
    detail: str = ""


def timeline(order: Order) -> list[Entry]:
    """The last entries of an order, newest last."""
    mine = {"store_id": order.store_id, "bc_order_id": order.bc_order_id}
    events = Event.objects.filter(**mine).order_by("-at", "-pk")[:MOST]
    exchanges = Exchange.objects.filter(**mine).order_by("-at", "-pk")[:MOST]
    return merged(list(events)[::-1], list(exchanges)[::-1])


def merged(events: Sequence[Event], exchanges: Sequence[Exchange]) -> list[Entry]:
    """Both by time; of the same moment the exchange comes first, because the event tells what came of it."""
    entries = [_exchange(one) for one in exchanges] + [_event(one) for one in events]
    return sorted(entries, key=lambda entry: entry.at)


def _event(one: Event) -> Entry:
    held = one.tag in ("station:order:held", "push:stock:stopped")
    person = one.tag.startswith("person:")
    return Entry(one.at, arrows(one.text), one.by, "held" if held else "person" if person else "event")


def _exchange(one: Exchange) -> Entry:
    outcome = _OUTCOMES.get(one.outcome, one.outcome)
    status = f"{one.status}, " if one.status else ""
    return Entry(
        one.at,
        f"{_SYSTEMS.get(one.system, one.system)} was asked: {one.what}",
        one.by,
        "asked" if one.outcome == "done" else "trouble",
        one.asked,
        one.answered,
        f"{outcome} ({status}{one.took_ms} ms)",
    )
