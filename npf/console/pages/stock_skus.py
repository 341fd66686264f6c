"""The SKUs of a store one by one: those that cannot be written, one's figures over time, those that drift."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from npf.console import chart, csv
from npf.console.access import for_people, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.pages.stock import KINDS, number
from npf.count import sellable
from npf.push.stock.sheet import NOT_RAISED
from npf.stock import history
from npf.stock.models import Item, Level, Run
from npf.stores.models import Beat, Store

SHOWN = 100
RUNS = 120
TABLE = 30
DRIFTS = 200


class Group(msgspec.Struct, frozen=True):
    """Why some SKUs cannot be written, and what to do. `setting` is the parameter to open, "" = none."""

    key: str
    title: str
    next_step: str
    fits: Q
    setting: str = ""


GROUPS = (
    Group(
        "tracking",
        "Inventory tracking is off in BigCommerce",
        "In BigCommerce open the product, then Inventory, and switch Track inventory on. Left off, it sells for ever.",
        Q(note=sellable.NOT_TRACKED),
    ),
    Group(
        "doubled",
        "One SKU on several items",
        "In BigCommerce give each item a SKU of its own, or take the SKU off those that do not come from NPF.",
        Q(note=sellable.DOUBLED),
    ),
    Group(
        "one-level",
        "One level for several articles",
        "In BigCommerce track this product's inventory by variant; at FM its variants are several articles.",
        Q(note=sellable.ONE_LEVEL),
    ),
    Group(
        "unknown",
        "FM has no details",
        "Ask NPF whether FM knows the code. If it has another one there, add it to the SKU map.",
        Q(note__startswith="FM has no details"),
        "sku_map",
    ),
    Group(
        "bundle",
        "A bundle without a row in the bundle table",
        "Add the bundle with its parts to the bundle table.",
        Q(note__startswith="a bundle without a row"),
        "bundles",
    ),
    Group(
        "comma",
        "FM cannot be asked for a code with a comma",
        "Ask NPF for another code and add it to the SKU map.",
        Q(note__startswith="FM cannot be asked"),
        "sku_map",
    ),
)
_OTHER = Group("other", "For another reason", "The reason stands beside each SKU.", Q())
_REFUSED = Group("refused", "Refused by BigCommerce at the last push", "The next push tries each again.", Q())
_NOT_RAISED = Group(
    "not-raised",
    "Not raised, because an order cannot be read",
    "Open the held order and decide it. The next push then raises what may be raised.",
    Q(),
)


@for_people()
def stock_unwritable(request: HttpRequest, person: Person, name: str) -> HttpResponseBase:
    """Query: csv (1 = all of them as a file)."""
    store = the_store(person, name)
    levels = Level.objects.filter(store=store).exclude(note="")
    known = Q()
    for group in GROUPS:
        known |= group.fits
    sorts = [*((group, levels.filter(group.fits)) for group in GROUPS), (_OTHER, levels.exclude(known))]
    refused = _refused(store)
    if request.GET.get("csv"):
        rows = ((one.sku, group.title, one.note, group.next_step) for group, of in sorts for one in of.order_by("sku"))
        more = ((one.sku, of.title, one.refused, of.next_step) for of, some in refused for one in some)
        header = ("sku", "reason", "details", "what to do")
        return csv.download(f"{name}-stock-not-written", header, (*rows, *more))
    groups = [(group, of.count(), [(one.sku, one.note) for one in of.order_by("sku")[:SHOWN]]) for group, of in sorts]
    groups += [(of, len(some), [(one.sku, one.refused) for one in some[:SHOWN]]) for of, some in refused]
    beat = Beat.objects.filter(store=store, station="count").first()
    context: dict[str, Any] = {
        "tab": "stock",
        "part": "unwritable",
        "store": store,
        "groups": [group for group in groups if group[1]],
        "without_sku": beat.counts.get("without_sku", 0) if beat else 0,
        "counted_at": levels.order_by("counted_at").values_list("counted_at", flat=True).first(),
        "counted": Level.objects.filter(store=store).exists(),
        "shown": SHOWN,
    }
    return show(request, person, "console/stock_unwritable.html", context)


def _refused(store: Store) -> list[tuple[Group, list[Item]]]:
    """What was not written at the last push that was tried, though its SKU could be."""
    last = Run.objects.filter(store=store).exclude(way="").order_by("-pk").first()
    if last is None:
        return []
    listed = Level.objects.filter(store=store).exclude(note="").values("sku")
    items = last.items.filter(publish__isnull=False).exclude(refused="").exclude(sku__in=listed).order_by("sku")
    ours = Q(refused__startswith=NOT_RAISED)
    return [(_NOT_RAISED, list(items.filter(ours))), (_REFUSED, list(items.exclude(ours)))]


@for_people()
def stock_sku(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """Query: sku."""
    store = the_store(person, name)
    sku = request.GET.get("sku", "").replace("\0", "").strip()
    points = history.of_sku(store, sku, RUNS) if sku else []
    level = Level.objects.filter(store=store, sku=sku).first()
    if sku and not points and level is None:
        raise Http404(f"The store has never sold a SKU “{sku}”. Look for it in the list of a push.")
    series = {
        "FM": [one.fm for one in points],
        "BigCommerce": [one.stood for one in points],
        "Published": [one.published for one in points],
    }
    context: dict[str, Any] = {
        "tab": "stock",
        "store": store,
        "sku": sku,
        "level": level,
        "points": [(one, KINDS[one.kind]) for one in reversed(points[-TABLE:])],
        "chart": chart.draw([one.at for one in points], series),
    }
    return show(request, person, "console/stock_sku.html", context)


@for_people()
def stock_drift(request: HttpRequest, person: Person, name: str) -> HttpResponseBase:
    """Query: run (an id, default the last whole count), after (a SKU), csv (1 = all of them as a file)."""
    store = the_store(person, name)
    whole = Run.objects.filter(store=store, kind__in=("daily", "now"), counted__gt=0)
    asked = number(request.GET.get("run", ""))
    run = (whole.filter(pk=asked) if asked else whole.order_by("-pk")).first()
    found = history.drifting(run) if run else []
    if request.GET.get("csv"):
        header = ("sku", "published", "sold since", "came back since", "stood at", "too high by")
        return csv.download(f"{name}-stock-drift", header, _cells(found))
    after = request.GET.get("after", "")
    page = [one for one in found if one.sku > after][: DRIFTS + 1]
    context: dict[str, Any] = {
        "tab": "stock",
        "part": "drift",
        "store": store,
        "run": run,
        "n": len(found),
        "drifts": page[:DRIFTS],
        "more": urlencode({"run": run.pk, "after": page[DRIFTS - 1].sku}) if run and len(page) > DRIFTS else "",
    }
    return show(request, person, "console/stock_drift.html", context)


def _cells(found: Iterable[history.Drift]) -> list[tuple[Any, ...]]:
    return [(one.sku, one.told, one.sold, one.returned, one.stood, one.by) for one in found]
