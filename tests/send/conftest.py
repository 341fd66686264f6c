"""Orders that wait for FM, and a world whose time the test owns."""

from typing import Any

from npf.orders.models import SalesOrder
from npf.sandbox.fm.log import Entry
from tests.connected import Connected

ORDER_PAGE = "/serverorder.php"
STATUS_PAGE = "/npforderstatus.php"


def pulled(shop: Connected, *lines: tuple[str, int], **more: Any) -> int:
    """Place an order and pull it. Gives its number."""
    number = shop.place(*lines, **more)
    shop.station("pull")
    return number


def two_addresses(shop: Connected) -> int:
    """An order of two lines that go to two addresses: two FM orders, -1 and -2."""
    return pulled(shop, ("MUG-INK", 1), ("BOWL-SER-28", 2), addresses=2)


def calls(shop: Connected, operation: str = "serverorder") -> list[Entry]:
    """What FM was asked by this client, with what became of it."""
    return [entry for entry in shop.fm.log if entry.operation == operation]


def stands(shop: Connected, number: int) -> tuple[str, str]:
    order = shop.order(number)
    return order.stage, order.reason_code


def sales_orders(shop: Connected, number: int) -> list[SalesOrder]:
    return list(SalesOrder.objects.filter(order=shop.order(number)).order_by("fm_number"))
