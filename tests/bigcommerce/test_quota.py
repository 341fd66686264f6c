"""The request quota: what is kept free, and what a 429 means (facts 140-143)."""

import itertools
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.pace import OwnPace
from npf.bigcommerce.window import told_to_wait
from npf.core.clock import ManualClock
from npf.core.errors import TryLater
from tests.bigcommerce.answering import Answering, Reply, Seen, limits

ORDER = "/v2/orders/12"


def test_it_waits_for_the_next_window_when_only_the_reserve_is_left(
    client: BigCommerce, server: Answering, clock: ManualClock
) -> None:
    server.tell(Reply(200, {}, limits(31)), Reply(200, {}, limits(30, reset=12)), Reply(200, {}, limits(149)))
    client.get(ORDER)
    client.get(ORDER)
    assert clock.monotonic() == 0
    client.get(ORDER)
    assert 12 < clock.monotonic() <= 13


def test_it_says_later_where_the_window_is_longer_than_its_patience(
    make: Callable[..., BigCommerce], server: Answering, clock: ManualClock
) -> None:
    client = make(patience=5.0)
    server.tell(Reply(200, {}, limits(10, reset=20)))
    client.get(ORDER)
    with pytest.raises(TryLater, match=r"GET /v2/orders/12.*quota") as caught:
        client.get(ORDER)
    assert 20 < (caught.value.delay or 0) <= 21
    assert not caught.value.unclear
    assert clock.monotonic() == 0
    assert len(server.seen) == 1


def test_the_share_kept_free_is_a_setting(make: Callable[..., BigCommerce], server: Answering) -> None:
    server.otherwise = Reply(200, {}, limits(60))
    half = make(keep_free=0.5, patience=0.0)
    half.get(ORDER)
    with pytest.raises(TryLater):
        half.get(ORDER)
    none = make(keep_free=0.0, patience=0.0)
    for _ in range(5):
        none.get(ORDER)


def test_a_share_that_leaves_nothing_is_refused(make: Callable[..., BigCommerce]) -> None:
    with pytest.raises(ValueError, match="keep_free"):
        make(keep_free=1.0)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_429_with_headers_waits_as_told_and_tries_again(
    client: BigCommerce, server: Answering, clock: ManualClock, method: str
) -> None:
    # The docs' own example has 35 requests left in a 429.
    server.tell(Reply(429, {"title": "Too many requests"}, limits(35, reset=15)), Reply(200, {"id": 1}, limits(149)))
    assert getattr(client, method)(ORDER).body == b'{"id": 1}'
    assert 15 < clock.monotonic() <= 17
    assert len(server.seen) == 2


def test_a_429_that_asks_for_seconds_is_obeyed(client: BigCommerce, server: Answering, clock: ManualClock) -> None:
    server.tell(Reply(429, headers={"X-Retry-After": "7"}), Reply(200, {}))
    client.get(ORDER)
    assert 7 < clock.monotonic() <= 9


def test_a_429_whose_window_is_over_is_not_answered_at_once(
    client: BigCommerce, server: Answering, clock: ManualClock
) -> None:
    server.tell(Reply(429, headers=limits(0, reset=0)), Reply(200, {}))
    client.get(ORDER)
    assert clock.monotonic() > 1


@pytest.mark.parametrize("method", ["get", "put"])
def test_a_429_without_headers_backs_off_longer_each_time_and_then_says_later(
    client: BigCommerce, server: Answering, clock: ManualClock, method: str
) -> None:
    asked: list[float] = []

    def overloaded(_: Seen) -> Reply:
        asked.append(clock.monotonic())
        return Reply(429)

    server.otherwise = overloaded
    with pytest.raises(TryLater) as caught:
        getattr(client, method)(ORDER)
    waits = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert len(waits) >= 2
    assert waits[0] >= 2
    assert all(later > earlier for earlier, later in itertools.pairwise(waits))
    assert (caught.value.delay or 0) > waits[-1]
    assert not caught.value.unclear
    assert "429" in str(caught.value)
    assert clock.monotonic() <= 60


def test_a_429_beyond_patience_says_when_to_come_back(make: Callable[..., BigCommerce], server: Answering) -> None:
    server.otherwise = Reply(429, {"title": "Too many requests"}, limits(0, reset=25))
    with pytest.raises(TryLater, match="Too many requests") as caught:
        make(patience=10.0).get(ORDER)
    assert 25 < (caught.value.delay or 0) <= 28


def test_a_429_holds_back_every_thread_of_the_store(
    make: Callable[..., BigCommerce], server: Answering, clock: ManualClock
) -> None:
    client = make(patience=0.0)
    server.tell(Reply(429, headers=limits(100, reset=9)))
    server.otherwise = Reply(200, {})
    for _ in range(2):
        with pytest.raises(TryLater):
            client.get(ORDER)
    assert len(server.seen) == 1
    clock.advance(11)
    client.get(ORDER)


def test_odd_headers_tell_nothing_and_break_nothing(client: BigCommerce, server: Answering, clock: ManualClock) -> None:
    odd = {"X-Rate-Limit-Requests-Quota": "lots", "X-Rate-Limit-Requests-Left": "-3", "X-Retry-After": "soon"}
    server.otherwise = Reply(200, {}, odd)
    for _ in range(3):
        client.get(ORDER)
    assert clock.monotonic() == 0
    assert told_to_wait({"x-retry-after": "soon"}) is None
    assert told_to_wait({"x-retry-after": "999999999"}) == 3600


def test_many_threads_never_go_into_the_reserve() -> None:
    clock = ManualClock(datetime(2026, 11, 23, tzinfo=UTC))
    pace = OwnPace(clock, 0.2)
    first = pace.before()
    pace.after({key.lower(): value for key, value in limits(100).items()})
    let_go: list[float] = []

    def hurry() -> None:
        for _ in range(20):
            if pace.before() == 0:
                let_go.append(clock.monotonic())

    threads = [threading.Thread(target=hurry) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert first == 0
    assert len(let_go) == 100 - 30


@given(
    quota=st.integers(1, 450),
    others=st.lists(st.integers(0, 5), min_size=60, max_size=60),
    keep_free=st.sampled_from([0.0, 0.1, 0.2, 0.5]),
    seed=st.integers(0, 9),
)
def test_nothing_is_sent_out_of_the_reserve_as_far_as_the_last_answer_told(
    quota: int, others: list[int], keep_free: float, seed: int
) -> None:
    """A server that counts in windows of 30 s; `others` is what the store's other apps take after each of ours."""
    clock, rng = ManualClock(datetime(2026, 11, 23, tzinfo=UTC)), random.Random(seed)
    pace = OwnPace(clock, keep_free)
    window_end, left, told = 30.0, quota, quota
    for taken in others:
        if wait := pace.before():
            clock.advance(wait)
            assert pace.before() == 0
        clock.advance(rng.uniform(0, 0.3))
        if clock.monotonic() >= window_end:
            window_end, left, told = clock.monotonic() + 30, quota, quota
        assert told > keep_free * quota
        told = left = max(0, left - 1)
        reset = max(0, round((window_end - clock.monotonic()) * 1000) + 1)
        pace.after({key.lower(): value for key, value in limits(left, quota=quota, reset=reset / 1000).items()})
        left = max(0, left - taken)
