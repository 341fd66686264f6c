"""The lines and shipments of a batch of sales orders: read once, compared with what FM says, written once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import F

from npf.audit.notes import Note, Tag
from npf.follow.despatch import NOTHING, Charges, Despatched, Part, Units, despatched
from npf.orders.models import Line, SalesLine, SalesOrder
from npf.shipments.allocate import Wanted
from npf.shipments.models import Shipment, ShipmentLine
from npf.stores.visit import Visit
from npf.warehouse.records import OrderStatus

_NUMBER_FROM = {"consignment_no": "ConsignmentNo", "manifest_no": "ManifestNo"}

# How many units of each line have left, for many lines in one statement.
_DESPATCHED = """
update orders_line as line set despatched = new.despatched
from unnest(%s::bigint[], %s::int[]) as new (id, despatched) where line.id = new.id
"""


class Goods:
    """What the sales orders of a batch have asked for and what of it has left. Made and written in one transaction.

    `telling`: those of which FM tells shipments now; only their lines are read. One that is void has no lines here.
    """

    def __init__(self, at: Visit, rows: Sequence[SalesOrder], telling: Sequence[SalesOrder]) -> None:
        self._at = at
        self._wanted: dict[int, list[Wanted]] = {}
        self._known: dict[int, list[tuple[str, Units]]] = {}
        self._charged: dict[int, dict[str, Charges]] = {}
        self._dearer: list[tuple[SalesOrder, str, Charges]] = []
        self._lines: dict[tuple[int, int], Line] = {}
        self._shipments: list[Shipment] = []
        self._shipped: list[ShipmentLine] = []
        self._changed: dict[int, Line] = {}
        known = Shipment.objects.filter(sales_order__in=rows).order_by("pk")
        columns = ("sales_order_id", "consignment_no", "codes", "freight", "handling")
        for sales_order, number, codes, freight, handling in known.values_list(*columns):
            self._known.setdefault(sales_order, []).append((number, codes))
            self._charge(sales_order, number, (freight, handling))
        if telling:
            self._read_lines(telling)

    def _read_lines(self, rows: Sequence[SalesOrder]) -> None:
        lines = list(Line.objects.filter(order__in={row.order_id for row in rows}).order_by("order_product_id"))
        self._lines = {(line.order_id, line.order_product_id): line for line in lines}
        parts: dict[tuple[int, int], dict[str, SalesLine]] = {}
        for asked in SalesLine.objects.filter(sales_order__in=rows).order_by("code"):
            parts.setdefault((asked.sales_order_id, asked.line_id), {})[asked.code] = asked
        of_order: dict[int, list[Line]] = {}
        for line in lines:
            of_order.setdefault(line.order_id, []).append(line)
        for row in rows:
            found = (_wanted(row, line, parts.get((row.pk, line.pk))) for line in of_order.get(row.order_id, []))
            self._wanted[row.pk] = [one for one in found if one is not None]

    def compare(self, row: SalesOrder, status: OrderStatus) -> Despatched:
        """What FM shows of a sales order; what is new of it is kept for `write`."""
        wanted = self._wanted.get(row.pk, [])
        number_from = _NUMBER_FROM[self._at.settings.fm.tracking_from]
        known = self._known.setdefault(row.pk, [])
        charged = self._charged.get(row.pk)
        found = despatched(wanted, self._given(row, wanted), known, status.shipments, number_from, charged)
        for consignment, more in found.dearer.items():
            self._charge(row.pk, consignment, more)
            self._dearer.append((row, consignment, more))
        for part in found.parts:
            known.append((part.number, part.codes))
            self._charge(row.pk, part.number, part.charges)
            shipment = _shipment(row, part, self._at.clock.now())
            # What leaves under a void number is not what the order wanted: BigCommerce is not told of it.
            shipment.wanted = self._at.settings.parameters.update_tracking_number and row.voided_at is None
            self._shipments.append(shipment)
            for number, units in part.lines.items():
                line = self._lines[row.order_id, number]
                line.despatched += units
                self._changed[line.pk] = line
                self._shipped.append(ShipmentLine(shipment=shipment, line=line, quantity=units))
        return found

    def _charge(self, sales_order: int, number: str, more: Charges) -> None:
        of_order = self._charged.setdefault(sales_order, {})
        freight, handling = of_order.get(number, NOTHING)
        of_order[number] = freight + more[0], handling + more[1]

    def have_left(self, row: SalesOrder) -> bool:
        """Whether anything of a sales order has left."""
        return bool(self._known.get(row.pk))

    def missing(self, row: SalesOrder) -> str:
        """The units of a sales order that have not left, in words."""
        wanted = self._wanted.get(row.pk, [])
        given = self._given(row, wanted)
        return ", ".join(
            f"{one.quantity - given[one.line]} x {self._lines[row.order_id, one.line].sku}"
            for one in wanted
            if one.parts and one.quantity > given[one.line]
        )

    def write(self) -> None:
        """Save what is new."""
        Shipment.objects.bulk_create(self._shipments)
        ShipmentLine.objects.bulk_create(self._shipped)
        for row, number, (freight, handling) in self._dearer:
            Shipment.objects.filter(sales_order=row, consignment_no=number, part=1).update(
                freight=F("freight") + freight, handling=F("handling") + handling
            )
        if self._changed:
            lines = self._changed.values()
            with connection.cursor() as cursor:
                cursor.execute(_DESPATCHED, [[line.pk for line in lines], [line.despatched for line in lines]])

    def _given(self, row: SalesOrder, wanted: Sequence[Wanted]) -> dict[int, int]:
        return {one.line: self._lines[row.order_id, one.line].despatched for one in wanted}


def _wanted(row: SalesOrder, line: Line, parts: Mapping[str, SalesLine] | None) -> Wanted | None:
    """What FM was asked to send for a line, or that it rides along at the same address."""
    if parts:
        one = next(iter(parts.values()))
        per_unit = {code: asked.per_unit for code, asked in parts.items()}
        return Wanted(line.order_product_id, one.quantity // one.per_unit, per_unit)
    if line.rides_with is not None and line.order_address_id == row.order_address_id:
        return Wanted(line.order_product_id, line.asked, {}, line.rides_with)
    return None


def _shipment(row: SalesOrder, part: Part, now: datetime) -> Shipment:
    said = part.said
    return Shipment(
        sales_order=row,
        consignment_no=part.number,
        part=part.part,
        manifest_no=said.ManifestNo[:100],
        tracking_number=part.number,
        tracking_link=said.TrackingLink,
        despatched_on=said.DespatchDate,
        freight=part.charges[0],
        handling=part.charges[1],
        codes=part.codes,
        seen_at=now,
    )


def note(part: Part, bc_order_id: int) -> Note:
    """The line of the timeline for a new shipment."""
    what = ", ".join(f"{units} x {code}" for code, units in part.codes.items())
    text = f"Despatched from NPF: {what}, consignment {part.number}"
    if part.strange:
        text += ". Nobody asked FM for " + ", ".join(f"{units} x {code}" for code, units in part.strange.items())
    return Note(Tag.SHIPMENT_SEEN, text, bc_order_id)
