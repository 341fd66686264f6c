"""When a store is looked at.

orders      every `look_every` seconds
stock       once a day at the store's own time, as soon as its orders are through; what was missed is made up for once
changes     where the store wants it, what has changed in stock every `stock_every` minutes
webhook     once a day, where there is an address for it
"""

import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from npf.core.clock import Clock
from npf.core.errors import FixSettings, TryLater
from npf.hooks.keep import AFTER_TROUBLE, next_check
from npf.hooks.models import Hook
from npf.stores.leases import worked
from npf.stores.models import Store
from npf.stores.parameters import parameters
from npf.wake import wake, woken

BY = "schedule"
# The stations that bring orders through: the daily stock waits for them.
ORDERS = ("pull", "send", "follow", "push")

# Seconds until a daily stock that could not be done is tried again; FM's or BigCommerce's own wish may be longer.
STOCK_AGAIN = 300.0
# Webhooks of so many stores are looked after in one tick: two thousand that are due together wait for their turn.
HOOKS_AT_ONCE = 100


def tick(clock: Clock, rng: random.Random) -> None:
    """Wake the stations of every store whose time has come, and set its next time."""
    now = clock.now()
    working = Store.objects.filter(removed_at__isnull=True, paused_at__isnull=True)
    with transaction.atomic():
        for store in working.select_for_update(skip_locked=True).filter(next_look_at__lte=now):
            every = parameters(store.parameters).look_every
            # Spread by chance: stores that were added together would otherwise be looked at together for ever.
            store.next_look_at = now + timedelta(seconds=every * rng.uniform(0.9, 1.1))
            store.save(update_fields=["next_look_at"])
            for station in ORDERS:
                wake(station, [store.pk], BY)
    with transaction.atomic():
        _stock(working.select_for_update(skip_locked=True), clock)
    if settings.NPF_PUBLIC_URL:
        due = Q(hook__next_check_at__isnull=True) | Q(hook__next_check_at__lte=now) | _moved(now)
        with transaction.atomic():
            for store in working.select_for_update(of=("self",), skip_locked=True).filter(due)[:HOOKS_AT_ONCE]:
                hook, _ = Hook.objects.get_or_create(store=store)
                Hook.objects.filter(pk=hook.pk).update(next_check_at=next_check(now, rng))
                wake("hooks", [store.pk], BY)


def _stock(working: QuerySet[Store], clock: Clock) -> None:
    now = clock.now()
    due = list(working.filter(next_stock_at__lte=now))
    at_work = woken(ORDERS) | worked(ORDERS, clock) if due else set()
    for store in due:
        values = parameters(store.parameters)
        if store.pk in at_work and store.next_stock_at and now < store.next_stock_at + values.stock_waits:
            continue
        store.next_stock_at = values.stock_due_after(now)
        # It writes what has changed, too.
        store.next_change_at = values.change_due_after(now)
        store.save(update_fields=["next_stock_at", "next_change_at"])
        wake("stock", [store.pk], BY)
    for store in working.filter(next_change_at__lte=now).exclude(next_stock_at__lte=now):
        store.next_change_at = parameters(store.parameters).change_due_after(now)
        store.save(update_fields=["next_change_at"])
        wake("change", [store.pk], BY)


def _moved(now: datetime) -> Q:
    """Stores whose events go to another address than today's, but for those that were looked after just now.

    Two workers with different addresses would else take the webhook from each other every few seconds.
    """
    here = Q(hook__destination__startswith=f"{settings.NPF_PUBLIC_URL}/hooks/")
    return Q(hook__checked_at__lte=now - AFTER_TROUBLE) & ~here


def stock_again(store: Store, clock: Clock, error: TryLater | FixSettings) -> None:
    """The stock could not be done: it is due again soon, or as soon as a wrong setting is mended and the store resumed.

    Without this, FM's being away at six o'clock would leave the figures as they are for another day.
    """
    wait = 0.0 if isinstance(error, FixSettings) else max(STOCK_AGAIN, error.delay or 0)
    due = clock.now() + timedelta(seconds=wait)
    Store.objects.filter(pk=store.pk, next_stock_at__gt=due).update(next_stock_at=due)
