"""When a store is looked at: orders every `look_every` seconds, stock once a day at the store's own time."""

import random
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

from django.db import transaction

from npf.core.clock import Clock
from npf.stores.models import Store
from npf.stores.parameters import Parameters, parameters
from npf.wake import wake


def tick(clock: Clock, rng: random.Random) -> None:
    """Wake the stations of every store whose time has come, and set its next time."""
    now = clock.now()
    with transaction.atomic():
        due = Store.objects.select_for_update(skip_locked=True).filter(
            removed_at__isnull=True, paused_at__isnull=True, next_look_at__lte=now
        )
        for store in due:
            every = parameters(store.parameters).look_every
            # Spread by chance: stores that were added together would otherwise be looked at together for ever.
            store.next_look_at = now + timedelta(seconds=every * rng.uniform(0.9, 1.1))
            store.save(update_fields=["next_look_at"])
            for station in ("pull", "send", "follow", "push"):
                wake(station, [store.pk], "schedule")
    _tick_stock(now)


def _tick_stock(now: datetime) -> None:
    with transaction.atomic():
        stores = Store.objects.select_for_update(skip_locked=True).filter(
            removed_at__isnull=True, paused_at__isnull=True
        )
        for store in stores.filter(next_stock_at__isnull=True):
            _set_next_stock(store, now)
        for store in stores.filter(next_stock_at__lte=now):
            _set_next_stock(store, now)
            wake("stock", [store.pk], "schedule")


def _set_next_stock(store: Store, now: datetime) -> None:
    store.next_stock_at = next_stock_at(parameters(store.parameters), now)
    store.save(update_fields=["next_stock_at"])


def next_stock_at(values: Parameters, after: datetime) -> datetime:
    """The next time of the daily stock, in UTC, strictly after `after`.

    Once each day of the store's calendar: a time that the spring change leaves out comes an hour later by the wall,
    one that the autumn change gives twice is taken the first time.
    """
    hour, minute = map(int, values.stock_time.split(":"))
    day = after.astimezone(values.zone).date() - timedelta(days=1)
    while True:
        at = datetime.combine(day, time_of_day(hour, minute), values.zone).astimezone(UTC)
        if at > after:
            return at
        day += timedelta(days=1)
