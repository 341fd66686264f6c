"""A month of sales, pushed by npf or by a plain overwrite: how much is sold that FM cannot send?

npf runs on its own schedule, jobs and stations; only time, chance and the sandboxes are the market's. All three ways
send, follow and push orders alike, and differ in the writing of stock alone:

    exact       stock_write = exact
    absolute    stock_write = absolute
    plain       FM's figure less the buffer, bundles by their scarcest part, written as it is
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from bench.market import QUIET, SHOPS, Clock, Market, Shop
from npf.core.errors import TryLater
from npf.desk import decisions
from npf.jobs import schedule, stations, tasks
from npf.orders.models import Order
from npf.sandbox import bigcommerce as bc
from npf.sandbox import fm
from npf.sandbox.server import serve
from npf.stores import book, draft
from npf.stores.models import Store
from npf.stores.outside import Outside
from npf.stores.visit import visit

WAYS = ("exact", "absolute", "plain")
BEGIN = datetime(2026, 9, 20, tzinfo=UTC)
"""Both Melbourne's and Auckland's clocks change in the month that follows."""
SHARE = 0.02
BC_FAULTS = (
    *("429", "429-bare", "500", "502", "503", "504", "504-after", "reset-before", "reset-after", "truncate", "stall:5"),
    *("malformed-order", "unknown-field", "drift", "duplicate", "stale:30"),
)
FM_FAULTS = (
    *("500", "500-doc", "reset-before", "garbage", "wsdl", "500-after", "reset-after", "truncate", "garbage-after"),
    *("stall:5", "leave-out", "zeros", "no-details"),
)


@dataclass
class Month:
    """What came of it. `sold` and `beyond` by shop, in units of FM codes; `above` as in Market."""

    way: str
    orders: int
    sold: Counter[str]
    beyond: Counter[str]
    written: int
    above: list[tuple[datetime, str, str, int, int]]
    pushes: int
    stopped: int
    struck: Counter[str]
    in_fm: int


def live(way: str, days: float = 30, seed: int = 1, share: float = SHARE) -> Month:
    """Live through so many days, on a database without stores. `share`: of calls that meet each fault."""
    chance = random.Random(seed)
    clock = Clock(BEGIN)
    world = bc.World(seed, now=clock.now, sleep=clock.sleep)
    warehouse = fm.Warehouse(seed, clock.now, sleep=clock.sleep, pick_delay=18_000.0, split_share=0.2)
    codes = {code for shop in SHOPS for parts in shop.goods.values() for code in parts}
    products = {code: 40 if code.startswith("C") else 0 for code in codes}
    client = warehouse.add_client(client_code="MARKET", username="npf", password="secret-of-fm", products=products)
    market = Market(clock, world, client, chance)
    outside = Outside(clock, random.Random(seed))
    with (
        serve(market.slow(bc.make_app(world))) as shops,
        serve(market.slow(fm.make_app(warehouse))) as floor,
        _working(outside, way) as done,
    ):
        for shop in SHOPS:
            book.save(draft.read(_store_file(shop, shops.url, floor.url, way)), "bench", clock)
        for store in market.stores.values():
            store.faults.load(",".join(f"{kind}={share}" for kind in BC_FAULTS))
        client.faults.load(",".join(f"{kind}={share}" for kind in FM_FAULTS))
        _days(days, market, outside)
    struck = Counter(kind for of in (client, *market.stores.values()) for kind, _, _ in of.faults.struck)
    return Month(
        way=way,
        orders=market.orders,
        sold=market.truth.sold,
        beyond=+market.truth.beyond,
        written=market.written,
        above=market.above,
        pushes=done["pushes"],
        stopped=done["stopped"],
        struck=struck,
        in_fm=len(client.orders),
    )


def _store_file(shop: Shop, shops: str, floor: str, way: str) -> dict[str, Any]:
    singles = {sku: next(iter(parts)) for sku, parts in shop.goods.items() if not sku.startswith("KIT")}
    parameters: dict[str, Any] = {"prefix": f"{shop.name[0].upper()}-", "start_date": f"{BEGIN:%d/%m/%Y}"}
    parameters |= {"look_every": 43_200, "stock_write": "exact" if way == "exact" else "absolute"}
    return {
        "name": shop.name,
        "merchant": "Market",
        "bigcommerce": {
            "store_id": shop.name,
            "client_id": f"client-{shop.name}",
            "access_token": f"token-{shop.name}",
            "api_url": shops,
        },
        "fm": {"base_url": floor, "username": "npf", "password": "secret-of-fm", "client_code": "MARKET"},
        "parameters": parameters | shop.parameters,
        "dispatch": {"default": "AP"},
        "carriers": {"AP": "auspost"},
        "sku_map": {sku: code for sku, code in singles.items() if sku != code},
        "bundles": {sku: dict(parts) for sku, parts in shop.goods.items() if sku.startswith("KIT")},
    }


@contextmanager
def _working(outside: Outside, way: str) -> Iterator[Counter[str]]:
    """The worker's jobs in this process, on the market's time. Counts `pushes` and those that `stopped`."""
    kept: tuple[Callable[..., Any], Callable[..., Any]] = tasks.outside, stations.push_stock
    push = _overwrite if way == "plain" else kept[1]
    done = Counter[str]()

    def counted(*given: Any, **named: Any) -> dict[str, Any]:
        document: dict[str, Any] = push(*given, **named)
        done.update(pushes=1, stopped=int(bool(document["stopped"])))
        return document

    tasks.outside, stations.push_stock = (lambda: outside), counted  # type: ignore[assignment]
    try:
        yield done
    finally:
        tasks.outside, stations.push_stock = kept  # type: ignore[assignment]


def _days(days: float, market: Market, outside: Outside) -> None:
    """Do what is due, then go to the next time at which something is."""
    clock, day = market.clock, 0.0
    while clock.monotonic() < days * 86_400:
        if clock.monotonic() >= day:
            market.deliver()
            _operator(outside)
            day += 86_400
        market.due()
        schedule.tick(clock, outside.rng)
        _jobs(outside)
        times = [
            at
            for row in Store.objects.values_list("next_look_at", "next_stock_at", "next_change_at")
            for at in row
            if at is not None
        ]
        times += ProcrastinateJob.objects.filter(scheduled_at__isnull=False).values_list("scheduled_at", flat=True)
        wait = (min(times) - clock.now()).total_seconds()
        clock.advance(min(max(5.0, wait), day - clock.monotonic()), QUIET)


def _jobs(outside: Outside) -> None:
    """Do the jobs that wait, as a worker does, until none is due."""
    while jobs := [
        job
        for job in ProcrastinateJob.objects.filter(status="todo").order_by("pk")
        if job.scheduled_at is None or job.scheduled_at <= outside.clock.now()
    ]:
        ProcrastinateJob.objects.filter(pk__in=[job.pk for job in jobs])._raw_delete("default")
        for job in jobs:
            getattr(tasks, job.task_name.rpartition(".")[2])(**job.args)


def _operator(outside: Outside) -> None:
    """Once a day somebody looks at what is held and tries it again."""
    for order in Order.objects.filter(stage="held").select_related("store"):
        decisions.retry(order, "otto", outside.clock)
    for store in Store.objects.filter(paused_at__isnull=False):
        book.resume(store, "otto", outside.clock)


def _overwrite(store: Store, outside: Outside, by: str, **more: Any) -> dict[str, Any]:
    """What one writes in an afternoon: ask FM, write what it says."""
    try:
        with visit("stock", store, outside, by) as at:
            goods = next(shop.goods for shop in SHOPS if shop.name == store.name)
            figures = at.fm.stock_answer(sorted({code for parts in goods.values() for code in parts})).StockonHand
            rows = []
            for sku, parts in goods.items():
                found = [(figures.get(code), units) for code, units in parts.items()]
                if all(figure is not None for figure, _ in found):
                    whole = min((figure or 0) // units for figure, units in found)
                    level = max(0, whole - at.settings.parameters.stock_buffer)
                    rows.append({"location_id": 1, "sku": sku, "quantity": level})
            if rows:
                at.bigcommerce.put("/v3/inventory/adjustments/absolute", body={"reason": "plain", "items": rows})
        return {"try_again": False, "stopped": None}
    except TryLater as error:
        return {"try_again": True, "stopped": str(error)}
