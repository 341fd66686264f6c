"""Orders that FM has, and a world whose time the test owns."""

from typing import Any

from npf.orders.models import SalesOrder
from npf.shipments.models import Shipment
from npf.stores import book, draft
from tests.connected import Connected

STATUS_PAGE = "/npforderstatus.php"


def at_fm(shop: Connected, *lines: tuple[str, int], **more: Any) -> int:
    """Place an order and bring it into FM, which ships only when the test says so. Gives its number."""
    shop.fm.set(manual=True)
    number = shop.place(*lines, **more)
    for station in ("pull", "send"):
        shop.station(station)
    return number


def two_at_fm(shop: Connected) -> tuple[int, str, str]:
    """An order of two addresses in FM, with its two FM numbers."""
    number = at_fm(shop, ("MUG-INK", 2), ("BOWL-SER-28", 1), addresses=2)
    return number, f"AC-{number}-1", f"AC-{number}-2"


def looked(shop: Connected) -> None:
    shop.station("follow")


def stands(shop: Connected, number: int) -> tuple[str, str]:
    order = shop.order(number)
    return order.stage, order.reason_code


def sales_order(shop: Connected, number: int) -> SalesOrder:
    return SalesOrder.objects.get(order=shop.order(number))


def shipments(shop: Connected, number: int) -> list[tuple[str, int, dict[int, int]]]:
    """(number, part, what it carries by line from 1) of each shipment row."""
    lines = [line.order_product_id for line in shop.order(number).lines.order_by("order_product_id")]
    return [
        (one.tracking_number, one.part, {lines.index(n.line.order_product_id) + 1: n.quantity for n in one.lines.all()})
        for one in Shipment.objects.filter(sales_order__order=shop.order(number)).order_by("pk")
    ]


def with_fm(shop: Connected, **options: Any) -> None:
    """Change the [fm] table of the store."""
    nested = book.nested(shop.store, secrets=True)
    nested["fm"] |= options
    book.save(draft.read(nested), "anna", shop.outside.clock)
