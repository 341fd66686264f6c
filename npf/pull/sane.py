"""What no shop can mean and no row can keep: an order with such a figure is held as unreadable. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from npf.bigcommerce.records import Order
from npf.bigcommerce.tolerant import Malformed

# Nine digits, the most that FM takes as well; rows keep 32 bits.
MOST_UNITS = 10**9 - 1
MOST_MONEY = Decimal(10**12)
# BigCommerce's own statuses end at 14; rows keep 32 bits.
LAST_STATUS = 10**6
YEARS = range(1990, 2200)

_UNITS = ("quantity", "quantity_refunded", "quantity_shipped")
_PRICES = ("price_inc_tax", "price_ex_tax", "total_inc_tax", "discounted_total_inc_tax")


def check(order: Order) -> None:
    """Raise Malformed that names the first field whose value cannot be meant."""
    for field, value in _beyond(order):
        message = f"BigCommerce's order cannot be meant: {field} is {value}"
        raise Malformed(message, code="malformed_order", field=field)


def _beyond(order: Order) -> Iterator[tuple[str, object]]:
    if order.status_id > LAST_STATUS:
        yield "status_id", order.status_id
    for moment in ("date_created", "date_modified"):
        if getattr(order, moment).year not in YEARS:
            yield moment, getattr(order, moment)
    yield from _amounts(order, "", ("total_inc_tax", "wrapping_cost_inc_tax"))
    for one in order.shipping:
        yield from _amounts(one, "consignments.shipping.", ("cost_inc_tax", "cost_ex_tax", "handling_cost_inc_tax"))
    for line in order.lines:
        for name in _UNITS:
            if getattr(line, name) > MOST_UNITS:
                yield f"line_items.{name}", getattr(line, name)
        yield from _amounts(line, "line_items.", _PRICES)


def _amounts(record: Any, where: str, names: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for name in names:
        value = getattr(record, name)
        if value and not -MOST_MONEY <= value <= MOST_MONEY:
            yield f"{where}{name}", value
