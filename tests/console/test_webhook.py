"""The store's page shows how its webhook stands, with the reason and the next step, and has the button."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from npf.hooks.models import Hook
from npf.stores import book
from npf.stores.models import Store
from tests.console import factories as make
from tests.console.conftest import Woken

pytestmark = pytest.mark.django_db

TO = "https://npf.example.com/hooks/acme-au/orders"


@pytest.fixture
def public(settings: Settings) -> None:
    settings.NPF_PUBLIC_URL = "https://npf.example.com"


def hook(store: Store, **columns: Any) -> Hook:
    at = make.ago(minutes=3)
    known = {"bc_hook_id": 7, "destination": TO, "is_active": True, "registered_at": at, "checked_at": at}
    return Hook.objects.create(store=store, **(known | columns))


def page(browser: Client, store: Store) -> str:
    return browser.get(f"/stores/{store.name}/").content.decode()


def test_without_a_public_address_it_says_calmly_that_the_store_is_looked_at(anna: Client, store: Store) -> None:
    seen = page(anna, store)
    assert "Webhooks are off: the store is looked at every 120 s." in seen
    assert 'id="webhook"' not in seen
    assert 'class="panel bad" aria-label="Webhook"' not in seen


def test_it_shows_that_events_come(otto: Client, store: Store, public: None) -> None:
    made = hook(store, received_at=make.ago(minutes=1), received="store/order/updated 250")
    seen = page(otto, store)
    assert "BigCommerce tells of changed orders at once." in seen
    assert TO in seen
    assert "the last event was store/order/updated 250" in seen
    assert made.secret not in seen


def test_trouble_stands_with_its_reason_and_the_next_step(otto: Client, store: Store, public: None) -> None:
    hook(store, problem="BigCommerce answered 500", cure="try again later")
    seen = page(otto, store)
    assert 'class="panel bad" aria-label="Webhook"' in seen
    assert "BigCommerce answered 500; meanwhile the store is looked at every 120 s." in seen
    assert "Try again later." in seen


def test_a_merchant_sees_that_it_works_and_nothing_to_press(mia: Client, store: Store, public: None) -> None:
    hook(store, received_at=make.now())
    seen = page(mia, store)
    assert "BigCommerce tells of changed orders at once." in seen
    assert TO not in seen
    assert 'id="webhook"' not in seen


def test_the_button_wakes_a_worker(otto: Client, store: Store, public: None, woken: Woken) -> None:
    assert "Register the webhook" in page(otto, store)
    seen = otto.post(f"/stores/{store.name}/webhook/", follow=True).content.decode()
    assert "A worker looks after the webhook now." in seen
    assert woken() == {("hooks", store.pk)}


def test_nothing_is_woken_where_it_would_do_nothing(
    otto: Client, store: Store, woken: Woken, settings: Settings
) -> None:
    seen = otto.post(f"/stores/{store.name}/webhook/", follow=True).content.decode()
    assert "NPF_PUBLIC_URL is not set" in seen
    settings.NPF_PUBLIC_URL = "https://npf.example.com"
    book.pause(store, "anna", make.CLOCK, "stocktake")
    seen = otto.post(f"/stores/{store.name}/webhook/", follow=True).content.decode()
    assert "Resume it first." in seen
    assert woken() == set()
