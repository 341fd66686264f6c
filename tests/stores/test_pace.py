"""One quota, many threads and processes, one Postgres: together they keep the share free."""

import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from npf.bigcommerce.client import BigCommerce, new_http
from npf.core.clock import ManualClock, SystemClock
from npf.core.errors import TryLater
from npf.sandbox import bigcommerce as bc
from npf.sandbox.server import Server, serve
from npf.stores import usage
from npf.stores.aside import Aside, aside
from npf.stores.models import Quota, QuotaMinute, Store
from npf.stores.pace import SharedPace
from tests.connected import Connected
from tests.database import environment
from tests.stores.taking import PLACE

pytestmark = pytest.mark.django_db(transaction=True)

# Asks until it is told to wait, and says how often it was let go.
_ASKER = """
import random
import sys
import django
django.setup()
from npf.bigcommerce.client import BigCommerce, new_http
from npf.core.clock import SystemClock
from npf.core.errors import TryLater
from npf.stores.pace import SharedPace
url, place = sys.argv[1:]
clock = SystemClock()
pace = SharedPace(place, clock, 0.2)
client = BigCommerce("shop", "token-shop", api_url=url, http=new_http(), clock=clock, rng=random.Random(1),
                     patience=0.0, pace=pace)
print("ready", flush=True)
sys.stdin.readline()
try:
    while True:
        client.get("/v2/orders", params={"limit": 1})
except TryLater:
    client.rest()
print(client.calls)
"""


@pytest.fixture
def world() -> bc.World:
    made = bc.World(seed=1)
    # A window that lasts longer than any test.
    made.add_store("shop", quota=(200, 3000.0))
    return made


@pytest.fixture
def server(world: bc.World) -> Iterator[Server]:
    with serve(bc.make_app(world)) as served:
        yield served


def client(server: Server, clock: Any = None, pace: SharedPace | None = None) -> BigCommerce:
    clock = clock or SystemClock()
    return BigCommerce(
        "shop",
        "token-shop",
        api_url=server.url,
        http=new_http(),
        clock=clock,
        rng=random.Random(1),
        patience=0.0,
        pace=pace or SharedPace(PLACE, clock, 0.2),
    )


def until_told_to_wait(one: BigCommerce) -> None:
    with suppress(TryLater):
        while True:
            one.get("/v2/orders", params={"limit": 1})
    one.rest()


@pytest.mark.slow
def test_four_processes_together_leave_the_share_free(world: bc.World, server: Server) -> None:
    command = [sys.executable, "-c", _ASKER, server.url, PLACE]
    askers = [
        subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for asker in askers:
        assert asker.stdout is not None
        assert asker.stdout.readline() == "ready\n"
    for asker in askers:
        assert asker.stdin is not None
        asker.stdin.write("\n")
        asker.stdin.flush()
    calls = [int(asker.communicate(timeout=60)[0]) for asker in askers]
    shop = world.stores["shop"]
    assert sum(calls) == len(shop.log)
    assert shop.quota.refused == 0
    assert 150 <= sum(calls) <= 160
    assert sum(QuotaMinute.objects.values_list("ours", flat=True)) == sum(calls)


def test_eight_threads_of_two_paces_together_leave_the_share_free(world: bc.World, server: Server) -> None:
    clients = [client(server), client(server)]
    threads = [threading.Thread(target=until_told_to_wait, args=(clients[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.stores["shop"].quota.refused == 0
    assert 150 <= len(world.stores["shop"].log) <= 160
    assert Quota.objects.get().given == 0


def test_threads_open_no_connections_of_their_own(server: Server) -> None:
    one = client(server)
    one.get("/v2/orders")
    counted = "select count(*) from pg_stat_activity where datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(counted)
        (before,) = cursor.fetchone() or (0,)
        done = threading.Barrier(5)

        def ask() -> None:
            for _ in range(5):
                one.get("/v2/orders")
            done.wait(10)
            done.wait(10)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        done.wait(10)
        cursor.execute(counted)
        (during,) = cursor.fetchone() or (0,)
        done.wait(10)
    for thread in threads:
        thread.join()
    assert during == before


def test_it_takes_no_part_in_the_transaction_of_the_caller(server: Server) -> None:
    one = client(server)
    with transaction.atomic():
        one.get("/v2/orders")
        one.rest()
        transaction.set_rollback(True)
    assert Quota.objects.get().used == 1
    assert QuotaMinute.objects.get().ours == 1


def test_what_one_process_has_used_the_next_one_knows(world: bc.World, server: Server) -> None:
    until_told_to_wait(client(server))
    with pytest.raises(TryLater):
        client(server).get("/v2/orders")
    assert len(world.stores["shop"].log) == 160


def test_a_429_holds_another_process_too(world: bc.World, server: Server) -> None:
    clock = ManualClock(datetime(2026, 11, 23, tzinfo=UTC))
    one, other = client(server, clock), client(server, clock)
    other.get("/v2/orders")
    world.stores["shop"].faults.next("429-bare")
    with pytest.raises(TryLater):
        one.get("/v2/orders")
    clock.advance(1)
    asked = len(world.stores["shop"].log)
    with pytest.raises(TryLater) as held:
        other.get("/v2/orders")
    assert len(world.stores["shop"].log) == asked
    clock.advance(held.value.delay or 0)
    other.get("/v2/orders")


class Away(Aside):
    """A database that is away as often as `times` says."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def ask(self, sql: str, values: Any) -> list[tuple[Any, ...]]:
        if self.times:
            self.times -= 1
            raise OperationalError("server closed the connection unexpectedly\n\tThis probably means much.")
        return super().ask(sql, values)


@pytest.fixture
def away() -> Iterator[Callable[[int], Away]]:
    made: list[Away] = []

    def make(times: int) -> Away:
        made.append(Away(times))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_without_the_database_nothing_is_asked_and_it_says_later(
    world: bc.World, server: Server, away: Callable[[int], Away]
) -> None:
    pace = SharedPace(PLACE, SystemClock(), 0.2, away(2))
    one = client(server, pace=pace)
    with pytest.raises(TryLater, match="kept in the database, which does not answer: server closed") as caught:
        one.get("/v2/orders")
    assert not caught.value.unclear
    assert len(world.stores["shop"].log) == 0
    one.get("/v2/orders")


def test_a_connection_that_broke_unnoticed_costs_nothing(server: Server, away: Callable[[int], Away]) -> None:
    client(server, pace=SharedPace(PLACE, SystemClock(), 0.2, away(1))).get("/v2/orders")


def test_a_connection_that_the_server_has_ended_is_opened_anew(server: Server) -> None:
    one = client(server)
    one.get("/v2/orders")
    one.rest()
    own = aside().ask("select pg_backend_pid()", {})[0][0]
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", [own])
    one.get("/v2/orders")
    assert aside().ask("select pg_backend_pid()", {})[0][0] != own


def test_a_hold_that_the_database_could_not_take_holds_this_process_and_is_told_later(
    away: Callable[[int], Away],
) -> None:
    clock = ManualClock(datetime(2026, 11, 23, tzinfo=UTC))
    database = away(0)
    pace, other = SharedPace(PLACE, clock, 0.2, database), SharedPace(PLACE, clock, 0.2)
    assert pace.before() == 0
    database.times = 2
    pace.hold(9)
    assert pace.before() == pytest.approx(9)
    assert other.before() == pytest.approx(9)


def test_the_last_hour_tells_our_calls_and_those_of_others(timed: Callable[..., Connected], clock: ManualClock) -> None:
    shop = timed(merchant={"quota": (150, 30)}, quota_kept_free="30%")
    shop.bc.switches.other_apps = 40
    for _ in range(3):
        shop.run()
        clock.advance(29)
        shop.run()
        clock.advance(600)
    used = usage.last_hour(shop.store, clock.now())
    assert used.ours == len(shop.bc.log) == 6
    # Of the second look in each window: what others had used until then.
    assert used.others == 3 * 38
    assert (used.quota, used.lasts, used.kept_free) == (150, 30, 0.3)
    assert usage.in_words(used) == "6 calls by us; by others about 114; quota 150 in 30 s, 30% kept free"


def test_minutes_long_past_are_forgotten(timed: Callable[..., Connected], clock: ManualClock) -> None:
    shop = timed(merchant={"quota": (150, 30)})
    shop.run()
    clock.advance(timedelta(minutes=90).total_seconds())
    shop.run()
    assert QuotaMinute.objects.count() == 2
    assert usage.last_hour(shop.store, clock.now()).ours == 1
    clock.advance(timedelta(minutes=40).total_seconds())
    shop.run()
    assert QuotaMinute.objects.count() == 2


def test_of_a_store_that_was_never_asked_it_says_so() -> None:
    store = Store(name="acme", store_hash="acme", api_url="https://api.bigcommerce.com")
    said = usage.in_words(usage.last_hour(store, datetime(2026, 11, 23, tzinfo=UTC)))
    assert said == "0 calls by us; by others none seen; quota not told yet"
