"""One run of follow over a store. See npf/follow/__init__.py for its way."""

from datetime import timedelta

from django.db.models import QuerySet

from npf.follow.settle import settle
from npf.orders.models import SalesOrder
from npf.stores.visit import Visit

# Age since FM took the order -> how often it is asked for. The last row holds for ever.
PACE = (
    (timedelta(hours=2), timedelta(0)),
    (timedelta(days=1), timedelta(minutes=10)),
    (timedelta(days=7), timedelta(hours=1)),
    (timedelta.max, timedelta(hours=6)),
)


def waiting(at: Visit) -> QuerySet[SalesOrder]:
    """The sales orders whose turn it is."""
    found = SalesOrder.objects.filter(order__store=at.store, sent_at__isnull=False, finished_at__isnull=True)
    return found if at.urgent else found.filter(follow_at__lte=at.clock.now())


def run(at: Visit) -> None:
    """Ask FM for every sales order that is due. Counts `followed` (orders that FM moved on), `held`."""
    began = at.clock.now()
    total = waiting(at).count()
    last = 0
    done = 0
    while batch := list(
        waiting(at).filter(pk__gt=last, sent_at__lte=began).order_by("pk")[: at.settings.fm.status_batch]
    ):
        last = batch[-1].pk
        answers = at.fm.statuses([one.fm_number for one in batch])
        settle(at, [(one, answers.get(one.fm_number), next_turn(at, one)) for one in batch])
        done += len(batch)
        at.progress("orders asked for", done, total)


def next_turn(at: Visit, one: SalesOrder) -> timedelta:
    """How long until a sales order is asked for again: at each look while it is young, slower with age."""
    assert one.sent_at is not None
    age = at.clock.now() - one.sent_at
    slow = next(pace for until, pace in PACE if age < until)
    return max(slow, timedelta(seconds=at.settings.parameters.look_every))
