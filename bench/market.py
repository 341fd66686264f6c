"""Shops on both sandboxes, in time of their own: nobody waits for it.

    Clock     passes while a call is on its way, while npf sleeps, from one thing to the next; shoppers come as it does
    Market    the shops, what they sell and what it is made of; who buys; what arrives at FM
    Truth     what FM can send at each moment, judged by the sandboxes alone: what is sold beyond it is counted, and a
              figure that is written above it is noted

Shoppers come every few seconds while a call is under way, since that is when a push can go wrong, and now and then
otherwise. They buy what stands on the shelf. Some orders are paid later, some of them are cancelled instead.
"""

import heapq
import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from npf.sandbox import bigcommerce as bc
from npf.sandbox import fm

BUSY, QUIET = 5.0, 3600.0
"""Seconds from one shopper to the next: while a call is under way, and otherwise."""
SHARED_A_DAY = 7
"""So many units of a code that several SKUs share are wanted within a day, over all shops."""
INCOMPLETE, AWAITING_PAYMENT = 0, 7

Parts = Mapping[str, int]


@dataclass(frozen=True)
class Shop:
    """What a shop sells: SKU -> FM code -> units in one. `shared`: of codes that others sell too."""

    name: str
    goods: Mapping[str, Parts]
    variants: tuple[str, ...] = ()
    shared: bool = False
    switches: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


SHOPS = (
    Shop(
        "north",
        {"N-1": {"N-1": 1}, "N-2": {"N-2": 1}, "NORTH-3": {"N-3": 1}, "KIT-N": {"N-4": 2, "N-5": 1}},
        parameters={"stock_every": 480},
    ),
    Shop(
        "south",
        {"S-1": {"S-1": 1}, "S-2": {"S-2": 1}, "SOUTH-3": {"S-3": 1}, "KIT-S": {"S-4": 1, "S-5": 3}},
        variants=("S-1", "S-2"),
        switches={"inventory_lag": 20.0},
        parameters={"timezone": "Pacific/Auckland"},
    ),
    Shop(
        "east",
        {"C-1": {"C-1": 1}, "C-2": {"C-2": 1}, "C-3": {"C-3": 1}, "KIT-E": {"C-1": 1, "C-2": 2}},
        shared=True,
        parameters={"stock_every": 480, "stock_buffer": 15},
    ),
    Shop(
        "west",
        {"WEST-1": {"C-1": 1}, "WEST-2": {"C-2": 1}, "C-3": {"C-3": 1}, "KIT-W": {"C-2": 1, "C-3": 1}},
        shared=True,
        parameters={"stock_time": "12:00", "stock_buffer": 15},
    ),
)


class Clock:
    """Time that moves only when it is told to; `shopper` is called whenever one comes, by `chance`."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin
        self._passed = 0.0
        self._lock = threading.RLock()
        self.shopper: Callable[[], object] = lambda: None
        self.chance = random.Random(0)

    def now(self) -> datetime:
        return self._begin + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        self.advance(seconds, BUSY)

    def advance(self, seconds: float, every: float) -> None:
        """Let `seconds` pass, with a shopper every `every` seconds on average."""
        with self._lock:
            end = self._passed + max(0.0, seconds)
            while (comes := self._passed + self.chance.expovariate(1 / every)) < end:
                self._passed = comes
                self.shopper()
            self._passed = end


class Truth:
    """What FM can send of each code beside all that is sold. `client` is FM's; its lock guards all of this."""

    def __init__(self, client: fm.Client) -> None:
        self.client = client
        self.sold = Counter[str]()
        self.beyond = Counter[str]()
        """Units of FM codes that were sold though FM could not send them, by shop."""
        self._promised: dict[str, Counter[str]] = {}

    def can_send(self, code: str) -> int:
        """Units of a code for one who buys now: on the shelves, less what FM's orders and ours still to come take."""
        with self.client.lock:
            self.client.settle()
            for number in [one for one in self._promised if self.client.find(one)]:
                del self._promised[number]
            promised = sum(units[code] for units in self._promised.values())
            return self.client.stock[code] - self.client.stock.reserved(code) - promised

    def sell(self, shop: str, number: str, units: Counter[str]) -> None:
        """An order of BigCommerce that stands: FM will be asked for it under this number."""
        with self.client.lock:
            for code, wanted in units.items():
                self.sold[shop] += wanted
                self.beyond[shop] += wanted - max(0, min(wanted, self.can_send(code)))
            self._promised[number] = units

    def take_back(self, number: str) -> None:
        """It is cancelled, before FM had it."""
        with self.client.lock:
            self._promised.pop(number, None)


class Market:
    """The shops at work. `written`: how many figures came into force; `above`: those above what FM could send then."""

    def __init__(self, clock: Clock, world: bc.World, client: fm.Client, chance: random.Random) -> None:
        self.clock, self.world, self.client, self.chance = clock, world, client, chance
        self.truth = Truth(client)
        self.stores: dict[str, bc.Store] = {}
        self.orders = self.written = 0
        self.above: list[tuple[datetime, str, str, int, int]] = []
        self._own = [(shop, sku) for shop in SHOPS if not shop.shared for sku in shop.goods]
        self._shared = [(shop, sku) for shop in SHOPS if shop.shared for sku in shop.goods]
        self._wanted: list[tuple[float, Counter[str]]] = []
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        for shop in SHOPS:
            self._open(shop)
        clock.chance, clock.shopper = chance, self._shopper

    def _open(self, shop: Shop) -> None:
        store = self.world.add_store(shop.name, quota=(150, 30), **shop.switches)
        self.stores[shop.name] = store
        if shop.variants:
            options = [(sku, (("Size", sku),)) for sku in shop.variants]
            store.add_product(f"{shop.name}-sizes", 0, options=options)
        for sku in shop.goods:
            if sku not in shop.variants:
                store.add_product(sku, 0)
        variants = {sku: store.variant(sku) for sku in shop.goods}
        keys = {store.inventory.key(store.catalogue.product_of(one), one): sku for sku, one in variants.items()}
        tell = store.inventory.tell

        def told(location: int, key: tuple[str, int], absolute: bool, quantity: int) -> None:
            tell(location, key, absolute, quantity)
            self._judge(shop, keys[key])

        store.inventory.tell = told

    def _judge(self, shop: Shop, sku: str) -> None:
        """A figure has come into force."""
        store = self.stores[shop.name]
        level = store.inventory.level_of(store.variant(sku)).on_hand
        can = min(self.truth.can_send(code) // units for code, units in shop.goods[sku].items())
        self.written += 1
        if level > max(0, can):
            self.above.append((self.clock.now(), shop.name, sku, level, can))

    # -- what happens as time passes ---------------------------------------------------------------------------

    def deliver(self) -> None:
        """A day's goods arrive at FM, each code at an hour of its own."""
        day = self.clock.monotonic()
        for shop in SHOPS:
            for parts in shop.goods.values() if not shop.shared else ():
                kits, at = self.chance.randrange(2, 6), day + self.chance.random() * 86_400
                for code, units in parts.items():
                    self._later(at, lambda code=code, units=units * kits: self.arrive(code, units))
        for code in ("C-1", "C-2", "C-3"):
            at = day + self.chance.random() * 86_400
            self._later(at, lambda code=code: self.arrive(code, self.chance.randrange(4, 9)))

    def arrive(self, code: str, units: int) -> None:
        """Units are put on FM's shelves."""
        with self.client.lock:
            self.client.settle()
            self.client.stock[code] += units

    def _later(self, at: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._due, (at, next(self._numbers), do))

    def due(self) -> None:
        """Do what has come due: goods that arrive, payments, cancellations."""
        while self._due and self._due[0][0] <= self.clock.monotonic():
            heapq.heappop(self._due)[2]()

    def _shopper(self) -> None:
        """Somebody comes and buys, where it stands on the shelf."""
        self.due()
        shop, sku = self.chance.choice(self._own if self.chance.random() < 0.95 else self._shared)
        quantity = self.chance.choices((1, 2, 3), (75, 20, 5))[0]
        units = Counter({code: per * quantity for code, per in shop.goods[sku].items()})
        if shop.shared and not self._still_wanted(units):
            return
        if not self._on_shelf(shop, sku, quantity):
            return
        kind = self.chance.random()
        if kind < 0.04:
            order = self._place(shop, sku, quantity, INCOMPLETE)
            self._later(self._soon(60, 1200), lambda: self._come_back(shop, order, sku, quantity, units))
        elif kind < 0.1:
            order = self._place(shop, sku, quantity, AWAITING_PAYMENT)
            self.truth.sell(shop.name, self.number(shop, order), units)
            self._later(self._soon(1800, 20_000), lambda: self._pay_or_not(shop, order))
        else:
            self.truth.sell(shop.name, self.number(shop, self._place(shop, sku, quantity, 11)), units)

    def _soon(self, least: float, most: float) -> float:
        return self.clock.monotonic() + self.chance.uniform(least, most)

    def _on_shelf(self, shop: Shop, sku: str, quantity: int) -> bool:
        store = self.stores[shop.name]
        with store.lock:
            return store.inventory.level_of(store.variant(sku)).available >= quantity

    def _still_wanted(self, units: Counter[str]) -> bool:
        """Whether a day's demand for shared codes is not met yet."""
        yesterday = self.clock.monotonic() - 86_400
        self._wanted = [one for one in self._wanted if one[0] > yesterday]
        so_far = sum((of for _, of in self._wanted), Counter[str]())
        if any(so_far[code] + more > SHARED_A_DAY for code, more in units.items()):
            return False
        self._wanted.append((self.clock.monotonic(), units))
        return True

    def _place(self, shop: Shop, sku: str, quantity: int, status_id: int) -> int:
        self.orders += 1
        return self.stores[shop.name].place_order([(sku, quantity)], status_id=status_id)

    def _come_back(self, shop: Shop, order: int, sku: str, quantity: int, units: Counter[str]) -> None:
        """An Incomplete order is paid after all, if the goods are still there: its stock goes only now (fact 37)."""
        if self._on_shelf(shop, sku, quantity):
            self.stores[shop.name].pay(order)
            self.truth.sell(shop.name, self.number(shop, order), units)

    def _pay_or_not(self, shop: Shop, order: int) -> None:
        if self.chance.random() < 0.7:
            self.stores[shop.name].pay(order)
        else:
            self.stores[shop.name].cancel(order)
            self.truth.take_back(self.number(shop, order))

    @staticmethod
    def number(shop: Shop, order: int) -> str:
        """The number under which FM is asked for an order."""
        return f"{shop.name[0].upper()}-{order}"

    # -- the way to both ---------------------------------------------------------------------------------------

    def slow(self, app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """The same app over a network: its calls take time, most of all FM's count."""

        def answered(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            path = environ["PATH_INFO"]
            most = 45.0 if "soh" in path else 6.0 if path.endswith(".php") else 2.5
            self.clock.advance(self.chance.uniform(most / 8, most), BUSY)
            answer = app(environ, start_response)
            self.clock.advance(self.chance.uniform(0.1, 1.0), BUSY)
            return answer

        return answered
