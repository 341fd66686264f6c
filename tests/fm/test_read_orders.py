"""FM's answers to an order, as the page and the recordings have them and as worse ones may come."""

import html
import re
from pathlib import Path

import pytest

from npf.core.errors import FixSettings, TryLater
from npf.fm.errors import LoginRefused, Refused
from npf.fm.markup import Unreadable
from npf.fm.read import accepted
from npf.fm.wire import Fault, Reply, inner_document
from npf.warehouse.port import AlreadyThere

VALID = (
    "<Request><Status>Valid</Status><Response><ClientCode> ACME</ClientCode><BatchCode> ACME_A1</BatchCode>"
    "<SalesOrderNo> MG1000012</SalesOrderNo><OrderStatus>Ready for process</OrderStatus><NPFOrderNo>47100"
    "</NPFOrderNo></Response></Request>"
)


def refused(*errors: tuple[str, str]) -> str:
    inside = "".join(f"<Error><ErrorCode>{c}</ErrorCode><ErrorDetail>{d}</ErrorDetail></Error>" for c, d in errors)
    return f"<Request><Response><Errors>{inside}</Errors></Response></Request>"


def test_the_recorded_answer_is_read_trimmed(shared: Path) -> None:
    content = (shared / "envelopes" / "response.xml").read_bytes()
    answer = accepted(inner_document(Reply(200, content, None)), "MG1000012")
    assert answer.SalesOrderNo == "MG1000012"
    assert answer.NPFOrderNo == "47100"
    assert answer.BatchCode == "ACME_A1_23-11-2026"
    assert answer.OrderStatus == "Ready for process"
    assert answer.ClientCode == "ACME"


@pytest.mark.parametrize("name", ["fault-parse.xml", "fault-unknown-operation.xml"])
@pytest.mark.parametrize("status", [200, 500])
def test_a_recorded_fault_is_a_fault_with_either_status(shared: Path, name: str, status: int) -> None:
    content = (shared / "envelopes" / name).read_bytes()
    with pytest.raises(Fault, match=r"error in msg parsing|not defined in the WSDL"):
        inner_document(Reply(status, content, None))


def test_the_recorded_request_is_what_the_responder_of_these_tests_understands(shared: Path) -> None:
    request = (shared / "envelopes" / "request.xml").read_text()
    inner = re.search(r"<orders[^>]*>(.*)</orders>", request)
    assert inner
    assert html.unescape(inner[1]) == "<OrderList/>"


def test_one_order_number_of_fm_is_enough_of_a_yes() -> None:
    assert accepted(VALID.replace("<Status>Valid</Status>", ""), "MG1000012").NPFOrderNo == "47100"


def test_a_refusal_names_code_detail_and_field() -> None:
    answer = refused(("02006", " ShippingAddress LastName is missing "), ("02007", "X1"))
    with pytest.raises(Refused) as raised:
        accepted(answer, "MG1")
    assert raised.value.code == "02006"
    assert raised.value.field == "ShippingAddress.LastName"
    assert [(r.code, r.detail) for r in raised.value.refusals] == [
        ("02006", "ShippingAddress LastName is missing"),
        ("02007", "X1"),
    ]


@pytest.mark.parametrize("code", ["02005", " 3003 "])
def test_an_order_that_is_there_already_is_no_failure(code: str) -> None:
    with pytest.raises(AlreadyThere):
        accepted(refused((code, "exists")), "MG1")


@pytest.mark.parametrize(
    ("code", "parameter"),
    [("01001", "fm.username"), ("02003", "fm.username"), ("02002", "fm.client_code"), ("03001", "fm.client_code")],
)
def test_a_wrong_login_names_the_setting(code: str, parameter: str) -> None:
    with pytest.raises(LoginRefused) as raised:
        accepted(refused((code, "")), "MG1")
    assert raised.value.parameter == parameter


@pytest.mark.parametrize("code", ["500", "99999"])
def test_fms_own_trouble_leaves_it_unclear_whether_it_has_the_order(code: str) -> None:
    with pytest.raises(TryLater) as raised:
        accepted(refused((code, "try again later")), "MG1")
    assert raised.value.unclear


@pytest.mark.parametrize(
    "answer",
    [
        "Invalid|02007 Product X1 is not known|04003 bad post code",
        "<Request><Status> Invalid | 02007 Product X1 is not known|04003 bad post code</Status></Request>",
        "<Request><Response><Status>Invalid|02007 Product X1 is not known|04003 bad</Status></Response></Request>",
    ],
)
def test_messages_behind_a_pipe_are_read_with_their_codes(answer: str) -> None:
    with pytest.raises(Refused) as raised:
        accepted(answer, "MG1")
    assert [r.code for r in raised.value.refusals] == ["02007", "04003"]
    assert raised.value.code == "02007"


def test_messages_behind_a_pipe_without_codes_are_known_by_their_words() -> None:
    with pytest.raises(FixSettings):
        accepted("Invalid|Invalid Login", "MG1")
    with pytest.raises(AlreadyThere):
        accepted("<Request><Status>Invalid|Order is already imported</Status></Request>", "MG1")
    with pytest.raises(Refused) as raised:
        accepted("Invalid", "MG1")
    assert raised.value.code == "invalid"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "OK",
        "<Request/>",
        "<Request><Status>Pending</Status></Request>",
        "<OrderList><Order><SalesOrderNo>MG1000012</SalesOrderNo></Order></OrderList>",
        VALID[: len(VALID) // 2],
        VALID.replace("MG1000012", "MG1000013"),
        VALID.replace("</Response>", "<Errors><Error><ErrorCode>02007</ErrorCode></Error></Errors></Response>"),
        "<html><body>502 Bad Gateway</body></html>",
    ],
)
def test_what_is_neither_yes_nor_no_is_asked_again(answer: str) -> None:
    with pytest.raises(Unreadable):
        accepted(answer, "MG1000012")


def test_an_error_in_plain_words_is_kept() -> None:
    with pytest.raises(Refused, match="the moon is full"):
        accepted("<Request><Response><Errors><Error>the moon is full</Error></Errors></Response></Request>", "MG1")
