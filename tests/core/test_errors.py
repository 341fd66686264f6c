"""The four errors, the nearest word, and the machine's own clock."""

import time
from datetime import UTC

from npf.core.clock import SystemClock
from npf.core.errors import FixSettings, GiveUp, NpfError, Skip, TryLater
from npf.core.suggest import did_you_mean


def test_the_four_errors_say_what_the_caller_does_next() -> None:
    later = TryLater("FM is away", delay=60, unclear=True)
    held = GiveUp("no such SKU", code="sku", field="sku", repair="map it")
    fix = FixSettings("the token was refused", parameter="bigcommerce.access_token", cure="make a new one")
    texts = [str(error) for error in (later, held, fix, Skip("test"))]
    assert texts == ["FM is away", "no such SKU", "the token was refused", "test"]
    assert (later.delay, later.unclear) == (60, True)
    assert (held.code, held.field, held.repair) == ("sku", "sku", "map it")
    assert (fix.parameter, fix.cure) == ("bigcommerce.access_token", "make a new one")
    assert all(isinstance(error, NpfError) for error in (later, held, fix, Skip("")))


def test_the_nearest_word_is_suggested_and_nothing_where_none_is_near() -> None:
    assert did_you_mean("prefx", ["prefix", "countries"]) == ' (did you mean "prefix"?)'
    assert did_you_mean("zzz", ["prefix", "countries"]) == ""
    assert did_you_mean("x", []) == ""


def test_the_machines_clock_is_aware_and_sleeps() -> None:
    clock = SystemClock()
    began = time.monotonic()
    clock.sleep(0.01)
    clock.sleep(-1)
    assert 0.01 <= time.monotonic() - began < 1
    assert clock.now().tzinfo is UTC
