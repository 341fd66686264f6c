"""Writes FM's answer documents (WEBSERVICE.md sections 1 to 3), stray spaces and bare ampersands included."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from . import orders as states
from .documents import MONTHS
from .errors import Problem
from .orders import Order, Shipment
from .settings import Settings

NO_DETAILS = "Sorry, No details available!"
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


class Writer:
    """Writes in one client's manner; `client_code` is what the documents bear."""

    def __init__(self, client_code: str, settings: Settings) -> None:
        self._client_code = client_code
        self._settings = settings
        self._zone = ZoneInfo(settings.zone)

    def accepted(self, order: Order) -> str:
        """The order was taken."""
        return (
            f"{_DECLARATION}<Request><Status>Valid</Status><Response>{self._client()}"
            f"{self._spaced('BatchCode', order.batch_code)}{self._spaced('SalesOrderNo', order.number)}"
            f"{_element('OrderStatus', 'Ready for process')}{_element('NPFOrderNo', str(order.npf_order_no))}"
            "</Response></Request>"
        )

    def refused(self, problems: Iterable[Problem]) -> str:
        """The document was refused, in the form that the settings name."""
        form = self._settings.refusal_form
        if form == "errors":
            return f"{_DECLARATION}<Request><Response>{self._errors(problems)}</Response></Request>"
        words = "|".join(["Invalid", *(f"{p.code} {p.detail}" if form != "invalid" else p.detail for p in problems)])
        return words if form == "plain" else f"{_DECLARATION}<Request>{_element('Status', words)}</Request>"

    def statuses(self, asked: Sequence[tuple[str, Order | None]]) -> str:
        """The status list: a number with None is one that FM does not know."""
        rows = "".join(self._unknown(number) if order is None else self._status(order) for number, order in asked)
        return f"{_DECLARATION}<OrderList>{rows}</OrderList>"

    def stock(self, figures: Iterable[tuple[str, int | str]]) -> str:
        """The stock list: a figure for each code, or the words that stand in its place."""
        rows = "".join(
            f"<Product>{self._spaced('ProductCode', code)}{self._spaced('StockonHand', str(figure))}</Product>"
            for code, figure in figures
        )
        return f"{_DECLARATION}<ProductList>{self._client()}{rows}</ProductList>"

    def _status(self, order: Order) -> str:
        word = self._settings.picking_word if order.status == states.PICKING else order.status
        return (
            f"<Order>{self._client()}{self._spaced('SalesOrderNo', order.number)}"
            f"{_element('NPFOrderNo', str(order.npf_order_no))}"
            f"{_element('StatusTime', self._time(order.status_at))}{self._spaced('OrderStatus', word)}"
            f"{_element('OrderStatusMessage', order.message)}{self._details(order)}</Order>"
        )

    def _unknown(self, number: str) -> str:
        status = "<OrderStatus></OrderStatus>" if self._settings.unknown_status == "empty" else ""
        return (
            f"<Order>{self._client()}{self._spaced('SalesOrderNo', number)}{status}"
            f"{_element('OrderStatusMessage', NO_DETAILS)}</Order>"
        )

    def _details(self, order: Order) -> str:
        """What the table of section 2 says that each status carries."""
        if order.status == states.ERROR:
            return self._errors(order.errors)
        if order.status == states.BACKORDER:
            ordered = order.ordered
            rows = "".join(
                f"<Product>{self._spaced('Code', code)}{_element('OrderQuantity', str(ordered[code]))}"
                f"{_element('BOQuantity', str(quantity))}</Product>"
                for code, quantity in order.backordered.items()
            )
            return f"<Products>{rows}</Products>"
        if order.status == states.PARTIAL:
            rest = self._products(order.backordered or order.remaining)
            return f"{self._shipments(order)}<BODetails>{rest}</BODetails>"
        if order.status == states.SHIPPED:
            return self._shipments(order)
        return ""

    def _shipments(self, order: Order) -> str:
        rows = "".join(self._shipment(shipment) for shipment in order.shipments)
        return f"<ShipmentDetails>{rows}</ShipmentDetails>"

    def _shipment(self, shipment: Shipment) -> str:
        link = shipment.link if self._settings.bare_ampersand else escape(shipment.link)
        return (
            f"<Shipment>{_element('DespatchDate', self._date(shipment.despatched_at))}"
            f"{_element('ManifestNo', shipment.manifest)}{self._spaced('ConsignmentNo', shipment.consignment)}"
            f"{_element('FrieghtCharges', shipment.freight)}{_element('HandlingCharges', shipment.handling)}"
            f"<TrackingLink>{link}</TrackingLink>{self._products(shipment.products)}</Shipment>"
        )

    def _products(self, quantities: dict[str, int]) -> str:
        rows = "".join(
            f"<Product>{self._spaced('Code', code)}{_element('Quantity', str(quantity))}</Product>"
            for code, quantity in quantities.items()
        )
        return f"<Products>{rows}</Products>"

    def _errors(self, problems: Iterable[Problem]) -> str:
        rows = "".join(
            f"<Error>{_element('ErrorCode', code)}{_element('ErrorDetail', detail)}</Error>"
            for code, detail in problems
        )
        return f"<Errors>{rows}</Errors>"

    def _client(self) -> str:
        return self._spaced("ClientCode", self._client_code)

    def _spaced(self, name: str, text: str) -> str:
        """An element whose text bears FM's stray space."""
        return f"<{name}>{' ' if self._settings.stray_spaces and text else ''}{escape(text)}</{name}>"

    def _date(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f"{local.day:02d}-{MONTHS[local.month - 1]}-{local.year:04d}"

    def _time(self, at: datetime) -> str:
        return f"{self._date(at)} {at.astimezone(self._zone):%H:%M:%S}"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"
