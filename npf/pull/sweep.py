"""The sweep: once a night every order is looked at, whatever its date, in case a change was ever missed (fact 138).

    a walk by id over everything since the start date, some pages a pull, behind the walk over what changed
    what BigCommerce lists is compared and taken over like any other page
    what is unfinished here and no longer listed is asked for by its number: archived, or gone (facts 40, 146)

Nothing hangs on it: it finds nothing unless BigCommerce's list passed over a change, or hid an order.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from npf.bigcommerce import orders as bc_orders
from npf.core.errors import GiveUp, TryLater
from npf.orders.models import Order, Record
from npf.orders.stages import UNFINISHED
from npf.pull import page
from npf.pull.decide import Pulled
from npf.stores.models import Cursor
from npf.stores.visit import Visit

# When the shop sleeps, in the store's zone.
NIGHT = time(2)
# A pull looks at so many pages at most, so that what changes in a large store waits for no sweep.
PAGES = 10


def run(at: Visit, cursor: Cursor, begins: datetime) -> None:
    """Go on with the sweep where one is due or under way. Counts `swept`, and as `page.save` does."""
    if cursor.sweep_next_id is None:
        if not is_due(cursor.swept_at, at.clock.now(), at.settings.parameters.zone):
            return
        cursor.sweep_next_id, cursor.sweep_began = 1, at.clock.now()
    for _ in range(PAGES):
        first = cursor.sweep_next_id
        answer = bc_orders.walk(at.bigcommerce, min_id=first, modified_since=begins)
        listed = page.read(at, answer.rows)
        last = max((one.bc_order_id for one in listed), default=0)
        if answer.full and last < first:
            raise TryLater(f"BigCommerce gave a page of orders without any number from {first} on")
        hidden = _hidden(at, first, last if answer.full else None, {one.bc_order_id for one in listed})
        with at.claim():
            page.save(at, [*listed, *hidden])
            cursor.sweep_next_id = last + 1
            if not answer.full:
                cursor.sweep_next_id, cursor.swept_at = None, cursor.sweep_began
            cursor.save()
        at.count("swept", len(listed) + len(hidden))
        at.progress("orders compared", at.counts["swept"], 0)
        if cursor.sweep_next_id is None:
            return


def is_due(swept_at: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a night has begun since the last sweep did (aware; None = there was none)."""
    here = now.astimezone(zone)
    night = datetime.combine(here.date(), NIGHT, zone)
    if here < night:
        night = datetime.combine(here.date() - timedelta(days=1), NIGHT, zone)
    return swept_at is None or swept_at < night.astimezone(UTC)


def _hidden(at: Visit, first: int, last: int | None, listed: set[int]) -> list[Pulled]:
    """Unfinished orders from `first` to `last` (None = no end) that BigCommerce has not listed, each asked for."""
    ours = Order.objects.filter(store=at.store, stage__in=UNFINISHED, bc_order_id__gte=first)
    if last is not None:
        ours = ours.filter(bc_order_id__lte=last)
    numbers = ours.exclude(bc_order_id__in=listed).order_by("bc_order_id").values_list("bc_order_id", flat=True)
    return [_asked_for(at, number) for number in numbers]


def _asked_for(at: Visit, number: int) -> Pulled:
    try:
        return page.read_one(at, bc_orders.read(at.bigcommerce, number))
    except GiveUp as gone:
        if gone.code != "not_found":
            raise
    held = Record.objects.get(order__store=at.store, order__bc_order_id=number)
    return page.gone(number, bytes(held.raw))
