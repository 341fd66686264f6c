"""Many orders: each that passes the gates goes the whole way, once; then there is nothing left to do."""

from collections.abc import Callable

import pytest

from npf.orders.models import Order
from npf.sandbox import bigcommerce as bc
from npf.shipments.listing import listed
from tests.connected import Connected
from tests.way.outcome import all_went_once, for_fm, writes

HOW_MANY = [pytest.param(40, id="40"), pytest.param(1000, marks=pytest.mark.slow, id="1000")]
A_PAGE = 250


@pytest.mark.parametrize("variety", ["plain", "believable"])
@pytest.mark.parametrize("orders", HOW_MANY)
def test_each_goes_the_whole_way_once_and_a_second_run_writes_nothing(
    connect: Callable[..., Connected], orders: int, variety: str
) -> None:
    shop = connect(prefix="MG")
    shop.fm.set(split_share=0.3)
    placed = bc.seed_store(shop.bc, orders, seed=11, variety=variety)
    passing = [number for number in placed if for_fm(shop.bc.orders[number])]
    assert len(passing) == orders or variety == "believable"

    done = shop.run()

    assert (done["pulled"], done["sent"], done["errors"]) == (orders, len(passing), [])
    assert _complete(shop) == passing
    all_went_once(shop.bc, shop.fm, passing, "MG")
    _shows_its_tracking(shop)
    _again(shop, orders)


def _again(shop: Connected, orders: int) -> None:
    """A second run writes nothing and reads little."""
    before = (shop.fm.orders, {number: shop.bc.shipments(number) for number in shop.bc.orders})
    shop.bc.log.clear()
    shop.fm.calls.clear()
    done = shop.run()
    assert writes(shop.bc, shop.fm) == []
    assert (shop.fm.orders, {number: shop.bc.shipments(number) for number in shop.bc.orders}) == before
    # What the first run wrote was modified by it and is listed again, 250 orders a call; FM is owed nothing.
    assert len(shop.bc.log) <= orders // A_PAGE + 2
    assert shop.fm.log == []
    assert done["calls"] == {"bigcommerce": len(shop.bc.log), "fm": 0}


def _complete(shop: Connected) -> list[int]:
    found = Order.objects.filter(store=shop.store, stage="complete").order_by("bc_order_id")
    return list(found.values_list("bc_order_id", flat=True))


def _shows_its_tracking(shop: Connected) -> None:
    """`npf orders --json` says of each what FM and BigCommerce say."""
    for row in listed(shop.store, "complete"):
        consignments = shop.fm.orders[row["fm_number"]].shipments
        assert [one["tracking_number"] for one in row["shipments"]] == [one.consignment for one in consignments]
        theirs = {one["id"]: one["tracking_number"] for one in shop.bc.shipments(row["bc_order_id"])}
        for one in row["shipments"]:
            assert theirs[one["bc_shipment_id"]] == one["tracking_number"]
