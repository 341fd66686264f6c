"""What `npf sandbox bigcommerce` does: serve a world with seeded stores until Ctrl-C."""

import sys
import threading
from contextlib import suppress
from typing import TextIO

from npf.sandbox.bigcommerce.app import make_app
from npf.sandbox.bigcommerce.flow import flow
from npf.sandbox.bigcommerce.quota import parse_quota
from npf.sandbox.bigcommerce.seeding import seed_store
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.world import World
from npf.sandbox.server import serve


def build(orders: int = 20, stores: int = 1, quota: str | None = "150/30", faults: str = "", seed: int = 0) -> World:
    """A world with stores `demo1`, `demo2`, …, each with `orders` believable orders.

    Raises ValueError for a quota or faults that cannot be read.
    """
    allowed = parse_quota(quota)
    world = World(seed)
    for number in range(1, stores + 1):
        store = world.add_store(f"demo{number}", quota=allowed, name=f"Demo store {number}")
        store.faults.load(faults)
        seed_store(store, orders, seed + number)
    return world


def store_file(store: Store, api_url: str) -> str:
    """The [bigcommerce] part of a store file for this store."""
    account = next(iter(store.accounts.values()))
    return (
        f'name = "{store.store_hash}"\n'
        f'merchant = "{store.name}"\n'
        "[bigcommerce]\n"
        f'store_id = "{store.store_hash}"\n'
        f'client_id = "{account.client_id}"\n'
        f'access_token = "{account.access_token}"\n'
        f'api_url = "{api_url}"\n'
    )


def run(
    port: int = 0,
    orders: int = 20,
    stores: int = 1,
    quota: str | None = "150/30",
    faults: str = "",
    seed: int = 0,
    every: float | None = None,
    out: TextIO = sys.stdout,
) -> None:
    """Serve on 127.0.0.1:`port` (0 = a free one) until Ctrl-C; prints where, and a store file for each store.

    `every` lets a new order come to each store at that rate (seconds). Raises ValueError as `build` does, OSError for
    a port that is taken.
    """
    world = build(orders, stores, quota, faults, seed)
    stop = threading.Event()
    # Ctrl-C may come before the waiting begins.
    with serve(make_app(world), port=port) as server, world.delivering(), suppress(KeyboardInterrupt):
        print(f"BigCommerce sandbox on {server.url}/ (a page to play with; Ctrl-C ends it)\n", file=out)
        for store in world.stores.values():
            print(store_file(store, server.url), file=out, flush=True)
            if every:
                flow(store, every, stop, seed)
        server.wait()
    stop.set()
