"""How a webhook stands is said in words, with the next step beside what is wrong."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from npf.core.clock import ManualClock
from npf.hooks.models import Hook
from npf.hooks.state import State, state_of
from npf.orders.models import Order
from tests.connected import Connected


@pytest.fixture
def shop(timed: Any) -> Connected:
    found: Connected = timed()
    return found


def state(shop: Connected) -> State:
    return state_of(shop.store, Hook.objects.filter(store=shop.store).first(), shop.outside.clock.now())


def hook(shop: Connected, **columns: Any) -> None:
    now = shop.outside.clock.now()
    known = {"bc_hook_id": 7, "destination": "http://127.0.0.1:8080/hooks/acme/orders", "is_active": True}
    Hook.objects.create(store=shop.store, **(known | {"registered_at": now, "checked_at": now} | columns))


def test_without_a_public_address_it_says_calmly_that_the_store_is_looked_at(shop: Connected) -> None:
    found = state(shop)
    assert (found.kind, found.says) == ("off", "webhooks are off: the store is looked at every 120 s")
    hook(shop)
    assert "was not looked at" in state(shop).says


def test_before_the_first_look_it_waits(shop: Connected, public: str) -> None:
    assert state(shop).kind == "waiting"
    Hook.objects.create(store=shop.store)
    assert state(shop).says.startswith("not registered yet")


def test_registered_it_waits_for_its_first_event_and_then_works(shop: Connected, public: str) -> None:
    hook(shop)
    assert state(shop) == State("waiting", "registered; no event has come yet")
    Hook.objects.update(received_at=shop.outside.clock.now())
    assert state(shop) == State("working", "BigCommerce tells of changed orders at once")


def test_trouble_is_said_with_its_cure_and_that_orders_are_looked_for_all_the_same(
    shop: Connected, public: str
) -> None:
    hook(shop, problem="BigCommerce answered 500", cure="try again")
    found = state(shop)
    assert found.kind == "trouble"
    assert found.says == "BigCommerce answered 500; meanwhile the store is looked at every 120 s"
    assert found.next_step == "try again"


def test_a_signature_that_does_not_fit_is_said_until_an_event_is_taken_again(shop: Connected, public: str) -> None:
    now = shop.outside.clock.now()
    hook(shop, signature_refused_at=now)
    assert "bigcommerce.client_secret" in state(shop).next_step
    Hook.objects.update(received_at=now + timedelta(seconds=1))
    assert state(shop).kind == "working"


class TestSilence:
    """Orders change and no event comes."""

    def silent(self, shop: Connected) -> bool:
        return state(shop).says.startswith("orders change, but no event has come")

    def test_an_order_that_changed_unheard_is_trouble(
        self, shop: Connected, clock: ManualClock, public: str, settings: Settings
    ) -> None:
        hook(shop)
        clock.advance(3600)
        shop.place()
        shop.station("pull")
        assert not self.silent(shop)
        clock.advance(16 * 60)
        assert self.silent(shop)
        assert "/healthz from outside" in state(shop).next_step

    def test_an_event_after_the_change_ends_it(self, shop: Connected, clock: ManualClock, public: str) -> None:
        hook(shop)
        clock.advance(3600)
        shop.place()
        shop.station("pull")
        Hook.objects.update(received_at=clock.now())
        clock.advance(3600)
        assert not self.silent(shop)

    def test_old_orders_that_a_first_pull_brings_are_no_silence(
        self, shop: Connected, clock: ManualClock, public: str
    ) -> None:
        shop.place()
        clock.advance(3600)
        hook(shop)
        shop.station("pull")
        assert Order.objects.count() == 1
        clock.advance(3600)
        assert not self.silent(shop)

    def test_a_quiet_store_is_no_silence(self, shop: Connected, clock: ManualClock, public: str) -> None:
        hook(shop)
        clock.advance(7 * 86_400)
        assert not self.silent(shop)

    def test_a_webhook_that_never_was_registered_is_not_silent(
        self, shop: Connected, clock: ManualClock, public: str
    ) -> None:
        hook(shop, bc_hook_id=None, registered_at=None)
        clock.advance(3600)
        shop.place()
        shop.station("pull")
        clock.advance(3600)
        assert not self.silent(shop)
