"""What is held, over all stores, by cause: one decision releases all orders of one cause."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Case, Count, F, Min, QuerySet, TextField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from npf.console import words
from npf.console.access import DECIDES, for_people, orders_of
from npf.console.causes import Missing, decided, without_carrier
from npf.console.deciding import decide_all, deciding_setting
from npf.console.frame import show
from npf.console.models import Person
from npf.desk.mapping import lack_of
from npf.desk.repairing import AT_THE_LIMITS, Trouble, troubles
from npf.fm.codes import DISPATCH_METHODS
from npf.orders.models import Order
from npf.orders.stages import Stage
from npf.stores import book
from npf.stores.maps import PROVIDERS

MOST_CAUSES = 50
MOST_ORDERS = 500
SHOWN_OF_A_CAUSE = 10
# One click decides so many at most: each is a transaction of its own.
MOST_AT_ONCE = 500
POLL = 15
# While orders of a decision wait for the gates.
POLL_WHILE_GOING = 3
MEND = "take the values that are proposed, or open the order and give another; or correct it in BigCommerce"


@for_people()
def held(request: HttpRequest, person: Person) -> HttpResponse:
    causes = _causes(orders_of(person).filter(stage=Stage.HELD))
    under = decided(person) if person.decides else []
    context: dict[str, Any] = {
        "here": "held",
        "causes": causes,
        "under": under,
        "carriers": without_carrier(person) if person.decides else [],
        "codes": sorted(DISPATCH_METHODS),
        "providers": sorted(PROVIDERS),
        "poll": POLL_WHILE_GOING if any(one.waiting for one in under) else POLL,
    }
    return show(request, person, "console/held.html", context)


@dataclass(frozen=True)
class Cause:
    """One cause of holds: `n` orders, of which `orders` are shown. `settings`: (store, setting) to look at.

    `troubles`: Order.pk -> what FM would refuse of it.
    `one_by_one`: each order has a reason of its own, and is decided on its own page.
    """

    reason_code: str
    reason: str
    repair: str
    field: str
    n: int
    orders: list[Order]
    settings: list[tuple[str, str]]
    missing: Missing | None = None
    troubles: dict[int, list[Trouble]] = dataclasses.field(default_factory=dict)

    @property
    def one_by_one(self) -> bool:
        return self.reason_code in words.ONE_BY_ONE

    @property
    def has_page(self) -> bool:
        """Whether the orders' own pages have more ways out."""
        return not self.one_by_one and bool(words.outcome_does(self.reason_code, "ship"))

    @property
    def rows(self) -> list[tuple[Order, list[Trouble]]]:
        """The orders shown, each with what FM would refuse of it."""
        return [(order, self.troubles.get(order.pk, [])) for order in self.orders]

    @property
    def proposes(self) -> bool:
        """Whether every order of it that is shown has a value for FM proposed for each of its problems."""
        return bool(self.troubles) and all(one.problem.repair for some in self.troubles.values() for one in some)

    @property
    def more(self) -> int:
        return self.n - len(self.orders)

    @property
    def all(self) -> str:
        """The query of the list of orders that shows all of them."""
        return urlencode({"stage": Stage.HELD.value, "cause": self.reason})

    @property
    def release(self) -> str:
        return "" if self.one_by_one else words.release_does(self.reason_code)

    @property
    def retry(self) -> str:
        return words.retry_does(self.reason_code)


def _causes(orders: QuerySet[Order]) -> list[Cause]:
    """The causes with the most orders first, each with its oldest orders."""
    alone = [When(reason_code=code, then=Value(text)) for code, text in words.ONE_BY_ONE.items()]
    orders = orders.annotate(cause=Case(*alone, default=F("reason"), output_field=TextField()))
    # What is proposed for FM is each order's own, and shown beside it.
    at_the_limits = When(reason_code__in=AT_THE_LIMITS, then=Value(""))
    orders = orders.annotate(step=Case(at_the_limits, default=F("repair"), output_field=TextField()))
    key = ("reason_code", "cause", "step", "field")
    grouped = orders.values_list(*key).annotate(n=Count("pk"), oldest=Min("stage_at")).order_by("-n", "oldest")
    shown: dict[tuple[str, ...], list[Order]] = {}
    secrets = ("store__access_token", "store__client_secret", "store__fm__password", "store__fm__private_key")
    with_stores = orders.select_related("store__fm").defer(*secrets).order_by("stage_at", "pk")
    for order in with_stores[:MOST_ORDERS]:
        shown.setdefault((order.reason_code, order.cause, order.step, order.field), []).append(order)
    places = _stores(orders)
    causes = []
    for code, reason, step, about, n, _ in grouped[:MOST_CAUSES]:
        mine = shown.get((code, reason, step, about), [])
        some = mine if code in words.ONE_BY_ONE else mine[:SHOWN_OF_A_CAUSE]
        # Where one cause has hundreds of orders, the oldest of another may not be among those that were fetched.
        oldest = mine[0] if mine else with_stores.filter(reason_code=code, reason=reason).first()
        missing = _missing(oldest, places.get((code, reason), []), n)
        wrong = {order.pk: troubles(order) for order in some} if code in AT_THE_LIMITS else {}
        step = step or (MEND if wrong else "")
        causes.append(Cause(code, reason, step, about, n, some, _settings(mine), missing, wrong))
    return causes


def _stores(orders: QuerySet[Order]) -> dict[tuple[str, str], list[str]]:
    """The names of the stores by the code and the reason of the holds in them."""
    found: dict[tuple[str, str], list[str]] = {}
    rows = orders.values_list("reason_code", "reason", "store__name").distinct()
    for code, reason, name in rows.order_by("reason_code", "reason", "store__name"):
        found.setdefault((code, reason), []).append(name)
    return found


def _missing(oldest: Order | None, stores: list[str], n: int) -> Missing | None:
    """The row whose lack holds the orders of one cause; the oldest tells."""
    if oldest is None:
        return None
    lack = lack_of(oldest, book.settings_of(oldest.store))
    return Missing(lack, stores, n) if lack else None


def _settings(orders: list[Order]) -> list[tuple[str, str]]:
    """(store, setting) that the deciding gate named, for the links beside the next step."""
    found = {}
    for order in orders:
        if setting := deciding_setting(order):
            found[(order.store.name, setting)] = True
    return list(found)[:5]


@for_people(*DECIDES)
@require_POST
def decide_cause(request: HttpRequest, person: Person) -> HttpResponse:
    """POST: what = retry | release | repair; reason_code, reason, as_of (when the page was made); order = one pk alone.

    Only orders that the page counted are decided: those held for this cause since then were seen by nobody.
    """
    what = request.POST.get("what", "")
    as_of = _time(request.POST.get("as_of", ""))
    if what not in ("retry", "release", "repair") or as_of is None:
        messages.error(request, "Nothing was decided: choose Retry or Release.")
        return redirect("held")
    orders = orders_of(person).filter(
        stage=Stage.HELD,
        reason_code=request.POST.get("reason_code", ""),
        reason=request.POST.get("reason", ""),
        stage_at__lte=as_of,
    )
    if only := request.POST.get("order", ""):
        orders = orders.filter(pk=int(only) if only.isascii() and only.isdigit() else 0)
    some = list(orders.select_related("store").order_by("stage_at", "pk")[:MOST_AT_ONCE])
    number, says, troubles = decide_all(person, what, some)  # type: ignore[arg-type]
    _tell(request, some, number, says, troubles)
    return redirect("held")


def _tell(request: HttpRequest, some: list[Order], number: int, says: str, troubles: list[str]) -> None:
    if number == 1:
        messages.success(request, f"Order {some[0].bc_order_id}: {says}.")
    elif number:
        messages.success(request, f"{number} orders, each: {says}.")
    elif not troubles:
        messages.error(request, "Nothing was decided: none of them is held for this cause any more.")
    for trouble in troubles[:5]:
        messages.error(request, words.sentence(trouble))
    if len(some) == MOST_AT_ONCE:
        messages.success(request, f"One click decides {MOST_AT_ONCE} orders at most; press again for the rest.")


def _time(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and at.tzinfo else None
