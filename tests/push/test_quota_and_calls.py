"""What push costs: calls per order, none for what is done; and what it does when BigCommerce will not answer."""

from collections.abc import Callable

import pytest

from npf.core.clock import ManualClock
from npf.core.errors import FixSettings, TryLater
from npf.orders.models import Order
from npf.push.claim import claim
from npf.push.settle import settle
from npf.push.tell import tell
from npf.stores.models import Store
from tests.connected import Connected
from tests.push.conftest import despatched, requests

Connect = Callable[..., Connected]


def many(shop: Connected, count: int) -> list[int]:
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(count)]
    for station in ("pull", "send", "follow"):
        shop.station(station)
    shop.bc.log.clear()
    return numbers


def test_an_order_costs_one_post_and_one_put_and_a_batch_one_list(shop: Connected) -> None:
    numbers = many(shop, 25)
    shop.station("push")
    assert sorted(requests(shop, "POST")) == [f"/v2/orders/{number}/shipments" for number in numbers]
    assert sorted(requests(shop, "PUT")) == [f"/v2/orders/{number}" for number in numbers]
    assert requests(shop, "GET") == ["/v2/orders"] * 2
    assert {shop.order(number).stage for number in numbers} == {"complete"}


def test_a_second_run_asks_nothing_and_writes_nothing(shop: Connected) -> None:
    many(shop, 5)
    shop.station("push")
    shop.bc.log.clear()
    assert shop.station("push").counts == {}
    assert len(shop.bc.log) == 0
    done = shop.run()
    assert shop.bc.log.writes() == []
    assert requests(shop, "GET") == ["/v2/orders"]
    assert (done["pushed"], done["failed"], done["held"]) == (0, 0, 0)


@pytest.mark.parametrize("fault", ["429", "429-bare"])
def test_after_a_429_it_waits_and_writes_once(timed: Connect, clock: ManualClock, fault: str) -> None:
    shop = timed(merchant={"quota": (1000, 30)})
    (number,) = many(shop, 1)
    shop.bc.faults.next(fault, method="POST")
    before = clock.now()
    shop.station("push")
    assert clock.now() > before
    assert len(shop.bc.shipments(number)) == 1
    assert shop.order(number).stage == "complete"


def test_a_small_quota_is_kept_to(timed: Connect, clock: ManualClock) -> None:
    shop = timed(merchant={"quota": (20, 30)})
    numbers = many(shop, 30)
    before = clock.now()
    shop.station("push")
    # A call for which the quota would be too long in coming is left to the next look.
    shop.station("push")
    assert shop.bc.quota.refused == 0
    assert (clock.now() - before).total_seconds() > 60
    assert [len(shop.bc.shipments(number)) for number in numbers] == [1] * 30


@pytest.mark.parametrize("fault", ["429", "429-bare"])
def test_with_the_quota_used_up_it_comes_back_later(timed: Connect, clock: ManualClock, fault: str) -> None:
    shop = timed()
    numbers = many(shop, 3)
    shop.bc.faults.add(fault, method="POST")
    with pytest.raises(TryLater):
        shop.station("push")
    assert all(Order.objects.values_list("next_push_at", flat=True))
    assert not any(shop.bc.shipments(number) for number in numbers)
    shop.bc.faults.clear()
    clock.advance(3600)
    shop.station("push", urgent=False)
    assert [len(shop.bc.shipments(number)) for number in numbers] == [1, 1, 1]
    assert {shop.order(number).stage for number in numbers} == {"complete"}


def test_a_revoked_token_pauses_the_store_once_and_loses_nothing(shop: Connected) -> None:
    numbers = many(shop, 3)
    account = shop.bc.accounts.pop("token-acme")
    with pytest.raises(FixSettings):
        shop.station("push")
    store = Store.objects.get()
    assert store.paused_parameter == "bigcommerce.access_token"
    assert len(shop.bc.log) == 1
    with pytest.raises(FixSettings, match="paused"):
        shop.station("push")
    assert len(shop.bc.log) == 1
    shop.bc.accounts["token-acme"] = account
    Store.objects.update(paused_at=None)
    shop.station("push", urgent=False)
    assert [len(shop.bc.shipments(number)) for number in numbers] == [1, 1, 1]


def test_a_token_revoked_in_the_middle_leaves_the_orders_as_they_are(shop: Connected) -> None:
    number = despatched(shop)
    with shop.visit("push") as at:
        claimed_at = at.clock.now()
        claimed = claim(at, list(Order.objects.all()), {})
        shop.bc.accounts.clear()
        answers = tell(at, claimed, claimed_at)
        settle(at, answers)
    assert isinstance(answers[0].error, FixSettings)
    order = shop.order(number)
    assert order.stage == "processing"
    assert order.next_push_at is not None


def test_an_order_that_fails_waits_longer_each_time(timed: Connect, clock: ManualClock) -> None:
    shop = timed()
    (number,) = many(shop, 1)
    shop.bc.faults.add("500", method="PUT")
    waits = []
    for _ in range(3):
        with pytest.raises(TryLater):
            shop.station("push")
        order = shop.order(number)
        assert order.next_push_at is not None
        waits.append((order.next_push_at - clock.now()).total_seconds())
        clock.advance(waits[-1])
    assert shop.order(number).push_failures == 3
    assert min(waits) >= 60
    assert len(shop.bc.shipments(number)) == 1
