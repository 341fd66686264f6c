"""The tables of a store: their rows, a test box, a row by hand, a CSV file out and in, the last change undone.

Everybody who sees the store sees them; integrators change them. Before anything is saved, the page says what differs
and which held orders would go to FM by it.
"""

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from npf.console import words
from npf.console.access import CHANGES, for_people, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import outside
from npf.core.errors import FixSettings
from npf.orders.models import Order
from npf.pull.whatif import let_go
from npf.stores import book, csvfile, former, shelf
from npf.stores.maps import PROVIDERS
from npf.stores.models import Store
from npf.stores.rows import Changes, Kept, WrongRow, compare, having, put, take_out
from npf.stores.tables import TABLES, Codes, Column, Said, Table, Values
from npf.stores.trying import mapped, read_place
from npf.wake import wake

SHOWN = 300
TOLD = 30


class Field(msgspec.Struct):
    """One input of the form of a row. `among`: the id of the list that it may be chosen from."""

    column: Column
    text: str
    among: str = ""
    problems: list[str] = []


class Effect(msgspec.Struct, frozen=True):
    """What a change would do: the rows that differ as (sign, cells), and the held orders that would go to FM."""

    says: str
    rows: list[tuple[str, tuple[str, ...]]]
    more: int
    orders: list[Order]


@for_people()
@require_safe
def table(request: HttpRequest, person: Person, name: str, key: str = "dispatch") -> HttpResponse:
    """Query: q (part of a cell); edit (the cells of the row to change, one by one)."""
    store, wanted = the_store(person, name), _table(key)
    was = request.GET.getlist("edit")
    was = was if len(was) == len(wanted.columns) else []
    return _page(request, person, store, wanted, was=was, fields=_fields(wanted, was, []))


@for_people()
@require_safe
def try_it(request: HttpRequest, person: Person, name: str, key: str) -> HttpResponse:
    """Query: text, country, kg. The page with the answer; htmx takes the answer alone."""
    store, wanted = the_store(person, name), _table(key)
    asked = {word: request.GET.get(word, "").strip() for word in ("text", "country", "kg")}
    answer: dict[str, Any] = {}
    try:
        place = read_place(asked["country"], asked["kg"])
        answer = {"tried": mapped(key, book.settings_of(store), asked["text"], *place)}
    except FixSettings as wrong:
        answer = {"trouble": f"{words.sentence(str(wrong))} {words.sentence(wrong.cure)}"}
    return _page(request, person, store, wanted, asked=asked, **answer)


@for_people()
@require_safe
def as_csv(request: HttpRequest, person: Person, name: str, key: str) -> HttpResponse:
    store, wanted = the_store(person, name), _table(key)
    answer = HttpResponse(csvfile.write(wanted, getattr(store, key)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{key}.csv"'
    return answer


@for_people(*CHANGES)
@require_POST
def row(request: HttpRequest, person: Person, name: str, key: str) -> HttpResponse:
    """POST: what = check | save | remove; the cells by the keys of their columns; was (the cells of the row that this
    one replaces, one by one); version, the settings_version that the page was made from.
    """
    store, wanted = the_store(person, name), _table(key)
    what, was = request.POST.get("what", ""), request.POST.getlist("was")
    cells = [request.POST.get(column.key, "") for column in wanted.columns]
    before: Kept = getattr(store, key)
    try:
        after = take_out(wanted, before, was) if what == "remove" else put(wanted, before, cells, _codes(store), was)
    except WrongRow as wrong:
        # A mistake that is shown while somebody types is an answer like any other.
        status = 200 if what == "check" else 422
        fields = _fields(wanted, cells, wrong.said)
        return _page(request, person, store, wanted, status=status, was=was, fields=fields, refused=what != "check")
    if what in ("save", "remove"):
        return _save(request, person, store, wanted, after)
    effect = _effect(store, wanted, after)
    return _page(request, person, store, wanted, was=was, fields=_fields(wanted, cells, []), effect=effect)


@for_people(*CHANGES)
@require_POST
def take(request: HttpRequest, person: Person, name: str, key: str) -> HttpResponse:
    """POST: file, a CSV file to look at; or text, one that was looked at and is to be taken, with the version then."""
    store, wanted = the_store(person, name), _table(key)
    sent = request.FILES.get("file")
    if sent is None and "text" not in request.POST:
        messages.error(request, "Nothing was read: choose a CSV file first.")
        return redirect("table", name, key)
    data = sent.read(csvfile.MOST_BYTES + 1) if sent else request.POST["text"].encode()
    read = csvfile.read(wanted, data, _codes(store))
    if read.wrong:
        return _page(request, person, store, wanted, status=422, wrong=read.wrong[:TOLD], faults=len(read.wrong))
    if sent is None:
        return _save(request, person, store, wanted, read.table)
    text = csvfile.write(wanted, read.table).decode()
    changes = compare(wanted, getattr(store, key), read.table)
    if not changes:
        messages.info(request, "The file says what the table says: nothing is different.")
        return redirect("table", name, key)
    preview: dict[str, Any] = {"preview": _effect(store, wanted, read.table), "text": text, "count": read.count}
    return _page(request, person, store, wanted, **preview)


@for_people(*CHANGES)
@require_POST
def undo(request: HttpRequest, person: Person, name: str, key: str) -> HttpResponse:
    """POST: version, the settings_version that the page was made from."""
    store, wanted = the_store(person, name), _table(key)
    was = former.last(store, key)
    if was is None:
        messages.error(request, "Nothing was changed yet, so there is nothing to undo.")
        return redirect("table", name, key)
    return _save(request, person, store, wanted, was.rows)


def _table(key: str) -> Table:
    if key not in TABLES:
        raise Http404(f"There is no table “{key}”.")
    return TABLES[key]


def _codes(store: Store) -> Codes:
    return shelf.codes_of(store)


def _save(request: HttpRequest, person: Person, store: Store, wanted: Table, after: dict[str, Any]) -> HttpResponse:
    by, version = person.user.username, request.POST.get("version", "")
    changes = compare(wanted, getattr(store, wanted.key), after)
    going = let_go_by(store, wanted.key, after)
    try:
        seen = int(version) if version.isascii() and version.isdigit() else -1
        shelf.change(store, wanted.key, after, by, outside().clock, version=seen)
    except FixSettings as wrong:
        messages.error(request, f"Nothing was saved. {words.sentence(str(wrong))} {words.sentence(wrong.cure)}")
        return redirect("table", store.name, wanted.key)
    said = f"Saved: {changes.in_words}."
    if going:
        them = "The held order passes" if len(going) == 1 else f"{len(going):,} held orders pass"
        said += f" {them} the gates again now."
    messages.success(request, said)
    wake("pull", [store.pk], by)
    return redirect("table", store.name, wanted.key)


def let_go_by(store: Store, key: str, after: Kept) -> list[Order]:
    """The held orders that a table would let go to FM if it were this one."""
    today = book.settings_of(store)
    return let_go(store, today, msgspec.structs.replace(today, **{key: after}))


def _effect(store: Store, wanted: Table, after: Kept) -> Effect:
    changes = compare(wanted, getattr(store, wanted.key), after)
    rows = _signed(wanted, changes)
    return Effect(changes.in_words, rows[:TOLD], max(0, len(rows) - TOLD), let_go_by(store, wanted.key, after))


def _signed(wanted: Table, changes: Changes) -> list[tuple[str, tuple[str, ...]]]:
    rows = [("added", wanted.cells(one)) for one in changes.added]
    for old, new in changes.changed:
        rows += [("was", wanted.cells(old)), ("becomes", wanted.cells(new))]
    return rows + [("removed", wanted.cells(one)) for one in changes.removed]


def _fields(wanted: Table, cells: list[str], said: list[Said]) -> list[Field]:
    """The inputs of a row's form; where several columns are wrong, each has its own sentence."""
    texts = cells or [""] * len(wanted.columns)
    beside: dict[str, list[str]] = {}
    for key, message in said:
        beside.setdefault(key, []).append(message)
    lists = {"dispatch code": "codes", "carrier": "providers"}
    return [
        Field(column, text, lists.get(column.title, ""), beside.get(column.key, []))
        for column, text in zip(wanted.columns, texts, strict=True)
    ]


def _page(
    request: HttpRequest, person: Person, store: Store, wanted: Table, *, status: int = 200, **more: Any
) -> HttpResponse:
    kept = getattr(store, wanted.key)
    q = request.GET.get("q", "").strip()
    rows = having(wanted, wanted.rows(kept), q) if q else wanted.rows(kept)
    context: dict[str, Any] = {
        "tab": "tables",
        "store": store,
        "table": wanted,
        "tables": [(one.key, one.title, len(one.rows(getattr(store, one.key)))) for one in TABLES.values()],
        "rows": [(wanted.cells(one), _edit(wanted, one)) for one in rows[:SHOWN]],
        "hidden": max(0, len(rows) - SHOWN),
        "total": len(wanted.rows(kept)),
        "q": q,
        "fields": _fields(wanted, [], []),
        "codes": sorted(_codes(store).values()),
        "providers": sorted(PROVIDERS),
        "weight_unit": book.settings_of(store).parameters.weight_unit,
    }
    if person.changes and (was := former.last(store, wanted.key)):
        context |= {"former": was, "back": _effect(store, wanted, was.rows)}
    return show(request, person, "console/tables.html", context | more, status=status)


def _edit(wanted: Table, one: Values) -> str:
    return urlencode([("edit", cell) for cell in wanted.cells(one)])
