"""One run of follow over a store. See npf/follow/__init__.py for its way."""

from django.db.models import QuerySet

from npf.core.errors import TryLater
from npf.follow.settle import settle
from npf.orders.models import SalesOrder
from npf.orders.stages import Stage
from npf.stores.visit import Visit

# So many calls in a row without an answer, and FM is away: the rest waits for the next run.
AWAY = 3
# The stages of an order that may have something unfinished in FM: by them the few are found among the many.
_OPEN = (Stage.NEW, Stage.HELD, Stage.PENDING, Stage.PROCESSING)


def followed(at: Visit) -> QuerySet[SalesOrder]:
    """The live sales orders of the store that FM has and that are not finished."""
    return SalesOrder.objects.filter(
        order__store=at.store,
        order__stage__in=_OPEN,
        sent_at__isnull=False,
        voided_at__isnull=True,
        finished_at__isnull=True,
    )


def watched(at: Visit) -> QuerySet[SalesOrder]:
    """The store's void sales orders that may leave after all, whatever became of their orders."""
    return SalesOrder.objects.filter(order__store=at.store, voided_at__isnull=False, finished_at__isnull=True)


def _due(at: Visit) -> list[QuerySet[SalesOrder]]:
    """Those whose turn it is: two queries, each with an index of its own."""
    both = [followed(at), watched(at)]
    return both if at.urgent else [found.filter(follow_at__lte=at.clock.now()) for found in both]


def run(at: Visit) -> None:
    """Ask FM for every order that is due. Counts `followed` (sales orders that FM moved on), `held`.

    Raises FixSettings where FM refuses the login, TryLater where it has not answered a call; what it has answered is
    settled, and one call that fails does not keep back the orders of the others.
    """
    total = sum(found.count() for found in _due(at))
    done = last = silent = 0
    unanswered: TryLater | None = None
    while silent < AWAY and (batch := _next(at, last)):
        last = batch[-1].order_id
        try:
            answers = at.fm.statuses([one.fm_number for one in batch])
        except TryLater as error:
            unanswered, silent = error, silent + 1
        else:
            silent = 0
            settle(at, {one.pk: answers.get(one.fm_number) for one in batch})
        done += len(batch)
        at.progress("orders asked for", min(done, total), total)
    if unanswered is not None:
        raise unanswered


def _next(at: Visit, after: int) -> list[SalesOrder]:
    """As many as fit into one call; the sales orders of one order stay together, because its stage hangs on all."""
    most = at.settings.fm.status_batch
    due: set[int] = set()
    for some in _due(at):
        due |= set(some.filter(order_id__gt=after).order_by("order_id").values_list("order_id", flat=True)[:most])
    orders = sorted(due)[:most]
    both = [*followed(at).filter(order__in=orders), *watched(at).filter(order__in=orders)]
    found = sorted(both, key=lambda one: (one.order_id, one.pk))
    if len(found) <= most:
        return found
    last = found[most].order_id
    return [one for one in found if one.order_id < last] or [one for one in found if one.order_id == last]
