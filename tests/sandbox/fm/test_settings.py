"""What can be set: read from text, refused by name, and what it does."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.sandbox.fm.answers import NO_DETAILS
from npf.sandbox.fm.settings import SETTINGS, Settings
from npf.sandbox.fm.states import lies_in

Document = Callable[..., str]


def test_what_a_setting_shows_can_be_read_again() -> None:
    defaults = Settings()
    shown = {name: one.show(getattr(defaults, name)) for name, one in SETTINGS.items()}
    assert Settings().changed(shown) == defaults


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pick_delay", "-1"),
        ("pick_delay", "nan"),
        ("split_share", 1.5),
        ("manual", "perhaps"),
        ("status_batch", 2.5),
        ("fault_status", "404"),
        ("zone", "Australia/Nowhere"),
        ("zone", ""),
        ("picking_word", 7),
        ("domestic_countries", [1]),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_the_name_of_the_setting(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=name):
        Settings().changed({name: value})


def test_a_slow_day_stretches_every_delay(fm: Any, order_document: Document) -> None:
    fm.client.set(slow_day=6, visible_after=5)
    fm.send(order_document("MG1"))
    fm.clock.advance(29)
    assert fm.status("MG1")["MG1"].findtext("OrderStatusMessage") == NO_DETAILS
    fm.clock.advance(1)
    assert fm.word("MG1") == "PICKING"
    fm.clock.advance(29)
    assert fm.word("MG1") == "PICKING"
    fm.clock.advance(1)
    assert fm.word("MG1") == "SHIPPED"


def test_a_refusal_can_be_words_without_xml(fm: Any, order_document: Document) -> None:
    fm.client.set(refusal_form="plain")
    text = fm.call("serverorder", order_document("MG1", {"ShippingAddress/Country": "AU"}))
    assert text == "Invalid|02008 Invalid country: ShippingAddress/Country 'AU'"


def test_a_post_code_is_held_against_its_state_only_where_that_is_set(fm: Any, order_document: Document) -> None:
    astray = order_document("MG1", {"ShippingAddress/State": "Queensland"})
    fm.client.set(post_code_checks_state=True)
    assert fm.refusal(astray) == {"04003": "Invalid post code: ShippingAddress/PostCode '3000' is not in Queensland"}
    fm.client.set(post_code_checks_state=False)
    assert fm.send(astray).findtext("Status") == "Valid"


@pytest.mark.parametrize(
    ("post_code", "state", "lies"),
    [
        ("3000", "VIC", True),
        ("3000", "Victoria", True),
        ("3000", "nsw", False),
        ("0200", "ACT", True),
        ("2600", "NSW", True),
        ("0800", "NT", True),
        ("0872", "SA", True),
        ("0872", "QLD", False),
        ("4383", "NSW", True),
        ("7000", "TAS", True),
        ("7000", "Tasmania.", True),
        ("7000", "Somewhere", True),
    ],
)
def test_post_codes_lie_in_states(post_code: str, state: str, lies: bool) -> None:
    assert lies_in(post_code, state) is lies
