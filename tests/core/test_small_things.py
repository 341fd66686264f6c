"""Money, waiting, time, suggestions, errors."""

import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.core import backoff
from npf.core.clock import ManualClock, SystemClock
from npf.core.errors import FixSettings, GiveUp, NpfError, Skip, TryLater
from npf.core.money import cents, decimal
from npf.core.suggest import did_you_mean


@pytest.mark.parametrize(("given", "amount"), [("", "0"), (None, "0"), ("12.3400", "12.34"), (7, "7"), (0.1, "0.1")])
def test_money_is_read_in_every_shape_that_bigcommerce_gives(given: object, amount: str) -> None:
    assert decimal(given) == Decimal(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["NaN", "inf", "twelve", "1,5"])
def test_what_is_no_amount_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        decimal(given)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_cents_are_rounded_half_up(amount: Decimal) -> None:
    rounded = cents(amount)
    assert rounded.as_tuple().exponent == -2
    assert abs(rounded - amount) <= Decimal("0.005")
    assert cents(rounded) == rounded


def test_half_a_cent_goes_up() -> None:
    assert (cents(Decimal("0.125")), cents(Decimal("0.135"))) == (Decimal("0.13"), Decimal("0.14"))


@given(st.integers(-5, 10**9), st.integers())
def test_waiting_grows_to_its_end_and_is_never_the_same_for_all(failures: int, seed: int) -> None:
    wait = backoff.wait(failures, random.Random(seed), first=30, longest=3600)
    wanted = min(3600, 30 * 2 ** min(max(failures, 1) - 1, 16))
    assert timedelta(seconds=wanted * 0.8) <= wait <= timedelta(seconds=wanted * 1.2)


def test_a_manual_clock_moves_only_when_it_is_told_to() -> None:
    clock = ManualClock(datetime(2026, 11, 1, 12, tzinfo=UTC))
    clock.sleep(5)
    clock.sleep(-5)
    clock.advance(2.5)
    assert clock.now() == datetime(2026, 11, 1, 12, 0, 7, 500000, tzinfo=UTC)
    assert clock.monotonic() == 7.5


def test_the_machines_clock_is_aware_and_sleeps() -> None:
    clock = SystemClock()
    began = time.monotonic()
    clock.sleep(0.01)
    clock.sleep(-1)
    assert 0.01 <= time.monotonic() - began < 1
    assert clock.now().tzinfo is UTC


def test_the_nearest_word_is_suggested_and_nothing_where_none_is_near() -> None:
    assert did_you_mean("prefx", ["prefix", "countries"]) == ' (did you mean "prefix"?)'
    assert did_you_mean("zzz", ["prefix", "countries"]) == ""
    assert did_you_mean("x", []) == ""


def test_the_four_errors_say_what_the_caller_does_next() -> None:
    later = TryLater("FM is away", delay=60, unclear=True)
    held = GiveUp("no such SKU", code="sku", field="sku", repair="map it")
    fix = FixSettings("the token was refused", parameter="bigcommerce.access_token", cure="make a new one")
    assert [str(error) for error in (later, held, fix, Skip("test"))] == [
        *("FM is away", "no such SKU", "the token was refused", "test")
    ]
    assert (later.delay, later.unclear) == (60, True)
    assert (held.code, held.field, held.repair) == ("sku", "sku", "map it")
    assert (fix.parameter, fix.cure) == ("bigcommerce.access_token", "make a new one")
    assert all(isinstance(error, NpfError) for error in (later, held, fix, Skip("")))
