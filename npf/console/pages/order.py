"""One order: where it stands and why, the gates, FM, the parcels, and everything that happened to it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from npf.console import words
from npf.console.access import DECIDES, for_people, the_order
from npf.console.deciding import choices, decide, deciding_setting, make_rule, mend, undo
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import now
from npf.console.repairs import form, typed, with_number
from npf.console.templatetags.console import pretty
from npf.console.timeline import timeline
from npf.core.errors import GiveUp
from npf.desk import floor
from npf.desk.compare import side_by_side
from npf.desk.seen import seen_of
from npf.orders.late import promised_for
from npf.orders.models import Line, Order, Record, SalesOrder
from npf.orders.stages import CHANGED, STOPPED, Stage
from npf.shipments.models import Shipment
from npf.stores.book import settings_of
from npf.stores.draft import WrongSettings
from npf.stores.kinds import STATUSES
from npf.stores.parameters import parameters

# Holding makes sense while there is a way to stop.
_CAN_BE_HELD = (Stage.NEW, Stage.PENDING, Stage.PROCESSING)


@for_people()
def order(request: HttpRequest, person: Person, name: str, number: int) -> HttpResponse:
    found = the_order(person, name, number)
    sales_orders = _sales_orders(found)
    context: dict[str, Any] = {
        "tab": "orders",
        "store": found.store,
        "order": found,
        "status": _status(found.status_id),
        "lines": _lines(found),
        "addresses": list(found.addresses.order_by("position")),
        "sales_orders": sales_orders,
        "promised": _promised(found, sales_orders),
        "has_parcels": any(one.parcels for one in sales_orders),
        "timeline": timeline(found),
        "setting": deciding_setting(found),
        "repairs": form(person, found),
        "poll": 0 if found.stage in (Stage.COMPLETE, Stage.CANCELLED) else 10,
        **_may(person, found),
        **_at_the_desk(person, found),
    }
    return show(request, person, "console/order.html", context)


def _may(person: Person, found: Order) -> dict[str, Any]:
    """What this person may decide, with the sentence that says what it does."""
    if not person.decides:
        return {}
    held = found.stage == Stage.HELD
    waits = found.attempts > 0 or found.push_failures > 0
    return {
        "release": words.release_does(found.reason_code) if held and not choices(found) else "",
        "retry": words.retry_does(found.reason_code) if held else "It is tried again at once." if waits else "",
        "may_hold": found.stage in _CAN_BE_HELD,
    }


def _at_the_desk(person: Person, found: Order) -> dict[str, Any]:
    """What FM was asked for beside what BigCommerce shows now, while that can still matter, and the ways out."""
    if found.stage in (Stage.COMPLETE, Stage.CANCELLED, Stage.SKIPPED):
        return {}
    shown: dict[str, Any] = {"sides": side_by_side(found)}
    if person.decides and (ways := choices(found)):
        shown |= {"choices": ways, "floor": floor.text(found), "seen": seen_of(found)}
        shown["goes_on_by_itself"] = found.reason_code in (CHANGED, STOPPED)
    return shown


def _status(status_id: int | None) -> str:
    return "unknown" if status_id is None else f"{status_id} {STATUSES.get(status_id, '')}"


@dataclass(frozen=True)
class OrderLine:
    """A line; what FM was asked for it, or the SKU that it goes along with."""

    line: Line
    codes: str
    goes_with: str

    @property
    def left(self) -> int:
        """Units that left NPF, under whichever number."""
        return self.line.despatched + self.line.left_before


@dataclass(frozen=True)
class Sale:
    """One order of FM, the carrier of its dispatch code, and its parcels with what each carries."""

    row: SalesOrder
    carrier: str
    parcels: list[tuple[Shipment, str]]


def _promised(found: Order, sales_orders: list[Sale]) -> dict[str, Any] | None:
    """When NPF has promised to have despatched it, whether that is past, and whether a part has left."""
    rows = [sale.row for sale in sales_orders]
    due_at = promised_for(found, rows, parameters(found.store.parameters).promise)
    if due_at is None:
        return None
    return {"by": due_at, "late": due_at <= now(), "part": any(sale.parcels for sale in sales_orders)}


def _lines(found: Order) -> list[OrderLine]:
    lines = list(
        found.lines.prefetch_related("sales_lines__sales_order").order_by("order_address_id", "order_product_id")
    )
    names = {line.order_product_id: line.sku or line.name for line in lines}
    return [
        OrderLine(
            line,
            ", ".join(
                f"{one.quantity} x {one.code}" for one in line.sales_lines.all() if one.sales_order.voided_at is None
            ),
            names.get(line.rides_with or 0, ""),
        )
        for line in lines
    ]


def _sales_orders(found: Order) -> list[Sale]:
    settings = settings_of(found.store)
    rows = found.sales_orders.prefetch_related("shipments__lines__line").order_by("pk")
    return [
        Sale(
            row,
            "".join(settings.carrier(row.dispatch_code)),
            [(one, _carries(one)) for one in row.shipments.all()],
        )
        for row in rows
    ]


def _carries(one: Shipment) -> str:
    """Units of the order's lines, or FM's codes where they complete no line."""
    lines = [f"{line.quantity} x {line.line.sku or line.line.name}" for line in one.lines.all()]
    return ", ".join(lines or [f"{units} x {code}" for code, units in one.codes.items()])


@for_people(*DECIDES)
def record(request: HttpRequest, person: Person, name: str, number: int) -> HttpResponse:
    """The order as BigCommerce wrote it, in the page of the order."""
    found = the_order(person, name, number)
    kept = Record.objects.filter(order=found).first()
    raw = bytes(kept.raw).decode("utf-8", "replace") if kept else "No record is kept of this order."
    return HttpResponse(format_html("<pre>{}</pre>", pretty(raw)))


@for_people(*DECIDES)
@require_POST
def decision(request: HttpRequest, person: Person, name: str, number: int) -> HttpResponse:
    """POST: what = hold | retry | release; why = the reason of a hold, or a remark.

    With a release: outcome = stopped | ship | resend; seen = what the page showed.
    """
    found = the_order(person, name, number)
    what = request.POST.get("what", "")
    try:
        if what not in ("hold", "retry", "release"):
            messages.error(request, "Nothing was decided: choose Hold, Retry or Release.")
        else:
            why, outcome = request.POST.get("why", "").strip()[:300], request.POST.get("outcome", "")
            says = decide(person, what, found, why, outcome=outcome, seen=request.POST.get("seen"))  # type: ignore[arg-type]
            messages.success(request, words.sentence(says))
    except GiveUp as trouble:
        messages.error(request, words.sentence(str(trouble)))
    return redirect("order", name=name, number=number)


@for_people(*DECIDES)
@require_POST
def repair(request: HttpRequest, person: Person, name: str, number: int) -> HttpResponse:
    """POST: the inputs of the problems (console/repairs.py), and the button: repair, only, undo, rule_on or rule_off.

    A rule changes the store's settings, so that it takes whoever may change those.
    """
    found, asked = the_order(person, name, number), request.POST.dict()
    try:
        if back := asked.get("undo", ""):
            address, _, field = back.partition(":")
            says = undo(person, found, field, address)
        elif rule := asked.get("rule_on", "") or asked.get("rule_off", ""):
            if not person.changes:
                raise GiveUp("rules of a store are made by NPF's integration staff", code="not_yours")
            says = make_rule(person, found.store, with_number(rule, asked), on="rule_on" in asked)
        else:
            says = mend(person, found, typed(asked))
        messages.success(request, words.sentence(says))
    except GiveUp as trouble:
        messages.error(request, words.sentence(str(trouble)))
    except WrongSettings as wrong:
        messages.error(request, words.sentence("; ".join(problem.message for problem in wrong.problems)))
    return redirect("order", name=name, number=number)
