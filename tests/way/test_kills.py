"""kill -9 in the middle of `npf run`, again and again: nothing twice, nothing lost.

The command is a real process with a home of its own; the sandboxes live in the test and are never killed. When a kill
strikes is chosen by the calls that the sandboxes have seen, so that it falls into each station on any machine.
"""

import os
import random
import signal
from collections.abc import Iterator

import pytest

from npf.sandbox import bigcommerce as bc
from npf.sandbox import fm
from tests.connected import Sandboxes
from tests.way.command import LONGEST, Home, wait_for
from tests.way.outcome import all_went_once, writes

PREFIX = "KI-"


class Killed:
    """A shop with plain orders, and `npf run` of it that is killed on the way. `calls` counts what both were asked."""

    def __init__(self, both: Sandboxes, home: Home, orders: int, seed: int) -> None:
        self.home = home
        self.merchant: bc.Store = both.world.add_store("kill", quota=None)
        self.numbers = bc.seed_store(self.merchant, orders, seed=seed, variety="plain")
        self.client: fm.Client = both.warehouse.add_client(
            client_code="KILL", username="npf", password="secret-of-fm", products=None, split_share=0.3
        )
        nested = both.nested("kill", "KILL", self.merchant)
        home.add_store(nested)

    @property
    def calls(self) -> int:
        return len(self.merchant.log) + len(self.client.log)

    def run_until(self, calls: int, strike: str) -> None:
        """`npf run`, and strike once so many calls were made in all."""
        process = self.home.start("run", "kill", "--json")
        struck = wait_for(lambda: self.calls >= calls, process)
        if struck:
            self.strike(strike, process.pid)
        _, err = process.communicate(timeout=LONGEST)
        assert struck, f"the run was over at {self.calls} calls, before {calls}:\n{err}"
        assert process.returncode != 0, "the strike came after the end"
        # A command that outlives its Postgres says so in a sentence; one that is killed says nothing.
        assert ("the database failed" in err) == (strike == "postgres"), err
        assert "Traceback" not in err

    def strike(self, what: str, command: int) -> None:
        targets = {"command": [command], "postgres": [self.home.postmaster()]}
        for pid in targets.get(what, targets["command"] + targets["postgres"]):
            os.kill(pid, signal.SIGKILL)

    def nothing_twice_nothing_lost(self) -> None:
        rows = self.home.json("orders", "kill")["orders"]
        assert [row["bc_order_id"] for row in rows] == self.numbers
        assert {row["stage"] for row in rows} == {"complete"}
        all_went_once(self.merchant, self.client, self.numbers, PREFIX)
        assert {order.received for order in self.client.orders.values()} == {1}, "FM was sent an order twice"


@pytest.fixture
def home() -> Iterator[Home]:
    with Home() as made:
        yield made


def moments(chance: random.Random, orders: int, strikes: int) -> list[int]:
    """At how many calls to strike: somewhere in each equal part of the way, which has some three calls an order."""
    part = 2.8 * orders / strikes
    return [1 + round(part * (at + chance.random())) for at in range(strikes)]


@pytest.mark.parametrize(
    ("orders", "strikes", "seed"),
    [
        pytest.param(40, ["command", "postgres"], 1, id="40-orders"),
        pytest.param(500, ["command"] * 5, 2, marks=pytest.mark.slow, id="500-orders"),
        pytest.param(500, ["command"] * 5, 3, marks=pytest.mark.slow, id="500-orders-again"),
        pytest.param(200, ["postgres"] * 3, 4, marks=pytest.mark.slow, id="postgres-alone"),
        pytest.param(200, ["both"] * 3, 5, marks=pytest.mark.slow, id="both-as-in-a-power-cut"),
    ],
)
def test_what_was_killed_goes_on_at_the_next_run_and_nothing_is_twice_or_lost(
    sandboxes: Sandboxes, home: Home, orders: int, strikes: list[str], seed: int
) -> None:
    shop = Killed(sandboxes, home, orders, seed)
    for calls, strike in zip(moments(random.Random(seed), orders, len(strikes)), strikes, strict=True):
        shop.run_until(calls, strike)
    shop.home.json("run", "kill")
    shop.nothing_twice_nothing_lost()
    if orders >= 500:
        shop.merchant.log.clear()
        shop.client.calls.clear()
        shop.home.json("run", "kill")
        assert writes(shop.merchant, shop.client) == []
