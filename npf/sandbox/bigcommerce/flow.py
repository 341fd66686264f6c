"""Orders that keep coming: for the demo, and for whoever wants to watch."""

import random
import threading
from typing import Any

from npf.sandbox.bigcommerce import statuses
from npf.sandbox.bigcommerce.seeding import Shopper, seed_catalogue
from npf.sandbox.bigcommerce.store import Store


def flow(
    store: Store,
    every: float,
    stop: threading.Event,
    seed: int = 0,
    variety: str = "believable",
    pays_after: float = 6.0,
) -> threading.Thread:
    """Place an order every `every` seconds until `stop` is set; gives the running daemon thread.

    About every fifth comes as Incomplete (status 0) and is paid `pays_after` seconds later, while higher numbers have
    come in between (fact 38). Every 25th is a test order. Time passes by `stop.wait`.
    """
    seed_catalogue(store, seed)
    shopper = Shopper(store, random.Random(f"flow {seed} {store.store_hash}"), variety)
    thread = threading.Thread(
        target=_run, args=(store, shopper, every, stop, pays_after), name=f"flow:{store.store_hash}", daemon=True
    )
    thread.start()
    return thread


def _run(store: Store, shopper: Shopper, every: float, stop: threading.Event, pays_after: float) -> None:
    unpaid: list[tuple[float, int]] = []
    number, passed = 0, 0.0
    while not stop.is_set():
        number += 1
        if number % 25 == 0:
            shopper.test_order()
        else:
            words: dict[str, Any] = {"status_id": statuses.INCOMPLETE} if number % 5 == 3 else {}
            order_id = shopper.order(**words)
            if words:
                unpaid.append((passed + pays_after, order_id))
        while unpaid and unpaid[0][0] <= passed:
            store.pay(unpaid.pop(0)[1])
        passed += every
        stop.wait(every)
