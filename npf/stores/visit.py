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

from django.db import transaction
from django.db.models import F

from npf.audit.journal import Notebook, write
from npf.audit.notes import Note
from npf.bigcommerce.client import BigCommerce
from npf.core.clock import Clock
from npf.core.errors import FixSettings, NpfError
from npf.fm.client import FM
from npf.stores.book import pause_for, settings_of
from npf.stores.leases import Busy, Lease, lease
from npf.stores.maps import Settings
from npf.stores.models import Beat, Store
from npf.stores.outside import Outside

Progress = Callable[[str, int, int], None]


def unseen(what: str, done: int, total: int) -> None:
    """The progress of a visit that nobody watches."""


class Visit:
    """What a station has in hand while it works.

    `counts` is what it did, shown on the beat and by the command. `urgent` = a person asked for it now: rows that wait
    for their next attempt are tried at once.
    """

    def __init__(
        self, store: Store, outside: Outside, by: str, held: Lease, progress: Progress = unseen, urgent: bool = False
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
    def fm(self) -> FM:
        return self.outside.fm(self.store.fm, self.notebook)

    @property
    def calls(self) -> dict[str, int]:
        """Calls made in this visit, by system."""
        made = self.__dict__
        return {name: made[name].calls if name in made else 0 for name in ("bigcommerce", "fm")}

    @contextmanager
    def claim(self) -> Iterator[None]:
        """A transaction in which the lease is certainly ours. No call to an outer system belongs inside."""
        with transaction.atomic():
            self.lease.hold()
            yield

    def count(self, what: str, more: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + more

    def tell(self, notes: Iterable[Note | None]) -> None:
        """Write notes to the journal, in the transaction that is open."""
        write(self.store.pk, self.by, self.clock.now(), [note for note in notes if note is not None])


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
) -> Iterator[Visit]:
    """Visit a store. Raises Busy where another worker is there, FixSettings where the store is paused."""
    if store.paused_at is not None:
        raise FixSettings(
            f"store {store.name} is paused: {store.paused_reason}",
            parameter=store.paused_parameter or "NAME",
            cure=f"mend it, then npf resume {store.name}"
            if store.paused_parameter
            else f"npf store resume {store.name}",
        )
    with lease(station, store.pk, outside.clock, wait=wait) as held:
        at = Visit(store, outside, by, held, progress, urgent)
        began = outside.clock.now()
        Beat.objects.update_or_create(
            store=store, station=station, defaults={"began_at": began, "ended_at": None, "message": ""}
        )
        try:
            yield at
        except Busy:
            raise
        except NpfError as error:
            at.notebook.file()
            if isinstance(error, FixSettings):
                pause_for(store, by, outside.clock, error)
            _end(at, station, str(error))
            raise
        except BaseException as error:
            # A fault of ours: the journal of what was asked must outlive it, and the screen must not look fine.
            at.notebook.file()
            _end(at, station, f"stopped by a fault in npf itself: {type(error).__name__}: {error}")
            raise
        at.notebook.file()
        _end(at, station, "")


def _end(at: Visit, station: str, message: str) -> None:
    now = at.clock.now()
    beats = Beat.objects.filter(store=at.store, station=station)
    if message:
        beats.update(ended_at=now, message=message, counts=at.counts, failures=F("failures") + 1)
    else:
        beats.update(ended_at=now, message="", counts=at.counts, failures=0, ok_at=now)
