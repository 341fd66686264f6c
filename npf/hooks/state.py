"""How a store's webhook stands, in words, with the next step beside what is wrong."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from django.conf import settings

from npf.audit.models import Event
from npf.audit.notes import Tag
from npf.hooks.models import Hook
from npf.orders.models import Order
from npf.stores.models import Store
from npf.stores.parameters import parameters

# An event comes within a minute or two of its change (facts 121, 135); two clocks may differ by as much.
LATE = timedelta(minutes=15)
SLACK = timedelta(minutes=5)
# Of the orders pulled since the last event so many are looked at: one that was changed unheard is enough.
MOST = 100

Kind = Literal["off", "waiting", "working", "trouble"]


class State(msgspec.Struct, frozen=True):
    """`says` is a sentence without its full stop; `next_step` what to do about it, "" = nothing."""

    kind: Kind
    says: str
    next_step: str = ""


def state_of(store: Store, hook: Hook | None, now: datetime) -> State:
    """The state of a store's webhook from its row, `hook`."""
    every = f"the store is looked at every {parameters(store.parameters).look_every} s"
    if store.legacy_url:
        return State("off", f"a legacy account has no webhooks: {every}")
    if not settings.NPF_PUBLIC_URL:
        return _unknown(hook, every)
    if hook is None or hook.checked_at is None:
        return State("waiting", f"not registered yet; until then {every}", "check it now, or wait for the schedule")
    if hook.problem:
        return State("trouble", f"{hook.problem}; meanwhile {every}", hook.cure)
    if hook.signature_refused_at and (hook.received_at is None or hook.received_at < hook.signature_refused_at):
        return State(
            "trouble",
            "BigCommerce's signature does not fit bigcommerce.client_secret, so its events are refused",
            f"set the client secret of the same API account as the token, or none: npf store set {store.name} "
            "bigcommerce.client_secret=",
        )
    if _changed_unheard(store, hook, now):
        return State(
            "trouble",
            f"orders change, but no event has come; meanwhile {every}",
            f"open {settings.NPF_PUBLIC_URL}/healthz from outside: a firewall, a certificate or a proxy may keep "
            "BigCommerce out",
        )
    if hook.received_at is None:
        return State("waiting", "registered; no event has come yet")
    return State("working", "BigCommerce tells of changed orders at once")


def _unknown(hook: Hook | None, every: str) -> State:
    step = "set NPF_PUBLIC_URL to be told of orders at once"
    if hook is None or hook.bc_hook_id is None:
        return State("off", f"webhooks are off: {every}", step)
    return State(
        "off",
        f"NPF_PUBLIC_URL is not set here, so the webhook to {hook.destination} was not looked at",
        "set it for each npf process alike",
    )


def _changed_unheard(store: Store, hook: Hook, now: datetime) -> bool:
    """Whether BigCommerce changed an order after the last event, long enough ago for an event to have come."""
    heard = max(at for at in (hook.registered_at, hook.received_at) if at) if hook.registered_at else None
    if heard is None or heard + SLACK > now - LATE:
        return False
    pulled = Event.objects.filter(
        store_id=store.pk, at__gt=heard, tag__in=(Tag.ORDER_PULLED, Tag.ORDER_GATED, Tag.ORDER_CHANGED)
    )
    numbers = list(pulled.order_by("-at").values_list("bc_order_id", flat=True)[:MOST])
    changed = Order.objects.filter(store=store, bc_order_id__in=[number for number in numbers if number])
    return changed.filter(date_modified__gt=heard + SLACK, date_modified__lt=now - LATE).exists()
