"""One run of push over a store's orders. See npf/push/__init__.py for its way."""

from datetime import datetime, timedelta

from npf.bigcommerce import orders as bc_orders
from npf.core.errors import FixSettings, TryLater
from npf.push.claim import claim, waiting
from npf.push.settle import settle
from npf.push.tell import Answer, tell
from npf.stores.models import Cursor
from npf.stores.visit import Visit

AT_ONCE = 20
# BigCommerce's list may lag a little behind its own clock (fact 139).
OVERLAP = timedelta(seconds=60)


def run(at: Visit) -> None:
    """Tell BigCommerce what left NPF and where the orders stand. Counts `pushed`, `held`, `failed`.

    Raises FixSettings where BigCommerce refuses the token, TryLater where it answers nothing; what was claimed is
    settled first.
    """
    total = waiting(at).count()
    done, last = 0, 0
    since = _known_since(at)
    changed: dict[int, bc_orders.Standing] = {}
    while batch := list(waiting(at).filter(bc_order_id__gt=last).order_by("bc_order_id")[:AT_ONCE]):
        last = batch[-1].bc_order_id
        # Rule 3 with one call a batch instead of one an order. What an earlier look of this run showed still counts:
        # each asks only for what has changed since the one before, by BigCommerce's own clock, for ours may be wrong.
        first = batch[0].bc_order_id
        seen = bc_orders.standings_since(at.bigcommerce, modified_since=since - OVERLAP, min_id=first)
        changed |= seen.by_id
        since = seen.server_time or since
        claimed_at = at.clock.now()
        answers = tell(at, claim(at, batch, changed), claimed_at)
        settle(at, answers)
        done += len(batch)
        at.progress("orders told", done, total)
        _stop_if_bigcommerce_is_gone(answers)


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
