"""A person mends what FM would refuse: gives FM a value of its own, takes it back, or makes it a rule of the store.

BigCommerce is never written to. A value is taken only if FM would take it, by the same limits that hold the order; it
stands until the field is changed in BigCommerce (orders/repairs.py), and can be taken back until FM was asked for it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db import transaction

from npf.audit.journal import write
from npf.audit.notes import Note, Tag
from npf.bigcommerce.records import read_order
from npf.core.clock import Clock
from npf.core.errors import GiveUp
from npf.core.suggest import did_you_mean
from npf.desk.going_on import asked, go_on, to_the_gates
from npf.fm import codes
from npf.fm.limits import Problem
from npf.orders import document
from npf.orders.models import Order, Record, Repair
from npf.orders.parcels import FIRST_TIME, Before, less_what_left, parcels
from npf.orders.repairing import values
from npf.orders.repairs import FIELDS, Mended, mended, refusal, text_of
from npf.orders.stages import BY_HAND, Stage
from npf.stores import book, draft
from npf.stores.models import Store
from npf.warehouse.records import SalesOrder as Document

# Holds by FM's limits: at the gates, and at the next look before it is sent.
AT_THE_LIMITS = ("gate:FM's limits", "fm_limits")


class Given(msgspec.Struct, frozen=True):
    """A value for FM. `address`: an order_address_id; of a field of the billing address it does not matter."""

    field: str
    value: str
    address: int = 0


class Trouble(msgspec.Struct, frozen=True):
    """What FM would refuse of an order, and to which address it goes: 0 = the billing address."""

    address: int
    problem: Problem


class Sheet(msgspec.Struct, frozen=True):
    """One parcel as FM would be asked for it, before (`built`) and after its repairs."""

    address: int
    built: Document
    after: Mended


def sheets(order: Order) -> list[Sheet]:
    """The documents of an order with today's settings, from the record; none where it cannot be read."""
    record = Record.objects.filter(order=order).first()
    if record is None:
        return []
    settings = book.settings_of(order.store)
    before = _before(order)
    try:
        read = less_what_left(read_order(bytes(record.raw)), before)
    except GiveUp:
        return []
    found = []
    for parcel in parcels(read, settings, before.resent):
        built = document.build(read, parcel, settings)
        address = parcel.consignment.id
        found.append(Sheet(address, built, mended(built, address, settings, before.repairs)))
    return found


def _before(order: Order) -> Before:
    repairs = values(order.repairs.order_by("pk"))
    if not order.resent:
        return Before(repairs=repairs) if repairs else FIRST_TIME
    left = order.lines.filter(left_before__gt=0).values_list("order_product_id", "left_before")
    return Before(order.resent, dict(left), repairs)


def troubles(order: Order) -> list[Trouble]:
    """What holds the order at FM's limits, each field once; none where something else holds it."""
    if order.stage != Stage.HELD or order.reason_code not in AT_THE_LIMITS:
        return []
    found = [Trouble(_place(one.address, p.field), p) for one in sheets(order) for p in one.after.problems]
    return list({(one.address, one.problem.field): one for one in found}.values())


def proposed(order: Order) -> list[Given]:
    """The likeliest value of each trouble that has one and that a repair may mend."""
    found = [one for one in troubles(order) if one.problem.field in FIELDS and one.problem.repair]
    return [Given(one.problem.field, one.problem.repair, one.address) for one in found]


def may_repair(order: Order) -> bool:
    """Whether FM was not asked for the order, so that another value can still reach it."""
    return order.stage in (Stage.HELD, Stage.NEW) and not asked(order)


def repair(order: Order, by: str, clock: Clock, given: Sequence[Given]) -> str:
    """Give FM these values. Returns a sentence that says what happens next.

    Raises GiveUp, naming the field, where one cannot be given or FM would refuse it: none is taken then.
    """
    with transaction.atomic():
        _lock(order)
        if not given:
            raise GiveUp(f"order {order}: no repair is proposed; give a value", code="no_repair", field="--set")
        rows = [_row(order, one, by, clock) for one in given]
        for row in rows:
            Repair.objects.filter(order=order, order_address_id=row.order_address_id, field=row.field).delete()
            row.save()
        says = _next(order, clock)
        words = "; ".join(f"{row.field} is “{row.value}” for FM, in place of “{row.replaces}”" for row in rows)
        note = Note(Tag.PERSON_REPAIRED, f"{by}: {words}. {says}", order.bc_order_id)
        write(order.store_id, by, clock.now(), [note])
    order.refresh_from_db()
    return says


def undo(order: Order, by: str, clock: Clock, field: str, address: int = 0) -> str:
    """Take a repair back, as long as FM was not asked for the order. Returns what happens next."""
    with transaction.atomic():
        _lock(order)
        rows = Repair.objects.filter(order=order, field=field)
        if address and not field.startswith("BillingAddress."):
            rows = rows.filter(order_address_id=address)
        if (row := rows.first()) is None:
            raise GiveUp(f"order {order} has no repair of {field}", code="no_repair", field=field)
        rows.delete()
        Order.objects.filter(pk=order.pk).update(gated_with=0)
        says = "It passes the gates again at the next pull"
        text = f"{by}: {field} is BigCommerce's again, no longer “{row.value}”. {says}"
        write(order.store_id, by, clock.now(), [Note(Tag.PERSON_UNDID, text, order.bc_order_id)])
    order.refresh_from_db()
    return says


def always(store: Store, by: str, clock: Clock, rule: str, *, on: bool = True) -> str:
    """Make a repair a rule of the store (`rule` as the parameter `repairs` holds it), or take the rule off again.

    Every order that FM was not asked for is judged again. Raises WrongSettings for a rule that there is not.
    """
    nested: dict[str, Any] = book.nested(store, secrets=True)
    name = rule.partition("=")[0].strip()
    kept = [one for one in nested["parameters"].get("repairs") or [] if one.partition("=")[0] != name]
    nested["parameters"] |= {"repairs": [*kept, rule] if on else kept}
    book.save(draft.read(nested), by, clock)
    return f"{rule} is {'a rule' if on else 'no rule'} of {store.name} now; what FM was not asked for is judged again"


def _lock(order: Order) -> None:
    order.refresh_from_db(from_queryset=Order.objects.select_for_update(of=("self",)).select_related("store__fm"))
    if order.stage not in (Stage.HELD, Stage.NEW):
        raise GiveUp(f"order {order} is {order.stage}: FM is told nothing more of it", code="wrong_stage")
    if asked(order):
        raise GiveUp(
            f"FM was asked for order {order}: what it was told cannot be changed from here", code="wrong_stage"
        )


def _row(order: Order, one: Given, by: str, clock: Clock) -> Repair:
    if one.field not in FIELDS:
        what = f"{one.field} cannot be repaired{did_you_mean(one.field, FIELDS)}"
        raise GiveUp(what, code="no_field", field=one.field, repair=f"one of {', '.join(FIELDS)}")
    sheet = _sheet(order, one)
    value = " ".join(one.value.split())
    if why := refusal(sheet.after.document, one.field, value, book.settings_of(order.store)):
        raise GiveUp(f"FM would refuse it: {why}", code="refused", field=one.field)
    address, replaces = _place(sheet.address, one.field), text_of(sheet.built, one.field)
    where = {"order": order, "order_address_id": address, "field": one.field}
    return Repair(**where, value=value, replaces=replaces, by=by, at=clock.now())


def _sheet(order: Order, one: Given) -> Sheet:
    found = sheets(order)
    if not found:
        raise GiveUp(f"order {order} cannot be read, so nothing of it can be repaired", code="unreadable")
    if one.address:
        found = [sheet for sheet in found if sheet.address == one.address] or found
    # Of several parcels, the one that is wrong there.
    wrong = [sheet for sheet in found if any(problem.field == one.field for problem in sheet.after.problems)]
    return (wrong or found)[0]


def _place(address: int, field: str) -> int:
    return 0 if field.startswith("BillingAddress.") else address


def _next(order: Order, clock: Clock) -> str:
    """Let it go on, unless it is held for something that a repair does not touch."""
    if order.stage == Stage.NEW or order.reason_code.startswith("gate:"):
        return to_the_gates(order, clock, order.reason)
    if order.reason_code == "fm_limits" or codes.known(order.reason_code):
        # FM's own refusal of the document: it is sent anew.
        return go_on(order, clock)
    Order.objects.filter(pk=order.pk).update(gated_with=0)
    return "It stays held" + (": release it" if order.reason_code == BY_HAND else f": {order.reason}")


def by_rule(found: Iterable[Sheet]) -> list[str]:
    """What the store's rules did to the documents, as clauses."""
    return list(dict.fromkeys(clause for one in found for clause in one.after.says))
