"""What FM was asked for, out of the rows: nothing of a look at BigCommerce since then."""

from collections.abc import Iterable, Sequence

import msgspec

from npf.bigcommerce.records import Order, read_order
from npf.core.errors import GiveUp
from npf.orders.changes import ADDRESS_FIELDS
from npf.orders.document import remarks
from npf.orders.models import Address, Line, Record
from npf.pull.edits import Had, HadLine, bill


def had(orders: Sequence[int]) -> dict[int, Had]:
    """Order.pk -> what FM was asked for it, in three queries for all of them."""
    if not orders:
        return {}
    as_asked = dict(_records(orders))
    lines: dict[int, dict[int, HadLine]] = {pk: {} for pk in orders}
    told = {pk: {line.id: "; ".join(remarks(line)) for line in one.lines} for pk, one in as_asked.items()}
    for row in Line.objects.filter(order_id__in=orders, type="physical").order_by("order_product_id"):
        of_order = told.get(row.order_id, {})
        lines[row.order_id][row.order_product_id] = _line(row, of_order.get(row.order_product_id))
    addresses: dict[int, dict[int, dict[str, str]]] = {pk: {} for pk in orders}
    places = Address.objects.filter(order_id__in=orders).order_by("position")
    for fields in places.values("order_id", "order_address_id", *ADDRESS_FIELDS):
        addresses[fields.pop("order_id")][fields.pop("order_address_id")] = fields
    return {pk: _had(lines[pk], addresses[pk], as_asked.get(pk)) for pk in orders}


def _records(orders: Sequence[int]) -> Iterable[tuple[int, Order]]:
    """The orders as BigCommerce wrote them when FM was asked: the record is kept as it is from then on."""
    for pk, raw in Record.objects.filter(order_id__in=orders).values_list("order_id", "raw"):
        try:
            yield pk, read_order(bytes(raw))
        except GiveUp:
            continue


def _line(row: Line, told: str | None) -> HadLine:
    wanted = max(0, row.quantity - row.quantity_refunded) if row.wanted is None else row.wanted
    return HadLine(
        name=row.sku or row.name,
        sku=row.sku,
        wanted=wanted,
        remains=max(0, (wanted if row.wanted is None else row.asked) - row.despatched),
        address=row.order_address_id,
        remarks=told,
    )


def _had(lines: dict[int, HadLine], addresses: dict[int, dict[str, str]], order: Order | None) -> Had:
    if order is None:
        return Had(lines, addresses)
    return msgspec.structs.replace(Had(lines, addresses), message=order.customer_message, billing=bill(order))
