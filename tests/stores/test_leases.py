"""One owner per store and station; a dead owner holds nothing, a frozen one finds out."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
from django.db import connection

from npf.core.clock import ManualClock, SystemClock
from npf.stores.leases import LASTS, Busy, lease
from npf.stores.models import Lease
from tests.database import environment

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = SystemClock()

_HOLDER = """
import sys
import django
django.setup()
from npf.core.clock import SystemClock
from npf.stores.leases import lease
with lease("pull", 7, SystemClock()):
    print("mine", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process() -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds pull:7."""
    command = [sys.executable, "-c", _HOLDER]
    process = subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"mine\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_only_one_owns_a_station_of_a_store_at_a_time() -> None:
    with lease("pull", 7, CLOCK):
        with pytest.raises(Busy, match="pull"), lease("pull", 7, CLOCK):
            pass
        with lease("send", 7, CLOCK), lease("pull", 8, CLOCK):
            pass
    with lease("pull", 7, CLOCK):
        pass


def test_of_many_threads_one_wins() -> None:
    won: list[int] = []
    lost: list[Busy] = []
    begin = threading.Barrier(6)
    done = threading.Event()

    def take(number: int) -> None:
        begin.wait()
        try:
            with lease("pull", 7, CLOCK):
                won.append(number)
                done.wait(5)
        except Busy as busy:
            lost.append(busy)
            if len(lost) == 5:
                done.set()
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)


def test_whoever_waits_gets_it_when_it_is_free() -> None:
    taken, free = threading.Event(), threading.Event()

    def hold() -> None:
        with lease("pull", 7, CLOCK):
            taken.set()
            free.wait(5)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(5)
    threading.Timer(0.3, free.set).start()
    with lease("pull", 7, CLOCK, wait=5) as mine:
        assert mine.fence == 2
    holder.join()


def test_waiting_ends_after_the_time_that_was_given() -> None:
    clock = ManualClock(datetime(2026, 11, 1, tzinfo=UTC))
    with lease("pull", 7, clock), pytest.raises(Busy), lease("pull", 7, clock, wait=3):
        pass
    assert 3 <= clock.monotonic() < 4


def test_a_closed_connection_holds_nothing() -> None:
    def die() -> None:
        with suppress(RuntimeError), lease("pull", 7, CLOCK):
            connection.close()
            raise RuntimeError

    gone = threading.Thread(target=die)
    gone.start()
    gone.join()
    with lease("pull", 7, CLOCK) as mine:
        assert mine.fence >= 2


def test_the_lease_of_a_living_process_is_respected_and_that_of_a_killed_one_is_free_at_once() -> None:
    with another_process() as process:
        with pytest.raises(Busy), lease("pull", 7, CLOCK):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with lease("pull", 7, CLOCK, wait=2) as mine:
            assert mine.fence == 2


def test_a_frozen_owner_finds_out_at_its_next_claim() -> None:
    clock = ManualClock(datetime(2026, 11, 1, tzinfo=UTC))
    with lease("pull", 7, clock) as frozen:
        frozen.hold()
        clock.advance(LASTS.total_seconds() + 1)
        with lease("pull", 7, clock) as new:
            assert new.fence > frozen.fence
            with pytest.raises(Busy, match="taken over"):
                frozen.hold()
            new.hold()
        with pytest.raises(Busy):
            frozen.hold()


def test_an_owner_whose_time_ran_out_stops_even_if_nobody_has_come() -> None:
    clock = ManualClock(datetime(2026, 11, 1, tzinfo=UTC))
    with lease("pull", 7, clock) as mine:
        clock.advance(LASTS.total_seconds() + 1)
        with pytest.raises(Busy):
            mine.hold()


def test_holding_makes_it_last_longer() -> None:
    clock = ManualClock(datetime(2026, 11, 1, tzinfo=UTC))
    with lease("pull", 7, clock) as mine:
        for _ in range(5):
            clock.advance(LASTS.total_seconds() * 0.9)
            mine.hold()


def test_the_fence_only_ever_rises() -> None:
    fences = []
    for _ in range(3):
        with lease("pull", 7, CLOCK) as mine:
            fences.append(mine.fence)
    assert fences == [1, 2, 3]
    assert Lease.objects.count() == 1


def test_what_went_wrong_inside_is_what_is_told_even_when_the_connection_is_gone() -> None:
    def fail() -> None:
        with lease("pull", 7, CLOCK), connection.cursor() as cursor:
            cursor.connection.close()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    connection.close()
