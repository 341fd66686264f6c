"""The ways into BigCommerce's stock.

by the inventory    2,000 items a call, at one location; sets what is on hand (facts 95-107). Needs Store Inventory and
                    Store Locations, which the four scopes of NPF's set-up do not have (fact 11)
    absolute        figures: a repeated call does no harm, a sale that comes between reading and writing is undone
    exact           differences: a sale between is kept, a repeated call would be added twice, and so never is
by the catalogue    figures; variants by 50, products by 10, default location only (fact 110)

All write one call at a time (fact 102).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from npf.bigcommerce import catalog, inventory
from npf.bigcommerce.address import AN_API_ACCOUNT
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.refusals import RefusedItems
from npf.core.errors import FixSettings, GiveUp, TryLater
from npf.stock.models import Item
from npf.stores.parameters import Parameters

# So often one push may hear no before it stops looking for the culprits: then something is wrong with all of them.
MOST_REFUSALS = 50
_TOKEN = "bigcommerce.access_token"
_REASON = "NPF stock"
# The words of BigCommerce for an item of which it takes a figure and no difference (fact 101).
_NO_DIFFERENCE = re.compile(b"absolute adjustment before relative|below the safety stock")


class Identity(Protocol):
    """What a level is asked for by: an Item, or a Level of the last count."""

    sku: str
    product_id: int
    variant_id: int | None


class Way(Protocol):
    """How items are written. `name` stands on the run. `counted`: the count reads the same levels as this way does.
    `exact`: it writes differences, of items that have a `delta`.
    """

    name: str
    counted: bool
    exact: bool

    def levels(self, items: Sequence[Identity]) -> dict[str, int]:
        """SKU -> what stands there now; without those that BigCommerce does not show."""

    def batches(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        """The items in calls."""

    def write(self, batch: Sequence[Item]) -> None:
        """Write one call; sets `stands` where the answer tells it.

        Raises RefusedItems or another GiveUp: then take the whole batch for refused.
        """


class Book(Protocol):
    """Where it is written down what becomes of the items."""

    def asking(self, batch: Sequence[Item]) -> None:
        """BigCommerce is about to be asked."""

    def as_figures(self, items: Sequence[Item]) -> None:
        """These are written as figures, not as differences; `publish` may be lower than it was."""

    def was_done(self, batch: Sequence[Item]) -> bool:
        """Whether a call was done whose answer was lost: look."""

    def settled(self, items: Sequence[Item]) -> None:
        """These are written or refused."""


class ByInventory:
    """At one location; what it compares with and sets is what is on hand there (fact 104)."""

    counted = False

    def __init__(self, client: BigCommerce, location_id: int, *, exact: bool = False) -> None:
        self.name = "inventory, exact" if exact else "inventory"
        self.client = client
        self.location_id = location_id
        self.exact = exact

    def levels(self, items: Sequence[Identity]) -> dict[str, int]:
        by_variant = {item.variant_id: item for item in items if item.variant_id}
        by_product = {item.product_id: item for item in items if not item.variant_id}
        found: dict[str, int] = {}
        for row in inventory.items(
            self.client, location_id=self.location_id, variant_ids=list(by_variant), product_ids=list(by_product)
        ):
            item = by_variant.get(row.identity.variant_id) or by_product.get(row.identity.product_id)
            here = next((one for one in row.locations if one.location_id == self.location_id), None)
            if item is not None and here is not None and here.total_inventory_onhand is not None:
                found[item.sku] = here.total_inventory_onhand
        return found

    def batches(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        yield from _by(inventory.ITEMS_A_CALL, [item for item in items if item.delta is not None])
        yield from _by(inventory.ITEMS_A_CALL, [item for item in items if item.delta is None])

    def write(self, batch: Sequence[Item]) -> None:
        if batch[0].delta is not None:
            rows = [self._adjustment(item, item.delta or 0) for item in batch]
            inventory.adjust(self.client, location_id=self.location_id, items=rows, reason=_REASON)
        else:
            rows = [self._adjustment(item, _level(item)) for item in batch]
            inventory.set_absolute(self.client, location_id=self.location_id, items=rows, reason=_REASON)

    def _adjustment(self, item: Item, quantity: int) -> inventory.Adjustment:
        if item.variant_id:
            return inventory.Adjustment(quantity=quantity, variant_id=item.variant_id)
        return inventory.Adjustment(quantity=quantity, product_id=item.product_id)


class ByCatalogue:
    """At the default location; what it compares with and sets is what may be sold."""

    name = "catalogue"
    counted = True
    exact = False

    def __init__(self, client: BigCommerce) -> None:
        self.client = client

    def levels(self, items: Sequence[Identity]) -> dict[str, int]:
        by_variant = {item.variant_id: item.sku for item in items if item.variant_id}
        by_product = {item.product_id: item.sku for item in items if not item.variant_id}
        of = sorted({item.product_id for item in items if item.variant_id})
        rows = [*catalog.variants(self.client, of)] if of else []
        found = {by_variant[row.id]: row.inventory_level for row in rows if row.id in by_variant}
        wholes = [*catalog.products(self.client, sorted(by_product))] if by_product else []
        found |= {by_product[row.id]: row.inventory_level for row in wholes if row.id in by_product}
        return {sku: level for sku, level in found.items() if level is not None}

    def batches(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        yield from _by(catalog.VARIANTS_A_CALL, [item for item in items if item.variant_id])
        yield from _by(catalog.PRODUCTS_A_CALL, [item for item in items if not item.variant_id])

    def write(self, batch: Sequence[Item]) -> None:
        if batch[0].variant_id:
            levels = [(item.variant_id or 0, _level(item)) for item in batch]
            shown = catalog.write_variant_levels(self.client, levels)
        else:
            shown = catalog.write_product_levels(self.client, [(item.product_id, _level(item)) for item in batch])
        for item in batch:
            item.stands = shown.get(item.variant_id or item.product_id)


def never_with_a_legacy_account() -> GiveUp:
    """Why the stock of a store with a legacy account is not counted and not written (fact 5)."""
    return GiveUp(
        f"a legacy account cannot write stock. To have it written, {AN_API_ACCOUNT}; to have it left, set "
        "parameters.update_soh to No. Orders and shipments go on as they are",
        code="legacy_account",
        field="bigcommerce.store_id",
        repair="an API account with a token",
    )


def choose(client: BigCommerce, values: Parameters) -> Way:
    """By the inventory where the token may read its locations, else by the catalogue.

    Raises FixSettings for a stock location that cannot be written to, or that only the inventory could reach.
    """
    try:
        places = inventory.locations(client)
    except FixSettings as wrong:
        # A token that is wrong altogether is found out by the next call.
        if wrong.parameter != _TOKEN or values.stock_location is not None:
            raise
        places = []
    if not places and values.stock_location is None:
        return ByCatalogue(client)
    wanted = values.stock_location or min(place.id for place in places)
    place = next((place for place in places if place.id == wanted), None)
    if place is None or not place.enabled:
        usable = ", ".join(f"{one.id} ({one.label or one.code})" for one in places if one.enabled)
        raise FixSettings(
            f"location {wanted} " + ("is disabled" if place else "does not exist") + " in BigCommerce",
            parameter="parameters.stock_location",
            cure=f"use one of {usable}" if usable else "enable a location in BigCommerce: Settings > Inventory",
        )
    return ByInventory(client, wanted, exact=values.stock_write == "exact")


def instead(way: Way, wrong: FixSettings, values: Parameters) -> Way | None:
    """The other way for a token that may read the inventory and not write it; None where there is none."""
    if isinstance(way, ByInventory) and wrong.parameter == _TOKEN and values.stock_location is None:
        return ByCatalogue(way.client)
    return None


def write(way: Way, items: Sequence[Item], book: Book) -> None:
    """Write the items and mark each as written or refused; `book` hears of them, batch by batch.

    One that is refused never stops the others: those that BigCommerce names are left out, and where it names none, the
    batch is halved until the culprit stands alone (fact 98). One of which BigCommerce takes no difference gets its
    figure. After a lost answer it is looked for: what was done is written, else the TryLater goes on, and nothing is
    asked twice. Raises TryLater and FixSettings as they come.
    """
    waiting = list(way.batches(items))[::-1]
    refusals = 0
    while waiting:
        batch = waiting.pop()
        book.asking(batch)
        try:
            way.write(batch)
        except GiveUp as refused:
            refusals += 1
            out = _named(refused, batch)
            if len(batch) == 1 or refusals > MOST_REFUSALS:
                out = list(batch)
            waiting += _rest(batch, out)
            if out and batch[0].delta is not None and _takes_no_difference(refused):
                _by_figure(way, out)
                book.as_figures(out)
                waiting.append(out)
                continue
            for item in out:
                item.refused = str(refused)
            book.settled(out)
        except TryLater as lost:
            if not lost.unclear or not book.was_done(batch):
                raise
            _written(book, batch)
        else:
            _written(book, batch)


def _written(book: Book, batch: Sequence[Item]) -> None:
    for item in batch:
        item.written = True
    book.settled(batch)


def _takes_no_difference(refused: GiveUp) -> bool:
    return isinstance(refused, RefusedItems) and _NO_DIFFERENCE.search(refused.body) is not None


def _by_figure(way: Way, items: Sequence[Item]) -> None:
    """Have the items written as figures: what the difference would have made of what stands there now.

    Where it would have gone below zero, more was sold meanwhile than there is.
    """
    levels = way.levels(items)
    for item in items:
        if item.sku in levels and item.publish is not None:
            item.publish = max(0, min(item.publish, levels[item.sku] + (item.delta or 0)))
        item.delta = None


def _named(refused: GiveUp, batch: Sequence[Item]) -> list[Item]:
    """The items that BigCommerce named: by the identity under which they were written."""
    if not isinstance(refused, RefusedItems):
        return []
    return [
        item
        for item in batch
        if (item.variant_id in refused.variant_ids if item.variant_id else item.product_id in refused.product_ids)
    ]


def _rest(batch: Sequence[Item], out: Sequence[Item]) -> list[Sequence[Item]]:
    """What to try again of a refused batch, the last first: without those that are out, or by halves."""
    if out:
        gone = {item.sku for item in out}
        left = [item for item in batch if item.sku not in gone]
        return [left] if left else []
    middle = len(batch) // 2
    return [batch[middle:], batch[:middle]]


def _level(item: Item) -> int:
    if item.publish is None:
        raise ValueError(f"{item.sku} is unknown: there is nothing to write")
    return item.publish


def _by(size: int, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
