"""One run of send over a store. See npf/send/__init__.py for its way."""

from collections.abc import Sequence

from npf.core.errors import FixSettings, NpfError, TryLater
from npf.orders.models import Order
from npf.send.ask import Answer, ask
from npf.send.claim import claim
from npf.send.load import load, waiting
from npf.send.settle import order_of, settle
from npf.stores.visit import Visit

AT_ONCE = 20
# So many calls in a row without an answer, and FM is away: the rest waits for the next run.
AWAY = 3


def run(at: Visit) -> None:
    """Send every new order of the store, the oldest first. Counts orders: `sent`, `held`, `failed`.

    Raises FixSettings where FM refuses the login, TryLater where FM answers nobody; what was claimed is settled first.
    """
    total = waiting(at).count()
    done = last = 0
    silent: list[NpfError] = []
    while orders := _next(at, last):
        last = orders[-1].bc_order_id
        answers = _send(at, orders)
        done += len(orders)
        at.progress("orders sent", done, total)
        silent = _unanswered(answers, silent)
        if len(silent) >= AWAY:
            break
    if silent:
        raise TryLater(f"FM answers nobody: {silent[0]}", delay=60)


def _next(at: Visit, after: int) -> list[Order]:
    found = waiting(at).filter(bc_order_id__gt=after).order_by("bc_order_id")
    return list(found.select_related("record").prefetch_related("repairs")[:AT_ONCE])


def _send(at: Visit, orders: Sequence[Order]) -> list[Answer]:
    claimed = claim(at, load(at, orders))
    try:
        answers = ask(at.fm, claimed, at.store.fm.client_code)
        settle(at, answers)
    except BaseException:
        # What FM was asked belongs to its orders' timelines, even where what it answered could not be written down.
        at.notebook.file(order_of(claimed))
        raise
    return answers


def _unanswered(answers: Sequence[Answer], before: list[NpfError]) -> list[NpfError]:
    """The calls in a row that FM has not answered, with this batch. One look is one call, for however many orders."""
    failed: dict[int, NpfError] = {}
    answered = False
    for answer in answers:
        if isinstance(answer.error, FixSettings):
            raise answer.error
        if isinstance(answer.error, TryLater) and not answer.left_out:
            failed[id(answer.error)] = answer.error
        else:
            answered = True
    return [] if answered else [*before, *failed.values()]
