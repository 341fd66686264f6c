"""What goes wrong on demand, seen from the client's end of the wire."""

import http.client
from collections.abc import Callable
from typing import Any

import pytest

from npf.sandbox.fm.answers import NO_DETAILS
from npf.sandbox.fm.faults import KINDS, fm_faults

from .conftest import LOGIN, asked, envelope, login_xml

Document = Callable[..., str]


def post(fm: Any, document: str) -> tuple[int, bytes]:
    status, _, body = fm.raw("POST", "/serverorder.php", envelope("serverorder", "orders", document))
    return status, body


@pytest.mark.parametrize(("kind", "taken"), [("reset-before", False), ("reset-after", True)])
def test_a_reset_loses_the_answer(fm: Any, order_document: Document, kind: str, taken: bool) -> None:
    fm.warehouse.faults.load(f"{kind}@1")
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        post(fm, order_document("MG1"))
    assert ("MG1" in fm.client.orders) is taken
    (entry,) = fm.client.log
    assert (entry.numbers, entry.fault) == (("MG1",), kind)
    assert entry.outcome == ("accepted" if taken else "not reached")
    assert post(fm, order_document("MG2"))[0] == 200


def test_after_a_lost_answer_the_number_is_already_imported(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.next("reset-after", path="/serverorder.php")
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        post(fm, order_document("MG1"))
    assert fm.word("MG1") == "PICKING"
    assert list(fm.refusal(order_document("MG1"))) == ["02005"]
    assert fm.client.orders["MG1"].received == 2


@pytest.mark.parametrize(("kind", "taken"), [("500", False), ("500-after", True)])
def test_a_fault_of_the_server_is_http_500(fm: Any, order_document: Document, kind: str, taken: bool) -> None:
    fm.warehouse.faults.load(f"{kind}@1")
    status, body = post(fm, order_document("MG1"))
    assert status == 500
    assert b"SOAP-ENV:Server" in body
    assert ("MG1" in fm.client.orders) is taken


@pytest.mark.parametrize(("kind", "code"), [("500-doc", "500"), ("99999", "99999"), ("02011", "02011")])
def test_a_code_can_be_asked_for(fm: Any, order_document: Document, kind: str, code: str) -> None:
    fm.client.faults.load(f"{kind}@1")
    assert list(fm.refusal(order_document("MG1"))) == [code]
    assert fm.client.orders == {}


@pytest.mark.parametrize(("kind", "taken"), [("garbage", False), ("garbage-after", True)])
def test_garbage_is_a_page_of_html(fm: Any, order_document: Document, kind: str, taken: bool) -> None:
    fm.warehouse.faults.load(f"{kind}@1")
    status, body = post(fm, order_document("MG1"))
    assert status == 200
    assert body.startswith(b"<!DOCTYPE html>")
    assert ("MG1" in fm.client.orders) is taken


def test_a_truncated_answer_breaks_off(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("truncate@1")
    with pytest.raises(http.client.IncompleteRead) as caught:
        post(fm, order_document("MG1"))
    assert b"<SOAP-ENV:Envelope" in caught.value.partial
    assert "MG1" in fm.client.orders


def test_a_stall_waits_and_then_answers(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("stall:2.5@1")
    assert post(fm, order_document("MG1"))[0] == 200
    assert fm.slept == [2.5]


def test_the_status_list_leaves_orders_out(fm: Any, order_document: Document) -> None:
    numbers = [f"MG{i}" for i in range(10)]
    for number in numbers:
        fm.send(order_document(number))
    fm.warehouse.faults.load("leave-out@2")
    assert 0 < len(fm.status(*numbers)) < 10
    assert fm.status("MG1") == {}
    assert len(fm.status(*numbers)) == 10


def test_stock_can_be_all_zeros_or_unknown(fm: Any, order_document: Document) -> None:
    fm.warehouse.faults.load("zeros@1, no-details@1")
    assert fm.stock("Test001", "NOSUCH") == {"Test001": "0", "NOSUCH": NO_DETAILS}
    assert fm.stock("Test001") == {"Test001": NO_DETAILS}
    assert fm.stock("Test001") == {"Test001": "1000"}


def test_no_details_hides_the_status(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.warehouse.faults.load("no-details@1")
    assert fm.status("MG1")["MG1"].findtext("OrderStatusMessage") == NO_DETAILS
    assert fm.word("MG1") == "PICKING"


def test_the_wsdl_can_be_down(fm: Any) -> None:
    fm.warehouse.faults.load("wsdl@1")
    assert fm.raw("GET", "/npfsoh.php?wsdl")[0] == 500
    assert fm.raw("GET", "/npfsoh.php?wsdl")[0] == 200


def test_a_fault_of_one_client_spares_the_others(fm: Any, order_document: Document) -> None:
    other = fm.warehouse.add_client(client_code="ACME", username="acme", password="pw", faults="500=1")
    assert post(fm, order_document("MG1", login=("acme", "pw", "ACME")))[0] == 500
    assert post(fm, order_document("MG1"))[0] == 200
    assert [entry.fault for entry in other.log] == ["500"]


def test_the_same_seed_meets_the_same_faults() -> None:
    def met(seed: int) -> list[str]:
        faults = fm_faults(seed, "500=0.3,reset-after=0.3")
        return [fault.kind if (fault := faults.draw("POST", "/serverorder.php")) else "" for _ in range(50)]

    assert met(1) == met(1)
    assert met(1) != met(2)
    assert set(met(1)) == {"", "500", "reset-after"}


def test_a_spec_that_cannot_be_read_is_refused() -> None:
    for spec in ("500", "nosuch=0.1", "500=2", "500@x", "zeros:3=0.1"):
        with pytest.raises(ValueError, match=spec.partition("=")[0]):
            fm_faults(0, spec)


def test_every_kind_can_be_written_and_strikes_somewhere() -> None:
    for kind in KINDS:
        faults = fm_faults(0, f"{kind}@1")
        met = [
            faults.draw(m, p)
            for m in ("GET", "POST")
            for p in ("/serverorder.php", "/npforderstatus.php", "/npfsoh.php")
        ]
        assert [fault.kind for fault in met if fault] == [kind]


def test_the_log_tells_every_call(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.refusal(order_document("MG1"))
    fm.status("MG1", "MG2")
    fm.stock("Test001")
    fm.call("serverorder", f"<OrderList>{login_xml(('x', 'y', 'NONE'))}{asked('Order', ('Q',))}</OrderList>")
    told = [(e.client, e.operation, e.numbers, e.outcome, e.codes) for e in fm.warehouse.log]
    assert told == [
        ("DEMO", "serverorder", ("MG1",), "accepted", ()),
        ("DEMO", "serverorder", ("MG1",), "refused", ("02005",)),
        ("DEMO", "importorderstatus", ("MG1", "MG2"), "answered", ()),
        ("DEMO", "importsoh", ("Test001",), "answered", ()),
        ("NONE", "serverorder", ("Q",), "refused", ("01001",)),
    ]
    assert len(fm.client.log) == 4
    assert LOGIN[1] not in repr(fm.warehouse.log)
