"""Orders that have left NPF and of which BigCommerce is still to be told; and a world whose time the test owns."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from npf.core.clock import ManualClock
from npf.sandbox import bigcommerce as bc
from npf.stores.outside import Outside
from tests.connected import Connected, Sandboxes


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


def despatched(shop: Connected, *lines: tuple[str, int], **more: Any) -> int:
    """Place an order and let it go through NPF, up to where push would tell of it. Gives its number."""
    number = shop.place(*lines, **more)
    for station in ("pull", "send", "follow"):
        shop.station(station)
    return number


def at_fm(shop: Connected, *lines: tuple[str, int], **more: Any) -> int:
    """Place an order and bring it into FM, which ships only when the test says so. Gives its number."""
    shop.fm.set(manual=True)
    number = shop.place(*lines, **more)
    for station in ("pull", "send"):
        shop.station(station)
    return number


def requests(shop: Connected, method: str, ending: str = "") -> list[str]:
    """The paths of the requests to BigCommerce with this method, whose path ends so."""
    return [one.path for one in shop.bc.log if one.method == method and one.path.endswith(ending)]
