"""The sandbox's own webhooks, over real HTTP: registered, signed, delivered, spoilt, and every order ends right."""

from typing import Any

import pytest

from npf.hooks import keep
from npf.hooks.models import Hook
from npf.stores import book, draft
from tests.api.test_wakes import waiting, work
from tests.connected import Connected


def answers(shop: Connected) -> list[Any]:
    return [answer for delivery in shop.bc.deliveries.all for _, answer in delivery.tries]


def know_client_secret(shop: Connected, secret: str) -> None:
    nested = book.nested(shop.store, secrets=True)
    nested["bigcommerce"]["client_secret"] = secret
    book.save(draft.read(nested), "test", shop.outside.clock)


def test_an_order_reaches_fm_by_its_events_alone(shop: Connected) -> None:
    number = shop.place()
    assert shop.both.world.deliver() > 0
    assert set(answers(shop)) == {200}
    assert work() == ["pull", "send"]
    assert shop.order(number).stage == "pending"
    assert Hook.objects.get().received.startswith("store/order/")


def test_bigcommerces_signature_fits_and_that_of_another_account_does_not(shop: Connected) -> None:
    know_client_secret(shop, next(iter(shop.bc.accounts.values())).client_secret)
    shop.place()
    shop.both.world.deliver()
    assert set(answers(shop)) == {200}
    know_client_secret(shop, "of another account")
    shop.place()
    shop.both.world.deliver()
    assert answers(shop)[-1] == 403


@pytest.mark.parametrize("kind", ["hook-double", "hook-shuffle", "hook-missing"])
def test_spoilt_events_end_right(shop: Connected, kind: str) -> None:
    shop.bc.faults.load(f"{kind}=0.5")
    numbers = [shop.place() for _ in range(6)]
    shop.bc.set_status(numbers[2], 5)
    shop.both.world.deliver()
    work()
    stages = {number: shop.order(number).stage for number in numbers}
    assert stages.pop(numbers[2]) == "cancelled"
    assert set(stages.values()) == {"pending"}
    assert len(shop.fm.orders) == 5
    assert waiting() == []


def test_our_own_writes_come_back_and_end_there(shop: Connected) -> None:
    """Fact 131, with the events that the sandbox itself makes of them."""
    number = shop.place()
    rounds = 0
    while shop.both.world.deliver() or rounds < 3:
        work()
        for station in ("follow", "push"):
            shop.station(station)
        rounds += 1
        assert rounds < 10, "it never ends"
    assert shop.order(number).stage == "complete"
    assert len(shop.bc.shipments(number)) == 1


def test_the_webhook_of_a_removed_store_is_refused_and_a_new_secret_mends_it(shop: Connected) -> None:
    Hook.objects.all().delete()
    shop.place()
    shop.both.world.deliver()
    assert set(answers(shop)) == {403}
    keep.tend(shop.store, shop.outside, "test")
    shop.place()
    shop.both.world.deliver()
    assert answers(shop)[-1] == 200
