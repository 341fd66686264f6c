"""Why is an order not in FM? Asked of a BigCommerce that answers over a real socket."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from npf.audit.models import Event
from npf.audit.notes import Tag
from npf.orders.models import Order
from npf.stores import book
from npf.stores.models import Store
from tests.bigcommerce.answering import Answering, Reply
from tests.console import factories as make
from tests.console.conftest import Woken

pytestmark = pytest.mark.django_db(transaction=True)


def live_order(**changes: Any) -> dict[str, Any]:
    line = {
        "id": 5,
        "order_id": 1234,
        "product_id": 11,
        "variant_id": 12,
        "order_address_id": 9,
        "name": "Linen apron",
        "sku": "SHOP-1",
        "type": "physical",
        "quantity": 1,
        "price_inc_tax": "10.00",
        "price_ex_tax": "9.09",
        "total_inc_tax": "10.00",
    }
    address = {
        "first_name": "Mei",
        "last_name": "Chen",
        "street_1": "1 High St",
        "city": "Perth",
        "state": "Western Australia",
        "zip": "6000",
        "country": "Australia",
        "country_iso2": "AU",
        "phone": "0400 000 000",
        "email": "mei@example.com",
    }
    shipping = address | {"id": 9, "shipping_method": "Standard", "line_items": [line], "items_total": 1}
    return {
        "id": 1234,
        "status_id": 11,
        "date_created": "Mon, 23 Nov 2026 01:00:00 +0000",
        "date_modified": "Mon, 23 Nov 2026 01:00:00 +0000",
        "items_total": 1,
        "currency_code": "AUD",
        "total_inc_tax": "10.00",
        "billing_address": address,
        "consignments": {"shipping": [shipping]},
    } | changes


@pytest.fixture
def bigcommerce() -> Iterator[Answering]:
    answering = Answering()
    yield answering
    answering.close()


@pytest.fixture
def live(db: None, bigcommerce: Answering) -> Store:
    return make.store(api_url=bigcommerce.url)


def ask(browser: Client, store: Store, number: str = "1234") -> str:
    return browser.get(f"/stores/{store.name}/explain/", {"number": number}).content.decode()


def test_an_order_that_was_never_pulled_is_read_and_judged(anna: Client, live: Store, bigcommerce: Answering) -> None:
    bigcommerce.tell(Reply(200, live_order(status_id=7)))
    page = ask(anna, live)
    assert "“order status” does not let it pass: the status is 7 Awaiting Payment" in page
    assert f'href="/stores/{live.name}/parameters/#p-parameters.order_status">Open order status</a>' in page
    assert "It was never pulled." in page
    assert not Order.objects.exists()


def test_one_that_passes_can_be_pulled_now(anna: Client, live: Store, bigcommerce: Answering, woken: Woken) -> None:
    bigcommerce.otherwise = Reply(200, live_order())
    page = ask(anna, live)
    assert "It passes every gate, and it was not pulled yet." in page
    assert "npf pull" not in page
    answer = anna.post(f"/stores/{live.name}/pull/", {"number": "1234"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/stores/{live.name}/orders/1234/"
    assert "Pulled. It is New now." in answer.content.decode()
    assert Event.objects.get(tag=Tag.PERSON_PULLED).by == "anna"
    assert woken() == {("send", live.pk)}


def test_a_number_without_an_order_is_said(anna: Client, live: Store, bigcommerce: Answering) -> None:
    bigcommerce.otherwise = Reply(404, [{"status": 404, "message": "not found"}])
    assert "BigCommerce has no order 1234" in ask(anna, live)
    page = anna.post(f"/stores/{live.name}/pull/", {"number": "1234"}, follow=True).content.decode()
    assert "Not pulled." in page


@pytest.mark.parametrize("typed", ["abc", "0", "-1", "12.5", "9" * 30, "\uff11\uff12"])
def test_what_is_no_number_is_said_and_nobody_is_asked(
    anna: Client, live: Store, bigcommerce: Answering, typed: str
) -> None:
    assert "is no order number." in ask(anna, live, typed)
    assert bigcommerce.seen == []


def test_a_refused_token_is_a_calm_sentence_with_its_setting(anna: Client, live: Store, bigcommerce: Answering) -> None:
    bigcommerce.otherwise = Reply(401, {"status": 401, "title": "Unauthorized"})
    page = ask(anna, live)
    assert 'role="alert"' in page
    assert make.TOKEN not in page
    live.refresh_from_db()
    assert live.paused_at is not None


def test_a_paused_store_is_not_asked(anna: Client, live: Store, bigcommerce: Answering) -> None:
    book.pause(live, "anna", make.CLOCK, "stocktake")
    page = ask(anna, live)
    assert "is paused, so BigCommerce is not asked" in page
    assert bigcommerce.seen == []


def test_the_box_of_all_stores_leads_to_the_store(anna: Client, live: Store) -> None:
    assert f"<option>{live.name}</option>" in anna.get("/orders/").content.decode()
    answer = anna.get("/explain/", {"store": live.name, "number": "12 34"})
    assert answer["Location"] == f"/stores/{live.name}/explain/?number=12+34"
    assert anna.get("/explain/", {"store": "none"}).status_code == 404
