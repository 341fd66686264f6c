"""Stock by location: levels, sales, absolute and relative adjustments (facts 95-109)."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from npf.sandbox.bigcommerce.answers import problem
from npf.sandbox.bigcommerce.catalogue import Catalogue, Product, Variant
from npf.sandbox.bigcommerce.locations import DEFAULT_LOCATION, Location
from npf.sandbox.bigcommerce.switches import Switches

MOST = 2_147_483_647
MOST_ITEMS = 2000

Key = tuple[str, int]
"""("product", id) or ("variant", id): where the level of an item is kept, by its tracking mode."""


@dataclass(slots=True)
class Level:
    """`on_hand` is BigCommerce's total_inventory_onhand; available = on hand less safety stock (fact 104).

    `counted` turns true with the first absolute adjustment; relative ones are refused before (fact 101).
    """

    on_hand: int = 0
    safety: int = 0
    warning: int = 0
    in_stock: bool = True
    bin: str = ""
    counted: bool = False

    @property
    def available(self) -> int:
        """What may be sold."""
        return self.on_hand - self.safety


@dataclass(slots=True)
class _Change:
    due: float
    location_id: int
    key: Key
    absolute: bool
    quantity: int


@dataclass(slots=True)
class Stock:
    """The stock of one store. Its switches say how long an adjustment takes, and what one bad item does to a call.

    `tell` hears of each change that somebody wrote: (location, key, whether absolute, quantity). Sales are not told.
    """

    catalogue: Catalogue
    now: Callable[[], float]
    chance: random.Random
    switches: Switches
    tell: Callable[[int, Key, bool, int], None]
    locations: dict[int, Location] = field(default_factory=dict)
    levels: dict[tuple[int, Key], Level] = field(default_factory=dict)
    _waiting: list[_Change] = field(default_factory=list)

    def key(self, product: Product, variant: Variant) -> Key:
        """Where the level of this variant is kept."""
        return ("product", product.id) if product.tracking == "product" else ("variant", variant.id)

    def level(self, location_id: int, key: Key) -> Level:
        """The level as of now; made empty at the first look."""
        self.settle()
        return self.levels.setdefault((location_id, key), Level())

    def level_of(self, variant: Variant, location_id: int = DEFAULT_LOCATION) -> Level:
        """The level of a variant by its product's tracking mode."""
        return self.level(location_id, self.key(self.catalogue.product_of(variant), variant))

    def put(self, variant: Variant, quantity: int, location_id: int = DEFAULT_LOCATION) -> None:
        """Set what is on hand, at once."""
        level = self.level_of(variant, location_id)
        level.on_hand, level.counted = quantity, True
        self.tell(location_id, self.key(self.catalogue.product_of(variant), variant), True, quantity)

    def move(self, variant: Variant, delta: int) -> None:
        """A sale (negative) or a return at the default location; may go below zero (fact 116)."""
        if self.catalogue.product_of(variant).tracking != "none":
            self.level_of(variant).on_hand += delta

    def forget(self, keep: Callable[[int, Key], bool]) -> None:
        """Drop levels, and changes on their way, whose (location id, key) `keep` denies: place or item is gone."""
        self.levels = {at: level for at, level in self.levels.items() if keep(*at)}
        self._waiting = [change for change in self._waiting if keep(change.location_id, change.key)]

    def settle(self) -> None:
        """Let the adjustments whose time has come take effect, in the order in which they came."""
        if not self._waiting:
            return
        now = self.now()
        due = [change for change in self._waiting if change.due <= now]
        self._waiting = [change for change in self._waiting if change.due > now]
        for change in due:
            level = self.levels.setdefault((change.location_id, change.key), Level())
            wanted = change.quantity if change.absolute else level.on_hand + change.quantity
            level.counted = level.counted or change.absolute
            # Too large a figure is accepted and not saved (fact 100).
            if wanted <= MOST:
                level.on_hand = wanted
                self.tell(change.location_id, change.key, change.absolute, change.quantity)

    def adjust(self, items: Any, absolute: bool) -> str:
        """Accept adjustments and give the transaction's id. Raises Refusal 422 with one title, or 413 above 2,000."""
        if not isinstance(items, list) or not items:
            raise problem(422, "Payload contains invalid fields", {"items": "must be a non-empty array"})
        if len(items) > MOST_ITEMS:
            title = f"The request payload is too large. The maximum items allowed in the array is {MOST_ITEMS}"
            raise problem(413, title)
        self.settle()
        changes: list[_Change] = []
        troubles: list[tuple[str, str]] = []
        for at, item in enumerate(items):
            found = self._read(at, item, absolute)
            if isinstance(found, _Change):
                changes.append(found)
            else:
                troubles.append(found)
        if troubles and self.switches.batch_refusal == "whole":
            raise _refusal(troubles)
        self._waiting += changes
        self.settle()
        if troubles:
            raise _refusal(troubles)
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def _read(self, at: int, item: Any, absolute: bool) -> _Change | tuple[str, str]:
        """The change that an item asks for, or (kind of trouble, its identity)."""
        if not isinstance(item, dict):
            return "field", f"items.{at}"
        for name in ("location_id", "quantity"):
            if type(item.get(name)) is not int:
                return "field", f"items.{at}.{name}"
        if absolute and item["quantity"] < 0:
            return "field", f"items.{at}.quantity"
        names = [name for name in ("sku", "variant_id", "product_id") if name in item]
        if len(names) != 1:
            return "field", f"items.{at}"
        location = self.locations.get(item["location_id"])
        if location is None:
            return "location", str(item["location_id"])
        if not location.enabled:
            return "disabled", str(location.id)
        key = self._identify(names[0], item[names[0]])
        if isinstance(key, str):
            return ("unknown" if key.startswith("unknown") else "tracking"), key.removeprefix("unknown ")
        level = self.levels.get((location.id, key))
        if not absolute:
            identity = f"{names[0]} {item[names[0]]}"
            if level is None or not level.counted:
                return "uncounted", identity
            if item["quantity"] < 0 and level.on_hand + item["quantity"] < level.safety:
                return "short", identity
        return _Change(self.now() + self.switches.inventory_lag, location.id, key, absolute, item["quantity"])

    def _identify(self, name: str, value: Any) -> Key | str:
        """The key of an item, or the words of the refusal (facts 97, 99).

        A SKU of a product without options is taken in both tracking modes; that is our reading.
        """
        if name == "product_id":
            product = self.catalogue.products.get(value)
            if product is None:
                return f"unknown product_id {value}"
            if product.tracking == "variant":
                return f"Item with product_id {value} is tracked by variant, please update stock by variant id"
            return self.key(product, product.variants[0])
        variant = self.catalogue.find(value) if name == "sku" else self.catalogue.variants.get(value)
        if variant is None:
            return f"unknown {name} {value}"
        product = self.catalogue.product_of(variant)
        if product.tracking == "product" and (name == "variant_id" or product.has_options):
            return f"Item with {name} {value} is tracked by product, please update stock by product id"
        return self.key(product, variant)


def _refusal(troubles: list[tuple[str, str]]) -> Exception:
    """One title for the first kind of trouble, whatever else is wrong (fact 97)."""
    kind = troubles[0][0]
    alike = [identity for other, identity in troubles if other == kind]
    if kind == "field":
        return problem(422, "Payload contains invalid fields", dict.fromkeys(alike, "is invalid"))
    titles = {
        "location": f"Location not found, identities: [{','.join(alike)}]",
        "disabled": f"Location is disabled, identities: [{','.join(alike)}]",
        "unknown": f"Items not found, identities: [{', '.join(alike)}]",
        "tracking": f"[{', '.join(alike)}]",
        "uncounted": f"Items with identity: [{', '.join(alike)}] requires absolute adjustment before relative",
        "short": f"Items with identity: [{', '.join(alike)}] are below the safety stock",
    }
    return problem(422, titles[kind])
