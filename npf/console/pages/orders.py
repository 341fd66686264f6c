"""The list of orders, of one store or of all: search, filter, newest first."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from npf.console import search
from npf.console.access import for_people, orders_of, stores_of, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import now
from npf.console.words import STAGES
from npf.orders.late import late, promising
from npf.orders.models import Order, SalesOrder
from npf.stores.models import Store

PAGE = 50
# With more stores than this, the box for one order stands on each store's own page only.
STORES_IN_BOX = 200
POLL = 10


@for_people()
def orders(request: HttpRequest, person: Person, name: str | None = None) -> HttpResponse:
    """Query: q (search), stage, test (yes, no), late (yes), cause (a hold's exact reason), before (where it begins)."""
    store = the_store(person, name) if name else None
    asked = {key: request.GET.get(key, "").strip() for key in ("q", "stage", "test", "late", "cause", "before")}
    found = orders_of(person).filter(store=store) if store else orders_of(person)
    stores = Store.objects.filter(pk=store.pk) if store else stores_of(person)
    overdue = late(promising(stores), now())
    found = search.find(_filtered(found, asked, overdue), stores, asked["q"])
    page, older = _page(found, asked["before"], by_number=store is not None)
    asked_for = {key: value for key, value in asked.items() if value and key != "before"}
    context: dict[str, Any] = {
        "here": "" if store else "orders",
        "tab": "orders",
        "store": store,
        "orders": page,
        "late": set(overdue.filter(order__in=page).values_list("order_id", flat=True)),
        "older": urlencode(asked_for | {"before": older}) if older else "",
        "newest": urlencode(asked_for),
        "asked": asked,
        "narrowed": bool(asked_for),
        "stages": STAGES,
        # An older page, and what somebody searched for, stay as they are while they are read.
        "poll": 0 if asked["before"] or asked["q"] else POLL,
        "explain_stores": [] if store or not person.decides else _names(person),
    }
    return show(request, person, "console/orders.html", context)


def _names(person: Person) -> list[str]:
    names = list(stores_of(person).order_by("name").values_list("name", flat=True)[: STORES_IN_BOX + 1])
    return names if len(names) <= STORES_IN_BOX else []


def _filtered(found: QuerySet[Order], asked: dict[str, str], overdue: QuerySet[SalesOrder]) -> QuerySet[Order]:
    if asked["stage"] in STAGES:
        found = found.filter(stage=asked["stage"])
    if asked["test"] in ("yes", "no"):
        found = found.filter(test=asked["test"] == "yes")
    if asked["late"] == "yes":
        found = found.filter(pk__in=overdue.values("order_id"))
    if asked["cause"]:
        found = found.filter(reason=asked["cause"])
    return found


def _page(found: QuerySet[Order], before: str, *, by_number: bool) -> tuple[list[Order], int | None]:
    """One page and where the next begins. By key, never by OFFSET: the last page costs what the first does.

    One store goes by BigCommerce's number, several by the order in which they were first pulled: numbers of two stores
    cannot be compared.
    """
    key = "bc_order_id" if by_number else "pk"
    if before.isascii() and before.isdigit() and len(before) <= search.MOST_DIGITS:
        found = found.filter(**{f"{key}__lt": int(before)})
    found = found.select_related("store").prefetch_related("sales_orders__shipments").order_by(f"-{key}")
    page = list(found.defer("gates", "store__access_token")[: PAGE + 1])
    older = getattr(page[PAGE - 1], key) if len(page) > PAGE else None
    return page[:PAGE], older
