"""Claiming orders for FM: their numbers and that FM is being asked are on record before FM hears of them."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from npf.audit.notes import Note, Tag
from npf.core.errors import GiveUp
from npf.orders.models import Line, Order, SalesOrder
from npf.orders.parcels import Parcel
from npf.orders.stages import Stage
from npf.send.load import Loaded
from npf.send.rows import Rows, known_rows, make_rows
from npf.send.unsent import hold
from npf.stores.visit import Visit
from npf.warehouse.records import SalesOrder as Document


class Claimed(msgspec.Struct, frozen=True):
    """One parcel that FM may now be asked for.

    `asked_before`: an earlier try may have reached FM, under the same `number`. `asked`: the units by code that FM was
    asked for then, or is asked for now.
    """

    order: Order
    row: SalesOrder
    parcel: Parcel
    number: str
    document: Document
    asked: dict[str, int]
    asked_before: bool = False


def claim(at: Visit, loaded: Sequence[Loaded]) -> list[Claimed]:
    """Write down what FM is about to be asked. An order that has changed or left `new` meanwhile is passed over."""
    if not loaded:
        return []
    claimed: list[Claimed] = []
    notes: list[Note | None] = []
    with at.claim():
        still = _still_new(loaded)
        known = known_rows([one.order for one in still])
        made, lacking = make_rows(at.store.fm, still, known, at.clock.now())
        for one in still:
            if one.order.pk in lacking:
                refusal = _number_taken(at, one)
            else:
                refusal = _no_longer_wanted(one, known)
            if refusal is not None:
                notes.append(hold(at, one.order, refusal))
            elif one.order.pk not in lacking:
                claimed += _claimed(one, known, made)
                notes += _told(one, made)
        at.tell(notes)
    return claimed


def _told(one: Loaded, made: Rows) -> list[Note | None]:
    """What FM is told otherwise than BigCommerce has it, with the original, for the timeline: once, not at each try."""
    if not one.told or not any(order == one.order.pk for order, _ in made):
        return []
    text = f"For FM, {'; '.join(one.told)}. BigCommerce keeps its own."
    return [Note(Tag.ORDER_TOLD, text, one.order.bc_order_id)]


def _claimed(one: Loaded, known: Rows, made: Rows) -> Iterator[Claimed]:
    for parcel, document in zip(one.parcels, one.documents, strict=True):
        key = (one.order.pk, parcel.consignment.id)
        if key in made:
            asked = _units((product.Code, product.Quantity) for product in document.Products)
            yield Claimed(one.order, made[key], parcel, parcel.number, document, asked)
        elif known[key].sent_at is None:
            yield _again(one.order, known[key], parcel, document)


def _still_new(loaded: Sequence[Loaded]) -> list[Loaded]:
    """Those that are still new and as they were loaded, locked, in the order in which every station locks."""
    by_pk = {one.order.pk: one for one in loaded}
    orders = Order.objects.select_for_update().filter(pk__in=by_pk, stage=Stage.NEW).order_by("bc_order_id")
    lines: dict[int, set[int]] = {}
    found = [order for order in orders if _version(order) == _version(by_pk[order.pk].order)]
    for order, number in Line.objects.filter(order__in=found).values_list("order", "order_product_id"):
        lines.setdefault(order, set()).add(number)
    still = [msgspec.structs.replace(by_pk[order.pk], order=order) for order in found]
    # BigCommerce may show a line that pull has not brought yet, where the lines are read apart (fact 46).
    return [one for one in still if _numbers(one.parcels) <= lines.get(one.order.pk, set())]


def _version(order: Order) -> tuple[object, ...]:
    return order.digest, order.pulled_at, order.gated_with


def _numbers(some: Sequence[Parcel]) -> set[int]:
    return {item.line.id for parcel in some for item in parcel.items}


def _no_longer_wanted(one: Loaded, known: Rows) -> GiveUp | None:
    """The hold over a sales order that FM may have and that the order, by today's settings, does not make."""
    wanted = {parcel.consignment.id for parcel in one.parcels}
    for (order, address), row in known.items():
        if order != one.order.pk or address in wanted or row.sent_at is not None:
            continue
        if row.asked_at is not None:
            return GiveUp(
                f"FM may have {row.fm_number}, for an address to which nothing goes by today's settings",
                code="fm_unclear",
                field="SalesOrderNo",
                repair="ask NPF whether FM has it, and put the settings back if it does",
            )
        row.delete()
    return None


def _number_taken(at: Visit, one: Loaded) -> GiveUp | None:
    """The hold over an order whose number another order of the same FM client has; None where it has just let go."""
    other = (
        SalesOrder.objects.filter(fm_client=at.store.fm, fm_number__in=[parcel.number for parcel in one.parcels])
        .exclude(order=one.order)
        .select_related("order__store")
        .first()
    )
    if other is None:
        return None
    return GiveUp(
        f"FM number {other.fm_number} belongs to order {other.order.bc_order_id} of store {other.order.store.name}",
        code="number_taken",
        field="SalesOrderNo",
        repair="give one of the two stores another prefix",
    )


def _again(order: Order, row: SalesOrder, parcel: Parcel, document: Document) -> Claimed:
    """FM knows it, if at all, by the number and codes that it was asked for first, whatever the settings are now."""
    return Claimed(
        order,
        row,
        parcel,
        row.fm_number,
        msgspec.structs.replace(document, SalesOrderNo=row.fm_number),
        _units((line.code, line.quantity) for line in row.lines.all()),
        asked_before=True,
    )


def _units(some: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for code, units in some:
        total[code] = total.get(code, 0) + units
    return total
