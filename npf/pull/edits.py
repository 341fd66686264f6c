"""What was changed in BigCommerce after FM was asked for an order, told for its timeline. Pure."""

from collections.abc import Iterator, Mapping

import msgspec

from npf.bigcommerce.records import Order
from npf.orders.parcels import physical_lines

ADDRESS_FIELDS = (
    *("first_name", "last_name", "company", "street_1", "street_2", "city", "state", "zip"),
    *("country", "phone", "email", "shipping_method"),
)


class Had(msgspec.Struct, frozen=True):
    """What FM was asked for: order_product_id -> (SKU or name, quantity), order_address_id -> its fields."""

    lines: Mapping[int, tuple[str, int]]
    addresses: Mapping[int, Mapping[str, str]]


def edits(had: Had, order: Order) -> list[str]:
    """Each change in a few words: "CUP: 1 -> 2", "zip “3000” -> “3001”"; none = it is as it was."""
    return [*_of_lines(had, order), *_of_addresses(had, order)]


def _of_lines(had: Had, order: Order) -> Iterator[str]:
    now = {line.id: line for line in physical_lines(order)}
    for number, line in now.items():
        what = line.sku or line.name
        if number not in had.lines:
            yield f"{what} x {line.quantity} added"
        elif (quantity := had.lines[number][1]) != line.quantity:
            yield f"{what}: {quantity} -> {line.quantity}"
    for number, (what, _) in had.lines.items():
        if number not in now:
            yield f"{what} removed"


def _of_addresses(had: Had, order: Order) -> Iterator[str]:
    now = {one.id: one for one in order.shipping}
    for number, one in now.items():
        if number not in had.addresses:
            yield f"address {one.street_1}, {one.city} added"
            continue
        for field in ADDRESS_FIELDS:
            was, is_now = had.addresses[number][field], getattr(one, field)
            if was != is_now:
                yield f"{field} “{was}” -> “{is_now}”"
    for number, was_there in had.addresses.items():
        if number not in now:
            yield f"address {was_there['street_1']}, {was_there['city']} removed"
