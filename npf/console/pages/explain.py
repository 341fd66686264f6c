"""Why is an order not in FM? For any number of BigCommerce, also one that was never pulled: then it is read live."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from npf.audit.notes import Note, Tag
from npf.console.access import DECIDES, for_people, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import outside
from npf.core.errors import FixSettings, NpfError
from npf.orders.stages import Stage
from npf.pull import station as pull
from npf.pull.explain import explain as ask
from npf.stores.leases import Busy
from npf.stores.models import Store
from npf.stores.visit import visit
from npf.wake import wake

MOST_DIGITS = 18
# Seconds to wait for a worker that is at the store now.
PATIENCE = 5


@for_people(*DECIDES)
def explain(request: HttpRequest, person: Person, name: str | None = None) -> HttpResponse:
    """Query: number; store, where the address does not name one."""
    if name is None:
        return _to_the_store(request, person)
    store = the_store(person, name)
    typed = request.GET.get("number", "").strip().removeprefix("#")
    context: dict[str, Any] = {"tab": "store", "store": store, "number": typed}
    if typed:
        context |= _answer(store, person, typed)
    return show(request, person, "console/explain.html", context)


def _to_the_store(request: HttpRequest, person: Person) -> HttpResponse:
    store = the_store(person, request.GET.get("store", ""))
    address = redirect("explain_one", name=store.name)
    query = request.GET.copy()
    query.pop("store", None)
    address["Location"] += f"?{query.urlencode()}"
    return address


def _answer(store: Store, person: Person, typed: str) -> dict[str, Any]:
    number = _number(typed)
    if number is None:
        cure = "Type the digits that BigCommerce shows, such as 1000012."
        return {"trouble": f"“{typed}” is no order number.", "cure": cure}
    try:
        with visit("explain", store, outside(), person.user.username, wait=PATIENCE, urgent=True) as at:
            return {"found": _words(ask(at, number))}
    except NpfError as error:
        return _calmly(error, store)


def _number(typed: str) -> int | None:
    good = typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS
    return int(typed) if good and int(typed) else None


def _words(found: dict[str, Any]) -> dict[str, Any]:
    """The answer with a sentence and a next step for this page."""
    gates = found["gates"]
    stopped = next((gate for gate in gates if gate["outcome"] != "pass"), None)
    if not gates:
        says, next_step = found["says"], "Look the number up in BigCommerce."
    elif stopped:
        says = f"“{stopped['gate']}” does not let it pass: {stopped['why']}."
        next_step = stopped["repair"]
    elif not found["known"]:
        says, next_step = "It passes every gate, and it was not pulled yet.", "Pull it now."
    elif found["stage"] in (Stage.NEW, Stage.SKIPPED):
        says, next_step = "It passes every gate now.", "Pull it now: it goes to FM next."
    else:
        says, next_step = "It passes every gate.", ""
    return found | {"says": says, "next_step": next_step, "stopped": stopped}


def _calmly(error: NpfError, store: Store) -> dict[str, Any]:
    """An error of the outer system or the settings as a sentence and a next step."""
    if isinstance(error, Busy):
        return {"trouble": "A worker is at this store just now.", "cure": "Ask again in a moment."}
    if store.paused_at is not None:
        return {"trouble": f"{store.name} is paused, so BigCommerce is not asked.", "cure": "Resume the store first."}
    if isinstance(error, FixSettings):
        return {"trouble": str(error), "cure": error.cure, "setting": error.parameter}
    return {"trouble": str(error), "cure": getattr(error, "repair", "") or "Ask again later."}


@for_people(*DECIDES)
@require_POST
def pull_now(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """POST: number. Pulls this one order, whatever the cursor says, and shows it."""
    store = the_store(person, name)
    by = person.user.username
    number = _number(request.POST.get("number", "").strip())
    if number is None:
        messages.error(request, "Nothing was pulled: that is no order number.")
        return redirect("explain_one", name=name)
    try:
        with visit("pull", store, outside(), by, wait=PATIENCE, urgent=True, beat=False) as at:
            order = pull.one(at, number)
            at.tell([Note(Tag.PERSON_PULLED, f"{by} pulled it by its number", number)])
    except NpfError as error:
        calm = _calmly(error, store)
        messages.error(request, f"Not pulled. {calm['trouble']} {calm['cure']}")
        return redirect("explain_one", name=name)
    wake("send", [store.pk], by)
    messages.success(request, f"Pulled. It is {order.stage.capitalize()} now.")
    return redirect("order", name=name, number=number)
