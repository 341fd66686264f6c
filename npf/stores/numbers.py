"""The numbers under which FM knows an order: prefix, BigCommerce number, -1, -2 ... for several addresses, and -R2,
-R3 ... where it was sent again.
"""

import re

LONGEST = 30  # WEBSERVICE section 1: SalesOrderNo, the prefix counts


def fm_number(prefix: str, bc_order_id: int, position: int | None = None, resent: int = 0) -> str:
    """`position` counts the addresses from 1 and is None for an order with one address (DESIGN section 6).

    `resent`: how often the order was sent again, each time under a new number: -R2, -R3 ...
    """
    number = f"{prefix}{bc_order_id}" + (f"-{position}" if position else "")
    return f"{number}-R{resent + 1}" if resent else number


def collide(one: str, other: str) -> bool:
    """Whether two prefixes can yield the same number: equal, or one is the other plus digits (and suffixes).

    Case does not count: FM is not known to tell ab1 from AB1.
    """
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    if not long.startswith(short):
        return False
    return re.fullmatch(r"([1-9]\d*(-\d*|(-\d+)?-r\d*)?)?", long[len(short) :]) is not None
