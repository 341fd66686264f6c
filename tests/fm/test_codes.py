import re
from pathlib import Path

import pytest

from npf.core.errors import FixSettings, GiveUp, Skip, TryLater
from npf.fm import codes
from npf.fm.errors import LoginRefused, Refused, fields_in, reading_error, refusal_error
from npf.fm.login import Login
from npf.warehouse.port import AlreadyThere
from npf.warehouse.records import Refusal


def test_every_code_of_the_contract_is_in_the_table_and_no_other(shared: Path) -> None:
    page = (shared / "WEBSERVICE.md").read_text()
    rows = re.findall(r"^\| ([\d, ]+) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    written = {code.strip(): does for listed, _meaning, does in rows for code in listed.split(",")}

    assert written.keys() == codes.CODES.keys()
    words = {"hold": "hold", "stop": "stop", "retry": "retry", "there": "arrived|the same"}
    for code, does in written.items():
        assert re.search(words[codes.CODES[code].action], does), code


def test_the_dispatch_codes_are_those_of_the_contract(shared: Path) -> None:
    page = (shared / "WEBSERVICE.md").read_text()
    listed = re.search(r"^Dispatch method codes: (.+?)\. \(", page, re.MULTILINE | re.DOTALL)
    assert listed
    assert tuple(re.findall(r"`([^`]+)`", listed[1])) == codes.DISPATCH_METHODS


@pytest.mark.parametrize("written", [" 02005 ", "2005", "02005"])
def test_a_code_is_known_with_spaces_and_without_its_zero(written: str) -> None:
    entry = codes.known(written)
    assert entry
    assert entry.code == "02005"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("02007 Product X1 is not valid", "02007"),
        ("[3003]: order exists", "03003"),
        ("Sorry, Invalid  Login!", "02003"),
        ("This order is a Duplicate Order", "03003"),
        ("3121 is no post code of VIC", ""),
        ("something else", ""),
    ],
)
def test_a_message_without_a_code_is_known_by_its_number_or_its_phrase(message: str, code: str) -> None:
    assert codes.code_in(message) == code


@pytest.mark.parametrize("code", sorted(codes.CODES))
def test_every_code_becomes_the_error_that_says_what_to_do(code: str) -> None:
    error = refusal_error([Refusal(code, "the detail")], write=True)
    expected = {"hold": Refused, "retry": TryLater, "stop": LoginRefused, "there": AlreadyThere}
    assert type(error) is expected[codes.CODES[code].action]
    assert code in str(error)
    assert "the detail" in str(error)
    if isinstance(error, GiveUp):
        assert error.code == code
        assert error.repair
    if isinstance(error, FixSettings):
        assert error.parameter in ("fm.username", "fm.client_code")
        assert error.parameter in error.cure
    if isinstance(error, TryLater):
        assert error.unclear


def test_an_unknown_code_is_held_with_its_own_words() -> None:
    error = refusal_error([Refusal("7777", "the moon is full")], write=True)
    assert isinstance(error, Refused)
    assert error.code == "7777"
    assert "the moon is full" in str(error)


def test_a_wrong_login_outweighs_it_is_there_and_that_outweighs_a_hold() -> None:
    hold, there, stop, retry = (Refusal(code, "") for code in ("02007", "02005", "01001", "500"))
    assert isinstance(refusal_error([hold, there, stop], write=True), FixSettings)
    assert isinstance(refusal_error([hold, there, retry], write=True), Skip)
    assert isinstance(refusal_error([retry, hold], write=True), GiveUp)
    assert isinstance(refusal_error([retry, retry], write=True), TryLater)


def test_a_question_that_is_refused_is_asked_again_unless_the_login_is_wrong() -> None:
    assert isinstance(reading_error([Refusal("100", "")]), TryLater)
    assert isinstance(reading_error([Refusal("02002", "")]), FixSettings)


@pytest.mark.parametrize(
    ("detail", "fields"),
    [
        ("Data missing: Billing Address LastName, Post Code", "BillingAddress.LastName, PostCode"),
        ("ShippingAddress > First Name", "ShippingAddress.FirstName"),
        ("Element 'Quantity': 'two' is no valid value", "Quantity"),
        ("P_H_Cost is wrong, p h gst too", "P_H_Cost, P_H_GST"),
        ("Something is wrong", ""),
    ],
)
def test_the_fields_that_fm_names_are_found_by_its_own_names(detail: str, fields: str) -> None:
    assert fields_in(detail) == fields
    error = refusal_error([Refusal("02006", detail)], write=True)
    assert isinstance(error, Refused)
    assert error.field == fields


def test_a_code_that_is_about_one_field_names_it_even_when_fm_does_not() -> None:
    error = refusal_error([Refusal("04003", "not accepted")], write=True)
    assert isinstance(error, Refused)
    assert error.field == "ShippingAddress.PostCode"


def test_a_login_never_shows_its_password() -> None:
    login = Login("acme", "hunter2", "ACME")
    assert "hunter2" not in repr(login) + str(login) + f"{login}" + repr(list(login.__rich_repr__()))
    assert "acme" in repr(login)
