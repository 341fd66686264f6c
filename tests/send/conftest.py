"""Orders that wait for FM, and a world whose time the test owns."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from npf.core.clock import ManualClock
from npf.orders.models import SalesOrder
from npf.sandbox import bigcommerce as bc
from npf.sandbox.fm.log import Entry
from npf.stores.outside import Outside
from tests.connected import Connected, Sandboxes

ORDER_PAGE = "/serverorder.php"
STATUS_PAGE = "/npforderstatus.php"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture
def timed(clock: ManualClock, transactional_db: None) -> Iterator[Callable[..., Connected]]:
    """`connect`, in a world where both sandboxes and NPF share the test's clock."""
    both = Sandboxes()
    both.world = bc.World(seed=1, now=clock.now, sleep=clock.sleep)
    both.warehouse.now = clock.now
    both.outside = Outside(clock, random.Random(1))
    with both:
        yield both.connect


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
