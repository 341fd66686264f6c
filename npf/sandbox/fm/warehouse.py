"""FM itself: its clients, and what it answers to a document.

open(operation, text) -> Request -> [a fault may strike] -> carry_out -> Result
"""

import itertools
import random
import re
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..faults import Fault
from . import wsdl
from .answers import NO_DETAILS, Writer
from .bend import as_client, bend
from .client import Client
from .documents import Document, open_document, read_numbers, read_order
from .errors import Problem, Refused, SoapFault, problem
from .faults import fm_faults
from .judge import judge, refusal_asked_for
from .log import Entry, Log, Papers
from .orders import Order
from .settings import Settings
from .stock import CATALOGUE

_ROOTS = {wsdl.ORDER: "OrderList", wsdl.STATUS: "OrderList", wsdl.STOCK: "ProductList"}
_PATHS = {service.operation: service.path for service in wsdl.SERVICES}
_NAMES = {
    wsdl.ORDER: ("Order", "SalesOrderNo"),
    wsdl.STATUS: ("Order", "SalesOrderNo"),
    wsdl.STOCK: ("Product", "ProductCode"),
}

STRANGER = "XYZ"
"""The client whose answer comes where the wrong client answers and the warehouse has no other."""


@dataclass(slots=True)
class Request:
    """A document as it arrived. `client` is the one that it names, its login not yet looked at."""

    operation: str
    document: Document | None
    client: Client | None
    numbers: tuple[str, ...]
    asked: str
    refused: Refused | None = None


@dataclass(slots=True)
class Result:
    """The answer document, and what the log says of the call (see Entry)."""

    text: str
    outcome: str
    codes: tuple[str, ...] = ()


class Warehouse:
    """All clients of one FM. `now` gives aware times, `sleep` takes seconds; `settings` are those of Settings."""

    def __init__(
        self,
        seed: int = 0,
        now: Callable[[], datetime] | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        faults: str = "",
        **settings: Any,
    ) -> None:
        self.seed = seed
        self.now = now or _system_now
        self.sleep = sleep
        self.settings = Settings().changed(settings)
        self.faults = fm_faults(seed, faults)
        self._random = random.Random(f"leave-out:{seed}")
        self.calls = Log()
        self.clients: dict[str, Client] = {}
        self._lock = threading.Lock()
        self._npf_order_nos = itertools.count(47_100)
        self._call_numbers = itertools.count(1)

    def add_client(
        self,
        *,
        client_code: str,
        username: str,
        password: str,
        products: Mapping[str, int] | None = CATALOGUE,
        faults: str = "",
        **settings: Any,
    ) -> Client:
        """A new client. `products` is its stock by code; None = every code is sold, with 100 on hand.

        Settings not given are the warehouse's. Raises ValueError for a taken code or an unknown setting.
        """
        if not (client_code and username and password):
            raise ValueError("client_code, username and password must not be empty")
        client = Client(
            client_code,
            username,
            password,
            products,
            self.settings.changed(settings),
            seed=self.seed,
            now=self.now,
            faults=faults,
        )
        with self._lock:
            if client_code in self.clients:
                raise ValueError(f"client code {client_code!r} is taken")
            self.clients[client_code] = client
        return client

    @property
    def log(self) -> list[Entry]:
        """Every call, those of unknown clients included, oldest first."""
        return self.calls.entries()

    def set(self, **changes: Any) -> None:
        """Change settings for all clients, present and future. Raises ValueError; then nothing changes."""
        changed = self.settings.changed(changes)
        for client in list(self.clients.values()):
            client.set(**changes)
        self.settings = changed

    def open(self, operation: str, text: str) -> Request:
        """Read a document as far as its login; a broken one comes back with `refused`."""
        try:
            document = open_document(text, _ROOTS[operation])
        except Refused as refused:
            return Request(operation, None, None, (), _hidden(text), refused)
        client = self.clients.get(document.client_code)
        return Request(operation, document, client, _numbers(document, *_NAMES[operation]), _hidden(text))

    def choose_fault(self, operation: str, client: Client | None) -> Fault | None:
        """The fault that this call meets: the warehouse's, else the client's."""
        fault = self.faults.draw("POST", _PATHS[operation])
        return client.faults.draw("POST", _PATHS[operation]) if fault is None and client is not None else fault

    def refuse(self, request: Request, *problems: Problem) -> Result:
        """The answer that refuses a request."""
        settings = request.client.settings if request.client else self.settings
        writer = Writer(request.client.code if request.client else "", settings)
        return Result(writer.refused(problems), "refused", tuple(p.code for p in problems))

    def carry_out(self, request: Request, fault: Fault | None = None) -> Result:
        """Do what the document asks; `fault` may change what is done or told (slow, stale, leave-out, zeros, …)."""
        result = self._work(request, fault)
        if fault is None:
            return result
        if fault.kind == "wrong-client" and request.client is not None:
            result.text = as_client(result.text, self._another(request.client).code)
        result.text = bend(fault.kind, result.text)
        return result

    def _work(self, request: Request, fault: Fault | None) -> Result:
        try:
            if request.document is None:
                raise request.refused or Refused(problem("100"))
            client = self._admit(request.document)
            writer = Writer(client.code, client.settings)
            if request.operation == wsdl.ORDER:
                return self._take(client, request.document, writer, fault)
            if request.operation == wsdl.STATUS:
                return self._tell_status(client, request.document, writer, fault)
            return self._tell_stock(client, request.document, writer, fault)
        except Refused as refused:
            return self.refuse(request, *refused.problems)

    def record(self, request: Request, result: Result, fault: Fault | None) -> None:
        """Write one call into the logs."""
        code = request.document.client_code if request.document else ""
        kind = fault.kind if fault is not None else ""
        called = (self.now(), code, request.operation, request.numbers, result.outcome, result.codes, kind)
        entry = Entry(*called, next(self._call_numbers))
        self.calls.add(entry, Papers(request.asked, result.text))
        if request.client is not None:
            request.client.calls.add(entry)

    def record_fault(self, operation: str, body: bytes, error: SoapFault) -> None:
        """Write down a call that was no SOAP, with what came instead."""
        asked = _hidden(body.decode("iso-8859-1"))
        self.record(Request(operation, None, None, (), asked), Result(error.text, "no SOAP"), None)

    def _admit(self, document: Document) -> Client:
        """The client whose login and code the document bears. Raises Refused for either."""
        client = self.clients.get(document.client_code)
        settings = client.settings if client else self.settings
        login = (document.username, document.password)
        if client is not None and login == (client.username, client.password):
            return client
        if any(login == (other.username, other.password) for other in list(self.clients.values())):
            raise Refused(problem(settings.client_code_code, f"'{document.client_code}'"))
        raise Refused(problem(settings.login_code))

    def _take(self, client: Client, document: Document, writer: Writer, fault: Fault | None) -> Result:
        order = read_order(document)
        with client.lock:
            client.settle()
            before = client.find(order.number.strip())
            if before is not None:
                before.received += 1
                raise Refused(problem(client.settings.duplicate_code, order.number))
            if asked_for := refusal_asked_for(order):
                raise Refused(asked_for)
            if problems := judge(order, client.settings, client.stock.sold):
                raise Refused(*problems)
            slow = fault.seconds if fault is not None and fault.kind == "slow" else 0.0
            taken = client.accept(order, next(self._npf_order_nos), slow)
            return Result(writer.accepted(taken), "accepted")

    def _tell_status(self, client: Client, document: Document, writer: Writer, fault: Fault | None) -> Result:
        numbers = read_numbers(document, "Order", "SalesOrderNo", client.settings.status_batch)
        kind = fault.kind if fault is not None else ""
        if kind == "leave-out":
            numbers = self._some(numbers)
        with client.lock:
            client.settle()
            asked: list[tuple[str, Order | None]] = []
            moment = self._moment(fault)
            for number in numbers:
                order = client.find(number)
                if order is not None and order.hidden == "left-out":
                    continue
                if order is not None and (order.hidden or not client.visible(order, moment)):
                    order = None
                if order is not None and kind == "stale":
                    order = order.as_of(moment)
                asked.append((number, None if kind == "no-details" else order))
            return Result(writer.statuses(asked), "answered")

    def _moment(self, fault: Fault | None) -> datetime:
        """The time of which the answer tells: now, or before it where the reading is stale."""
        stale = fault.seconds if fault is not None and fault.kind == "stale" else 0.0
        return self.now() - timedelta(seconds=stale)

    def _some(self, numbers: list[str]) -> list[str]:
        """About half of the numbers, never all."""
        with self._lock:
            kept = [number for number in numbers if self._random.random() < 0.5]
            return kept if len(kept) < len(numbers) else kept[1:]

    def _tell_stock(self, client: Client, document: Document, writer: Writer, fault: Fault | None) -> Result:
        codes = read_numbers(document, "Product", "ProductCode", client.settings.stock_batch)
        kind = fault.kind if fault is not None else ""
        told = self._another(client) if kind == "wrong-client" else client
        with told.lock:
            told.settle()
            moment = self._moment(fault) if kind == "stale" else None
            figures: list[tuple[str, int | str]] = []
            for code in codes:
                if not told.stock.sold(code) or kind == "no-details":
                    figures.append((code, NO_DETAILS))
                elif kind == "zeros":
                    figures.append((code, 0))
                else:
                    figures.append((code, told.figure(code, moment)))
            return Result(writer.stock(figures), "answered")

    def _another(self, client: Client) -> Client:
        """Another client of the warehouse; where there is none, one that nobody knows, with a full warehouse."""
        others = [other for other in list(self.clients.values()) if other is not client]
        if others:
            return others[0]
        return Client(STRANGER, "?", "?", None, self.settings, seed=self.seed, now=self.now)


def _numbers(document: Document, group: str, leaf: str) -> tuple[str, ...]:
    """What a document names, for the log: read loosely, whatever its form."""
    found: list[ET.Element] = [element for element in document.elements if element.tag == group]
    texts = [text for element in found for text in (element.findtext(leaf) or "").split(",")]
    return tuple(text.strip() for text in texts if text.strip())


def _hidden(text: str) -> str:
    """A document as people may see it."""
    return re.sub(r"(<Password>)[^<]*", r"\1***", text)


def _system_now() -> datetime:
    return datetime.now(UTC)
