"""What no shop can mean and no row can keep: an order with such a figure is held as unreadable. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from npf.bigcommerce.records import Order
from npf.bigcommerce.tolerant import Malformed

# Nine digits, the most that FM takes as well; rows keep 32 bits.
MOST_UNITS = 10**9 - 1
MOST_MONEY = Decimal(10**12)
# BigCommerce's own statuses end at 14; rows keep 32 bits.
LAST_STATUS = 10**6
YEARS = range(1990, 2200)


def check(order: Order) -> None:
    """Raise Malformed that names the first field whose value cannot be meant."""
    for field, value in _beyond(order):
        message = f"BigCommerce's order cannot be meant: {field} is {value}"
        raise Malformed(message, code="malformed_order", field=field)


def _beyond(order: Order) -> Iterator[tuple[str, object]]:
    if order.status_id > LAST_STATUS:
        yield "status_id", order.status_id
    for field in ("date_created", "date_modified"):
        if getattr(order, field).year not in YEARS:
            yield field, getattr(order, field)
    for field in ("total_inc_tax", "wrapping_cost_inc_tax"):
        if abs(getattr(order, field)) > MOST_MONEY:
            yield field, getattr(order, field)
    for one in order.shipping:
        if abs(one.cost_inc_tax) > MOST_MONEY or abs(one.handling_cost_inc_tax) > MOST_MONEY:
            yield "consignments.shipping.cost_inc_tax", max(one.cost_inc_tax, one.handling_cost_inc_tax)
    for line in order.lines:
        for field in ("quantity", "quantity_refunded", "quantity_shipped"):
            if getattr(line, field) > MOST_UNITS:
                yield f"line_items.{field}", getattr(line, field)
        for field in ("price_inc_tax", "price_ex_tax", "total_inc_tax", "discounted_total_inc_tax"):
            if abs(getattr(line, field) or 0) > MOST_MONEY:
                yield f"line_items.{field}", getattr(line, field)
