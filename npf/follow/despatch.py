"""FM's shipments as rows of ours, each once, with its quantities turned back into BigCommerce's lines."""

import msgspec
from django.db.models import F

from npf.audit.notes import Note, Tag
from npf.fm.records import OrderStatus
from npf.fm.records import Shipment as FmShipment
from npf.orders.models import Line, Order, SalesOrder
from npf.shipments.allocate import Wanted, allocate
from npf.shipments.models import Shipment, ShipmentLine
from npf.stores.visit import Visit


class Seen(msgspec.Struct, frozen=True):
    """What FM's answer showed. `anything`: something of it has left; `all_shipped`.

    Every unit that FM was asked for.
    """

    notes: list[Note | None]
    anything: bool
    all_shipped: bool


def record_shipments(at: Visit, order: Order, one: SalesOrder, status: OrderStatus) -> Seen:
    """Write the shipments that we do not have yet. What FM adds to a known consignment becomes a further part of it."""
    reported = _by_number(at, status)
    if not reported:
        return Seen([], bool(status.shipments), False)
    rows = list(Shipment.objects.filter(sales_order=one).order_by("pk"))
    wanted = _wanted(one)
    lines = {line.order_product_id: line for line in Line.objects.filter(order=order)}
    notes: list[Note | None] = []
    for number, parts in reported.items():
        known = [row for row in rows if row.consignment_no == number]
        fresh = _less(_units(parts), [row.codes for row in known])
        if known and not fresh:
            continue
        row = _row(at, one, number, parts[-1], fresh, len(known) + 1)
        rows.append(row)
        given = {number: line.despatched for number, line in lines.items()}
        found = allocate(wanted, given, _sum([row.codes for row in rows]))
        _give(row, lines, found.lines)
        notes.append(_note(order, row, found.strange))
    complete = all(lines[want.line].despatched >= want.quantity for want in wanted)
    return Seen(notes, True, complete)


def _by_number(at: Visit, status: OrderStatus) -> dict[str, list[FmShipment]]:
    """FM's shipments by the number that we track them by; one without a number is not told of before it has one."""
    field = "ManifestNo" if at.settings.fm.tracking_from == "manifest_no" else "ConsignmentNo"
    found: dict[str, list[FmShipment]] = {}
    for shipment in status.shipments:
        if number := getattr(shipment, field).strip():
            found.setdefault(number[:100], []).append(shipment)
    return found


def _units(parts: list[FmShipment]) -> dict[str, int]:
    return _sum([{code: quantity} for part in parts for code, quantity in part.products])


def _sum(some: list[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for codes in some:
        for code, quantity in codes.items():
            total[code] = total.get(code, 0) + quantity
    return total


def _less(total: dict[str, int], known: list[dict[str, int]]) -> dict[str, int]:
    had = _sum(known)
    return {code: units - had.get(code, 0) for code, units in total.items() if units > had.get(code, 0)}


def _wanted(one: SalesOrder) -> list[Wanted]:
    """What FM was asked for, line by line, in the order of the lines; and what rides along at the same address."""
    parts: dict[int, dict[str, int]] = {}
    quantity: dict[int, int] = {}
    for sales_line in one.lines.select_related("line").order_by("line__order_product_id", "code"):
        number = sales_line.line.order_product_id
        parts.setdefault(number, {})[sales_line.code] = sales_line.per_unit
        quantity[number] = sales_line.quantity // sales_line.per_unit
    wanted = [Wanted(number, quantity[number], parts[number]) for number in parts]
    riders = Line.objects.filter(order=one.order_id, order_address_id=one.order_address_id, rides_with__isnull=False)
    for line in riders.order_by("order_product_id"):
        left = line.quantity - line.quantity_refunded
        wanted.append(Wanted(line.order_product_id, left, {}, line.rides_with))
    return wanted


def _row(at: Visit, one: SalesOrder, number: str, said: FmShipment, codes: dict[str, int], part: int) -> Shipment:
    return Shipment.objects.create(
        sales_order=one,
        consignment_no=number,
        part=part,
        manifest_no=said.ManifestNo[:100],
        tracking_number=number,
        tracking_link=said.TrackingLink,
        despatched_on=said.DespatchDate,
        freight=said.FrieghtCharges,
        handling=said.HandlingCharges,
        codes=codes,
        seen_at=at.clock.now(),
        wanted=at.settings.parameters.update_tracking_number,
    )


def _give(row: Shipment, lines: dict[int, Line], units: dict[int, int]) -> None:
    for number, quantity in units.items():
        line = lines[number]
        ShipmentLine.objects.create(shipment=row, line=line, quantity=quantity)
        Line.objects.filter(pk=line.pk).update(despatched=F("despatched") + quantity)
        line.despatched += quantity


def _note(order: Order, row: Shipment, strange: dict[str, int]) -> Note:
    what = ", ".join(f"{units} x {code}" for code, units in row.codes.items())
    text = f"Despatched from NPF: {what}, consignment {row.tracking_number}"
    if strange:
        text += ". Nobody asked FM for " + ", ".join(f"{units} x {code}" for code, units in strange.items())
    return Note(Tag.SHIPMENT_SEEN, text, order.bc_order_id)
