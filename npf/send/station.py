"""One run of send over a store. See npf/send/__init__.py for its way."""

from collections.abc import Sequence

from npf.core.errors import FixSettings, TryLater
from npf.orders.models import Order
from npf.send.ask import Answer, ask
from npf.send.claim import claim
from npf.send.load import load, waiting
from npf.send.settle import order_of, settle
from npf.stores.visit import Visit

AT_ONCE = 20


def run(at: Visit) -> None:
    """Send every new order of the store, the oldest first. Counts orders: `sent`, `held`, `failed`.

    Raises FixSettings where FM refuses the login, TryLater where FM answers nobody; what was claimed is settled first.
    """
    total = waiting(at).count()
    done = last = 0
    while orders := _next(at, last):
        last = orders[-1].bc_order_id
        answers = _send(at, orders)
        done += len(orders)
        at.progress("orders sent", done, total)
        _stop_if_fm_is_gone(answers)


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


def _stop_if_fm_is_gone(answers: Sequence[Answer]) -> None:
    errors = [answer.error for answer in answers]
    for error in errors:
        if isinstance(error, FixSettings):
            raise error
    if errors and all(isinstance(error, TryLater) for error in errors):
        raise TryLater(f"FM answers nobody: {errors[0]}", delay=60)
