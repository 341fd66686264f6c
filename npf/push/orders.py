"""One run of push over a store's orders. See npf/push/__init__.py for its way."""

from datetime import datetime, timedelta

from npf.bigcommerce import orders as bc_orders
from npf.core.errors import FixSettings, TryLater
from npf.push.claim import claim, waiting
from npf.push.settle import settle
from npf.push.tell import tell
from npf.stores.models import Cursor
from npf.stores.visit import Visit

AT_ONCE = 20
# BigCommerce's list may lag a little behind its own clock (fact 139).
OVERLAP = timedelta(seconds=60)


def run(at: Visit) -> None:
    """Tell BigCommerce what left NPF and where the orders stand. Counts `pushed`, `held`, `failed`."""
    total = waiting(at).count()
    tried: set[int] = set()
    looked = _pulled_until(at)
    while batch := list(waiting(at).exclude(pk__in=tried).order_by("bc_order_id")[:AT_ONCE]):
        tried |= {order.pk for order in batch}
        since, looked = looked, at.clock.now()
        # Rule 3 with one call a batch instead of one an order: whoever cancelled it did so since we last looked.
        fresh = bc_orders.statuses_since(at.bigcommerce, modified_since=since - OVERLAP)
        claimed = claim(at, batch, fresh)
        answers = tell(at, claimed)
        settle(at, answers)
        at.progress("orders told", len(tried), total)
        errors = [answer.error for answer in answers if answer.error]
        for error in errors:
            if isinstance(error, FixSettings):
                raise error
        if errors and len(errors) == len(answers) and all(isinstance(error, TryLater) for error in errors):
            raise TryLater(str(errors[0]), delay=60)


def _pulled_until(at: Visit) -> datetime:
    """Until when the statuses in our rows are known to be true."""
    cursor = Cursor.objects.filter(store=at.store).first()
    return (cursor and cursor.modified_since) or at.store.added_at
