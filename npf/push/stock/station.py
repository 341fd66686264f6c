"""Pushing stock: the last count, less what orders take off it -> the seat belt -> BigCommerce -> read again.

preview    the figures, and what stands in BigCommerce now; nothing is written and nothing is saved
run        the same on record, then written batch by batch; each batch is on record before and after
undo       what stood before a run, less what was sold since; on record as a run of its own

What stands there is read first, then orders are pulled once more, then the figures are made: see docs/stock.md.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.push.stock import sheet as sheets
from npf.push.stock import ways
from npf.push.stock.confirm import confirmed, still_coming
from npf.push.stock.record import Record, save, settle
from npf.push.stock.sheet import Sheet, as_json, changed, writable
from npf.stock.belt import Change, Limits, belt
from npf.stock.models import Item, Level, Run
from npf.stock.rule import the_more
from npf.stores.visit import Stopped, Visit

__all__ = ["Sheet", "as_json", "last_written", "preview", "run", "stopped", "undo"]

Pull = Callable[[], object]
# FM knew a SKU lately that it knew so long before this count.
LATELY = timedelta(days=3)


def nothing() -> None:
    """The pull of a push whose orders were pulled a moment ago."""


def preview(at: Visit, *, kind: str = "now", pull: Pull = nothing) -> Sheet:
    """The figures of a push of what was last counted; kind "change": only of SKUs whose figure is not the one that
    BigCommerce was told last. `pull` pulls the store's orders.

    What keeps it from being written stands on the run. Raises FixSettings for a stock location that cannot be used.
    """
    try:
        return _figures(at, kind, pull)
    except Stopped:
        raise
    except (TryLater, GiveUp) as why:
        return stopped(at, why, kept=False, kind=kind)


def run(at: Visit, *, kind: str = "now", anyway: bool = False, pull: Pull = nothing) -> Sheet:
    """Push the stock that was counted. Counts `stock_written`. `kind` as in preview, or "daily".

    `anyway`: go on past the seat belt this once; who did stands on the run. What stopped it stands on the run, what was
    refused on its items. Raises FixSettings.
    """
    return _do(at, kind, lambda: _figures(at, kind, pull), anyway=anyway)


def undo(at: Visit, of: Run | None = None, *, dry_run: bool = False) -> Sheet:
    """Write back what stood before a run, `of` or the last that wrote something, less what was sold since.

    No seat belt: a person has looked. `dry_run`: nothing is written and nothing is saved. Raises FixSettings where
    there is nothing to undo, or as preview.
    """
    undone = of or last_written(at)
    if undone is None:
        cure = "npf stock NAME --dry-run shows what stands there"
        raise FixSettings("no stock has been written that could be undone", parameter="--undo", cure=cure)
    asked = list(undone.items.filter(sheets.ASKED).order_by("sku"))
    if not asked:
        cure = "name another run; the figures of a run are kept 90 days"
        raise FixSettings(f"run {undone.pk} wrote nothing, or its figures are not kept", parameter="--undo", cure=cure)

    def figures() -> Sheet:
        found = Sheet(sheets.new_run(at, "undo", undoes=undone), sheets.previous_figures(at, undone, asked))
        if _choose_way(at, found):
            items = writable(found.items)
            stands = _standing(found, items, fresh=True)
            for item in items:
                item.was = stands[item.sku]
        sheets.less_what_was_sold(found.items, asked)
        _as_differences(at, found)
        found.run.counted = len(found.items)
        found.run.unknown = sum(item.publish is None for item in found.items)
        found.run.changed = len(changed(found.items))
        return found

    return figures() if dry_run else _do(at, "undo", figures)


def last_written(at: Visit) -> Run | None:
    """The last run that asked BigCommerce for something and is no undo."""
    asked = Item.objects.filter(sheets.ASKED, store=at.store).values("run")
    return Run.objects.filter(store=at.store, pk__in=asked).exclude(kind="undo").order_by("-pk").first()


def stopped(at: Visit, why: TryLater | GiveUp, *, kept: bool, kind: str = "now") -> Sheet:
    """A push that could not even begin, because FM or BigCommerce could not be read. `kept`: it is saved as a run."""
    found = Sheet(sheets.new_run(at, kind), [], trouble=why)
    found.run.stopped = str(why)
    if kept:
        save(at, found)
        settle(at, found)
    return found


def _figures(at: Visit, kind: str, pull: Pull) -> Sheet:
    levels, counted_at = sheets.counted(at)
    before = sheets.taken_now(at, counted_at)
    told = {level.sku: level.published for level in levels}
    wanted = set(told)
    if kind == "change":
        first = writable(sheets.figures(at, levels, before))
        wanted = {item.sku for item in first if item.publish != told[item.sku]}
    found = Sheet(sheets.new_run(at, kind, counted_at=counted_at), [])
    stands = dict(told) | {level.sku: level.was for level in levels if kind != "change"}
    if _choose_way(at, found):
        asked = [level for level in levels if level.sku in wanted and level.fm is not None and not level.note]
        stands |= _standing(found, asked, fresh=kind == "change")
    pull()
    taken = sheets.taken_now(at, counted_at)
    if found.way is not None and found.way.exact:
        # What stands there was read in between: an order that came or went meanwhile may be in it or not.
        taken = the_more(before, taken)
    items = sheets.figures(at, levels, taken)
    for item in items:
        item.was = stands[item.sku]
    sheets.hold_back(at, items)
    found.items = [item for item in items if item.sku in wanted]
    _as_differences(at, found)
    found.run.counted = len(items)
    found.run.unknown = sum(item.publish is None for item in items)
    found.run.changed = len(changed(found.items))
    if found.way is not None:
        found.run.belt = _belt(at, found.run, items, levels)
        found.run.stopped = found.run.belt or _why_none(items)
    return found


def _why_none(items: Sequence[Item]) -> str:
    """Why not one SKU can be written; "" = some can."""
    if not items or writable(items):
        return ""
    (reason, count), *_ = Counter(item.refused for item in items).most_common(1)
    return f"none of the {len(items)} SKUs can be written; of {count} because {reason}"


def _belt(at: Visit, run: Run, items: Sequence[Item], levels: Sequence[Level]) -> str:
    values = at.settings.parameters
    limits = Limits(
        zeros=values.stock_zero_share,
        fall=values.stock_fall_share,
        unknown=values.stock_unknown_share,
        age=timedelta(minutes=values.stock_count_age),
    )
    lately = {one.sku: one.known_at is not None and one.counted_at - one.known_at < LATELY for one in levels}
    judged = [item for item in items if item.publish is None or not item.refused]
    changes = [Change(item.was, item.publish, lately[item.sku]) for item in judged]
    return belt(changes, at.clock.now() - (run.counted_at or at.clock.now()), limits)


def _do(at: Visit, kind: str, figures: Callable[[], Sheet], *, anyway: bool = False) -> Sheet:
    try:
        found = figures()
    except Stopped:
        raise
    except (TryLater, GiveUp) as why:
        return stopped(at, why, kept=True, kind=kind)
    if anyway and found.run.belt:
        found.run.anyway_by, found.run.stopped = at.by, ""
    save(at, found)
    if found.way is not None and not found.run.stopped:
        try:
            _write(at, found, found.way)
        except NpfError as error:
            found.trouble = error
            found.run.stopped = str(error)
    settle(at, found)
    if isinstance(found.trouble, FixSettings | Stopped):
        raise found.trouble
    return found


def _choose_way(at: Visit, found: Sheet) -> bool:
    """Set the way, or what keeps everything from being written."""
    values = at.settings.parameters
    if not values.update_soh:
        found.run.stopped = "Update SOH to Shopping cart is off"
        return False
    found.way = ways.choose(at.bigcommerce, values)
    found.run.way = found.way.name
    return True


def _standing(found: Sheet, asked: Sequence[ways.Identity], *, fresh: bool) -> dict[str, int | None]:
    """SKU -> what stands there now, None = nobody knows. Empty where the count has just read it, unless `fresh`."""
    if found.way is None or (found.way.counted and not fresh):
        return {}
    levels = found.way.levels(asked)
    return {one.sku: levels.get(one.sku) for one in asked}


def _as_differences(at: Visit, found: Sheet) -> None:
    """Where differences are written: set them, against what stands there and what is still to come."""
    if found.way is None or not found.way.exact:
        return
    items = [item for item in writable(found.items) if item.was is not None]
    found.coming = still_coming(at.store, {item.sku: item.was or 0 for item in items}, at.clock)
    for item in items:
        item.delta = (item.publish or 0) - (item.was or 0) - found.coming.get(item.sku, 0)


def _write(at: Visit, found: Sheet, way: ways.Way) -> None:
    to_write = changed(found.items)
    record = Record(at, way, len(to_write))
    try:
        ways.write(way, to_write, record)
    except FixSettings as wrong:
        other = ways.instead(way, wrong, at.settings.parameters)
        if other is None or record.done:
            raise
        found.run.way = other.name
        for item in to_write:
            item.delta = None
        record.as_figures(to_write)
        way = record.way = other
        ways.write(other, to_write, record)
    confirmed(way, [item for item in to_write if item.written], at.clock, record.go_on)
    waits = [item for item in found.items if item.sku in found.coming]
    if waits:
        raise TryLater(
            f"what was written to {len(waits)} SKUs a moment ago does not show in BigCommerce yet; they are looked at "
            "again when it must have",
            delay=600.0,
        )
