"""All stations and a person at the same orders at the same time: nobody waits in a ring, nothing is twice or lost."""

import random
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connections

from npf.core.clock import SystemClock
from npf.core.errors import GiveUp, TryLater
from npf.desk import decisions
from npf.orders.models import Order
from tests.connected import Connected


@pytest.mark.slow
def test_stations_and_people_at_once_end_exactly_right(connect: Callable[..., Connected]) -> None:
    shop = connect()
    # Half of them are pulled last first, so that rows and numbers do not run the same way.
    numbers = [shop.place(("MUG-INK", 2), order_id=1000 - n) for n in range(60)]
    shop.station("pull")
    numbers += [shop.place(("MUG-INK", 1), ("BOWL-SER-28", 1), addresses=2) for _ in range(30)]
    ends = time.monotonic() + 6
    troubles: list[BaseException] = []

    def again_and_again(what: Callable[[], object]) -> None:
        try:
            while time.monotonic() < ends:
                try:
                    what()
                except (TryLater, GiveUp):
                    time.sleep(0.01)
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connections.close_all()

    chance = random.Random(1)

    def merchant() -> None:
        with shop.bc.lock:
            shop.bc.touch(shop.bc.orders[chance.choice(numbers)])
        time.sleep(0.005)

    def person() -> None:
        order = Order.objects.order_by("?").first()
        if order is not None:
            do = decisions.release if order.stage == "held" else chance.choice([decisions.hold, decisions.retry])
            do(order, "anna", SystemClock())

    hands = [lambda name=name: shop.station(name) for name in ("pull", "send", "send", "follow", "push")]
    threads = [threading.Thread(target=again_and_again, args=(what,)) for what in (*hands, merchant, person)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    for order in Order.objects.filter(stage="held"):
        decisions.release(order, "anna", SystemClock())
    for _ in range(3):
        shop.run()
    stages = dict(Order.objects.values_list("bc_order_id", "stage"))
    assert {number: stages[number] for number in numbers} == dict.fromkeys(numbers, "complete")
    accepted = [entry.numbers[0] for entry in shop.fm.log if entry.outcome == "accepted"]
    assert len(accepted) == len(set(accepted)) == 60 + 2 * 30
    for number in numbers:
        told = [item for one in shop.bc.shipments(number) for item in one["items"]]
        assert sum(item["quantity"] for item in told) == 2, number
