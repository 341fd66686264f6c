"""The wire: what nuSOAP writes and reads, byte for byte where it was recorded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zeep

from npf.sandbox.fm import Warehouse, make_app, soap, wsdl
from npf.sandbox.fm.errors import SoapFault
from npf.sandbox.server import serve

from .conftest import envelope


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
