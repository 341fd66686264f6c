"""What of a BigCommerce order NPF has to ship, and where to. Pure.

    order -> one Parcel per shipping address -> one Item per line with what is left to ship -> FM codes and quantities

One rule for bundles and pick lists, so that no goods are shipped twice:

    a bundle that the settings resolve      is shipped; its children, and theirs, ride along with it
    a bundle without a row, with children   rides along with its first child; the children are shipped
    a bundle without a row or children      is unknown: the order is held
    any other parent                        is an article of its own, shipped beside its children (fact 51)

A bundle of which nothing is left (refunded, shipped by others) takes its children with it.
"""

from collections.abc import Mapping, Sequence

import msgspec

from npf.bigcommerce.records import Consignment, Order, OrderProduct
from npf.stores.maps import Settings
from npf.stores.numbers import fm_number


class Repair(msgspec.Struct, frozen=True):
    """A value that a person gave FM in the place of BigCommerce's, which keeps its own.

    `address`: the order_address_id that it is for, 0 = the billing address. `field`: FM's path. `replaces`: what stood
    there when it was given.
    """

    address: int
    field: str
    value: str
    replaces: str


class Before(msgspec.Struct, frozen=True):
    """What people decided of an order before.

    `resent`: how often it was sent again; `left`: order_product_id -> units that left NPF under the numbers that are
    void now. `repairs`: what goes to FM in the place of what it would refuse.
    """

    resent: int = 0
    left: Mapping[int, int] = {}
    repairs: tuple[Repair, ...] = ()


FIRST_TIME = Before()


class Item(msgspec.Struct, frozen=True, gc=False):
    """One order line to ship. `parts`: FM code -> units for one of the line; empty where it rides with another line."""

    line: OrderProduct
    quantity: int
    parts: dict[str, int]
    rides_with: int | None = None


class Parcel(msgspec.Struct, frozen=True, gc=False):
    """One FM order to be: an address, its number, its items. `position` is None for an order with one address."""

    consignment: Consignment
    position: int | None
    number: str
    items: list[Item]
    unknown_bundles: list[str] = []

    def codes(self) -> dict[str, int]:
        """FM code -> units, over all items."""
        total: dict[str, int] = {}
        for item in self.items:
            for code, per_unit in item.parts.items():
                total[code] = total.get(code, 0) + per_unit * item.quantity
        return total


def is_physical(line: OrderProduct) -> bool:
    """Whether the line is goods (fact 50); so is what BigCommerce gives no type, or one that nobody knows."""
    return line.type not in ("digital", "giftcertificate")


def left_to_ship(line: OrderProduct) -> int:
    """Units of a line that NPF has still to ship; 0 for digital goods and gift certificates."""
    return line.to_ship if is_physical(line) else 0


def physical_lines(order: Order) -> list[OrderProduct]:
    """All physical lines that go to a shipping address, in BigCommerce's order."""
    return [line for one in order.shipping for line in one.line_items or [] if is_physical(line)]


def less_what_left(order: Order, before: Before) -> Order:
    """The order with the units that left NPF earlier counted as shipped, though BigCommerce may not show them."""
    if not before.left:
        return order
    replace = msgspec.structs.replace

    def shipped(line: OrderProduct) -> OrderProduct:
        return replace(line, quantity_shipped=max(line.quantity_shipped, before.left.get(line.id, 0)))

    def without(one: Consignment) -> Consignment:
        return replace(one, line_items=[shipped(line) for line in one.line_items or []])

    groups = [replace(group, shipping=[without(one) for one in group.shipping]) for group in order.groups]
    return replace(order, consignments=groups)


def parcels(order: Order, settings: Settings, resent: int = 0) -> list[Parcel]:
    """The parcels of an order, numbered in the order of BigCommerce's list of addresses (DESIGN section 6).

    An address without anything left to ship keeps its place in the numbering and yields no parcel.
    `resent` as in `fm_number`.
    """
    addresses = order.shipping
    several = len(addresses) > 1
    found = []
    for index, consignment in enumerate(addresses, start=1):
        items, unknown = _items(consignment.line_items or [], settings)
        if not items and not unknown:
            continue
        position = index if several else None
        number = fm_number(settings.parameters.prefix, order.id, position, resent)
        found.append(Parcel(consignment, position, number, items, unknown))
    return found


def _items(lines: Sequence[OrderProduct], settings: Settings) -> tuple[list[Item], list[str]]:
    family = _Family(lines, settings)
    items: list[Item] = []
    unknown: list[str] = []
    for line in lines:
        quantity = left_to_ship(line)
        if not quantity or family.is_gone(line):
            continue
        carrier = family.carrier(line)
        if carrier is not None:
            items.append(Item(line, quantity, {}, carrier))
        elif (parts := settings.parts(line.sku.strip())) is not None:
            items.append(Item(line, quantity, parts))
        else:
            unknown.append(line.sku)
    return items, unknown


class _Family:
    """Which lines of one address belong to which, by `parent_order_product_id`."""

    def __init__(self, lines: Sequence[OrderProduct], settings: Settings) -> None:
        self.settings = settings
        self.by_id = {line.id: line for line in lines}
        self.children: dict[int, list[OrderProduct]] = {}
        for line in lines:
            if line.parent_order_product_id:
                self.children.setdefault(line.parent_order_product_id, []).append(line)

    def is_gone(self, line: OrderProduct) -> bool:
        """Whether a bundle that the line belongs to has nothing left to ship."""
        return any(not left_to_ship(bundle) for bundle in self._bundles_above(line))

    def carrier(self, line: OrderProduct) -> int | None:
        """The order_product_id of the line that it rides along with."""
        resolved = [one for one in self._bundles_above(line) if self.settings.parts(one.sku.strip()) is not None]
        if resolved:
            return resolved[-1].id
        if self.settings.parts(line.sku.strip()) is None:
            shipped = self._first_shipped(line, {line.id})
            return shipped.id if shipped else None
        return None

    def _bundles_above(self, line: OrderProduct) -> list[OrderProduct]:
        """The bundles that the line is a part of, the outermost last."""
        return [one for one in self._above(line) if self.settings.is_bundle(one.sku.strip())]

    def _above(self, line: OrderProduct) -> list[OrderProduct]:
        """Its parent, the parent's parent, and so on; none where they go round in a circle: it is on its own then."""
        found: list[OrderProduct] = []
        while (parent := self.by_id.get(line.parent_order_product_id or 0)) is not None:
            if parent in found or len(found) == len(self.by_id):
                return []
            found.append(parent)
            line = parent
        return found

    def _first_shipped(self, line: OrderProduct, seen: set[int]) -> OrderProduct | None:
        """The first line below that is shipped itself: where a child is a bundle without a row, one of its own."""
        for child in self.children.get(line.id, []):
            if child.id in seen or not left_to_ship(child):
                continue
            seen.add(child.id)
            if self.settings.parts(child.sku.strip()) is not None:
                return child
            if (below := self._first_shipped(child, seen)) is not None:
                return below
        return None
