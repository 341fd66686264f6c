"""Waiting: how long after which failure, and a clock that a simulation owns."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from npf.core.backoff import wait
from npf.core.clock import ManualClock


@given(st.integers(1, 500), st.integers(0, 99))
def test_a_wait_is_never_longer_than_the_longest_and_a_fifth(failures: int, seed: int) -> None:
    found = wait(failures, random.Random(seed), first=30, longest=3600)
    assert timedelta(seconds=24) <= found <= timedelta(seconds=4320)


@given(st.integers(1, 6))
def test_each_failure_waits_longer_than_the_one_before_it(failures: int) -> None:
    calm = random.Random(0)
    calm.uniform = lambda low, high: 1.0  # type: ignore[method-assign]
    assert wait(failures + 1, calm) == 2 * wait(failures, calm)


def test_stores_that_failed_together_do_not_come_back_together() -> None:
    chance = random.Random(1)
    assert len({wait(3, chance) for _ in range(50)}) == 50


def test_a_manual_clock_moves_only_when_it_is_told_to() -> None:
    clock = ManualClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    clock.sleep(90)
    clock.sleep(-5)
    assert clock.now() == datetime(2026, 11, 23, 12, 1, 30, tzinfo=UTC)
    assert clock.monotonic() == 90
