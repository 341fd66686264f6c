"""Fill a store: a catalogue, and orders as an Australian homeware shop gets them."""

import random
from datetime import timedelta
from typing import Any

from npf.sandbox.bigcommerce import goods, people, statuses
from npf.sandbox.bigcommerce.placing import Goods
from npf.sandbox.bigcommerce.store import Store

VARIETIES = ("plain", "believable")
_STATUSES = (11,) * 78 + (0,) * 5 + (1,) * 2 + (7,) * 4 + (5,) * 3 + (10,) * 5 + (2,) * 3
_COUNTRIES = ("AU",) * 84 + ("NZ",) * 11 + ("US", "US", "GB", "GB", "SG")
_PAYMENTS = ("Credit Card", "Credit Card", "PayPal", "Afterpay", "Bank Deposit")


def seed_catalogue(store: Store, seed: int = 0) -> None:
    """About 60 products: simple ones, some with variants, some without tracking, bundles (`KIT-…`), one download.

    Test001 and Test002 are always there. Does nothing where they are there already.
    """
    if store.catalogue.find("Test001") is not None:
        return
    chance = random.Random(f"catalogue {seed}")
    for at, (sku, name, price, weight, tracking) in enumerate(goods.SIMPLE):
        stock = 1000 if sku.startswith("Test") else chance.randrange(20, 400)
        upc = f"93{at:011}"
        store.add_product(sku, stock, name=name, price=price, weight=weight, tracking=tracking, brand="Gum", upc=upc)
    for sku, name, price, weight, variants in goods.WITH_VARIANTS:
        label = "Size" if len(variants[0][1]) < 6 else "Colour"
        options = [(variant, ((label, value),)) for variant, value in variants]
        store.add_product(sku, chance.randrange(20, 200), name=name, price=price, weight=weight, options=options)
    for sku, name, price, weight, _ in goods.KITS:
        store.add_product(sku, chance.randrange(20, 80), name=name, price=price, weight=weight)
    for sku, name, price in goods.DIGITAL:
        store.add_product(sku, 0, name=name, price=price, weight=0, kind="digital", tracking="none")


def physical_skus(store: Store) -> list[str]:
    """Every SKU that a warehouse would hold or make up, bundles included: what an FM must know to serve this store."""
    catalogue = store.catalogue
    return [v.sku for v in catalogue.variants.values() if v.sku and catalogue.product_of(v).kind == "physical"]


def seed_store(store: Store, orders: int, seed: int = 0, variety: str = "believable", days: float = 4) -> list[int]:
    """Place `orders` orders over the last `days` days and give their numbers; the first is the test order.

    "plain": every one passes the gates of a default store (status 11, AU or NZ, goods only, known shipping methods,
    sane lengths, no bundles). "believable": mostly these, and every kind of odd one. What the orders have oversold is
    stocked up again. ValueError for another variety.
    """
    if variety not in VARIETIES:
        raise ValueError(f"variety is one of {', '.join(VARIETIES)}, not {variety!r}")
    seed_catalogue(store, seed)
    chance = random.Random(f"orders {seed} {variety} {store.next_order_id()}")
    shopper = Shopper(store, chance, variety)
    until = store.world.now()
    span = days * 86_400
    moments = sorted(chance.random() * span for _ in range(orders))
    placed: list[int] = []
    with store.lock:
        for at, ago in enumerate(reversed(moments)):
            # Every twelfth shares its second with the one before it: a cursor of one second must bear that.
            ago = moments[len(moments) - at] if at and at % 12 == 0 else ago
            created = until - timedelta(seconds=int(ago))
            placed.append(shopper.test_order(created=created) if at == 0 else shopper.order(created=created))
        for variant in store.catalogue.variants.values():
            if store.inventory.level_of(variant).on_hand < 0:
                store.inventory.put(variant, chance.randrange(20, 400))
    return placed


class Shopper:
    """Places one order after the other, of the variety asked for."""

    def __init__(self, store: Store, chance: random.Random, variety: str = "believable") -> None:
        self.store = store
        self.chance = chance
        self.plain = variety == "plain"
        skus = [sku for sku in physical_skus(store) if not sku.startswith(("Test", "KIT-"))]
        self._skus = skus
        self._kits = [sku for sku, *_ in goods.KITS if store.catalogue.find(sku)]

    def test_order(self, **more: Any) -> int:
        """One each of Test001 and Test002."""
        return self.store.place_order([("Test001", 1), ("Test002", 1)], **more)

    def order(self, **more: Any) -> int:
        """One order; `more` goes to Store.place_order and wins."""
        chance = self.chance
        country = chance.choice(_COUNTRIES)
        if self.plain and country not in ("AU", "NZ"):
            country = "AU"
        methods = goods.SHIPPING_METHODS if country == "AU" else goods.OVERSEAS_METHODS
        words: dict[str, Any] = {
            "lines": self._lines(),
            "country": country,
            "shipping_method": chance.choice(methods),
            "customer_id": 0 if chance.random() < 0.55 else chance.randrange(1, 900),
            "payment_method": chance.choice(_PAYMENTS),
            "address": self._address(),
        }
        if not self.plain:
            words["status_id"] = chance.choice(_STATUSES)
            self._make_odd(words)
            if chance.random() < 0.02:
                self.store.skip_order_ids(chance.randrange(1, 4))
        order_id = self.store.place_order(**{**words, **more})
        self._catch_up(order_id)
        return order_id

    def _lines(self) -> list[Goods]:
        number = self.chance.choices((1, 2, 3, 4, 5), (48, 27, 14, 7, 4))[0]
        skus = self.chance.sample(self._skus, number)
        return [(sku, self.chance.choices((1, 2, 3, 6), (76, 16, 5, 3))[0]) for sku in skus]

    def _address(self) -> dict[str, str]:
        chance = self.chance
        words: dict[str, str] = {}
        if chance.random() < 0.06:
            words["first_name"], words["last_name"] = chance.choice(people.ACCENTED)
        if chance.random() < 0.09:
            words["company"] = chance.choice(people.COMPANIES)
        if chance.random() < 0.15:
            words["street_2"] = chance.choice(people.SECOND_LINES)
        return words

    def _make_odd(self, words: dict[str, Any]) -> None:
        """One order in four has something that a connector must look at."""
        chance, lines = self.chance, words["lines"]
        if chance.random() < 0.12:
            words["customer_message"] = chance.choice(people.MESSAGES)
        kind = chance.random()
        if kind < 0.03:
            lines.append({"sku": "PDF-CARE", "quantity": 1, "type": "digital"})
        elif kind < 0.035:
            words["lines"] = [{"sku": "PDF-CARE", "quantity": 1, "type": "digital"}]
        elif kind < 0.05:
            gift = {"name": "Gift certificate", "price": 50, "type": "giftcertificate"}
            lines.append({**gift, "recipient": "friend@example.com"})
        elif kind < 0.065:
            lines.append({"sku": "NOTEBOOK-A5", "quantity": 1, "parent": 0})
        elif kind < 0.075:
            lines.append({"name": "Hand-cut sample", "quantity": 1, "price": 5})
        elif kind < 0.085:
            sku, quantity = lines[0]
            lines[0] = {"sku": sku, "quantity": quantity + 1, "refunded": 1}
            words["status_id"] = statuses.PARTIALLY_REFUNDED
        elif kind < 0.105:
            words["addresses"] = 2
            if len(lines) < 2:
                lines.append(("TEA-TWL-WTL", 1))
        elif kind < 0.135:
            sku, quantity = lines[0]
            note = chance.choice(people.GIFT_NOTES)
            lines[0] = {"sku": sku, "quantity": quantity, "wrapping_name": "Kraft wrap", "wrapping_message": note}
        elif kind < 0.175:
            lines.append((chance.choice(self._kits), 1))
        elif kind < 0.18:
            words["pickup"], words["status_id"] = True, statuses.AWAITING_PICKUP
        elif kind < 0.185:
            words["shipping_method"] = "Courier (quote by phone)"
        elif kind < 0.19:
            words["address"]["street_1"] = (
                "The old schoolhouse behind the community hall, 1428 Upper Kangaroo Creek Road"
            )

    def _catch_up(self, order_id: int) -> None:
        """An order that is shipped already has its shipment's figures."""
        order = self.store.orders[order_id]
        if order.status_id in (statuses.SHIPPED, statuses.COMPLETED):
            for line in order.lines:
                if line.address_id:
                    line.shipped = line.quantity
            order.shipped_at = order.created
            self.store.book.touch(order, order.modified)
