"""The walk: every order modified since the cursor, by ascending id, never trusting a page number (facts 35, 36, 38).

    since = cursor - overlap
    ask for min_id = last + 1, sorted by id, 250 at a time, until a page is short
    cursor = BigCommerce's own time when the walk began

Ids do not move, so a page can neither skip nor repeat a row, whatever is modified meanwhile; what is modified behind
the walk is modified after it began, and so belongs to the next one. A walk that was killed goes on where it stopped.
"""

from datetime import UTC, datetime, timedelta

from npf.bigcommerce import orders as bc_orders
from npf.core.errors import TryLater
from npf.orders.models import Order
from npf.pull import page, regate
from npf.stores.models import Cursor
from npf.stores.visit import Visit

# BigCommerce's lists may lag behind its own clock (facts 35, 139); rows seen again cost nothing but their bytes.
OVERLAP = timedelta(minutes=10)
_WALK = ("modified_since", "walk_since", "walk_next_id", "walk_began")
THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def run(at: Visit) -> None:
    """Pull everything that changed. Counts `pulled` (new or changed orders), `held`, `skipped`."""
    regate.run(at)
    cursor, _ = Cursor.objects.get_or_create(store=at.store)
    since = cursor.walk_since = cursor.walk_since or _begin(at, cursor)
    while True:
        answer = bc_orders.walk(at.bigcommerce, min_id=max(1, cursor.walk_next_id), modified_since=since)
        if cursor.walk_began is None:
            cursor.walk_began = answer.server_time or at.clock.now()
        pulled = page.read(at, answer.rows)
        with at.claim():
            page.save(at, pulled)
            last = max((one.bc_order_id for one in pulled), default=0)
            if answer.full and last < cursor.walk_next_id:
                raise TryLater(f"BigCommerce gave a page of orders without any number from {cursor.walk_next_id} on")
            cursor.walk_next_id = last + 1
            if not answer.full:
                cursor.modified_since = cursor.walk_began
                cursor.walk_since, cursor.walk_next_id, cursor.walk_began = None, 0, None
            # gated_with is regate's and the desk's: it must not be written back from here.
            cursor.save(update_fields=_WALK)
        at.progress("orders pulled", at.counts.get("seen", 0), 0)
        if not answer.full:
            return


def _begin(at: Visit, cursor: Cursor) -> datetime:
    """Where a new walk begins."""
    if cursor.modified_since:
        return cursor.modified_since - OVERLAP
    begins = at.settings.parameters.starts_at() or THE_BEGINNING
    # An order placed after the start date was also modified after it, so the date bounds the first walk.
    return min(begins, at.clock.now())


def one(at: Visit, bc_order_id: int) -> Order:
    """Pull a single order by its number, now, whatever the cursor says. Raises GiveUp where there is none."""
    raw = bc_orders.read(at.bigcommerce, bc_order_id)
    pulled = page.read(at, [raw])
    with at.claim():
        page.save(at, pulled)
    return Order.objects.get(store=at.store, bc_order_id=bc_order_id)
