"""An expiring lease per store and station, so that two workers never work the same one.

    take  -> a row with owner, fence and end; free, run out, or its owner's database connection gone
    hold  -> inside each claim: still mine? then longer; else stop
    drop  -> at the end

The owner's connection is part of the lease because a killed command must not block the next one until the lease
runs out. The fence, checked in every claim, is what protects: a worker that was only frozen finds it raised.
"""

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection

from npf.core.clock import Clock
from npf.core.errors import TryLater

LASTS = timedelta(minutes=10)

# One row a name: taken if there is none, if it has run out, or if the connection that took it is gone.
TAKE = """
insert into stores_lease (name, owner, owner_pid, owner_began, fence, until)
select %(name)s, %(owner)s, me.pid, me.backend_start, 1, %(until)s
from pg_stat_activity me where me.pid = pg_backend_pid()
on conflict (name) do update
set owner = excluded.owner, owner_pid = excluded.owner_pid, owner_began = excluded.owner_began,
    fence = stores_lease.fence + 1, until = excluded.until
where stores_lease.until <= %(now)s
   or not exists (
       select 1 from pg_stat_activity other
       where other.pid = stores_lease.owner_pid and other.backend_start = stores_lease.owner_began)
returning fence
"""

# Longer, if it is still ours.
HOLD = "update stores_lease set until = %(until)s where name = %(name)s and fence = %(fence)s and until > %(now)s"

# Names that somebody owns now.
HELD = """
select lease.name from stores_lease lease
join pg_stat_activity owner on owner.pid = lease.owner_pid and owner.backend_start = lease.owner_began
where lease.until > %(now)s
"""

# Free for the next one, if it is still ours; the fence stays, so that it only ever rises.
DROP = "update stores_lease set until = %(now)s where name = %(name)s and fence = %(fence)s"


class Busy(TryLater):
    """Somebody else works this station of this store now."""


class Lease:
    """A taken lease. `hold()` belongs into every claim transaction of its station."""

    def __init__(self, name: str, fence: int, clock: Clock) -> None:
        self.name = name
        self.fence = fence
        self._clock = clock

    def hold(self) -> None:
        """Stay the owner for another LASTS; raises Busy where somebody else has taken over."""
        now = self._clock.now()
        with connection.cursor() as cursor:
            cursor.execute(HOLD, {"name": self.name, "fence": self.fence, "now": now, "until": now + LASTS})
            if cursor.rowcount != 1:
                raise Busy(f"{self.name} was taken over by another worker", delay=5)


@contextmanager
def lease(station: str, store_id: int, clock: Clock, *, wait: float = 0) -> Iterator[Lease]:
    """Own `station` of a store within the block. Raises Busy if somebody else still owns it after `wait` seconds."""
    name = f"{station}:{store_id}"
    deadline = clock.monotonic() + wait
    while (fence := _take(name, clock)) is None:
        if clock.monotonic() >= deadline:
            raise Busy(f"another worker is busy with {station} of this store", delay=5)
        clock.sleep(0.2)
    mine = Lease(name, fence, clock)
    try:
        yield mine
    finally:
        # Where the connection is gone, so is the lease, and what ended it must not be hidden.
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute(DROP, {"name": name, "fence": fence, "now": clock.now()})


def worked(stations: Iterable[str], clock: Clock) -> set[int]:
    """Stores of which somebody works one of these stations now."""
    wanted = set(stations)
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"now": clock.now()})
        names = [name.partition(":") for (name,) in cursor.fetchall()]
    return {int(store_id) for station, _, store_id in names if station in wanted}


def _take(name: str, clock: Clock) -> int | None:
    now = clock.now()
    owner = f"{socket.gethostname()}:{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"name": name, "owner": owner, "now": now, "until": now + LASTS})
        row = cursor.fetchone()
    return int(row[0]) if row else None
