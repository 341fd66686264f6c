"""The walk: every order modified since the cursor, by ascending id, never trusting a page number (facts 35, 36, 38).

    since = cursor - overlap, or the start date where that lies before all that was walked
    ask for min_id = last + 1, sorted by id, 250 at a time, until a page is short
    cursor = BigCommerce's own time when the walk began

Ids do not move, so a page can neither skip nor repeat a row, whatever is modified meanwhile; what is modified behind
the walk is modified after it began, and so belongs to the next one. A walk that was killed goes on where it stopped.
"""

from datetime import UTC, datetime, timedelta

from npf.audit.models import Event
from npf.audit.notes import Note, Tag
from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce.orders import OrderPage
from npf.bigcommerce.pages import PageSize
from npf.core.errors import TryLater
from npf.orders.models import Order
from npf.pull import page, regate, sweep
from npf.stores.models import Cursor
from npf.stores.visit import Visit

# BigCommerce's lists may lag behind its own clock (facts 35, 139); rows seen again cost nothing but their bytes.
OVERLAP = timedelta(minutes=10)
THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
UNFILTERED = (
    "BigCommerce ignored the date it was asked for and listed older orders: until that ends, every pull reads the "
    "whole store and costs the calls for it. Nothing is lost by it"
)


def run(at: Visit) -> None:
    """Pull everything that changed. Counts as `page.save` does, and `seen` (orders that BigCommerce listed).

    At night the sweep follows, which counts `swept`.
    """
    regate.run(at)
    cursor, _ = Cursor.objects.get_or_create(store=at.store)
    _walk(at, cursor)
    sweep.run(at, cursor, _beginning(at))


def _walk(at: Visit, cursor: Cursor) -> None:
    since = cursor.walk_since = cursor.walk_since or _begin(at, cursor)
    size = PageSize(bc_orders.LIMIT)
    while True:
        next_id = max(1, cursor.walk_next_id)
        answer = bc_orders.walk(at.bigcommerce, min_id=next_id, modified_since=since, size=size)
        if cursor.walk_began is None:
            cursor.walk_began = answer.server_time or at.clock.now()
        at.count("seen", len(answer.rows))
        pulled = page.read(at, answer.rows)
        with at.claim():
            page.save(at, pulled)
            _tell_if_unfiltered(at, answer)
            last = max((one.bc_order_id for one in pulled), default=0)
            if answer.full and last < cursor.walk_next_id:
                raise TryLater(f"BigCommerce gave a page of orders without any number from {cursor.walk_next_id} on")
            cursor.walk_next_id = last + 1
            if not answer.full:
                _end(at, cursor, since)
            cursor.save()
        at.progress("orders pulled", at.counts.get("seen", 0), 0)
        if not answer.full:
            return


def _begin(at: Visit, cursor: Cursor) -> datetime:
    """Where a new walk begins."""
    begins = _beginning(at)
    if cursor.modified_since is None or cursor.walked_from is None or begins < cursor.walked_from:
        return begins
    return cursor.modified_since - OVERLAP


def _beginning(at: Visit) -> datetime:
    """Where a walk over everything begins: an order placed after the start date was also modified after it."""
    return min(at.settings.parameters.starts_at() or THE_BEGINNING, at.clock.now())


def _end(at: Visit, cursor: Cursor, since: datetime) -> None:
    if since <= _beginning(at):
        # It passed over everything, as a sweep does. The night goes by our clock, the walk by BigCommerce's.
        cursor.swept_at = at.clock.now()
    cursor.modified_since = cursor.walk_began
    cursor.walked_from = min(since, cursor.walked_from or since)
    cursor.walk_since, cursor.walk_next_id, cursor.walk_began = None, 0, None


def _tell_if_unfiltered(at: Visit, answer: OrderPage) -> None:
    """Go on and say so, once a day (fact 33): orders seen without need are only work, orders passed over are lost."""
    if not answer.unfiltered:
        return
    at.count("unfiltered")
    lately = at.clock.now() - timedelta(days=1)
    if not Event.objects.filter(store_id=at.store.pk, at__gt=lately, text=UNFILTERED).exists():
        at.tell([Note(Tag.ORDER_PULLED, UNFILTERED)])


def one(at: Visit, bc_order_id: int) -> Order:
    """Pull a single order by its number, now, whatever the cursor says. Raises GiveUp where there is none."""
    pulled = page.read_one(at, bc_orders.read(at.bigcommerce, bc_order_id))
    with at.claim():
        page.save(at, [pulled])
    return Order.objects.get(store=at.store, bc_order_id=pulled.bc_order_id)
