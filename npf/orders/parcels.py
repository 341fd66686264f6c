"""What of a BigCommerce order NPF has to ship, and where to. Pure.

    order -> one Parcel per shipping address -> one Item per line with what is left to ship -> FM codes and quantities

One rule for bundles and pick lists, so that neither is shipped twice: where the parent is a bundle that the store's
settings resolve, its children ride along; where it is a bundle without a row, the children are shipped and the parent
rides along; any other parent is an article of its own and is shipped beside its children (fact 51).
"""

import msgspec

from npf.bigcommerce.records import Consignment, Order, OrderProduct
from npf.stores.maps import Settings
from npf.stores.numbers import fm_number


class Item(msgspec.Struct, frozen=True):
    """One order line to ship. `parts`: FM code -> units for one of the line; empty where it rides with another line."""

    line: OrderProduct
    quantity: int
    parts: dict[str, int]
    rides_with: int | None = None


class Parcel(msgspec.Struct, frozen=True):
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


def left_to_ship(line: OrderProduct) -> int:
    """Units of a line that NPF has still to ship; 0 for digital goods and gift certificates (fact 50)."""
    return line.to_ship if line.type == "physical" else 0


def physical_lines(order: Order) -> list[OrderProduct]:
    """All physical lines that go to a shipping address, in BigCommerce's order."""
    return [line for one in order.shipping for line in one.line_items or [] if line.type == "physical"]


def parcels(order: Order, settings: Settings) -> list[Parcel]:
    """The parcels of an order, numbered in the order of BigCommerce's list of addresses (DESIGN section 6).

    An address without anything left to ship keeps its place in the numbering and yields no parcel.
    """
    several = len(order.shipping) > 1
    found = []
    for index, consignment in enumerate(order.shipping, start=1):
        items, unknown = _items(consignment.line_items or [], settings)
        if not items and not unknown:
            continue
        position = index if several else None
        number = fm_number(settings.parameters.prefix, order.id, position)
        found.append(Parcel(consignment, position, number, items, unknown))
    return found


def _items(lines: list[OrderProduct], settings: Settings) -> tuple[list[Item], list[str]]:
    children: dict[int, list[OrderProduct]] = {}
    for line in lines:
        if line.parent_order_product_id:
            children.setdefault(line.parent_order_product_id, []).append(line)
    items: list[Item] = []
    unknown: list[str] = []
    riding: dict[int, int] = {}
    for line in lines:
        if not left_to_ship(line):
            continue
        own = [child for child in children.get(line.id, []) if left_to_ship(child)]
        if settings.is_bundle(line.sku):
            parts = settings.parts(line.sku)
            if parts is None and not own:
                unknown.append(line.sku)
            elif parts is None:
                riding[line.id] = own[0].id
            else:
                riding |= {child.id: line.id for child in own}
    for line in lines:
        quantity = left_to_ship(line)
        if not quantity or line.sku in unknown:
            continue
        if line.id in riding:
            items.append(Item(line, quantity, {}, riding[line.id]))
        else:
            items.append(Item(line, quantity, settings.parts(line.sku) or {}))
    return items, unknown
