"""The wire: what nuSOAP writes and reads, byte for byte where it was recorded."""

import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zeep

from npf.sandbox.fm import Warehouse, make_app, soap, wsdl
from npf.sandbox.fm.errors import SoapFault
from npf.sandbox.server import serve

from .conftest import LOGIN, asked, envelope, login_xml


def test_the_wsdl_is_the_recorded_one_with_the_host_that_was_asked(fm: Any, envelopes: Path) -> None:
    status, headers, body = fm.raw("GET", "/serverorder.php?wsdl")
    recorded = (envelopes / "serverorder.wsdl").read_text("iso-8859-1")
    assert status == 200
    assert headers["Content-Type"] == "text/xml; charset=ISO-8859-1"
    assert body.decode("iso-8859-1") == recorded.replace("127.0.0.1:8082", f"127.0.0.1:{fm.server.port}").rstrip("\n")


def test_the_recorded_request_is_understood(fm: Any, envelopes: Path) -> None:
    request = (envelopes / "request.xml").read_bytes()
    assert soap.read_call(request, "text/xml; charset=ISO-8859-1") == ("serverorder", "orders", "<OrderList/>")
    status, _, body = fm.raw("POST", "/serverorder.php", request)
    assert status == 200
    assert b"&lt;ErrorCode&gt;01001&lt;/ErrorCode&gt;" in body


def test_an_answer_is_written_like_the_recorded_one(envelopes: Path) -> None:
    recorded = (envelopes / "response.xml").read_bytes()
    inner = (
        '<?xml version="1.0" encoding="utf-8"?><Request><Status>Valid</Status><Response><ClientCode> ACME</ClientCode>'
        "<BatchCode> ACME_A1_23-11-2026</BatchCode><SalesOrderNo> MG1000012</SalesOrderNo>"
        "<OrderStatus>Ready for process</OrderStatus><NPFOrderNo>47100</NPFOrderNo></Response></Request>"
    )
    assert soap.answer("serverorder", inner) == recorded.rstrip(b"\n")


def test_an_accepted_order_is_answered_with_the_recorded_words(
    fm: Any, envelopes: Path, order_document: Callable[..., str]
) -> None:
    fm.warehouse.add_client(client_code="ACME", username="acme", password="pw")
    document = order_document("MG1000012", login=("acme", "pw", "ACME"))
    text = fm.call("serverorder", document)
    assert soap.answer("serverorder", text) == (envelopes / "response.xml").read_bytes().rstrip(b"\n")


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (
            "fault-parse.xml",
            "error in msg parsing:\nXML error parsing SOAP payload on line 1: Not well-formed (invalid token)",
        ),
        ("fault-unknown-operation.xml", "Operation 'nosuch' is not defined in the WSDL for this service"),
    ],
)
def test_a_fault_is_written_like_the_recorded_one(envelopes: Path, record: str, text: str) -> None:
    assert soap.fault(SoapFault("Client", text)) == (envelopes / record).read_bytes().rstrip(b"\n")


def test_an_unknown_operation_is_a_fault_with_http_500(fm: Any, envelopes: Path) -> None:
    request = (envelopes / "request.xml").read_bytes().replace(b"serverorder", b"nosuch")
    status, headers, body = fm.raw("POST", "/serverorder.php", request)
    assert (status, headers["Server"]) == (500, "NuSOAP Server v0.9.5")
    assert body == (envelopes / "fault-unknown-operation.xml").read_bytes().rstrip(b"\n")


@pytest.mark.parametrize(
    ("body", "content_type", "says"),
    [
        (b"<a>&</a>", "text/xml", b"XML error parsing SOAP payload on line 1: Not well-formed (invalid token)"),
        (b"<a>", "text/xml", b"XML error parsing SOAP payload"),
        (b"<a/>", "text/xml", b"not a SOAP 1.1 envelope"),
        (b"<a/>", "application/json", b"Request not of type text/xml"),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "text/xml; charset=utf-8", b"does not match encoding"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "text/xml", b"Document types are not allowed"),
        (b"<a>" * 500 + b"</a>" * 500, "text/xml", b"Nested too deeply"),
    ],
)
def test_what_is_no_soap_is_a_fault(fm: Any, body: bytes, content_type: str, says: bytes) -> None:
    status, _, answer = fm.raw("POST", "/serverorder.php", body, content_type)
    assert status == 500
    assert says in answer
    assert b'<faultcode xsi:type="xsd:string">SOAP-ENV:Client</faultcode>' in answer


def test_the_bytes_of_an_answer_are_utf_8_in_an_envelope_that_says_iso_8859_1(
    fm: Any, order_document: Callable[..., str]
) -> None:
    body = fm.raw("POST", "/serverorder.php", envelope("serverorder", "orders", order_document("Zoë")))[2]
    assert body.startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert "&lt;SalesOrderNo&gt; Zoë&lt;".encode() in body


def test_a_guessed_argument_name_is_a_fault(fm: Any, order_document: Callable[..., str]) -> None:
    from_the_wsdl = fm.call("serverorder", order_document("A1"), "orders")
    assert "Valid" in from_the_wsdl
    status, _, body = fm.raw("POST", "/serverorder.php", envelope("serverorder", "soh", order_document("A2")))
    assert status == 500
    assert b"needs the argument &apos;orders&apos;, not &apos;soh&apos;" in body
    assert "A2" not in fm.client.orders


def test_a_document_type_inside_the_argument_is_refused(fm: Any) -> None:
    assert "Document types" in fm.refusal('<!DOCTYPE x [<!ENTITY e "1">]><OrderList>&e;</OrderList>')["100"]


def test_zeep_reads_the_wsdl_and_sends_an_order(fm: Any, order_document: Callable[..., str]) -> None:
    client = zeep.Client(f"{fm.server.url}/serverorder.php?wsdl")
    (operation,) = client.service._binding._operations.values()
    assert operation.input.signature() == "orders: xsd:string"
    answer = client.service.serverorder(order_document("Z1"))
    assert "<Status>Valid</Status>" in answer
    assert fm.client.orders["Z1"].lines[0].code == "Test001"


def test_zeep_takes_the_name_of_the_argument_from_the_wsdl() -> None:
    app = make_app(Warehouse(), arguments={wsdl.STATUS: "sostatus"})
    with serve(app) as server:
        client = zeep.Client(f"{server.url}/npforderstatus.php?wsdl")
        (operation,) = client.service._binding._operations.values()
        assert operation.input.signature() == "sostatus: xsd:string"
        assert "01001" in client.service.importorderstatus("<OrderList/>")


def test_zeep_shows_a_fault_as_a_fault(fm: Any) -> None:
    client = zeep.Client(f"{fm.server.url}/npfsoh.php?wsdl")
    fm.warehouse.faults.load("500@1")
    with pytest.raises(zeep.exceptions.Fault, match="Internal Server Error"):
        client.service.importsoh("<ProductList/>")


SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
WSDL_SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"


def plain_call(wsdl_url: str, document: str) -> str:
    """A SOAP 1.1 client of the standard library: all that it knows, it reads from the WSDL."""
    with urllib.request.urlopen(wsdl_url) as answer:
        root = ET.fromstring(answer.read())
    binding = root.find(f"{WSDL}binding/{WSDL}operation")
    part = root.find(f"{WSDL}message/{WSDL}part")
    address = root.find(f".//{WSDL_SOAP}address")
    assert binding is not None
    assert part is not None
    assert address is not None
    action = binding.find(f"{WSDL_SOAP}operation")
    body = binding.find(f"{WSDL}input/{WSDL_SOAP}body")
    assert action is not None
    assert body is not None
    assert (body.get("use"), action.get("style")) == ("encoded", "rpc")
    envelope = ET.Element(f"{SOAP}Envelope", {f"{SOAP}encodingStyle": body.get("encodingStyle", "")})
    call = ET.SubElement(ET.SubElement(envelope, f"{SOAP}Body"), f"{{{body.get('namespace')}}}{binding.get('name')}")
    ET.SubElement(call, part.get("name", "")).text = document
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action.get("soapAction")}"'}
    request = urllib.request.Request(address.get("location", ""), ET.tostring(envelope, "utf-8"), headers)
    with urllib.request.urlopen(request) as answer:
        result = ET.fromstring(answer.read()).find(f"{SOAP}Body")
    assert result is not None
    return result[0][0].text or ""


def test_a_plain_soap_client_reads_the_wsdl_and_calls_all_three(fm: Any, order_document: Callable[..., str]) -> None:
    at = fm.server.url
    assert "<Status>Valid</Status>" in plain_call(f"{at}/serverorder.php?wsdl", order_document("P1"))
    status = f"<OrderList>{login_xml(LOGIN)}{asked('Order', ['P1'])}</OrderList>"
    assert "<OrderStatus> PICKING</OrderStatus>" in plain_call(f"{at}/npforderstatus.php?wsdl", status)
    stock = f"<ProductList>{login_xml(LOGIN)}{asked('Product', ['Test001'])}</ProductList>"
    assert "<StockonHand> 998</StockonHand>" in plain_call(f"{at}/npfsoh.php?wsdl", stock)


def test_a_plain_soap_client_finds_an_argument_of_another_name() -> None:
    names = {wsdl.ORDER: "xmlorder", wsdl.STATUS: "sostatus", wsdl.STOCK: "products"}
    with serve(make_app(Warehouse(), arguments=names)) as server:
        for service in wsdl.SERVICES:
            assert "<ErrorCode>" in plain_call(f"{server.url}{service.path}?wsdl", "<OrderList/>")


def recorded_headers(file: Path) -> tuple[str, list[tuple[str, str]]]:
    """(status, headers) of a record, without those that the connection alone decides."""
    first, *lines = file.read_text().strip().splitlines()
    pairs = [tuple(line.split(": ", 1)) for line in lines if line.strip()]
    own = ("Host", "Date", "Connection", "Content-Length")
    return first.split(" ", 1)[1], [(name, value) for name, value in pairs if name not in own]


@pytest.mark.parametrize(
    ("record", "body", "status"),
    [("response.headers", "request.xml", 200), ("fault-parse.headers", "", 500)],
)
def test_headers_are_the_recorded_ones_in_their_order(
    fm: Any, envelopes: Path, record: str, body: str, status: int
) -> None:
    request = (envelopes / body).read_bytes() if body else b"<a>&</a>"
    told, headers, _ = fm.raw("POST", "/serverorder.php", request)
    line, recorded = recorded_headers(envelopes / record)
    assert line.startswith(str(told))
    assert told == status
    own = ("Date", "Connection", "Content-Length")
    assert [(name, value) for name, value in headers.items() if name not in own] == recorded


def test_a_fault_comes_with_http_200_where_it_is_set(fm: Any, envelopes: Path) -> None:
    fm.warehouse.set(fault_status="200")
    request = (envelopes / "request.xml").read_bytes().replace(b"serverorder", b"nosuch")
    status, headers, body = fm.raw("POST", "/serverorder.php", request)
    assert (status, "Status" in headers) == (200, False)
    assert body == (envelopes / "fault-unknown-operation.xml").read_bytes().rstrip(b"\n")
