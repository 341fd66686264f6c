"""Pushing stock: the last count, less what orders take off it -> the seat belt -> BigCommerce.

preview    the figures, and what stands in BigCommerce now; nothing is written and nothing is saved
run        the same on record, then written batch by batch; each batch is on record as it is done
undo       what stood before a run, less what was sold since; on record as a run of its own
"""

from collections.abc import Callable, Sequence

from django.db.models import F, OuterRef, Q, Subquery

from npf.audit.notes import Note, Tag
from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.push.stock import sheet as sheets
from npf.push.stock import ways
from npf.push.stock.sheet import Sheet, as_json, changed, writable
from npf.stock.models import Item, Level, Run
from npf.stock.rule import wave_of_zeros
from npf.stores.visit import Stopped, Visit

__all__ = ["Sheet", "as_json", "last_written", "preview", "run", "stopped", "undo"]


def preview(at: Visit, *, kind: str = "now") -> Sheet:
    """The figures of a push of what was last counted; kind "change": only of SKUs whose figure is not the one that
    BigCommerce was told last.

    Raises FixSettings for a stock location that cannot be used.
    """
    levels, counted_at = sheets.counted(at)
    items = sheets.figures(at, levels, sheets.taken_now(at, counted_at))
    found = Sheet(sheets.new_run(at, kind, counted_at=counted_at), items)
    found.run.counted = len(items)
    found.run.unknown = sum(item.publish is None for item in items)
    if kind == "change":
        told = {level.sku: level.published for level in levels}
        found.items = [item for item in writable(items) if item.publish != told[item.sku]]
    if _choose_way(at, found):
        _read(found, fresh=kind == "change")
        found.run.belt = wave_of_zeros(_for_the_belt(items), at.settings.parameters.stock_zero_share)
        found.run.stopped = found.run.belt
    found.run.changed = len(changed(found.items))
    return found


def run(at: Visit, *, kind: str = "now", anyway: bool = False) -> Sheet:
    """Push the stock that was counted. Counts `stock_written`. `kind` as in preview, or "daily".

    `anyway`: go on past the seat belt this once; who did stands on the run. What stopped it stands on the run, what was
    refused on its items. Raises FixSettings.
    """
    return _do(at, lambda: preview(at, kind=kind), anyway=anyway)


def undo(at: Visit, of: Run | None = None, *, dry_run: bool = False) -> Sheet:
    """Write back what stood before a run, `of` or the last that wrote something, less what was sold since.

    No seat belt: a person has looked. `dry_run`: nothing is written and nothing is saved. Raises FixSettings where
    there is nothing to undo, or as preview.
    """
    undone = of or last_written(at)
    if undone is None:
        cure = "npf stock NAME --dry-run shows what stands there"
        raise FixSettings("no stock has been written that could be undone", parameter="--undo", cure=cure)
    written = list(undone.items.filter(written=True).order_by("sku"))
    if not written:
        cure = "name another run; the figures of a run are kept 90 days"
        raise FixSettings(f"run {undone.pk} wrote nothing, or its figures are not kept", parameter="--undo", cure=cure)

    def figures() -> Sheet:
        found = Sheet(sheets.new_run(at, "undo", undoes=undone), sheets.previous_figures(at, undone, written))
        if _choose_way(at, found):
            _read(found, fresh=True)
        sheets.less_what_was_sold(found.items, written)
        found.run.counted = len(found.items)
        found.run.unknown = sum(item.publish is None for item in found.items)
        found.run.changed = len(changed(found.items))
        return found

    return figures() if dry_run else _do(at, figures)


def last_written(at: Visit) -> Run | None:
    """The last run that wrote something and is no undo."""
    runs = Run.objects.filter(store=at.store, written__gt=0).exclude(kind="undo")
    return runs.order_by("-pk").first()


def stopped(at: Visit, why: TryLater | GiveUp, *, kept: bool, kind: str = "now") -> Sheet:
    """A push that could not even begin, because FM or BigCommerce could not be read. `kept`: it is saved as a run."""
    found = Sheet(sheets.new_run(at, kind), [], trouble=why)
    found.run.stopped = str(why)
    if kept:
        _save(at, found)
        _settle(at, found.run)
    return found


def _do(at: Visit, figures: Callable[[], Sheet], *, anyway: bool = False) -> Sheet:
    try:
        found = figures()
    except Stopped:
        raise
    except (TryLater, GiveUp) as why:
        return stopped(at, why, kept=True)
    if anyway and found.run.belt:
        found.run.anyway_by, found.run.stopped = at.by, ""
    _save(at, found)
    if found.way is not None and not found.run.stopped:
        try:
            _write(at, found, found.way)
        except NpfError as error:
            found.trouble = error
            found.run.stopped = str(error)
    found.run.written = sum(item.written for item in found.items)
    _settle(at, found.run)
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


def _read(found: Sheet, *, fresh: bool) -> None:
    """Set `was` to what stands there now. Where the count has read it a moment ago, only if it must be `fresh`."""
    if found.way is None or (found.way.counted and not fresh):
        return
    items = writable(found.items)
    levels = found.way.levels(items)
    for item in items:
        item.was = levels.get(item.sku)


def _for_the_belt(items: Sequence[Item]) -> dict[str, tuple[int | None, int | None]]:
    """What the seat belt judges: what may be written, and what is unknown."""
    return {item.sku: (item.was, item.publish) for item in items if item.publish is None or not item.refused}


def _save(at: Visit, found: Sheet) -> None:
    """On record before BigCommerce hears of it: what stood there must outlive a crash."""
    with at.claim():
        found.run.save()
        for item in found.items:
            item.run = found.run
        Item.objects.bulk_create(found.items, batch_size=1000)


def _write(at: Visit, found: Sheet, way: ways.Way) -> None:
    to_write = changed(found.items)
    done = 0

    def settled(items: Sequence[Item]) -> None:
        nonlocal done
        done += len(items)
        # The claim also keeps the lease, which a long push would outlive.
        with at.claim():
            Item.objects.filter(pk__in=[item.pk for item in items if item.written]).update(written=True)
            Item.objects.bulk_update([item for item in items if item.refused], ["refused"], batch_size=500)
            at.notebook.file()
        at.progress("SKUs written", done, len(to_write))

    try:
        ways.write(way, to_write, settled)
    except FixSettings as wrong:
        other = ways.instead(way, wrong, at.settings.parameters)
        if other is None or done:
            raise
        found.run.way = other.name
        ways.write(other, to_write, settled)


def _settle(at: Visit, run: Run) -> None:
    at.count("stock_written", run.written)
    run.ended_at = at.clock.now()
    with at.claim():
        run.save(update_fields=["written", "stopped", "way", "ended_at", "differs"])
        _remember_what_was_told(run)
        at.tell([_note(run)])
        at.notebook.file()


def _note(run: Run) -> Note:
    if not run.stopped:
        text = f"Stock: {run.counted} SKUs counted, {run.changed} changed, {run.written} written, {run.unknown} unknown"
        if run.kind == "undo":
            text = f"Stock: the previous figures of {run.written} of {run.counted} SKUs were written back"
        if run.anyway_by:
            text += f"; {run.anyway_by} went on although {run.belt}"
        return Note(Tag.STOCK_PUSHED, text, data={"way": run.way, "run": run.pk})
    if run.written:
        return Note(Tag.STOCK_STOPPED, f"{run.written} of {run.changed} SKUs were written, then: {run.stopped}")
    return Note(Tag.STOCK_STOPPED, f"Stock was not written: {run.stopped}")


def _remember_what_was_told(run: Run) -> None:
    """On the levels: what BigCommerce was told by this run, or showed already."""
    told = Item.objects.filter(run=run, publish__isnull=False).filter(Q(written=True) | Q(was=F("publish")))
    mine = told.filter(sku=OuterRef("sku"))
    levels = Level.objects.filter(store=run.store, sku__in=told.values("sku"))
    levels.update(published=Subquery(mine.values("publish")[:1]))
