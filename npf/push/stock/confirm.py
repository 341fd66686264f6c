"""Reading after writing: BigCommerce says 200 when it has accepted a figure, and shows it later (fact 96).

confirmed     what each SKU shows, waiting for those that still show the old figure
was_done      after a lost answer: whether the write was done, by what its SKUs show
still_coming  differences that were asked for lately and do not show: they may yet be added to what stands there
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from npf.core.clock import Clock
from npf.core.errors import TryLater
from npf.push.stock import ways
from npf.stock.models import Item
from npf.stores.models import Store

# Seconds before each reading.
PATIENCE = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0)
# A difference that does not show after so long was never added.
GIVEN_UP_AFTER = timedelta(minutes=10)


def confirmed(way: ways.Way, items: Sequence[Item], clock: Clock, go_on: Callable[[], None]) -> None:
    """Set `stands` of what was written, unless the answer told it. `go_on` is called before each wait and may raise.

    A SKU that shows neither the old figure nor the new one was sold or changed meanwhile: that is the answer. Where
    BigCommerce cannot be read now, `stands` stays as it is.
    """
    waiting = [item for item in items if item.stands is None]
    for pause in PATIENCE:
        if not waiting:
            return
        if pause:
            go_on()
            clock.sleep(pause)
        try:
            levels = way.levels(waiting)
        except TryLater:
            return
        for item in waiting:
            item.stands = levels.get(item.sku)
        waiting = [item for item in waiting if item.stands == item.was != item.publish]


def was_done(way: ways.Way, batch: Sequence[Item], clock: Clock, go_on: Callable[[], None]) -> bool:
    """Whether a write whose answer was lost was done; sets `stands`. A call is done for all of its SKUs or for none."""
    confirmed(way, batch, clock, go_on)
    return 2 * sum(moved(item.was, item.stands, asked_for(item)) for item in batch) >= len(batch)


def asked_for(item: Item) -> int:
    """By how much the write of an item was to move what stood there."""
    if item.delta is not None:
        return item.delta
    return (item.publish or 0) - (item.was or 0)


def moved(was: int | None, shown: int | None, by: int) -> bool:
    """Whether a level has gone at least half the way that it was sent; sales may have taken the rest."""
    if shown is None or by == 0:
        return False
    gone = shown - (was or 0)
    return 2 * gone >= by if by > 0 else 2 * gone <= by


def still_coming(store: Store, levels: Mapping[str, int], clock: Clock) -> dict[str, int]:
    """SKU -> units that a difference of the last minutes may yet add to the level read now.

    One that lowers a level is not counted on: until it shows, it is taken for lost, and the next figure is too low, not
    too high.
    """
    asked = Item.objects.filter(store=store, delta__gt=0, refused="", asked_at__gt=clock.now() - GIVEN_UP_AFTER)
    coming: dict[str, int] = {}
    for item in asked.order_by("pk").only("sku", "was", "delta", "stands"):
        units = item.delta or 0
        shows = moved(item.was, item.stands, units) or moved(item.was, levels.get(item.sku), units)
        if not shows:
            coming[item.sku] = coming.get(item.sku, 0) + units
    return coming
