"""One push of stock with its items: how it comes to be, and how it is told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import F, Q

from npf.core.errors import NpfError, TryLater
from npf.orders.models import Line
from npf.orders.stages import Stage
from npf.push.stock import ways
from npf.push.stock.unsent import taken_off, unreadable
from npf.stock.models import Item, Level, Run
from npf.stock.rule import Sold, Taken, causes, publish, taken_by, units_by_code
from npf.stores.visit import Visit

# So much may BigCommerce's clock and ours differ; an order of these seconds counts as sold since.
APART = timedelta(minutes=5)
# Items that BigCommerce was asked for; of some the answer may be lost.
ASKED = Q(written=True) | Q(asked_at__isnull=False, refused="")
# Incomplete is no sale; what is refunded, cancelled or declined is none any more.
_NO_SALE = (0, 4, 5, 6)
NOT_RAISED = "not raised"


@dataclass
class Sheet:
    """A run with its items, saved or not. `way` None = nothing can be written. `trouble` is the error that ended it.

    `coming`: SKU -> units of an earlier difference that may yet be added to what stands there.
    """

    run: Run
    items: list[Item]
    way: ways.Way | None = None
    trouble: NpfError | None = None
    coming: dict[str, int] = field(default_factory=dict)


class Would(msgspec.Struct, frozen=True, gc=False):
    """What would be published of one SKU by the last count; `note` says why it cannot be."""

    sku: str
    was: int | None
    unsent: int
    publish: int | None
    note: str

    @property
    def changes(self) -> bool:
        return not self.note and self.publish is not None and self.publish != self.was

    @property
    def falls_to_zero(self) -> bool:
        return self.changes and self.publish == 0 and (self.was or 0) > 0


def new_run(at: Visit, kind: str, **columns: Any) -> Run:
    return Run(store=at.store, began_at=at.clock.now(), by=at.by, kind=kind, **columns)


def counted(at: Visit) -> tuple[list[Level], datetime | None]:
    """The levels of the last count, and when it began; None = never counted."""
    levels = list(Level.objects.filter(store=at.store).order_by("sku"))
    return levels, min((level.counted_at for level in levels), default=None)


def taken_now(at: Visit, counted_at: datetime | None) -> list[Taken]:
    return taken_off(at.store, at.settings, counted_at) if counted_at else []


def figures(at: Visit, levels: Sequence[Level], taken: Sequence[Taken]) -> list[Item]:
    """An item for each SKU by the rule, with the orders that take something off it."""
    units = units_by_code(taken)
    rows: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        rows[one.code].append(one)
    why = {code: causes(some) for code, some in rows.items()}
    items = []
    for level in levels:
        parts = {code: (per_unit, figure) for code, (per_unit, figure) in level.figures.items()}
        found = publish(parts, units, at.settings.buffer(level.sku))
        item = _item(at, level, level.was, level.note)
        item.fm, item.unsent, item.buffer, item.publish = found.fm, found.unsent, found.buffer, found.publish
        item.part, item.per_unit, item.causes = found.part, found.per_unit, why.get(found.part, {})
        items.append(item)
    return items


def would(at: Visit, taken: Sequence[Taken]) -> list[Would]:
    """The same for every SKU of the store, in short: a page looks through twenty thousand of them."""
    units = units_by_code(taken)
    rows = Level.objects.filter(store=at.store).order_by("sku").values_list("sku", "was", "note", "figures")
    found = []
    for sku, was, note, kept in rows.iterator():
        parts = {code: (per_unit, count) for code, (per_unit, count) in kept.items()}
        figure = publish(parts, units, at.settings.buffer(sku))
        found.append(Would(sku, was, figure.unsent, figure.publish, note))
    return found


def hold_back(at: Visit, items: Sequence[Item]) -> None:
    """While the units of an order are unknown, no figure is raised: those that it took might be put on sale again."""
    if (order := unreadable(at.store)) is None:
        return
    for item in writable(items):
        if item.was is None or (item.publish or 0) > item.was:
            item.refused = f"{NOT_RAISED}: order {order.bc_order_id} cannot be read, so nobody knows its units"


def previous_figures(at: Visit, run: Run, done: Sequence[Item]) -> list[Item]:
    """The items of an undo: what stood before `run`, less what was sold since. `done`: what that run asked for.

    A SKU that another run has written since, or whose previous figure nobody knows, is listed and left alone. What
    BigCommerce shows to be sold is taken off when the way has read what stands there now (`less_what_was_sold`).
    """
    levels = {level.sku: level for level in Level.objects.filter(store=at.store)}
    later = Item.objects.filter(ASKED, store=at.store, run__gt=run).values_list("sku", flat=True)
    again = set(later.distinct())
    sold = units_by_code(sold_since(at, run.began_at))
    items = []
    for old in done:
        level = levels.get(old.sku)
        note = "" if old.was is not None else "what stood there before is not known"
        if old.sku in again:
            note = "another run has written it since: undo that one first"
        if level is None:
            note = "the store does not sell this SKU any more"
        item = _item(at, level or old, old.publish, note)
        parts = {code: per_unit for code, (per_unit, _) in level.figures.items()} if level else {}
        item.fm = level.fm if level else None
        item.unsent = max((-(-sold.get(code, 0) // per_unit) for code, per_unit in parts.items()), default=0)
        item.publish = None if note else max(0, (old.was or 0) - item.unsent)
        items.append(item)
    return items


def less_what_was_sold(items: Sequence[Item], done: Sequence[Item]) -> None:
    """Take off the previous figures what BigCommerce's own levels fell by since `done` was written, where it is more
    than our orders say.
    """
    before = {old.sku: old for old in done}
    for item in items:
        old = before[item.sku]
        if item.publish is None or item.was is None or old.publish is None:
            continue
        if not old.written and item.was == old.was:
            # The answer to that write was lost, and it was never done.
            continue
        item.unsent = max(item.unsent, old.publish - item.was)
        item.publish = max(0, (old.was or 0) - item.unsent)


def sold_since(at: Visit, moment: datetime) -> list[Taken]:
    """What orders placed at `moment` or later take, whatever became of them at FM."""
    lines = Line.objects.filter(
        order__store=at.store, order__test=False, order__date_created__gte=moment - APART, type="physical"
    ).exclude(Q(order__stage=Stage.CANCELLED) | Q(order__status_id__in=_NO_SALE))
    rows = lines.values_list(
        "order__bc_order_id",
        "order_product_id",
        "parent_order_product_id",
        "sku",
        F("quantity") - F("quantity_refunded"),
    )
    return taken_by((Sold(str(order), *line) for order, *line in rows.iterator()), at.settings)


def _item(at: Visit, of: Level | Item, was: int | None, note: str) -> Item:
    return Item(
        store=at.store,
        sku=of.sku,
        product_id=of.product_id,
        variant_id=of.variant_id,
        was=was,
        unsent=0,
        buffer=0,
        refused=note,
    )


def writable(items: Sequence[Item]) -> list[Item]:
    """What may be written: known, and without a reason against it."""
    return [item for item in items if item.publish is not None and not item.refused]


def changed(items: Sequence[Item]) -> list[Item]:
    return [item for item in writable(items) if (item.publish != item.was if item.delta is None else item.delta)]


def as_json(sheet: Sheet) -> dict[str, Any]:
    """The document of `npf stock --json` (DESIGN section 6)."""
    run = sheet.run
    return {
        "store": run.store.name,
        "run": run.pk,
        "kind": run.kind,
        "counted_at": run.counted_at.isoformat() if run.counted_at else None,
        "counted": run.counted,
        "changed": run.changed,
        "unknown": run.unknown,
        "written": run.written,
        "differs": run.differs,
        "stopped": run.stopped or None,
        "belt": run.belt or None,
        "anyway_by": run.anyway_by or None,
        "undoes": run.undoes_id,
        "try_again": isinstance(sheet.trouble, TryLater),
        "way": run.way,
        "items": [_told(item) for item in sheet.items],
    }


def _told(item: Item) -> dict[str, Any]:
    return {
        "sku": item.sku,
        "fm": item.fm,
        "unsent": item.unsent,
        "part": item.part,
        "per_unit": item.per_unit,
        "causes": item.causes,
        "buffer": item.buffer,
        "publish": item.publish,
        "was": item.was,
        "delta": item.delta,
        "written": item.written,
        "stands": item.stands,
        "note": item.refused,
    }
