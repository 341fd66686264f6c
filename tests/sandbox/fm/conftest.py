"""An FM over real sockets with a clock that the test moves, and a plain SOAP client of the tests' own."""

import http.client
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from npf.sandbox.fm import Client, Warehouse, make_app
from npf.sandbox.server import Server, serve

ENVELOPES = Path(__file__).parents[4] / "shared" / "fm" / "envelopes"
LOGIN = ("demo", "s3cret", "DEMO")
_PAGES = {"serverorder": "orders", "importorderstatus": "orders", "importsoh": "soh"}
_PATHS = {
    "serverorder": "/serverorder.php",
    "importorderstatus": "/npforderstatus.php",
    "importsoh": "/npfsoh.php",
}


class HandClock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Fm:
    """What a test says to a running sandbox."""

    def __init__(self, server: Server, warehouse: Warehouse, client: Client, clock: HandClock) -> None:
        self.server = server
        self.warehouse = warehouse
        self.client = client
        self.clock = clock
        self.slept: list[float] = []

    def raw(
        self, method: str, path: str, body: bytes = b"", content_type: str = "text/xml; charset=ISO-8859-1"
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=5)
        try:
            connection.request(method, path, body, {"Content-Type": content_type} if body else {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def call(self, operation: str, document: str, argument: str = "") -> str:
        """The text inside a SOAP answer; the call must be answered with HTTP 200."""
        status, _, body = self.raw(
            "POST", _PATHS[operation], envelope(operation, argument or _PAGES[operation], document)
        )
        assert status == 200, body
        text = ET.fromstring(body)[0][0][0].text
        return text or ""

    def send(self, document: str) -> ET.Element:
        return ET.fromstring(self.call("serverorder", document))

    def refusal(self, document: str) -> dict[str, str]:
        """The codes and details with which an order is refused."""
        answer = self.send(document)
        assert answer.find("Response/NPFOrderNo") is None
        told: dict[str, str] = {}
        for error in answer.iter("Error"):
            code, detail = error.findtext("ErrorCode", ""), error.findtext("ErrorDetail", "")
            told[code] = f"{told[code]}; {detail}" if code in told else detail
        return told

    def status(self, *numbers: str, login: Sequence[str] = LOGIN) -> dict[str, ET.Element]:
        """The status list by number, read by repairing the bare ampersands."""
        text = self.call("importorderstatus", f"<OrderList>{login_xml(login)}{asked('Order', numbers)}</OrderList>")
        orders = ET.fromstring(text.replace("&type=", "&amp;type=")).findall("Order")
        return {order.findtext("SalesOrderNo", "").strip(): order for order in orders}

    def word(self, number: str) -> str:
        return (self.status(number)[number].findtext("OrderStatus") or "").strip()

    def stock(self, *codes: str) -> dict[str, str]:
        document = f"<ProductList>{login_xml(LOGIN)}{asked('Product', codes)}</ProductList>"
        answer = ET.fromstring(self.call("importsoh", document))
        return {
            p.findtext("ProductCode", "").strip(): p.findtext("StockonHand", "").strip() for p in answer.iter("Product")
        }

    def control(self, method: str, path: str, content: Any = None) -> tuple[int, Any]:
        body = b"" if content is None else json.dumps(content).encode()
        status, _, answer = self.raw(method, f"/_sandbox/{path}", body, "application/json")
        return status, json.loads(answer)


def envelope(operation: str, argument: str, document: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>'
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>'
        f'<ns1:{operation} xmlns:ns1="urn:loginwsdl"><{argument}>{escape(document)}</{argument}></ns1:{operation}>'
        "</SOAP-ENV:Body></SOAP-ENV:Envelope>"
    ).encode("iso-8859-1", "xmlcharrefreplace")


def login_xml(login: Sequence[str]) -> str:
    names = ("Username", "Password", "ClientCode")
    return "<Login>" + "".join(f"<{n}>{v}</{n}>" for n, v in zip(names, login, strict=True)) + "</Login>"


def asked(group: str, texts: Sequence[str]) -> str:
    leaf = {"Order": "SalesOrderNo", "Product": "ProductCode"}[group]
    return f"<{group}><{leaf}>{','.join(texts)}</{leaf}></{group}>"


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def order_leaves(number: str, lines: Sequence[tuple[str, int, int]], handling: int) -> dict[str, str]:
    """A sound order as texts by path, in the contract's sequence; prices in cents with 10 % GST inside."""
    address = {
        "FirstName": "Ada",
        "LastName": "Lovelace",
        "Address1": "12 Collins Street",
        "City": "Melbourne",
        "State": "VIC",
        "PostCode": "3000",
        "Country": "Australia",
    }
    leaves = {"SalesOrderNo": number, "OrderDate": "23-Nov-2026", "CustomerNo": "42"}
    leaves |= {f"BillingAddress/{name}": text for name, text in address.items()}
    leaves |= {"BillingAddress/Phone": "0390000000", "BillingAddress/Email": "ada@example.com"}
    leaves |= {f"ShippingAddress/{name}": text for name, text in address.items()}
    leaves["DespatchDetails/DispatchMethod"] = "AP"
    for place, (code, quantity, gross) in enumerate(lines, start=1):
        leaves |= {
            f"Products/Product[{place}]/{name}": text
            for name, text in {
                "Code": code,
                "Description": f"Thing {code}",
                "Quantity": str(quantity),
                "SalesPrice": money((gross * 10 + 5) // 11),
                "GST": "10",
                "SalesPricesIncludesGST": money(gross),
                "Amount": money(gross * quantity),
            }.items()
        }
    subtotal = sum(quantity * gross for _, quantity, gross in lines)
    leaves |= {
        "Totals/SubTotal1": money(subtotal),
        "Totals/P_H_Cost": money((handling * 10 + 5) // 11),
        "Totals/P_H_GST": "10",
        "Totals/P_H_IncludesGST": money(handling),
        "Totals/SubTotal2": money(subtotal + handling),
        "Totals/DiscountPercentage": "0",
        "Totals/DiscountAmount": "0.00",
        "Totals/Total": money(subtotal + handling),
    }
    return leaves


def write_leaves(leaves: dict[str, str]) -> str:
    """The XML of an `Order` from texts by path."""
    root = ET.Element("Order")
    made: dict[str, ET.Element] = {"": root}
    for path, text in leaves.items():
        parent = ""
        *groups, name = path.split("/")
        for group in groups:
            path_here = f"{parent}/{group}"
            if path_here not in made:
                made[path_here] = ET.SubElement(made[parent], group.partition("[")[0])
            parent = path_here
        ET.SubElement(made[parent], name).text = text
    return ET.tostring(root, encoding="us-ascii").decode()


@pytest.fixture
def order_document() -> Callable[..., str]:
    """A sound order document. `change`: texts by path, None leaves the element out."""

    def build(
        number: str = "MG1000012",
        change: dict[str, str | None] | None = None,
        *,
        lines: Sequence[tuple[str, int, int]] = (("Test001", 2, 1100),),
        handling: int = 550,
        login: Sequence[str] = LOGIN,
    ) -> str:
        leaves: dict[str, str] = {}
        changes = change or {}
        for path, text in order_leaves(number, lines, handling).items():
            new = changes.get(path, text)
            if new is not None:
                leaves[path] = new
        return f"<OrderList>{login_xml(login)}{write_leaves(leaves)}</OrderList>"

    return build


@pytest.fixture
def fm() -> Iterator[Fm]:
    """A warehouse with one client, DEMO, that ships everything whole ten seconds after acceptance."""
    clock = HandClock()
    slept: list[float] = []
    warehouse = Warehouse(seed=7, now=clock.now, sleep=slept.append, pick_delay=10.0, split_share=0.0)
    client = warehouse.add_client(client_code="DEMO", username="demo", password="s3cret")
    with serve(make_app(warehouse)) as server:
        running = Fm(server, warehouse, client, clock)
        running.slept = slept
        yield running


@pytest.fixture
def envelopes() -> Path:
    """The recorded envelopes."""
    if not ENVELOPES.is_dir():
        pytest.skip(f"the folder {ENVELOPES} is absent")
    return ENVELOPES
