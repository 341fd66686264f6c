"""One run of stock: every SKU with its figures and the orders behind them, and what may be done about it.

The same for a push that has not begun: what would be written now, and what an undo would write.
"""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db.models import F, Min, Q
from django.http import Http404, HttpRequest, HttpResponseBase

from npf.console import csv
from npf.console.access import DECIDES, for_people, stores_of, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import outside
from npf.console.pages.stock import KINDS, may_go_on
from npf.push.stock import sheet
from npf.stock.models import Item, Level, Run
from npf.stores.models import Store
from npf.stores.visit import look

PAGE = 200
_CHANGED = Q(publish__isnull=False) & (Q(was__isnull=True) | ~Q(publish=F("was")))
FILTERS = {
    "": ("All", Q()),
    "changed": ("Changed", _CHANGED),
    "zero": ("Falls to zero", Q(publish=0, was__gt=0)),
    "taken": ("Taken off", Q(unsent__gt=0)),
    "unknown": ("Unknown", Q(publish__isnull=True)),
    "refused": ("Not written", ~Q(refused="")),
    "differs": ("Shows another figure", Q(written=True, stands__isnull=False) & ~Q(stands=F("publish"))),
}
_ELSEWHERE = "an order of another store"
_HEADER = ("sku", "fm", "taken_off", "why", "buffer", "publish", "was", "stands", "result")


class Taken(msgspec.Struct, frozen=True):
    """What orders of one cause take off: `orders` as (text, address), address "" = it is not this person's to see."""

    units: int
    cause: str
    orders: list[tuple[str, tuple[str, str] | None]]
    more: int


class Row(msgspec.Struct, frozen=True):
    """One SKU as the page shows it. `kind` and `became`: what came of it."""

    item: Item
    taken: list[Taken]
    kind: str
    became: str


@for_people()
def stock_run(request: HttpRequest, person: Person, name: str, run: int) -> HttpResponseBase:
    """Query: show (see FILTERS), q (part of a SKU), after (a SKU), csv (1 = all of them as a file)."""
    store = the_store(person, name)
    found = Run.objects.select_related("undoes").filter(store=store, pk=run).first()
    if found is None:
        raise Http404("There is no such push of this store.")
    asked, seen = _asked(request), _seen(person)
    items = found.items.filter(FILTERS[asked["show"]][1]).order_by("sku")
    if asked["q"]:
        items = items.filter(sku__icontains=asked["q"])
    if request.GET.get("csv"):
        cells = (_cells(seen, store, one, _became(one, found)[1]) for one in items.iterator())
        return csv.download(f"{name}-stock-{run}", _HEADER, cells)
    page = list(items.filter(sku__gt=asked["after"])[: PAGE + 1])
    context = _context(store, found, asked, page) | {
        "rows": [Row(one, _taken(seen, store, one), *_became(one, found)) for one in page[:PAGE]],
        "anyway": may_go_on(found),
        "undone_by": list(found.undone_by.order_by("pk")),
    }
    return show(request, person, "console/stock_run.html", context)


@for_people()
def stock_preview(request: HttpRequest, person: Person, name: str) -> HttpResponseBase:
    """What would be written now, by the last count and today's orders. Query as of stock_run."""
    store, asked = the_store(person, name), _asked(request)
    with look(store, outside(), person.user.username) as at:
        counted_at = Level.objects.filter(store=store).aggregate(at=Min("counted_at"))["at"]
        taken = sheet.taken_now(at, counted_at)
        found = sheet.would(at, taken)
        run = sheet.new_run(at, "now", counted_at=counted_at, counted=len(found))
        run.changed = sum(one.changes for one in found)
        run.unknown = sum(one.publish is None for one in found)
        chosen = [one.sku for one in found if _wanted(one, asked)]

        def items(skus: Sequence[str]) -> list[Item]:
            return sheet.figures(at, list(Level.objects.filter(store=store, sku__in=skus).order_by("sku")), taken)

        zero = sum(one.falls_to_zero for one in found)
        return _not_yet(request, person, run, asked, chosen, items, "console/stock_preview.html", {"zero": zero})


@for_people(*DECIDES)
def stock_undo(request: HttpRequest, person: Person, name: str, run: int) -> HttpResponseBase:
    """What an undo of a run would write. Query as of stock_run."""
    store, asked = the_store(person, name), _asked(request)
    undone = Run.objects.filter(store=store, pk=run, written__gt=0).first()
    if undone is None:
        raise Http404("There is no such push of this store that has written something.")
    with look(store, outside(), person.user.username) as at:
        written = list(undone.items.filter(sheet.ASKED).order_by("sku"))
        found = {item.sku: item for item in sheet.previous_figures(at, undone, written)}
        made = sheet.new_run(at, "undo", undoes=undone, counted=len(found))
    made.changed = len(sheet.changed(list(found.values())))
    chosen = [one.sku for one in found.values() if _wanted(_in_short(one), asked)]

    def items(skus: Sequence[str]) -> list[Item]:
        return [found[sku] for sku in skus]

    return _not_yet(request, person, made, asked, chosen, items, "console/stock_undo.html", {})


def _not_yet(
    request: HttpRequest,
    person: Person,
    run: Run,
    asked: dict[str, str],
    chosen: Sequence[str],
    items: Callable[[Sequence[str]], list[Item]],
    template: str,
    more: dict[str, Any],
) -> HttpResponseBase:
    """A page of a run that is on no record: `chosen` are its SKUs by the query, `items` gives those of some."""
    store, seen = run.store, _seen(person)
    if request.GET.get("csv"):
        cells = (_cells(seen, store, one, _will(one)[1]) for one in items(chosen))
        return csv.download(f"{store.name}-stock-preview", _HEADER, cells)
    page = items([sku for sku in chosen if sku > asked["after"]][: PAGE + 1])
    rows = [Row(one, _taken(seen, store, one), *_will(one)) for one in page[:PAGE]]
    return show(request, person, template, _context(store, run, asked, page) | {"rows": rows} | more)


def _asked(request: HttpRequest) -> dict[str, str]:
    asked = {key: request.GET.get(key, "").replace("\0", "").strip() for key in ("show", "q", "after")}
    return asked | {"show": asked["show"] if asked["show"] in FILTERS else ""}


def _context(store: Store, run: Run, asked: dict[str, str], page: Sequence[Item]) -> dict[str, Any]:
    kept = {"show": asked["show"], "q": asked["q"]}
    shown = FILTERS if run.pk else {key: FILTERS[key] for key in ("", "changed", "zero", "taken", "unknown", "refused")}
    return {
        "tab": "stock",
        "store": store,
        "run": run,
        "kind": KINDS[run.kind],
        "asked": asked,
        "filters": [(key, label, urlencode(kept | {"show": key})) for key, (label, _) in shown.items()],
        "more": urlencode(kept | {"after": page[PAGE - 1].sku}) if len(page) > PAGE else "",
        "csv": urlencode(kept | {"csv": 1}),
    }


def _wanted(one: sheet.Would, asked: dict[str, str]) -> bool:
    """Whether a SKU that is not written yet fits the query."""
    fits = {
        "changed": one.changes,
        "zero": one.falls_to_zero,
        "taken": one.unsent > 0,
        "unknown": one.publish is None,
        "refused": bool(one.note),
    }
    return fits.get(asked["show"], True) and asked["q"].casefold() in one.sku.casefold()


def _in_short(item: Item) -> sheet.Would:
    return sheet.Would(item.sku, item.was, item.unsent, item.publish, item.refused)


def _taken(seen: set[str] | None, store: Store, item: Item) -> list[Taken]:
    """The orders behind a figure. Those of another store of the FM client bear its name before their number.

    `seen`: the stores that the person may see, None = all.
    """
    rows = []
    for cause, of in item.causes.items():
        orders: list[tuple[str, tuple[str, str] | None]] = []
        for text in of["orders"]:
            other, _, order = text.rpartition(" ")
            mine = not other or seen is None or other in seen
            plain = order.isascii() and order.isdigit()
            orders.append((text if mine else _ELSEWHERE, (other or store.name, order) if mine and plain else None))
        rows.append(Taken(of["units"], cause, list(dict.fromkeys(orders)), of["more"]))
    return rows


def _seen(person: Person) -> set[str] | None:
    return None if person.sees_all else set(stores_of(person).values_list("name", flat=True))


def _became(item: Item, run: Run) -> tuple[str, str]:
    """What came of an item: (kind, words); kind noted = there is a reason to read."""
    if item.written and item.stands is not None and item.stands != item.publish:
        return "noted", f"written; BigCommerce shows {item.stands:,}"
    if item.written:
        return "done", "written"
    if item.refused:
        return "noted", item.refused
    if item.publish is None:
        return "quiet", "unknown: FM gave no figure"
    if item.publish == item.was:
        return "quiet", "same as before"
    if run.stopped:
        return "quiet", "not written: the run stopped"
    return "noted", "not written"


def _will(item: Item) -> tuple[str, str]:
    """The same for an item that is not written yet."""
    if item.refused:
        return "noted", item.refused
    if item.publish is None:
        return "quiet", "unknown: FM gave no figure"
    return ("quiet", "stays") if item.publish == item.was else ("done", "will be written")


def _cells(seen: set[str] | None, store: Store, item: Item, became: str) -> tuple[Any, ...]:
    taken = _taken(seen, store, item)
    why = "; ".join(f"{one.units} {one.cause}: {', '.join(text for text, _ in one.orders)}" for one in taken)
    return (item.sku, item.fm, item.unsent, why, item.buffer, item.publish, item.was, item.stands, became)
