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


def test_an_order_that_is_archived_once_fm_has_it_is_held_until_it_is_back(
    connect: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = connect(merchant={"lists_archived": True})
    number = shop.place()
    pull(shop)
    shop.station("send")
    clock.advance(60)
    shop.bc.archive(number)
    pull(shop)
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "changed_in_bigcommerce")
    assert order.reason == "BigCommerce was changed after FM had it: the order was archived there"
    clock.advance(60)
    shop.bc.edit(number, is_deleted=False)
    pull(shop)
    assert shop.order(number).stage == "pending"


def test_archiving_what_is_done_tidies_a_list_and_is_nobodys_matter(
    connect: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = connect(merchant={"lists_archived": True})
    number = shop.place()
    shop.run()
    assert shop.order(number).stage == "complete"
    clock.advance(60)
    shop.bc.archive(number)
    pull(shop)
    assert shop.order(number).stage == "complete"
    assert not [text for text in told(number) if "archived" in text]
