"""`npf demo`: the whole product at work on both sandboxes, with a Postgres of its own that is gone afterwards.

sandboxes (threads here)  <--HTTP, SOAP-->  web and worker (child processes)  <-->  embedded Postgres
"""

import os
import random
import shutil
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from npf.core.clock import SystemClock
from npf.sandbox import bigcommerce, fm
from npf.sandbox.server import Server, serve
from npf.serve.start import started

LOGIN = "demo"
PASSWORD = "npf-connect-demo"
EVERY = 4.0
PICK_DELAY = 6.0
STORES = (
    ("acme-au", "Acme Homewares Pty Ltd", "Australia/Melbourne", "AC-"),
    ("kiwi-home", "Kiwi Home Ltd", "Pacific/Auckland", "KH-"),
)

Say = Callable[[str], None]


def demo(port: int, *, browser: bool, seconds: float | None, say: Say) -> bool:
    """Run the demo until Ctrl-C, or for `seconds`. Returns whether an order became complete."""
    clock = SystemClock()
    began = clock.monotonic()
    with _home(f"http://127.0.0.1:{port}"), _sandboxes() as both, started(migrate=True) as postgres:
        from npf.serve.up import until_stopped

        _connect(both)
        address = f"http://127.0.0.1:{port}/"
        say(f"NPF Connect at {address}   login: {LOGIN}   password: {PASSWORD}")
        say(f"The sandboxes: BigCommerce {both.shops.url}/   FM {both.warehouse.url}/   (Ctrl-C ends it)\n")
        watch = _Watch(clock, began, seconds, say, address if browser else "")
        commands = [["web", "--port", str(port)], ["worker", "--concurrency", "4"]]
        until_stopped(commands, clock, say, postgres, watch.look)
        return watch.sum_up()


class _Both:
    """Both sandboxes, on free ports, and the shops in the BigCommerce one."""

    def __init__(self, shops: Server, warehouse: Server, merchants: list[bigcommerce.Store]) -> None:
        self.shops = shops
        self.warehouse = warehouse
        self.merchants = merchants


@contextmanager
def _home(public_url: str) -> Iterator[None]:
    """A home that is gone afterwards: the demo's orders mean nothing to another demo's sandboxes.

    `public_url` is where the BigCommerce sandbox sends its events.
    """
    home = Path(tempfile.mkdtemp(prefix="npf-demo-"))
    ours = ("DATABASE_URL", "NPF_SECRET_KEY", "NPF_HOME", "NPF_PUBLIC_URL")
    kept = {name: os.environ.pop(name, None) for name in ours}
    os.environ |= {"NPF_HOME": str(home), "NPF_PUBLIC_URL": public_url}
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _sandboxes() -> Iterator[_Both]:
    world = bigcommerce.World(seed=7)
    warehouse = fm.Warehouse(
        7, pick_delay=PICK_DELAY, split_share=0.15, split_gap=10, backorder_share=0.03, hold_share=0.03
    )
    merchants = []
    for number, (name, title, zone, _) in enumerate(STORES):
        merchant = world.add_store(name, name=title, timezone=zone)
        bigcommerce.seed_store(merchant, 24, seed=number, days=1)
        skus = [sku for sku in bigcommerce.physical_skus(merchant) if sku not in bigcommerce.KIT_PARTS]
        chance = random.Random(number)
        stock = {sku: chance.randrange(40, 400) for sku in skus}
        warehouse.add_client(client_code=name.upper(), username=name, password=f"{name}-fm", products=stock)
        merchants.append(merchant)
    stop = threading.Event()
    with (
        closing(serve(bigcommerce.make_app(world))) as shops,
        closing(serve(fm.make_app(warehouse))) as floor,
        world.delivering(),
    ):
        for number, merchant in enumerate(merchants):
            bigcommerce.flow(merchant, EVERY, stop, seed=number)
        try:
            yield _Both(shops, floor, merchants)
        finally:
            stop.set()


def _connect(both: _Both) -> None:
    """Add the stores, the login, and a first count of the stock."""
    from npf.console.people import add_person
    from npf.stores import book, draft
    from npf.wake import wake

    add_person(LOGIN, "integrator", PASSWORD)
    for merchant, (name, title, zone, prefix) in zip(both.merchants, STORES, strict=True):
        nested = _store_file(both, merchant, name, title, zone, prefix)
        store, _ = book.save(draft.read(nested), "demo", SystemClock())
        wake("stock", [store.pk], "demo")


def _store_file(
    both: _Both, merchant: bigcommerce.Store, name: str, title: str, zone: str, prefix: str
) -> dict[str, Any]:
    account = next(iter(merchant.accounts.values()))
    yesterday = SystemClock().now() - timedelta(days=2)
    return {
        "name": name,
        "merchant": title,
        "bigcommerce": {
            "store_id": merchant.store_hash,
            "client_id": account.client_id,
            "access_token": account.access_token,
            "api_url": both.shops.url,
        },
        "fm": {
            "base_url": both.warehouse.url,
            "username": name,
            "password": f"{name}-fm",
            "client_code": name.upper(),
        },
        "parameters": {
            "start_date": f"{yesterday:%d/%m/%Y}",
            "timezone": zone,
            "prefix": prefix,
            "countries": ["Australia", "New Zealand"],
            "bundle_prefix": "KIT-",
            "look_every": 10,
        },
        "dispatch": {
            "Standard Shipping": "AP",
            "Free Shipping": "AP",
            "*express*": "EP EXP",
            "International*": "DHL SM",
        },
        "carriers": {"AP": "auspost", "EP EXP": "startrack"},
        "bundles": {sku: dict(parts) for sku, parts in bigcommerce.KIT_PARTS.items()},
    }


class _Watch:
    """What the person at the terminal sees while it runs."""

    def __init__(self, clock: SystemClock, began: float, seconds: float | None, say: Say, browse: str) -> None:
        self._clock = clock
        self._began = began
        self._seconds = seconds
        self._say = say
        self._browse = browse
        self._first = False
        # --for counts from here: how long Postgres takes to be made is not the demo.
        self._ready = clock.monotonic()
        self._told = 0.0

    def look(self) -> bool:
        """Tell how it goes, every five seconds; False when the time is over."""
        passed = self._clock.monotonic() - self._began
        stages = _stages()
        if not self._first and stages:
            self._first = True
            self._say(f"First order on the screen after {passed:.0f} s")
        if passed - self._told >= 5:
            self._told = passed
            self._say(f"{passed:4.0f} s   " + "   ".join(f"{stage} {count}" for stage, count in stages.items()))
        if self._browse and self._first:
            webbrowser.open(self._browse)
            self._browse = ""
        return self._seconds is None or self._clock.monotonic() - self._ready < self._seconds

    def sum_up(self) -> bool:
        """The last word: orders by stage, and whether any became complete."""
        stages = _stages()
        complete = stages.get("complete", 0)
        self._say("\nOrders by stage: " + (", ".join(f"{count} {stage}" for stage, count in stages.items()) or "none"))
        if complete:
            self._say(f"{complete} orders went from BigCommerce to FM and came back Complete.")
        else:
            self._say("No order became Complete.")
        return complete > 0


def _stages() -> dict[str, int]:
    from django.db.models import Count

    from npf.orders.models import Order
    from npf.orders.stages import Stage

    counts = dict(Order.objects.values_list("stage").annotate(Count("pk")))
    return {stage.value: counts[stage.value] for stage in Stage if stage.value in counts}
