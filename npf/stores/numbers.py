"""The numbers under which FM knows an order: prefix, BigCommerce number, and -1, -2 ... for several addresses."""

import re

LONGEST = 30  # WEBSERVICE section 1: SalesOrderNo, the prefix counts


def fm_number(prefix: str, bc_order_id: int, position: int | None = None) -> str:
    """`position` counts the addresses from 1 and is None for an order with one address (DESIGN section 6)."""
    return f"{prefix}{bc_order_id}" + (f"-{position}" if position else "")


def collide(one: str, other: str) -> bool:
    """Whether two prefixes can yield the same number: equal, or one is the other plus digits (and a suffix).

    Case does not count: FM is not known to tell ab1 from AB1.
    """
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    if not long.startswith(short):
        return False
    return re.fullmatch(r"([1-9]\d*(-\d*)?)?", long[len(short) :]) is not None
