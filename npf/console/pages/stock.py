"""Stock: the last runs with their figures, and every SKU of one run with what was published and why."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from npf.console.access import for_people, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import now
from npf.console.state import next_stock
from npf.stock.models import Item, Run
from npf.stores.models import Store
from npf.stores.parameters import parameters

RUNS = 8
PAGE = 200

_CHANGED = Q(publish__isnull=False) & (Q(was__isnull=True) | ~Q(publish=F("was")))
FILTERS = {
    "": ("All", Q()),
    "changed": ("Changed", _CHANGED),
    "unknown": ("Unknown", Q(publish__isnull=True)),
    "refused": ("Refused", ~Q(refused="")),
}


@for_people()
def stock(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """Query: run (an id, default the last), show (changed, unknown, refused), q (part of a SKU), after (a SKU)."""
    store = the_store(person, name)
    runs = list(Run.objects.filter(store=store).order_by("-began_at", "-pk")[:RUNS])
    run = _chosen(store, runs, request.GET.get("run", ""))
    asked = {key: request.GET.get(key, "").strip() for key in ("show", "q", "after")}
    context: dict[str, Any] = {"tab": "stock", "store": store, "runs": runs, "run": run, "asked": asked}
    values = parameters(store.parameters)
    context |= {"next": next_stock(store, now()), "zone_name": values.timezone, "update_soh": values.update_soh}
    if run is not None:
        context |= _items(run, asked)
    return show(request, person, "console/stock.html", context)


def _chosen(store: Store, runs: list[Run], asked: str) -> Run | None:
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        return Run.objects.filter(store=store, pk=int(asked)).first() or next(iter(runs), None)
    return next(iter(runs), None)


def _items(run: Run, asked: dict[str, str]) -> dict[str, Any]:
    _, chosen = FILTERS.get(asked["show"], FILTERS[""])
    items: QuerySet[Item] = run.items.filter(chosen)
    if asked["q"]:
        items = items.filter(sku__icontains=asked["q"].replace("\0", ""))
    if asked["after"]:
        items = items.filter(sku__gt=asked["after"].replace("\0", ""))
    page = list(items.order_by("sku")[: PAGE + 1])
    more = len(page) > PAGE
    page = page[:PAGE]
    kept = {"run": run.pk, "show": asked["show"], "q": asked["q"]}
    return {
        "items": [(item, *_became(run, item)) for item in page],
        "more": urlencode(kept | {"after": page[-1].sku}) if more else "",
        "filters": [(key, label, urlencode(kept | {"show": key})) for key, (label, _) in FILTERS.items()],
    }


def _became(run: Run, item: Item) -> tuple[str, str]:
    """What came of an item: (kind, words); kind noted = there is a reason to read."""
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
