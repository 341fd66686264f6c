"""Pushing stock: the last count, less what orders take off it -> the seat belt -> BigCommerce.

preview    the figures, and what stands in BigCommerce now; nothing is written and nothing is saved
run        the same on record, then written batch by batch; each batch is on record as it is done
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from npf.audit.notes import Note, Tag
from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.push import ways
from npf.push.unsent import taken_off
from npf.stock.models import Item, Level, Run
from npf.stock.rule import publish, wave_of_zeros
from npf.stores.visit import Stopped, Visit


@dataclass
class Sheet:
    """A run with its items, saved or not. `way` None = nothing can be written. `trouble` is the error that ended it."""

    run: Run
    items: list[Item]
    way: ways.Way | None = None
    trouble: NpfError | None = None


def preview(at: Visit) -> Sheet:
    """The figures of a push of what was last counted. Raises FixSettings for a stock location that cannot be used."""
    found = Sheet(_new_run(at), _figures(at))
    found.run.counted = len(found.items)
    found.run.unknown = sum(item.publish is None for item in found.items)
    values = at.settings.parameters
    if values.update_soh:
        found.way = ways.choose(at.bigcommerce, values)
        found.way.read(_writable(found.items))
        found.run.way = found.way.name
        found.run.stopped = wave_of_zeros(_changes(found.items), values.stock_zero_share)
    else:
        found.run.stopped = "Update SOH to Shopping cart is off"
    found.run.changed = len(_changed(found.items))
    return found


def run(at: Visit) -> Sheet:
    """Push the stock that was counted. Counts `stock_written`.

    What stopped it stands on the run, what was refused on its items. Raises FixSettings.
    """
    try:
        found = preview(at)
    except Stopped:
        raise
    except (TryLater, GiveUp) as why:
        return stopped(at, why, kept=True)
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


def stopped(at: Visit, why: TryLater | GiveUp, *, kept: bool) -> Sheet:
    """A push that could not even begin, because FM or BigCommerce could not be read. `kept`: it is saved as a run."""
    found = Sheet(_new_run(at), [], trouble=why)
    found.run.stopped = str(why)
    if kept:
        _save(at, found)
        _settle(at, found.run)
    return found


def as_json(sheet: Sheet) -> dict[str, Any]:
    """The document of `npf stock --json` (DESIGN section 6)."""
    run = sheet.run
    return {
        "store": run.store.name,
        "counted": run.counted,
        "changed": run.changed,
        "unknown": run.unknown,
        "written": run.written,
        "stopped": run.stopped or None,
        "try_again": isinstance(sheet.trouble, TryLater),
        "way": run.way,
        "items": [
            {
                "sku": item.sku,
                "fm": item.fm,
                "unsent": item.unsent,
                "buffer": item.buffer,
                "publish": item.publish,
                "was": item.was,
                "note": item.refused,
            }
            for item in sheet.items
        ],
    }


def _new_run(at: Visit) -> Run:
    return Run(store=at.store, began_at=at.clock.now(), by=at.by)


def _figures(at: Visit) -> list[Item]:
    levels = list(Level.objects.filter(store=at.store).order_by("sku"))
    if not levels:
        return []
    taken = taken_off(at.store.fm, at.settings, min(level.counted_at for level in levels))
    items = []
    for level in levels:
        parts = {code: (per_unit, figure) for code, (per_unit, figure) in level.figures.items()}
        figure = publish(parts, taken, at.settings.parameters.stock_buffer)
        items.append(
            Item(
                sku=level.sku,
                product_id=level.product_id,
                variant_id=level.variant_id,
                fm=figure.fm,
                unsent=figure.unsent,
                buffer=figure.buffer,
                publish=figure.publish,
                was=level.was,
                refused=level.note,
            )
        )
    return items


def _writable(items: Sequence[Item]) -> list[Item]:
    """What may be written: known, and without a reason against it."""
    return [item for item in items if item.publish is not None and not item.refused]


def _changed(items: Sequence[Item]) -> list[Item]:
    return [item for item in _writable(items) if item.publish != item.was]


def _changes(items: Sequence[Item]) -> dict[str, tuple[int | None, int | None]]:
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
    changed = _changed(found.items)
    done = 0

    def settled(items: Sequence[Item]) -> None:
        nonlocal done
        done += len(items)
        # The claim also keeps the lease, which a long push would outlive.
        with at.claim():
            Item.objects.filter(pk__in=[item.pk for item in items if item.written]).update(written=True)
            Item.objects.bulk_update([item for item in items if item.refused], ["refused"], batch_size=500)
            at.notebook.file()
        at.progress("SKUs written", done, len(changed))

    try:
        ways.write(way, changed, settled)
    except FixSettings as wrong:
        other = ways.instead(way, wrong, at.settings.parameters)
        if other is None or done:
            raise
        found.run.way = other.name
        ways.write(other, changed, settled)


def _settle(at: Visit, run: Run) -> None:
    at.count("stock_written", run.written)
    run.ended_at = at.clock.now()
    if run.stopped:
        note = Note(Tag.STOCK_STOPPED, f"Stock was not written: {run.stopped}")
        if run.written:
            note = Note(Tag.STOCK_STOPPED, f"{run.written} of {run.changed} SKUs were written, then: {run.stopped}")
    else:
        text = f"Stock: {run.counted} SKUs counted, {run.changed} changed, {run.written} written, {run.unknown} unknown"
        note = Note(Tag.STOCK_PUSHED, text, data={"way": run.way})
    with at.claim():
        run.save(update_fields=["written", "stopped", "way", "ended_at"])
        at.tell([note])
        at.notebook.file()
