"""The overview: every store, whether it works, and how many orders stand in each stage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse

from npf.console.access import for_people, orders_of, stores_of
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import now
from npf.console.state import State, last_look, next_stock, state_of
from npf.console.words import STAGE_MEANS, STAGES
from npf.orders.late import late
from npf.orders.models import Order
from npf.stores.models import Beat, Store

# Seconds between two looks of the page: many stores make a long page, and a long page need not hurry.
POLL_FEW, POLL_MANY, MANY_STORES = 5, 30, 50

# What the rows of a page need not fetch, above all not the token.
HEAVY = ("access_token", "dispatch", "carriers", "sku_map", "bundles", "buffers")


@dataclass
class Cell:
    """How many orders stand in a stage; test orders are counted apart."""

    stage: str
    real: int = 0
    test: int = 0


@dataclass(frozen=True)
class Row:
    store: Store
    state: State
    cells: list[Cell]
    late: int
    looked_at: datetime | None
    next_stock: str


@for_people()
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    rows = rows_of(stores_of(person), orders_of(person), now())
    shut_out = _shut_out(rows)
    context = {
        "here": "overview",
        "rows": rows,
        "totals": _totals(rows),
        "stages": [(name, STAGE_MEANS[name]) for name in STAGES],
        "bad": [row for row in rows if row.state.bad and not any(row in some for some in shut_out)],
        "shut_out": shut_out,
        "paused": [row for row in rows if row.state.kind == "paused"],
        "late": sum(row.late for row in rows),
        "late_stores": [row for row in rows if row.late],
        "poll": POLL_FEW if len(rows) <= MANY_STORES else POLL_MANY,
    }
    return show(request, person, "console/overview.html", context)


def rows_of(stores: QuerySet[Store], orders: QuerySet[Order], at: datetime) -> list[Row]:
    """The rows of the overview, in three queries, four with a promise, whatever the number of stores."""
    found = list(stores.defer(*HEAVY).order_by("name"))
    cells = {store.pk: {str(name): Cell(name) for name in STAGES} for store in found}
    counted = orders.values("store_id", "stage", "test").order_by().annotate(n=Count("pk"))
    for pk, name, test, n in counted.values_list("store_id", "stage", "test", "n"):
        if pk in cells:
            setattr(cells[pk][name], "test" if test else "real", n)
    counted_late = late(found, at).values_list("order__store").annotate(n=Count("order", distinct=True))
    overdue = dict(counted_late.order_by())
    beats: dict[int, list[Beat]] = {}
    for beat in Beat.objects.filter(store__in=stores):
        beats.setdefault(beat.store_id, []).append(beat)
    return [
        Row(
            store,
            state_of(store, beats.get(store.pk, []), at),
            list(cells[store.pk].values()),
            overdue.get(store.pk, 0),
            last_look(beats.get(store.pk, [])),
            next_stock(store, at),
        )
        for store in found
    ]


def _shut_out(rows: Iterable[Row]) -> list[list[Row]]:
    """Stores that one FM login stops together: told once, for it is one cause."""
    by_client: dict[int, list[Row]] = {}
    for row in rows:
        if row.state.kind == "stopped" and row.state.setting.startswith("fm."):
            by_client.setdefault(row.store.fm_id, []).append(row)
    return [some for some in by_client.values() if len(some) > 1]


def _totals(rows: Iterable[Row]) -> list[Cell]:
    totals = {str(name): Cell(name) for name in STAGES}
    for row in rows:
        for cell in row.cells:
            totals[cell.stage].real += cell.real
            totals[cell.stage].test += cell.test
    return list(totals.values())
