"""What is read from a WSDL, and where the client goes for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from npf.core.errors import FixSettings, TryLater
from npf.fm.client import FM
from npf.fm.wire import Reply
from npf.fm.wsdl import ORDER, Wsdl, contract
from npf.warehouse.records import SalesOrder
from tests.fm.responder import Raw, Responder, fault
from tests.fm.test_client import takes


def test_the_recorded_wsdl_gives_operation_argument_and_action(shared: Path) -> None:
    content = (shared / "envelopes" / "serverorder.wsdl").read_bytes()
    asked: list[str] = []

    def fetch(url: str) -> Reply:
        asked.append(url)
        return Reply(200, content, None)

    found = contract("http://127.0.0.1:8082/recorded.php?wsdl", ORDER, fetch)
    assert (found.argument, found.action) == ("orders", "urn:loginwsdl#serverorder")
    assert found.address == "http://127.0.0.1:8082/serverorder.php"
    assert asked == ["http://127.0.0.1:8082/recorded.php?wsdl"]
    envelope = found.envelope("<OrderList/>")
    assert (
        b'<ns0:serverorder xmlns:ns0="urn:loginwsdl"><orders>&lt;OrderList/&gt;</orders></ns0:serverorder>' in envelope
    )


def test_the_three_addresses_derive_from_the_base() -> None:
    for base in ("https://npfulfilmentapi.com", "https://npfulfilmentapi.com/", " npfulfilmentapi.com "):
        wsdl = Wsdl.from_base(base)
        assert wsdl.order == "https://npfulfilmentapi.com/serverorder.php?wsdl"
        assert wsdl.status == "https://npfulfilmentapi.com/npforderstatus.php?wsdl"
        assert wsdl.stock == "https://npfulfilmentapi.com/npfsoh.php?wsdl"


def test_the_defaults_are_those_of_the_contract(shared: Path) -> None:
    page = (shared / "WEBSERVICE.md").read_text()
    wsdl = Wsdl.from_base("https://npfulfilmentapi.com")
    for url in (wsdl.order, wsdl.status, wsdl.stock):
        assert f"`{url}`" in page


def test_each_address_can_be_given_alone() -> None:
    wsdl = Wsdl.from_base("http://127.0.0.1:8082", stock="http://127.0.0.1:9/s.php?wsdl")
    assert wsdl.order == "http://127.0.0.1:8082/serverorder.php?wsdl"
    assert wsdl.stock == "http://127.0.0.1:9/s.php?wsdl"
    alone = "http://127.0.0.1:9/x?wsdl"
    assert Wsdl.from_base("", order=alone, status=alone, stock=alone).order == alone


@pytest.mark.parametrize("base", ["", "ftp://x", "https://", "http://u:p@h", "http://h:port", "a b", "http://[::1"])
def test_what_is_no_address_is_named_as_the_setting(base: str) -> None:
    with pytest.raises(FixSettings) as raised:
        Wsdl.from_base(base)
    assert raised.value.parameter == "fm.base_url"
    with pytest.raises(FixSettings) as raised:
        Wsdl.from_base("https://npfulfilmentapi.com", status=base or "http://")
    assert raised.value.parameter == "fm.status_wsdl"


def test_credentials_go_only_to_the_host_that_was_given(
    responder: Responder, fm_at: Callable[..., FM], order: SalesOrder
) -> None:
    responder.answer = takes
    responder.location = "http://127.0.0.2:1/other.php"
    fm_at(responder.base_url).send(order)
    assert len(responder.calls) == 1


def test_a_scheme_and_a_port_of_the_wsdl_do_not_lead_elsewhere(
    responder: Responder, fm_at: Callable[..., FM], order: SalesOrder
) -> None:
    responder.answer = takes
    responder.location = "https://127.0.0.1/deep/serverorder.php"
    fm_at(responder.base_url).send(order)
    assert len(responder.calls) == 1


def test_what_the_wsdl_imports_from_elsewhere_is_never_fetched(
    responder: Responder, fm_at: Callable[..., FM], order: SalesOrder
) -> None:
    other = Responder()
    try:
        responder.answer = takes
        responder.elsewhere = f'schemaLocation="{other.base_url}/encoding.xsd"'
        fm_at(responder.base_url).send(order)
        assert other.connections == 0
        assert responder.gets == ["/serverorder.php?wsdl"]
    finally:
        other.stop()


@pytest.mark.parametrize(
    "answer",
    [
        Raw(b"", 404),
        Raw(b"<html>", 503, {"Retry-After": "7"}),
        Raw(b"<html/>"),
        Raw(b"not xml"),
        Raw(b"", 301, {"Location": "http://127.0.0.1:9/"}),
        Raw(b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>'),
        Raw(b'<!DOCTYPE x [<!ENTITY a "b">]><definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>'),
    ],
)
def test_a_wsdl_that_cannot_be_had_is_asked_for_again_and_nothing_was_sent(
    responder: Responder, fm_at: Callable[..., FM], order: SalesOrder, answer: Raw
) -> None:
    responder.answer = takes
    responder.wsdl = answer
    fm = fm_at(responder.base_url)
    with pytest.raises(TryLater, match="WSDL") as raised:
        fm.send(order)
    assert not raised.value.unclear
    assert raised.value.delay == (7 if answer.status == 503 else None)
    assert fm.calls == 0
    responder.wsdl = None
    assert fm.send(order).NPFOrderNo == "NMG1000012"


def test_a_service_with_another_name_for_its_one_operation_is_used(
    responder: Responder, fm_at: Callable[..., FM], order: SalesOrder
) -> None:
    responder.answer = lambda operation, document: takes("serverorder", document)
    responder.operations["/serverorder.php"] = ("placeorder", "xml")
    fm_at(responder.base_url).send(order)
    assert (responder.calls[0].operation, responder.calls[0].argument) == ("placeorder", "xml")


def test_a_wsdl_that_fm_no_longer_keeps_to_is_read_anew(responder: Responder, fm_at: Callable[..., FM]) -> None:
    fm = fm_at(responder.base_url)
    responder.answer = takes
    fm.statuses(["MG1"])
    responder.operations["/npforderstatus.php"] = ("importorderstatus", "renamed")
    responder.answer = lambda operation, document: Raw(
        fault("Operation 'x' is not defined in the WSDL for this service")
    )
    with pytest.raises(TryLater):
        fm.statuses(["MG1"])
    responder.answer = takes
    fm.statuses(["MG1"])
    assert [call.argument for call in responder.calls] == ["statusrequest", "statusrequest", "renamed"]


@pytest.mark.parametrize("parts", ["", '<part name="a" type="xsd:string" /><part name="b" type="xsd:string" />'])
def test_a_wsdl_whose_operation_does_not_take_one_argument_is_not_believed(
    responder: Responder, fm_at: Callable[..., FM], order: SalesOrder, parts: str
) -> None:
    one = b'<part name="orders" type="xsd:string" />'
    responder.wsdl = Raw(responder.wsdl_of("/serverorder.php").replace(one, parts.encode()))
    with pytest.raises(TryLater, match="arguments"):
        fm_at(responder.base_url).send(order)
    assert responder.calls == []
