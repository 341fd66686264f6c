"""Bad networks and bad servers on both sides: `npf run` again and again ends exactly right.

Time runs sixty times as fast as on the wall, for npf and for both sandboxes, so that waiting costs little. The
stores have webhooks, whose deliveries are spoilt like all else: a store runs when it was woken, and every third time
anyway.
"""

import json
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from npf.desk import decisions
from npf.hooks import keep
from npf.orders.models import Order
from npf.sandbox import bigcommerce as bc
from npf.sandbox import fm
from npf.sandbox.fm import faults as fm_faults
from npf.sandbox.fm.errors import MEANINGS
from npf.stores.outside import Outside
from tests.connected import Connected, Sandboxes
from tests.way.outcome import all_went_once, writes

SPEED = 60.0
SHARE = 0.05
ROUNDS = 120
POLLED_EVERY = 3
BC_KINDS = (
    *("429", "429-bare", "500", "502", "503", "504", "504-after", "reset-before", "reset-after", "truncate", "stall:5"),
    *("malformed-order", "unknown-field", "drift", "duplicate", "stale"),
    *("hook-double", "hook-late:30", "hook-missing", "hook-shuffle"),
)
FM_KINDS = ("500", *(kind for kind in fm_faults.KINDS if kind not in MEANINGS))


class FastClock:
    """The wall's time, `SPEED` times as fast."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._from = datetime.now(UTC)

    def now(self) -> datetime:
        return self._from + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * SPEED

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds / SPEED))


class FastSandboxes(Sandboxes):
    """Both sandboxes on the fast clock."""

    def __init__(self, seed: int) -> None:
        clock = FastClock()
        self.world = bc.World(seed, now=clock.now, sleep=clock.sleep)
        self.warehouse = fm.Warehouse(seed, clock.now, sleep=clock.sleep, pick_delay=0.0, split_share=0.3)
        self.outside = Outside(clock, random.Random(seed))


@pytest.fixture
def both(request: pytest.FixtureRequest, live_server: LiveServer, settings: Settings) -> Iterator[FastSandboxes]:
    """Both sandboxes, with the seed of the test's parameters, and an inbox for BigCommerce's events."""
    settings.NPF_PUBLIC_URL = live_server.url.replace("localhost", "127.0.0.1")
    with FastSandboxes(request.getfixturevalue("seed")) as sandboxes:
        yield sandboxes


@pytest.mark.parametrize(
    ("orders", "stores", "seed"),
    [(40, 1, 1), (30, 3, 2), *(pytest.param(2000, 3, seed, marks=pytest.mark.slow) for seed in (3, 4, 5))],
)
def test_runs_through_faults_of_every_kind_end_exactly_right(
    both: FastSandboxes, orders: int, stores: int, seed: int
) -> None:
    shops = [
        both.connect(f"s{number}", client_code=f"C{number}", merchant={"quota": (1_000_000, 1.0)}, prefix=f"S{number}-")
        for number in range(stores)
    ]
    for shop in shops:
        keep.tend(shop.store, shop.outside, "test")
    placed = [
        bc.seed_store(shop.bc, orders // stores + (number < orders % stores), seed=seed + number, variety="plain")
        for number, shop in enumerate(shops)
    ]
    for shop in shops:
        shop.bc.faults.load(",".join(f"{kind}={SHARE}" for kind in BC_KINDS))
        shop.fm.faults.load(",".join(f"{kind}={SHARE}" for kind in FM_KINDS))
    _run_until_quiet(both, shops)
    for number, shop in enumerate(shops):
        struck = {kind for kind, _, _ in shop.bc.faults.struck}
        expected = {"reset-after", "504-after", "truncate", "hook-double", "hook-missing", "hook-shuffle"}
        assert orders / stores < 40 or expected <= struck
        assert orders / stores < 40 or len({kind for kind, _, _ in shop.fm.faults.struck}) >= 10
        _quiet_and_right(shop, placed[number], f"S{number}-")


def _run_until_quiet(both: FastSandboxes, shops: Sequence[Connected]) -> None:
    """Run until every order is complete; a person retries what is held, as the console offers it."""
    for number in range(ROUNDS):
        both.world.deliver()
        woken = _woken()
        for shop in shops:
            if shop.store.pk in woken or number % POLLED_EVERY == 0:
                shop.run()
        unfinished = Order.objects.exclude(stage="complete")
        for order in unfinished.filter(stage="held"):
            decisions.retry(order, "test", shops[0].outside.clock)
        if Order.objects.exists() and not unfinished.exists():
            return
    raise AssertionError(f"not finished: {list(unfinished.values_list('bc_order_id', 'stage', 'reason'))}")


def _woken() -> set[int]:
    """The stores that a webhook woke; a worker takes the wake before it looks."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where task_name = 'npf.jobs.tasks.pull' returning args")
        return {json.loads(args)["store_id"] for (args,) in cursor.fetchall()}


def _quiet_and_right(shop: Connected, numbers: list[int], prefix: str) -> None:
    shop.bc.faults.clear()
    shop.fm.faults.clear()
    all_went_once(shop.bc, shop.fm, numbers, prefix)
    shop.bc.log.clear()
    shop.fm.calls.clear()
    assert shop.run()["errors"] == []
    assert writes(shop.bc, shop.fm) == []
