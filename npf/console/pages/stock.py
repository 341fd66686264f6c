"""Stock: the runs of a store, what can be done now, and the way to everything else about its stock."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from npf.console.access import DECIDES, for_people, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import now
from npf.console.state import next_stock
from npf.stock.models import Run
from npf.stores.models import Store
from npf.stores.parameters import parameters
from npf.wake import wake

PAGE = 25
KINDS = {"daily": "Daily", "now": "By hand", "change": "On change", "undo": "Undo"}
# A push on change that found nothing to do says nothing.
_NOTHING = Q(kind="change", changed=0, stopped="")


@for_people()
def stock(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """Query: every (1 = also the pushes on change that found nothing), before (a run: where the page begins)."""
    store = the_store(person, name)
    values = parameters(store.parameters)
    every = request.GET.get("every") == "1"
    runs: QuerySet[Run] = Run.objects.filter(store=store)
    hidden = runs.filter(_NOTHING).exists() if not every else False
    if not every:
        runs = runs.exclude(_NOTHING)
    if before := number(request.GET.get("before", "")):
        runs = runs.filter(pk__lt=before)
    page = list(runs.select_related("undoes").order_by("-pk")[: PAGE + 1])
    older = urlencode({"before": page[PAGE - 1].pk} | ({"every": 1} if every else {})) if len(page) > PAGE else ""
    context: dict[str, Any] = {
        "tab": "stock",
        "part": "runs",
        "store": store,
        "runs": in_words(page[:PAGE]),
        "older": older,
        "hidden": hidden,
        "next": next_stock(store, now()),
        "values": values,
    }
    return show(request, person, "console/stock.html", context)


def in_words(runs: Iterable[Run]) -> list[tuple[Run, str]]:
    """Each run with the word for its kind."""
    return [(run, KINDS[run.kind]) for run in runs]


def number(text: str) -> int:
    """The number that a query names; 0 = none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@for_people(*DECIDES)
@require_POST
def do(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """POST: what = push | count | anyway | undo; run = the run that was looked at, for the last two."""
    store = the_store(person, name)
    what, by = request.POST.get("what", ""), person.user.username
    run = Run.objects.filter(store=store, pk=number(request.POST.get("run", ""))).first()
    if store.paused_at is not None:
        messages.error(request, "Nothing is counted or written while the store is paused. Resume it first.")
    elif what == "push":
        wake("stock", [store.pk], by)
        messages.success(request, "A worker counts and pushes the stock now. The run stands here as soon as it begins.")
    elif what == "count":
        wake("count", [store.pk], by)
        messages.success(request, "A worker counts at FM now. Look again in a moment.")
        return redirect("stock_preview", name=name)
    elif what == "anyway" and run is not None:
        _anyway(request, store, run, by)
    elif what == "undo" and run is not None and run.written:
        wake("undo", [store.pk], by, run=run.pk)
        messages.success(request, "A worker writes the previous figures back now. It is a run of its own.")
    else:
        messages.error(request, "Nothing was done: choose what.")
    return redirect("stock", name=name)


def _anyway(request: HttpRequest, store: Store, run: Run, by: str) -> None:
    """Go on past the belt, if what was looked at is still the last that happened."""
    if not may_go_on(run):
        messages.error(request, "Nothing was done: another push has begun since. Look at its figures first.")
        return
    wake("anyway", [store.pk], by)
    messages.success(request, "A worker counts again and pushes past the seat belt, this once, under your name.")


def may_go_on(run: Run) -> bool:
    """Whether the belt stopped this run, and none has begun since."""
    later = Run.objects.filter(store_id=run.store_id, pk__gt=run.pk)
    return bool(run.belt and run.stopped) and not later.exclude(_NOTHING).exists()
