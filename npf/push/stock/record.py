"""What a push of stock leaves on record: before BigCommerce is asked, after each call, and at its end."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery

from npf.audit.notes import Note, Tag
from npf.push.stock import confirm, ways
from npf.push.stock.sheet import Sheet
from npf.stock.bulk import insert
from npf.stock.models import Item, Level, Run
from npf.stores.visit import Visit

# A chart of a season. Runs stay for ever, without their items.
ITEMS_KEPT = timedelta(days=90)

# What BigCommerce showed of the items of a run after the writing, all in one statement.
STANDS = """
update stock_item set stands = shown.stands
from unnest(%s::bigint[], %s::int[]) as shown (id, stands) where stock_item.id = shown.id
"""


class Record:
    """The book of one push (ways.Book). Each claim also keeps the lease, which a long push would outlive."""

    def __init__(self, at: Visit, way: ways.Way, total: int) -> None:
        self.at = at
        self.way = way
        self.total = total
        self.done = 0

    def asking(self, batch: Sequence[Item]) -> None:
        """On record before the call: after a crash, a difference that may have been added is known."""
        now = self.at.clock.now()
        with self.at.claim():
            Item.objects.filter(pk__in=[item.pk for item in batch]).update(asked_at=now)

    def as_figures(self, items: Sequence[Item]) -> None:
        with self.at.claim():
            Item.objects.bulk_update(items, ["delta", "publish"], batch_size=500)

    def was_done(self, batch: Sequence[Item]) -> bool:
        """A lost answer may be read about for half a minute."""
        return confirm.was_done(self.way, batch, self.at.clock, self.go_on)

    def settled(self, items: Sequence[Item]) -> None:
        self.done += len(items)
        with self.at.claim():
            Item.objects.filter(pk__in=[item.pk for item in items if item.written]).update(written=True)
            Item.objects.bulk_update([item for item in items if item.refused], ["refused"], batch_size=500)
            self.at.notebook.file()
        self.go_on()

    def go_on(self) -> None:
        self.at.progress("SKUs written", self.done, self.total)


def save(at: Visit, found: Sheet) -> None:
    """On record before BigCommerce hears of it: what stood there must outlive a crash."""
    with at.claim():
        found.run.save()
        for item in found.items:
            item.run = found.run
        insert(found.items)
        keys = dict(Item.objects.filter(run=found.run).values_list("sku", "pk"))
    for item in found.items:
        item.pk = keys[item.sku]


def settle(at: Visit, found: Sheet) -> None:
    """The run is over. Counts `stock_written`."""
    run = found.run
    read = [item for item in found.items if item.stands is not None]
    run.written = sum(item.written for item in found.items)
    run.differs = sum(item.written and item.stands != item.publish for item in read)
    run.ended_at = at.clock.now()
    at.count("stock_written", run.written)
    with at.claim():
        run.save(update_fields=["written", "stopped", "way", "ended_at", "differs"])
        with connection.cursor() as cursor:
            cursor.execute(STANDS, [[item.pk for item in read], [item.stands for item in read]])
        _remember_what_was_told(run)
        if run.kind != "change":
            _forget_old_items(at, run)
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


def _forget_old_items(at: Visit, run: Run) -> None:
    old = Run.objects.filter(store=run.store, began_at__lt=run.began_at - ITEMS_KEPT)
    Item.objects.filter(run__in=old).delete()
