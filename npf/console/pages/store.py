"""One store: whether it works, what each station did last, what happened, and the buttons."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from npf.audit.models import Event
from npf.audit.notes import Tag
from npf.console import sheet, words
from npf.console.access import CHANGES, DECIDES, for_people, orders_of, stores_of, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import now, outside
from npf.console.pages import webhook
from npf.console.pages.overview import rows_of
from npf.stores import book, usage
from npf.stores.models import Beat, Cursor, Store
from npf.wake import wake

EVENTS = 20
EVENTS_READ = 500
POLL = 10
_OF_SETTINGS = {Tag.STORE_ADDED.value: "The store was added", Tag.STORE_CHANGED.value: "Settings were changed"}
LOOK = ("pull", "send", "follow", "push")


@for_people()
def store(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    found = the_store(person, name)
    (row,) = rows_of(stores_of(person).filter(pk=found.pk), orders_of(person).filter(store=found), now())
    context: dict[str, Any] = {
        "tab": "store",
        "store": found,
        "row": row,
        "starts": book.in_words(found),
        "compared_at": Cursor.objects.filter(store=found).values_list("swept_at", flat=True).first(),
        "stations": _stations(found),
        "webhook": webhook.shown(found),
        "quota": _quota(found),
        "events": _events(person, found),
        "poll": POLL,
    }
    return show(request, person, "console/store.html", context)


def _events(person: Person, found: Store) -> list[tuple[Event, str, list[str], int]]:
    """The last events, their text and, of changed settings, each change in NPF's words. Merchants see none of those:
    they tell of credentials. What befell several orders alike, one after the other, is told once, with how many more.
    """
    events = Event.objects.filter(store_id=found.pk)
    if not person.sees_all:
        events = events.exclude(tag__in=_OF_SETTINGS)
    rows: list[tuple[Event, str, list[str], int]] = []
    for event in events.order_by("-at", "-pk")[:EVENTS_READ]:
        last = rows[-1] if rows else None
        if last and event.bc_order_id and (event.tag, event.text, event.by) == (last[0].tag, last[0].text, last[0].by):
            rows[-1] = (*last[:3], last[3] + 1)
            continue
        if len(rows) == EVENTS:
            break
        changes = event.data.get("changes", []) if event.tag in _OF_SETTINGS else []
        text = _OF_SETTINGS.get(event.tag) or words.arrows(event.text)
        rows.append((event, text, [sheet.in_words(one) for one in changes], 0))
    return rows


def _stations(found: Store) -> list[dict[str, Any]]:
    beats = {beat.station: beat for beat in Beat.objects.filter(store=found)}
    rows = []
    for station, (name, what) in words.STATIONS.items():
        beat = beats.get(station)
        did = [f"{number:,} {word.replace('_', ' ')}" for word, number in beat.counts.items() if number] if beat else []
        rows.append({"name": name, "what": what, "beat": beat, "did": ", ".join(did)})
    return rows


def _quota(found: Store) -> list[tuple[str, str]]:
    """How much of BigCommerce's quota went in the last hour, and to whom."""
    used = usage.last_hour(found, now())
    rows = [
        ("By us", usage.by_us(used)),
        ("By the merchant's other apps", usage.by_others(used)),
        ("Quota", usage.quota(used)),
    ]
    if used.held_for:
        rows.append(("Asked to wait", f"{used.held_for:.0f} s more"))
    return rows


@for_people(*DECIDES)
@require_POST
def wake_store(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """POST: what = look (orders) | stock."""
    found = the_store(person, name)
    by = person.user.username
    what = request.POST.get("what", "")
    if found.paused_at is not None:
        messages.error(request, "Nobody looks while the store is paused. Resume it first.")
    elif what == "look":
        for station in LOOK:
            wake(station, [found.pk], by)
        messages.success(request, "A worker looks at the store's orders now.")
    elif what == "stock":
        wake("stock", [found.pk], by)
        messages.success(request, "A worker counts and pushes the stock now. The page “Stock” shows the figures.")
    else:
        messages.error(request, "Nothing was done: choose Look now or Push stock now.")
    return redirect("store", name=name)


@for_people(*CHANGES)
@require_POST
def pause(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """POST: why."""
    found = the_store(person, name)
    why = request.POST.get("why", "").strip()[:300]
    if not why:
        messages.error(request, "Not paused: say why, so that others know.")
    elif book.pause(found, person.user.username, outside().clock, why):
        messages.success(request, "Paused. Nothing is pulled, sent or pushed until it is resumed.")
    else:
        messages.error(request, "It was paused already.")
    return redirect("store", name=name)


@for_people(*CHANGES)
@require_POST
def resume(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    found = the_store(person, name)
    by = person.user.username
    if book.resume(found, by, outside().clock):
        for station in LOOK:
            wake(station, [found.pk], by)
        messages.success(request, "Resumed. A worker looks at it now.")
    else:
        messages.error(request, "It was not paused.")
    return redirect("store", name=name)
