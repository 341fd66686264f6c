"""Archived orders (fact 40): looked at by their flag, whether BigCommerce's lists show them or not."""

from collections.abc import Callable

import pytest

from npf.core.clock import ManualClock
from npf.pull import station
from tests.connected import Connected
from tests.pull.seeing import pull, told


def test_an_order_that_is_archived_before_fm_has_it_is_not_for_fm(
    connect: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = connect(merchant={"lists_archived": True})
    number = shop.place()
    pull(shop)
    clock.advance(60)
    shop.bc.archive(number)
    pull(shop)
    assert (shop.order(number).stage, shop.order(number).reason_code) == ("skipped", "gate:archived")
    shop.station("send")
    assert shop.fm.orders == {}
    clock.advance(60)
    shop.bc.edit(number, is_deleted=False)
    pull(shop)
    assert shop.order(number).stage == "new"


@pytest.mark.parametrize("lists_archived", [True, False])
def test_an_archived_order_can_be_asked_for_by_its_number(
    connect: Callable[..., Connected], clock: ManualClock, lists_archived: bool
) -> None:
    shop = connect(merchant={"lists_archived": lists_archived})
    number = shop.place()
    shop.bc.archive(number)
    with shop.visit() as at:
        assert station.one(at, number).reason_code == "gate:archived"


def test_an_order_that_is_archived_once_fm_has_it_goes_on(
    connect: Callable[..., Connected], clock: ManualClock
) -> None:
    """Archiving tidies a list; to stop an order the merchant cancels it."""
    shop = connect(merchant={"lists_archived": True})
    number = shop.place()
    pull(shop)
    shop.station("send")
    clock.advance(60)
    shop.bc.archive(number)
    pull(shop)
    assert shop.order(number).stage == "pending"
    assert not [text for text in told(number) if "Held" in text]
