"""A store whose list of orders is too heavy for BigCommerce is pulled all the same, in smaller pages (fact 144)."""

from collections.abc import Callable

from npf.orders.models import Order
from tests.connected import Connected
from tests.pull.seeing import calls, many, pull


def test_every_order_is_pulled_in_smaller_pages_and_the_next_walk_begins_anew(timed: Callable[..., Connected]) -> None:
    shop = timed()
    placed = many(shop, 700)
    shop.bc.faults.add("504", path="/v2/orders", left=2)
    pull(shop)
    assert set(Order.objects.values_list("bc_order_id", flat=True)) == set(placed)
    asked = [int(query["limit"]) for query in calls(shop)]
    assert asked == [250, 125, 60, 60, 60, 60, 125, 125, 125, 125]
    shop.bc.log.clear()
    pull(shop)
    assert calls(shop)[0]["limit"] == "250"
