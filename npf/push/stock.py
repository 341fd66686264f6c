"""Pushing stock: levels -> figures -> the seat belt -> BigCommerce.

By the inventory service where the token may use it (2,000 items a call, absolute, so that a repeated call does no
harm), else through the catalogue (variants by 50, products by 10: facts 11, 95, 110).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from npf.audit.notes import Note, Tag
from npf.bigcommerce import catalog, inventory
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.refusals import RefusedItems
from npf.core.errors import FixSettings, GiveUp
from npf.stock.models import Item, Level, Run
from npf.stock.rule import publish, wave_of_zeros
from npf.stock.unsent import in_fm_not_despatched, sold_and_unknown_to_fm
from npf.stores.visit import Visit

Write = Callable[[Sequence[Item]], None]


@dataclass
class Sheet:
    """A run with its items, saved or not."""

    run: Run
    items: list[Item]


def preview(at: Visit) -> Sheet:
    """The figures of a push, without writing; nothing is saved."""
    run = Run(store=at.store, began_at=at.clock.now(), by=at.by)
    items = _figures(at)
    run.counted = len(items)
    run.unknown = sum(item.publish is None for item in items)
    run.stopped = _stop(at, items)
    notes = {level.sku: level.note for level in Level.objects.filter(store=at.store)}
    for item in items:
        item.refused = notes.get(item.sku, "")
    run.changed = len(_changed(items))
    return Sheet(run, items)


def run(at: Visit) -> Sheet:
    """Push the stock that was counted. Counts `stock_written`. What stopped it, or was refused, stands on the run."""
    sheet = preview(at)
    found, items = sheet.run, sheet.items
    if not found.stopped:
        found.way = _write_all(at, _changed(items))
    found.written = sum(item.written for item in items)
    found.ended_at = at.clock.now()
    with at.claim():
        found.save()
        for item in items:
            item.run = found
        Item.objects.bulk_create(items, batch_size=1000)
        at.tell([_note(found)])
        at.notebook.file()
    at.count("stock_written", found.written)
    return sheet


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


def _figures(at: Visit) -> list[Item]:
    values = at.settings.parameters
    taken = sold_and_unknown_to_fm(at.store, at.settings)
    if at.settings.fm.stock_is == "on_hand" and values.stock_basis == "available":
        for code, units in in_fm_not_despatched(at.store).items():
            taken[code] = taken.get(code, 0) + units
    items = []
    for level in Level.objects.filter(store=at.store).order_by("sku"):
        parts = {code: (per_unit, figure) for code, (per_unit, figure) in level.figures.items()}
        figure = publish(parts, taken, values.stock_buffer)
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
            )
        )
    return items


def _changed(items: Sequence[Item]) -> list[Item]:
    """What is to be written: known, different, and not listed with a reason against it."""
    return [item for item in items if item.publish is not None and item.publish != item.was and not item.refused]


def _stop(at: Visit, items: Sequence[Item]) -> str:
    values = at.settings.parameters
    if not values.update_soh:
        return "Update SOH to Shopping cart is off"
    return wave_of_zeros({item.sku: (item.was, item.publish) for item in items}, values.stock_zero_share)


def _write_all(at: Visit, items: Sequence[Item]) -> str:
    """Write the items; gives the way that was used. Serial, never two bulk writes at once (fact 102)."""
    client = at.bigcommerce
    location = _location(at)
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        at.progress("SKUs written", done, len(items))

    if location is not None:
        for some in _chunks(items, inventory.ITEMS_A_CALL):
            _write(some, lambda part: _by_location(client, location, part))
            tell(len(some))
        return "inventory"
    for some in _chunks([item for item in items if item.variant_id], catalog.VARIANTS_A_CALL):
        _write(
            some, lambda part: catalog.write_variant_levels(client, [(i.variant_id or 0, i.publish or 0) for i in part])
        )
        tell(len(some))
    for some in _chunks([item for item in items if not item.variant_id], catalog.PRODUCTS_A_CALL):
        _write(some, lambda part: catalog.write_product_levels(client, [(i.product_id, i.publish or 0) for i in part]))
        tell(len(some))
    return "catalogue"


def _location(at: Visit) -> int | None:
    """Where stock is written with the inventory service; None = this token may not use it (facts 11, 107)."""
    try:
        places = inventory.locations(at.bigcommerce)
        if not places:
            return None
        wanted = at.settings.parameters.stock_location or min(place.id for place in places)
        place = next((place for place in places if place.id == wanted), None)
    except FixSettings as wrong:
        if wrong.parameter != "bigcommerce.access_token" or at.settings.parameters.stock_location is None:
            return None
        raise
    if place is None or not place.enabled:
        raise FixSettings(
            f"location {wanted} " + ("is disabled" if place else "does not exist") + " in BigCommerce",
            parameter="parameters.stock_location",
            cure=f"use one of {', '.join(str(one.id) for one in places if one.enabled)}",
        )
    return wanted


def _by_location(client: BigCommerce, location: int, part: Sequence[Item]) -> None:
    rows = [
        inventory.Absolute(quantity=item.publish or 0, variant_id=item.variant_id)
        if item.variant_id
        else inventory.Absolute(quantity=item.publish or 0, product_id=item.product_id)
        for item in part
    ]
    inventory.set_absolute(client, location_id=location, items=rows, reason="NPF daily stock")


def _write(items: Sequence[Item], write: Write) -> None:
    """Write some items; one that is refused never stops the others: named items out, then halves (fact 98)."""
    if not items:
        return
    try:
        write(items)
    except RefusedItems as refused:
        named = [i for i in items if i.variant_id in refused.variant_ids or i.product_id in refused.product_ids]
        if len(items) == 1 or len(named) == len(items):
            for item in items:
                item.refused = str(refused)
            return
        for item in named:
            item.refused = str(refused)
        rest = [item for item in items if item not in named]
        if named:
            _write(rest, write)
        else:
            _write(rest[: len(rest) // 2], write)
            _write(rest[len(rest) // 2 :], write)
    except GiveUp as refused:
        for item in items:
            item.refused = str(refused)
    else:
        for item in items:
            item.written = True


def _chunks(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _note(run: Run) -> Note:
    if run.stopped:
        return Note(Tag.STOCK_STOPPED, f"Stock was not written: {run.stopped}")
    text = f"Stock: {run.counted} SKUs counted, {run.changed} changed, {run.written} written, {run.unknown} unknown"
    return Note(Tag.STOCK_PUSHED, text, data=msgspec.to_builtins({"way": run.way}))
