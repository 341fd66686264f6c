"""One run of send over a store. See npf/send/__init__.py for its way."""

from collections.abc import Iterable

from npf.core.errors import FixSettings, TryLater
from npf.send.ask import Answer, ask
from npf.send.claim import claim, load, waiting
from npf.send.settle import settle
from npf.stores.visit import Visit

AT_ONCE = 20


def run(at: Visit) -> None:
    """Send every new order of the store. Counts `sent`, `held`, `failed`.

    Raises FixSettings where FM refuses the login, TryLater where FM answers nobody; what was claimed is settled first.
    """
    tried: set[int] = set()
    total = waiting(at).count()
    while orders := load(at, AT_ONCE, without=tried):
        tried |= {one.order.pk for one in orders}
        answers = ask(at.fm, claim(at, orders))
        settle(at, answers)
        at.progress("orders sent", len(tried), total)
        _stop_if_fm_is_gone(answers)


def _stop_if_fm_is_gone(answers: Iterable[Answer]) -> None:
    errors = [answer.error for answer in answers]
    for error in errors:
        if isinstance(error, FixSettings):
            raise error
    if errors and all(isinstance(error, TryLater) for error in errors):
        raise TryLater(str(errors[0]), delay=60)
