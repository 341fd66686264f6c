"""What FM was asked for and what BigCommerce shows now, side by side."""

from collections.abc import Iterable

import msgspec

from npf.orders.changes import ADDRESS_FIELDS, Change, label, read
from npf.orders.models import Address, Difference, Line, Order


class Row(msgspec.Struct, frozen=True):
    """One figure or text of both; `why` explains a changed figure."""

    name: str
    had: str
    now: str
    changed: bool = False
    why: str = ""


class Side(msgspec.Struct, frozen=True):
    """The lines, an address, or what else FM was told."""

    title: str
    rows: list[Row]


def side_by_side(order: Order) -> list[Side]:
    """Both, line by line and field by field, what is as it was included; none where nothing differs."""
    row = Difference.objects.filter(order=order).first()
    changes = read(row.changes) if row else []
    if not changes:
        return []
    places = list(Address.objects.filter(order=order).order_by("position"))
    sides = [Side("Units to ship", list(_lines(order, changes)))]
    for place in places:
        title = "Address" if len(places) == 1 else f"Address {place.position}"
        sides.append(Side(title, list(_address(place, changes))))
    sides.append(Side("Other addresses", [_row(one) for one in changes if one.about == "address" and not one.field]))
    sides.append(Side("Also", [_row(one) for one in changes if one.about == "order"]))
    return [side for side in sides if side.rows]


def _lines(order: Order, changes: list[Change]) -> Iterable[Row]:
    of_lines = [one for one in changes if one.about == "line"]
    known: set[int] = set()
    for line in Line.objects.filter(order=order, type="physical").order_by("order_product_id"):
        number = line.order_product_id
        known.add(number)
        mine = [one for one in of_lines if one.id == number]
        wanted = line.quantity - line.quantity_refunded if line.wanted is None else line.wanted
        if wanted and not any(one.field == "units" for one in mine):
            yield Row(line.sku or line.name, str(wanted), str(wanted))
        yield from map(_row, mine)
    yield from (_row(one) for one in of_lines if one.id not in known)


def _address(place: Address, changes: list[Change]) -> Iterable[Row]:
    mine = {one.field: one for one in changes if one.about == "address" and one.id == place.order_address_id}
    for field in ADDRESS_FIELDS:
        value = getattr(place, field)
        if field in mine:
            yield _row(mine[field])
        elif value:
            yield Row(_capital(label(field)), value, value)


def _row(change: Change) -> Row:
    if change.about == "line":
        name = change.name if change.field == "units" else f"{change.name}, {label(change.field)}"
    else:
        name = _capital(label(change.field) or "address")
    return Row(name, change.had, change.now, True, change.why)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
