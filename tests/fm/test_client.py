"""The client over real HTTP on loopback, against a server in the shape of nuSOAP's recordings."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree

import msgspec
import pytest

from npf.core.clock import ManualClock
from npf.core.errors import TryLater
from npf.core.exchange import Exchange
from npf.fm.client import FM
from npf.fm.errors import LoginRefused, Refused
from npf.fm.write import order_document
from npf.warehouse.port import AlreadyThere
from npf.warehouse.records import SalesOrder
from tests.fm.conftest import LOGIN, changed
from tests.fm.responder import Responder
from tests.fm.test_read_lists import SHIPPED, levels, shipment
from tests.fm.test_read_lists import order as status_of
from tests.fm.test_read_orders import refused


def takes(operation: str, document: str) -> str:
    """An FM that takes every order, ships it at once and has 7 of everything."""
    root = ElementTree.fromstring(document)
    if operation == "serverorder":
        number = root.findtext("Order/SalesOrderNo")
        return (
            f"<Request><Status>Valid</Status><Response><ClientCode> ACME</ClientCode><SalesOrderNo> {number}"
            f"</SalesOrderNo><OrderStatus>Ready for process</OrderStatus><NPFOrderNo>N{number}</NPFOrderNo>"
            "</Response></Request>"
        )
    if operation == "importorderstatus":
        numbers = (root.findtext("Order/SalesOrderNo") or "").split(",")
        link = "www.example.com/track?id=1&type=2"
        inside = "".join(status_of(SHIPPED.format(shipment(f"C{n}", link=link)), n) for n in numbers)
        return f"<OrderList>{inside}</OrderList>"
    codes = (root.findtext("Product/ProductCode") or "").split(",")
    return levels(*((code, "7") for code in codes))


@pytest.fixture(autouse=True)
def _taking(responder: Responder) -> None:
    responder.answer = takes


def test_it_sends_an_order_and_gives_fms_number_back(fm: FM, order: SalesOrder, responder: Responder) -> None:
    accepted = fm.send(order)
    assert (accepted.SalesOrderNo, accepted.NPFOrderNo) == ("MG1000012", "NMG1000012")
    assert accepted.OrderStatus == "Ready for process"
    call = responder.calls[0]
    assert (call.operation, call.argument) == ("serverorder", "orders")
    assert call.action == '"urn:loginwsdl#serverorder"'
    assert call.document == order_document(LOGIN, order)


def test_letters_beyond_ascii_arrive_as_they_are(fm: FM, order: SalesOrder, responder: Responder) -> None:
    fm.send(changed(order, "ShippingAddress.City", "Zürich \u0141"))
    assert responder.calls[0].raw.isascii()
    sent = ElementTree.fromstring(responder.calls[0].document)
    assert sent.findtext("Order/ShippingAddress/City") == "Zürich \u0141"


def test_it_asks_for_many_orders_in_one_call(fm: FM, responder: Responder) -> None:
    numbers = [f"MG{n}" for n in range(100)]
    found = fm.statuses(numbers)
    assert list(found) == numbers
    assert found["MG7"].shipments[0].TrackingLink == "www.example.com/track?id=1&type=2"
    assert fm.calls == len(responder.calls) == 1
    assert responder.calls[0].argument == "statusrequest"


def test_more_orders_than_a_batch_are_several_calls(responder: Responder, fm_at: Callable[..., FM]) -> None:
    fm = fm_at(responder.base_url, status_batch=4)
    assert len(fm.statuses(f"MG{n}" for n in range(10))) == 10
    asked = [ElementTree.fromstring(call.document).findtext("Order/SalesOrderNo") for call in responder.calls]
    assert asked == ["MG0,MG1,MG2,MG3", "MG4,MG5,MG6,MG7", "MG8,MG9"]
    assert fm.calls == 3


def test_it_counts_the_stock_of_many_codes(fm: FM, responder: Responder) -> None:
    found = fm.stock([f"A{n}" for n in range(151)])
    assert set(found.values()) == {7}
    assert len(found) == 151
    assert fm.calls == 2
    assert {call.argument for call in responder.calls} == {"soh"}


def test_a_code_that_cannot_be_asked_for_is_unknown_and_reported(fm: FM, responder: Responder) -> None:
    answer = fm.stock_answer(["A1", "B,2", " ", "A1"])
    assert answer.StockonHand == {"A1": 7, "B,2": None, " ": None}
    assert answer.unaskable == ["B,2", " "]
    assert answer.ClientCodes == ["ACME"]
    assert "B" not in (ElementTree.fromstring(responder.calls[0].document).findtext("Product/ProductCode") or "")


def test_no_question_makes_no_call(fm: FM, responder: Responder) -> None:
    assert fm.statuses([]) == {}
    assert fm.statuses(["MG1,MG2", " "]) == {}
    assert fm.stock([]) == {}
    assert responder.calls == []
    assert fm.calls == 0


@pytest.mark.parametrize(
    ("code", "kind", "outcome"),
    [
        ("01001", LoginRefused, "refused"),
        ("02005", AlreadyThere, "refused"),
        ("02007", Refused, "refused"),
        ("99999", TryLater, "unclear"),
    ],
)
def test_a_refusal_is_raised_by_what_to_do_next(
    fm: FM,
    order: SalesOrder,
    responder: Responder,
    seen: list[Exchange],
    code: str,
    kind: type[Exception],
    outcome: str,
) -> None:
    responder.answer = lambda operation, document: refused((code, "no"))
    with pytest.raises(kind):
        fm.send(order)
    assert [e.outcome for e in seen] == [outcome]
    assert fm.calls == 1


def test_trouble_with_a_question_is_never_unclear(fm: FM, responder: Responder, seen: list[Exchange]) -> None:
    responder.answer = lambda operation, document: refused(("500", "no"))
    for ask in (lambda: fm.statuses(["MG1"]), lambda: fm.stock(["A1"])):
        with pytest.raises(TryLater) as raised:
            ask()
        assert not raised.value.unclear
    assert [e.outcome for e in seen] == ["failed", "failed"]


def test_the_wsdl_decides_the_name_of_the_argument(
    responder: Responder, fm_at: Callable[..., FM], order: SalesOrder
) -> None:
    responder.operations["/serverorder.php"] = ("serverorder", "xmlstring")
    fm_at(responder.base_url).send(order)
    assert responder.calls[0].argument == "xmlstring"


def test_a_wsdl_is_read_once_however_many_calls_and_clients(
    responder: Responder, fm_at: Callable[..., FM], order: SalesOrder
) -> None:
    for _ in range(3):
        fm = fm_at(responder.base_url)
        fm.send(order)
        fm.send(order)
    assert responder.gets == ["/serverorder.php?wsdl"]
    assert len(responder.calls) == 6


def test_a_connection_is_kept_between_calls(fm: FM, responder: Responder, order: SalesOrder) -> None:
    for _ in range(5):
        fm.send(order)
    assert responder.connections == 1


def test_each_call_is_watched(fm: FM, order: SalesOrder, seen: list[Exchange]) -> None:
    fm.send(order)
    fm.statuses(["MG1"])
    fm.stock(["A1", "A2", "A3"])
    assert [(e.what, e.write) for e in seen] == [
        ("serverorder MG1000012", True),
        ("importorderstatus MG1", False),
        ("importsoh A1 and 2 more", False),
    ]
    assert {(e.system, e.status, e.outcome) for e in seen} == {("fm", 200, "done")}
    assert "<SalesOrderNo>MG1000012</SalesOrderNo>" in seen[0].asked
    assert "<Username>acme</Username><Password>***</Password><ClientCode>ACME</ClientCode>" in seen[0].asked
    assert "<NPFOrderNo>NMG1000012</NPFOrderNo>" in seen[0].answered


def test_the_time_of_an_exchange_is_the_clocks(
    responder: Responder, seen: list[Exchange], fm_at: Callable[..., FM]
) -> None:
    clock = ManualClock(datetime(2026, 11, 1, 8, 0, tzinfo=UTC))

    def slowly(operation: str, document: str) -> str:
        clock.advance(1.5)
        return takes(operation, document)

    responder.answer = slowly
    fm_at(responder.base_url, clock=clock).stock(["A1"])
    assert (seen[0].started, seen[0].took) == (datetime(2026, 11, 1, 8, 0, tzinfo=UTC), 1.5)


def test_several_threads_send_at_once(fm: FM, order: SalesOrder, responder: Responder) -> None:
    numbers = [f"MG{n}" for n in range(80)]
    got: dict[str, str] = {}
    failed: list[BaseException] = []

    def work(mine: list[str]) -> None:
        try:
            for number in mine:
                got[number] = fm.send(msgspec.structs.replace(order, SalesOrderNo=number)).NPFOrderNo
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(numbers[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert got == {number: f"N{number}" for number in numbers}
    assert fm.calls == 80
    assert responder.gets == ["/serverorder.php?wsdl"]


def test_what_fm_says_for_another_client_is_not_believed(
    fm: FM, responder: Responder, order: SalesOrder, seen: list[Exchange]
) -> None:
    for_other = "<Order><ClientCode> OTHER</ClientCode>"
    responder.answer = lambda operation, document: (
        takes(operation, document).replace("ACME", "OTHER").replace("<Order>", for_other)
    )
    with pytest.raises(TryLater, match="for client OTHER, not for ACME") as raised:
        fm.send(order)
    assert raised.value.unclear
    with pytest.raises(TryLater, match="for client OTHER"):
        fm.statuses([order.SalesOrderNo])
    assert [exchange.outcome for exchange in seen] == ["unclear", "failed"]
