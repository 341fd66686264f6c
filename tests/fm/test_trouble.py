"""What goes wrong on the way to FM, and that no secret leaves with it."""

import gzip
import socket
import traceback
from collections.abc import Callable
from html import escape

import pytest

from npf.core.errors import NpfError, TryLater
from npf.core.exchange import Exchange
from npf.fm.client import FM
from npf.fm.errors import Refused
from npf.fm.login import Login
from npf.fm.masking import masked
from npf.warehouse.records import SalesOrder
from tests.fm.conftest import LOGIN
from tests.fm.responder import Raw, Responder, enveloped, fault
from tests.fm.test_client import takes
from tests.fm.test_read_orders import VALID, refused

WHOLE = enveloped("serverorder", VALID)

TROUBLE = {
    "reset": Raw(cut=0),
    "cut in the headers' promise": Raw(WHOLE, cut=200),
    "cut envelope": Raw(WHOLE[:-80]),
    "fault 500": Raw(fault("error in msg parsing"), 500),
    "fault 200": Raw(fault("error in msg parsing"), 200),
    "html 502": Raw(b"<html>Bad Gateway</html>", 502),
    "html 200": Raw(b"<html>maintenance"),
    "empty 200": Raw(b""),
    "empty 500": Raw(b"", 500),
    "not found": Raw(b"no such page", 404),
    "moved": Raw(b"", 302, {"Location": "http://127.0.0.1:9/elsewhere"}),
    "answer with a bad status": Raw(WHOLE, 500),
    "no return": Raw(enveloped("serverorder", "")),
    "garbage inside": Raw(enveloped("serverorder", "PHP Fatal error: Out of memory")),
    "rubbish": Raw(bytes(range(256))),
    "laughs": Raw(b'<!DOCTYPE x [<!ENTITY l "l">]>' + WHOLE),
}


@pytest.mark.parametrize("name", sorted(TROUBLE))
def test_an_order_whose_answer_is_lost_is_unclear(
    fm: FM, order: SalesOrder, responder: Responder, seen: list[Exchange], name: str
) -> None:
    responder.answer = lambda operation, document: TROUBLE[name]
    with pytest.raises(TryLater) as raised:
        fm.send(order)
    assert raised.value.unclear
    assert [(e.outcome, e.write) for e in seen] == [("unclear", True)]
    assert seen[0].answered
    assert len(responder.calls) == 1


@pytest.mark.parametrize("name", sorted(TROUBLE))
def test_a_question_whose_answer_is_lost_is_asked_again(
    fm: FM, responder: Responder, seen: list[Exchange], name: str
) -> None:
    responder.answer = lambda operation, document: TROUBLE[name]
    with pytest.raises(TryLater) as raised:
        fm.statuses(["MG1"])
    assert not raised.value.unclear
    assert [(e.outcome, e.write) for e in seen] == [("failed", False)]


def test_an_fm_that_cannot_be_reached_has_no_order(fm_at: Callable[..., FM], order: SalesOrder) -> None:
    with pytest.raises(TryLater, match=r"127\.0\.0\.1:1\b") as raised:
        fm_at("http://127.0.0.1:1").send(order)
    assert not raised.value.unclear


def test_a_known_wsdl_and_a_closed_port_is_not_unclear(fm_at: Callable[..., FM], order: SalesOrder) -> None:
    server = Responder()
    server.answer = takes
    fm_at(server.base_url).send(order)
    server.stop()
    with pytest.raises(TryLater) as raised:
        fm_at(server.base_url).send(order)
    assert not raised.value.unclear
    assert "cannot be reached" in str(raised.value)


def test_an_answer_that_does_not_come_in_time_is_unclear(
    fm_at: Callable[..., FM], order: SalesOrder, responder: Responder
) -> None:
    responder.answer = lambda operation, document: Raw(WHOLE, wait=1.0)
    with pytest.raises(TryLater) as raised:
        fm_at(responder.base_url, timeout=0.2).send(order)
    assert raised.value.unclear


def test_an_answer_that_dribbles_ends_at_the_timeout_of_the_whole(
    fm_at: Callable[..., FM], order: SalesOrder, responder: Responder
) -> None:
    responder.answer = lambda operation, document: Raw(WHOLE, dribble=0.02)
    with pytest.raises(TryLater, match=r"0\.3 s") as raised:
        fm_at(responder.base_url, timeout=0.3).send(order)
    assert raised.value.unclear


def test_a_server_that_only_listens_is_given_up_unclear(
    fm_at: Callable[..., FM], order: SalesOrder, responder: Responder
) -> None:
    responder.answer = takes
    deaf = socket.create_server(("127.0.0.1", 0))
    try:
        with pytest.raises(TryLater) as raised:
            fm_at(f"http://127.0.0.1:{deaf.getsockname()[1]}", timeout=0.2).send(order)
        assert not raised.value.unclear, "its WSDL was never read, so nothing was sent"
    finally:
        deaf.close()


def test_the_wait_that_a_busy_server_names_is_kept(fm: FM, order: SalesOrder, responder: Responder) -> None:
    responder.answer = lambda operation, document: Raw(b"busy", 503, {"Retry-After": "30"})
    with pytest.raises(TryLater) as raised:
        fm.send(order)
    assert raised.value.delay == 30


def test_a_compressed_answer_is_read(fm: FM, order: SalesOrder, responder: Responder) -> None:
    responder.answer = lambda operation, document: Raw(gzip.compress(WHOLE), headers={"Content-Encoding": "gzip"})
    assert fm.send(order).NPFOrderNo == "47100"


def test_the_next_call_after_trouble_is_an_ordinary_one(fm: FM, order: SalesOrder, responder: Responder) -> None:
    for trouble in TROUBLE.values():
        responder.answer = lambda operation, document, trouble=trouble: trouble  # type: ignore[misc]
        with pytest.raises(TryLater):
            fm.send(order)
        responder.answer = takes
        assert fm.send(order).NPFOrderNo == "NMG1000012"


def secrets() -> list[str]:
    password = LOGIN.Password
    return [password, escape(password), escape(escape(password)), "s3cret"]


def test_no_secret_is_in_an_exchange_or_an_error_even_when_fm_repeats_it(
    fm: FM, order: SalesOrder, responder: Responder, seen: list[Exchange]
) -> None:
    def repeats(operation: str, document: str) -> str:
        return document

    def refuses(operation: str, document: str) -> str:
        return refused(("02006", escape(f"Username or Password {LOGIN.Password} in {document}")))

    def swears(operation: str, document: str) -> Raw:
        return Raw(document.encode(), 500)

    def cuts(operation: str, document: str) -> Raw:
        return Raw(document[:110].encode())

    def faults(operation: str, document: str) -> Raw:
        return Raw(fault(f"cannot read {document}"))

    errors: list[NpfError] = []
    for answer in (repeats, refuses, swears, cuts, faults):
        responder.answer = answer
        for ask in (lambda: fm.send(order), lambda: fm.statuses(["MG1"]), lambda: fm.stock(["A1"])):
            try:
                ask()
            except NpfError as error:
                errors.append(error)
    assert len(errors) >= 12
    assert len(seen) == 15
    kept = [repr(exchange) for exchange in seen]
    kept += ["".join(traceback.format_exception(error)) for error in errors]
    kept += [repr(error.refusals) for error in errors if isinstance(error, Refused)]
    for secret in secrets():
        assert not [text[max(0, text.index(secret) - 60) : text.index(secret) + 60] for text in kept if secret in text]
    assert all("<Password>***</Password>" in exchange.asked for exchange in seen)


@pytest.mark.parametrize("password", ["p", "a&b", "it's", 'say "hi"', "é<x>", "two  blanks"])
def test_a_password_is_masked_in_every_form_that_a_document_may_give_it(password: str) -> None:
    login = Login("u", password, "C")
    for form in (password, escape(password), escape(password, quote=False), escape(escape(password))):
        assert password not in masked(f"[{form}]", login).replace("***", "")
        assert masked(f"<Password>{escape(form)}</Password><X>1</X>") == "<Password>***</Password><X>1</X>"
        assert form not in masked(f"&lt;Password&gt;{form}&lt;/Password&gt;", login).replace("Password", "")


def test_a_proxy_of_the_environment_is_not_asked_for_loopback(
    responder: Responder, fm_at: Callable[..., FM], order: SalesOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    responder.answer = takes
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fm_at(responder.base_url).send(order).NPFOrderNo == "NMG1000012"
