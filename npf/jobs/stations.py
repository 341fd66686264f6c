"""The stations by name, and the visits that run them: one for a worker's job, one for the command, in this process."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.count import station as count
from npf.follow import station as follow
from npf.orders.models import Order, SalesOrder
from npf.orders.stages import Stage
from npf.pull import station as pull
from npf.push import orders as push
from npf.push.stock import station as stock
from npf.push.stock import ways
from npf.send import station as send
from npf.stock.models import Run
from npf.stores.models import Store
from npf.stores.outside import Outside
from npf.stores.visit import Progress, Stopped, Visit, unseen, visit

STATIONS: dict[str, Callable[[Visit], Any]] = {
    "pull": pull.run,
    "send": send.run,
    "follow": follow.run,
    "count": count.run,
    "push": push.run,
}
RUN = ("pull", "send", "follow", "push")


def one_station(
    station: str,
    store: Store,
    outside: Outside,
    by: str,
    *,
    wait: float = 0,
    progress: Progress = unseen,
    urgent: bool = False,
) -> Visit:
    """Run one station over one store and give the visit, whose counts and calls say what was done.

    Raises GiveUp for the count of a store with a legacy account, whose SKUs cannot be read.
    """
    if station == "count" and store.legacy_url:
        raise ways.never_with_a_legacy_account()
    with visit(station, store, outside, by, wait=wait, progress=progress, urgent=urgent) as at:
        STATIONS[station](at)
    return at


def pull_one(store: Store, outside: Outside, by: str, bc_order_id: int) -> Order:
    """Pull one order by its number, now. Raises FixSettings where BigCommerce has none of that number."""
    with visit("pull", store, outside, by, wait=30, urgent=True, beat=False) as at:
        try:
            return pull.one(at, bc_order_id)
        except GiveUp as gone:
            if gone.code != "not_found":
                raise
    cure = f"look it up in BigCommerce; npf explain {store.name} {bc_order_id} says more"
    raise FixSettings(f"BigCommerce has no order {bc_order_id}", parameter="--order", cure=cure)


def run_all(store: Store, outside: Outside, by: str, progress: Progress = unseen) -> dict[str, Any]:
    """pull, send, follow, push, once, in this order (DESIGN section 6, `npf run`).

    A station that fails is told in `errors` and does not keep the later ones from their work; a wrong setting does, and
    stands in `fix`.
    """
    done: dict[str, Any] = dict.fromkeys(("pulled", "sent", "followed", "pushed", "held", "skipped", "failed"), 0)
    done |= {"store": store.name, "calls": {"bigcommerce": 0, "fm": 0}, "errors": [], "fix": None}
    for station in RUN:
        at: list[Visit] = []
        try:
            with visit(station, store, outside, by, wait=60, progress=progress, urgent=True) as one:
                at.append(one)
                STATIONS[station](one)
        except NpfError as error:
            done["errors"].append(f"{station}: {error}")
            done["failed"] += 1
            if isinstance(error, FixSettings):
                done["fix"] = {"parameter": error.parameter, "cure": error.cure}
        _add(done, at)
        if done["fix"]:
            break
    return done


def _add(done: dict[str, Any], visits: Sequence[Visit]) -> None:
    for at in visits:
        for key, value in at.counts.items():
            if key in done:
                done[key] += value
        for system, calls in at.calls.items():
            done["calls"][system] += calls


def push_stock(
    store: Store,
    outside: Outside,
    by: str,
    *,
    kind: str = "now",
    anyway: bool = False,
    dry_run: bool = False,
    progress: Progress = unseen,
    wait: float = 60,
) -> dict[str, Any]:
    """pull, count, pull again, and push stock (DESIGN section 6, `npf stock`). Gives the document of `--json`.

    What was sold while FM counted is taken off its figures by the second pull (rule 4), which the stock station makes
    when it has read what stands there. `kind` and `anyway` as in push/stock/station.py: run. Where one of them fails,
    nothing is written, and the document says why; so for a store with a legacy account.
    """
    if store.legacy_url:
        return _stopped(store, outside, by, ways.never_with_a_legacy_account(), kind, dry_run, progress, wait)
    try:
        for station in ("pull", "count"):
            one_station(station, store, outside, by, wait=wait, progress=progress, urgent=True)
    except Stopped:
        raise
    except (TryLater, GiveUp) as error:
        return _stopped(store, outside, by, error, kind, dry_run, progress, wait)

    def pull() -> None:
        one_station("pull", store, outside, by, wait=wait, progress=progress, urgent=True)

    with visit("stock", store, outside, by, wait=wait, progress=progress, urgent=True) as at:
        if dry_run:
            return stock.as_json(stock.preview(at, kind=kind, pull=pull))
        return stock.as_json(stock.run(at, kind=kind, anyway=anyway, pull=pull))


def undo_stock(
    store: Store,
    outside: Outside,
    by: str,
    *,
    run: Run | None = None,
    dry_run: bool = False,
    progress: Progress = unseen,
    wait: float = 60,
) -> dict[str, Any]:
    """pull, and write the previous figures of a run back, None = of the last that wrote something.

    Gives the document of `npf stock --json`. Raises FixSettings where there is nothing to undo.
    """
    try:
        one_station("pull", store, outside, by, wait=wait, progress=progress, urgent=True)
    except Stopped:
        raise
    except (TryLater, GiveUp) as error:
        return _stopped(store, outside, by, error, "undo", dry_run, progress, wait)
    with visit("stock", store, outside, by, wait=wait, progress=progress, urgent=True) as at:
        return stock.as_json(stock.undo(at, run, dry_run=dry_run))


def _stopped(
    store: Store,
    outside: Outside,
    by: str,
    why: TryLater | GiveUp,
    kind: str,
    dry_run: bool,
    progress: Progress,
    wait: float,
) -> dict[str, Any]:
    with visit("stock", store, outside, by, wait=wait, progress=progress, urgent=True) as at:
        return stock.as_json(stock.stopped(at, why, kept=not dry_run, kind=kind))


def waiting(station: str, store_id: int) -> bool:
    """Whether there is work for a station: what tells a finished station whom to wake."""
    found: dict[str, QuerySet[Any]] = {
        "send": Order.objects.filter(store=store_id, stage=Stage.NEW, next_attempt_at__isnull=True),
        "follow": SalesOrder.objects.filter(order__store=store_id, sent_at__isnull=False, finished_at__isnull=True),
        "push": Order.objects.filter(store=store_id, next_push_at__isnull=False, push_failures=0),
    }
    return found[station].exists()
