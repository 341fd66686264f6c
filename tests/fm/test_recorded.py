"""The whole exchange of our client with nuSOAP: recorded WSDL, answers and faults, and arguments of other names."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from npf.core.errors import TryLater
from npf.fm.client import FM
from npf.sandbox.fm import Warehouse, make_app
from npf.sandbox.server import Server, serve
from npf.warehouse.records import SalesOrder
from tests.fm.conftest import LOGIN, changed
from tests.fm.responder import Raw, Responder


@pytest.fixture
def recorded(shared: Path, responder: Responder) -> Callable[[str], bytes]:
    """Reads a record; the responder gives the recorded WSDL."""

    def read(name: str) -> bytes:
        return (shared / "envelopes" / name).read_bytes().rstrip(b"\n")

    responder.wsdl = Raw(read("serverorder.wsdl"))
    return read


def test_an_order_goes_by_the_recorded_wsdl_and_its_recorded_answer_is_read(
    fm: FM, responder: Responder, recorded: Callable[[str], bytes], order: SalesOrder
) -> None:
    responder.answer = lambda operation, document: Raw(recorded("response.xml"))
    accepted = fm.send(order)
    assert (accepted.NPFOrderNo, accepted.ClientCode, accepted.OrderStatus) == ("47100", "ACME", "Ready for process")
    (call,) = responder.calls
    assert (call.operation, call.argument, call.action) == ("serverorder", "orders", '"urn:loginwsdl#serverorder"')
    assert b'xmlns:ns0="urn:loginwsdl"' in call.raw


@pytest.mark.parametrize("status", [500, 200])
@pytest.mark.parametrize("record", ["fault-parse.xml", "fault-unknown-operation.xml"])
def test_a_recorded_fault_is_tried_again_later_with_either_status(
    fm: FM, responder: Responder, recorded: Callable[[str], bytes], order: SalesOrder, record: str, status: int
) -> None:
    responder.answer = lambda operation, document: Raw(recorded(record), status)
    with pytest.raises(TryLater, match="fault") as raised:
        fm.send(order)
    assert raised.value.unclear


@pytest.fixture
def renamed() -> Iterator[Server]:
    """A sandbox whose three arguments have names that nobody would guess; any other name is a fault there."""
    warehouse = Warehouse(seed=1, pick_delay=0.0, split_share=0.0)
    warehouse.add_client(client_code=LOGIN.ClientCode, username=LOGIN.Username, password=LOGIN.Password, products=None)
    names = {"serverorder": "xmlorder", "importorderstatus": "sostatus", "importsoh": "productlist"}
    with serve(make_app(warehouse, arguments=names, namespace="urn:npfws")) as server:
        yield server


def test_the_names_of_arguments_and_the_namespace_are_read_from_the_wsdl(
    renamed: Server, fm_at: Callable[..., FM], order: SalesOrder
) -> None:
    fm = fm_at(renamed.url)
    fm.send(order)
    assert fm.statuses([order.SalesOrderNo])[order.SalesOrderNo].status == "SHIPPED"
    assert fm.stock(["001215"]) == {"001215": 98}


@pytest.mark.parametrize("status", ["500", "200"])
def test_a_fault_of_the_sandbox_is_read_with_either_status(
    fm_at: Callable[..., FM], order: SalesOrder, status: str
) -> None:
    warehouse = Warehouse(seed=1, fault_status=status, faults="500@1")
    with serve(make_app(warehouse)) as server, pytest.raises(TryLater, match="Internal Server Error") as raised:
        fm_at(server.url).send(order)
    assert raised.value.unclear


def test_letters_whose_bytes_look_like_utf_8_come_back_as_they_went(
    renamed: Server, fm_at: Callable[..., FM], order: SalesOrder
) -> None:
    fm = fm_at(renamed.url)
    number = "\u00c9\u00bc1"
    assert fm.send(changed(order, "SalesOrderNo", number)).SalesOrderNo == number
    assert fm.statuses([number])[number].known
