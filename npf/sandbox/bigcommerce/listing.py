"""One page of a list of orders, with what a fault makes of it."""

from collections.abc import Callable
from dataclasses import replace

from npf.sandbox.bigcommerce.answers import Request
from npf.sandbox.bigcommerce.faults import spoil
from npf.sandbox.bigcommerce.orderbook import Wish
from npf.sandbox.bigcommerce.record import Order


def rows_of(request: Request, wish: Wish, show: Callable[[Order], bytes]) -> list[bytes]:
    """The serialised orders of a page. No fault leaves an order out: a "duplicate" makes the page one row longer."""
    book = request.book
    orders = book.select(wish)
    if request.fault == "duplicate" and orders:
        before = book.select(replace(wish, offset=wish.offset - 1, limit=1)) if wish.offset else []
        middle = len(orders) // 2
        orders = before + orders if before else orders[: middle + 1] + orders[middle:]
    rows = [show(order) for order in orders]
    if request.fault in ("malformed-order", "unknown-field") and rows:
        rows[len(rows) // 2] = spoil(request.fault, rows[len(rows) // 2])
    if request.fault == "drift":
        for order in orders[::10]:
            request.store.touch(order)
    return rows
