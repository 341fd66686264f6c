"""One run of push over a store's orders. See npf/push/__init__.py for its way."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet

from npf.bigcommerce import orders as bc_orders
from npf.core.errors import FixSettings, TryLater
from npf.orders.models import Order
from npf.push.claim import claim, waiting
from npf.push.settle import settle
from npf.push.tell import Answer, tell
from npf.stores.models import Cursor
from npf.stores.visit import Visit

AT_ONCE = 20
# Most of these need no call of their own any more.
CONFIRMED_AT_ONCE = 200
# BigCommerce's list may lag a little behind its own clock (fact 139).
OVERLAP = timedelta(seconds=60)


def run(at: Visit) -> None:
    """Tell BigCommerce what left NPF and where the orders stand. Counts `pushed`, `held`, `failed`.

    Raises FixSettings where BigCommerce refuses the token, TryLater where it answers nothing; what was claimed is
    settled first.
    """
    look = _Look(at)
    # Shipments may set the status by themselves (fact 85): whether they did is seen in one list for many orders.
    unconfirmed = _tell_all(at, look, waiting(at), AT_ONCE)
    if unconfirmed:
        _tell_all(at, look, waiting(at).filter(pk__in=unconfirmed), CONFIRMED_AT_ONCE)


def _tell_all(at: Visit, look: "_Look", orders: QuerySet[Order], at_once: int) -> list[int]:
    """Tell BigCommerce of these orders, batch by batch. Gives the keys of those whose status is to be looked at."""
    total = orders.count()
    done, last = 0, 0
    unconfirmed: list[int] = []
    while batch := list(orders.filter(bc_order_id__gt=last).order_by("bc_order_id")[:at_once]):
        last = batch[-1].bc_order_id
        changed = look.from_order(batch[0].bc_order_id)
        claimed_at = at.clock.now()
        answers = tell(at, claim(at, batch, changed), claimed_at)
        settle(at, answers)
        unconfirmed += [answer.claimed.order.pk for answer in answers if answer.unconfirmed]
        done += len(batch)
        at.progress("orders told", done, total)
        _stop_if_bigcommerce_is_gone(answers)
    return unconfirmed


class _Look:
    """Where the orders stand in BigCommerce: rule 3 with one call a batch instead of one an order.

    What an earlier look of this run showed still counts: each asks only for what has changed since the one before, by
    BigCommerce's own clock, for ours may be wrong.
    """

    def __init__(self, at: Visit) -> None:
        self._at = at
        self._since = _known_since(at)
        self._changed: dict[int, bc_orders.Standing] = {}

    def from_order(self, first: int) -> Mapping[int, bc_orders.Standing]:
        """By number, all that has changed since pull knew them, from the order `first` on up to date."""
        since = self._since - OVERLAP
        seen = bc_orders.standings_since(self._at.bigcommerce, modified_since=since, min_id=first)
        self._changed |= seen.by_id
        self._since = seen.server_time or self._since
        return self._changed


def _known_since(at: Visit) -> datetime:
    """From when on the statuses in our rows may be out of date, by BigCommerce's clock where pull has heard it."""
    cursor = Cursor.objects.filter(store=at.store).first()
    return (cursor and (cursor.modified_since or cursor.walk_began)) or at.store.added_at


def _stop_if_bigcommerce_is_gone(answers: list[Answer]) -> None:
    errors = [answer.error for answer in answers if answer.error is not None]
    for error in errors:
        if isinstance(error, FixSettings):
            raise error
    if errors and len(errors) == len(answers) and all(isinstance(error, TryLater) for error in errors):
        raise TryLater(str(errors[0]), delay=60)
