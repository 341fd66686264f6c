"""Where BigCommerce shows an order otherwise than FM was asked for it. Pure.

Compared with what FM was asked for, never with the last look: a look that is missed changes nothing, and an edit that
is taken back is none. Units that are shipped are no edit, whoever shipped them; refunded ones are no longer wanted.
Capitals and spaces of an address are none either: the parcel goes to the same door.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from npf.bigcommerce.records import Consignment, Order, OrderProduct
from npf.orders.changes import ADDRESS_FIELDS, IS_ARCHIVED, Change
from npf.orders.document import remarks
from npf.orders.parcels import physical_lines

REMARKS = "remarks"


class HadLine(msgspec.Struct, frozen=True):
    """A line as FM was asked for it. `wanted`: ordered less refunded then; `remains`: units at FM that have not left.

    `remarks` is what the packer was told of it, None = that is not known any more.
    """

    name: str
    sku: str
    wanted: int
    remains: int
    address: int
    remarks: str | None = None


class Had(msgspec.Struct, frozen=True):
    """What FM was asked for: order_product_id -> line, order_address_id -> its fields, in BigCommerce's order.

    `message` and `billing` are None where that is not known any more.
    """

    lines: Mapping[int, HadLine]
    addresses: Mapping[int, Mapping[str, str]]
    message: str | None = None
    billing: Mapping[str, str] | None = None


def differences(had: Had, order: Order) -> list[Change]:
    """Every change; none = it is as FM was asked for it."""
    return [*_of_lines(had, order), *_of_addresses(had, order), *_of_the_rest(had, order)]


def holding(had: Had, changes: Sequence[Change], accepted: Collection[Change], *, held: bool) -> list[Change]:
    """The changes that hold the order: those that nobody let ship so, where any of them speaks of what has not left.

    `held`: it is held for changes already. Then what leaves meanwhile ends nothing: a person must see that it left.
    """
    fresh = [one for one in changes if one.matters and one not in accepted]
    return fresh if held or any(one.adds or _remains(had, one) for one in fresh) else []


def _remains(had: Had, change: Change) -> bool:
    if change.about == "order":
        return any(line.remains > 0 for line in had.lines.values())
    if change.about == "line":
        return change.id in had.lines and had.lines[change.id].remains > 0
    if change.about == "address" and change.id not in had.addresses:
        # What goes to a new address is a line's change, or an added line's.
        return False
    return any(line.remains > 0 for line in had.lines.values() if line.address == change.id)


def _of_lines(had: Had, order: Order) -> Iterator[Change]:
    now = {line.id: line for line in physical_lines(order)}
    where = {line.id: one for one in order.shipping for line in one.line_items or []}
    for number, line in now.items():
        before = had.lines.get(number)
        name, units = line.sku or line.name, max(0, line.quantity - line.quantity_refunded)
        if before is None:
            if units:
                yield Change("line", number, name, "units", "0", str(units))
            continue
        yield from _of_line(number, before, line, units)
        if before.address != where[number].id and where[number].id in had.addresses:
            old = had.addresses.get(before.address)
            yield Change("line", number, before.name, "address", _shown(old), _shown(_fields(where[number])))
    for number, before in had.lines.items():
        if number not in now and before.wanted:
            yield Change("line", number, before.name, "units", str(before.wanted), "0")


def _of_line(number: int, before: HadLine, line: OrderProduct, units: int) -> Iterator[Change]:
    if units != before.wanted:
        why = f"{line.quantity_refunded} refunded" if line.quantity_refunded and units < before.wanted else ""
        yield Change("line", number, before.name, "units", str(before.wanted), str(units), why)
    if before.sku.strip() != line.sku.strip():
        yield Change("line", number, before.name, "sku", before.sku, line.sku)
    told = "; ".join(remarks(line))
    if before.remarks is not None and before.remarks != told:
        yield Change("line", number, before.name, REMARKS, before.remarks, told)


def _of_addresses(had: Had, order: Order) -> Iterator[Change]:
    now = {one.id: one for one in order.shipping}
    for number, one in now.items():
        if number not in had.addresses:
            yield Change("address", number, "", "", "", _shown(_fields(one)))
            continue
        for field, was, is_now in _fields_changed(had.addresses[number], _fields(one)):
            yield Change("address", number, "", field, was, is_now)
    for number, before in had.addresses.items():
        if number not in now:
            yield Change("address", number, "", "", _shown(before), "")


def _of_the_rest(had: Had, order: Order) -> Iterator[Change]:
    if order.is_deleted:
        yield IS_ARCHIVED
    if had.message is not None and had.message != order.customer_message:
        yield Change("order", 0, "", "message", had.message, order.customer_message)
    if had.billing is not None:
        for field, was, is_now in _fields_changed(had.billing, bill(order)):
            yield Change("order", 0, "", f"billing {field}", was, is_now)


def _fields_changed(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for field in ADDRESS_FIELDS:
        was, is_now = before[field], now[field]
        if _plain(was) != _plain(is_now):
            yield field, was, is_now


def bill(order: Order) -> dict[str, str]:
    """The fields of the billing address."""
    return {field: getattr(order.billing_address, field, "") for field in ADDRESS_FIELDS}


def _fields(one: Consignment) -> dict[str, str]:
    return {field: getattr(one, field) for field in ADDRESS_FIELDS}


def _shown(fields: Mapping[str, str] | None) -> str:
    return ", ".join(filter(None, (fields["street_1"], fields["city"]))) if fields else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
