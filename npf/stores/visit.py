"""One visit of a station to a store: its lease, its clients, its journal, and the beat that shows it happened.

    with visit("pull", store, outside, by="schedule") as at:
        at.bigcommerce ...        the client, watched by at.notebook
        with at.claim(): ...      a short transaction that first makes sure the lease is still ours

Whatever goes wrong inside is told on the store's beat and raised on: TryLater to be tried again, FixSettings after
pausing what it stops.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import F

from npf.audit.journal import Notebook, write
from npf.audit.notes import Note
from npf.bigcommerce.client import BigCommerce
from npf.core.clock import Clock
from npf.core.errors import FixSettings, NpfError, TryLater
from npf.stores.book import pause_for, settings_of
from npf.stores.leases import Busy, Lease, lease
from npf.stores.maps import Settings
from npf.stores.models import Beat, Store
from npf.stores.outside import Outside
from npf.warehouse.port import Warehouse

Progress = Callable[[str, int, int], None]


class Stopped(TryLater):
    """The process is told to end; what is left is done by the next visit. A `progress` may raise it."""


def unseen(what: str, done: int, total: int) -> None:
    """The progress of a visit that nobody watches."""


class Visit:
    """What a station has in hand while it works.

    `counts` is what it did, shown on the beat and by the command. `urgent` = a person asked for it now: rows that wait
    for their next attempt are tried at once. A visit without a lease reads only.
    """

    def __init__(
        self,
        store: Store,
        outside: Outside,
        by: str,
        held: Lease | None,
        progress: Progress = unseen,
        urgent: bool = False,
    ) -> None:
        self.store = store
        self.outside = outside
        self.clock: Clock = outside.clock
        self.by = by
        self.settings: Settings = settings_of(store)
        self.notebook = Notebook(store.pk, by)
        self.progress = progress
        self.counts: dict[str, int] = {}
        self.lease = held
        self.urgent = urgent

    @cached_property
    def bigcommerce(self) -> BigCommerce:
        return self.outside.bigcommerce(self.store, self.notebook)

    @cached_property
    def fm(self) -> Warehouse:
        return self.outside.fm(self.store.fm, self.notebook)

    @property
    def calls(self) -> dict[str, int]:
        """Calls made in this visit, by system."""
        made = self.__dict__
        return {name: made[name].calls if name in made else 0 for name in ("bigcommerce", "fm")}

    @contextmanager
    def claim(self) -> Iterator[None]:
        """A transaction in which the lease is certainly ours. No call to an outer system belongs inside."""
        if self.lease is None:
            raise RuntimeError("a visit that only looks may not claim anything")
        with transaction.atomic():
            self.lease.hold()
            yield

    def count(self, what: str, more: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + more

    def tell(self, notes: Iterable[Note | None]) -> None:
        """Write notes to the journal, in the transaction that is open."""
        write(self.store.pk, self.by, self.clock.now(), [note for note in notes if note is not None])

    def close(self) -> None:
        """Close the connections that were opened for this visit alone, and give back its places in the quota."""
        if "bigcommerce" in self.__dict__:
            self.bigcommerce.rest()
        if "fm" in self.__dict__:
            self.fm.close()


@contextmanager
def visit(
    station: str,
    store: Store,
    outside: Outside,
    by: str,
    *,
    wait: float = 0,
    progress: Progress = unseen,
    urgent: bool = False,
    beat: bool = True,
) -> Iterator[Visit]:
    """Visit a store. Raises Busy where another worker is there, FixSettings where the store is paused.

    Without `beat` the visit is about one order and says nothing about the health of the station.
    """
    if store.paused_at is not None:
        raise FixSettings(
            f"store {store.name} is paused: {store.paused_reason}",
            parameter=store.paused_parameter or "NAME",
            cure=f"npf store resume {store.name}"
            + (f", once {store.paused_parameter} is right" if store.paused_parameter else ""),
        )
    with lease(station, store.pk, outside.clock, wait=wait) as held:
        at = Visit(store, outside, by, held, progress, urgent)
        shown = _Beat(at, station) if beat else None
        try:
            yield at
        except Busy:
            # The beat is the new owner's now.
            at.notebook.file()
            raise
        except (Stopped, KeyboardInterrupt, SystemExit):
            at.notebook.file()
            if shown:
                shown.stopped()
            raise
        except NpfError as error:
            at.notebook.file()
            # An option of the command was wrong, and no setting of the store: the next visit is none the worse.
            if isinstance(error, FixSettings) and not error.parameter.startswith("--"):
                pause_for(store, by, outside.clock, error)
            if shown:
                shown.failed(str(error))
            raise
        except BaseException as error:
            # A fault of ours: the journal of what was asked must outlive it, and the screen must not look fine.
            at.notebook.file()
            if shown:
                shown.failed(f"stopped by a fault in npf itself: {type(error).__name__}: {error}")
            raise
        finally:
            at.close()
        at.notebook.file()
        if shown:
            shown.done()


@contextmanager
def look(store: Store, outside: Outside, by: str) -> Iterator[Visit]:
    """A visit that works no station: no lease, no beat; a paused store is looked at too, and a failure pauses nothing.

    It reads. The one thing written in it, the store's webhook, takes a lease of its own (npf/hooks/keep.py).
    """
    at = Visit(store, outside, by, None, urgent=True)
    try:
        yield at
    finally:
        at.close()


class _Beat:
    """The beat of one visit: begun when it is made, ended once."""

    def __init__(self, at: Visit, station: str) -> None:
        self._at = at
        self._rows = Beat.objects.filter(store=at.store, station=station)
        Beat.objects.update_or_create(
            store=at.store,
            station=station,
            defaults={"began_at": at.clock.now(), "ended_at": None, "message": ""},
        )

    def done(self) -> None:
        self._end(message="", failures=0, ok_at=self._at.clock.now())

    def failed(self, message: str) -> None:
        self._end(message=message, failures=F("failures") + 1)

    def stopped(self) -> None:
        """Neither done nor failed: somebody stopped the process, and another visit goes on."""
        self._end()

    def _end(self, **columns: Any) -> None:
        self._rows.update(ended_at=self._at.clock.now(), counts=self._at.counts, **columns)
