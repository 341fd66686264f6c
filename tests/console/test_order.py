import pytest
from django.test import Client

from npf.console.timeline import merged, timeline
from npf.console.words import release_does, retry_does
from npf.orders.stages import Stage
from npf.stores.models import Store
from tests.console import factories as make
from tests.console.conftest import Woken

pytestmark = pytest.mark.django_db


def page_of(browser: Client, store: Store, number: int = 1000012) -> str:
    return browser.get(f"/stores/{store.name}/orders/{number}/").content.decode()


def decide(browser: Client, store: Store, number: int = 1000012, **typed: str) -> str:
    answer = browser.post(f"/stores/{store.name}/orders/{number}/decide/", typed, follow=True)
    return answer.content.decode()


def test_it_shows_the_whole_way_of_a_finished_order(anna: Client, store: Store) -> None:
    make.order(store, 1000012, Stage.COMPLETE)
    page = page_of(anna, store)
    for shown in (
        "Order 1000012",
        "Sarah Nguyen",
        "14 Station Street",
        "11 Awaiting Fulfillment",
        "ACMEAU-1000012",
        "NPF1500012",
        "being picked",
        "331000012",
        "auspost",
        "2 x SHOP-1",
        "in BigCommerce as shipment 82",
        "Linen apron, sage",
        "2 x FM-1",
    ):
        assert shown in page, shown
    assert "data-poll" not in page


def test_it_says_of_a_shipment_that_it_is_not_told_yet_or_never_will_be(anna: Client, store: Store) -> None:
    order = make.order(store, 1000012, Stage.PROCESSING)
    parcels = order.sales_orders.get().shipments
    parcels.update(bc_shipment_id=None, pushed_at=None)
    assert "not in BigCommerce yet" in page_of(anna, store)
    parcels.update(wanted=False)
    assert "not written to BigCommerce, by a setting or by a person" in page_of(anna, store)


def test_each_gate_stands_with_its_figures_and_its_setting(anna: Client, store: Store) -> None:
    make.order(store, 1000012, Stage.HELD, reason="x", reason_code="gate:dispatch method", gates=make.DISPATCH_HOLD)
    page = page_of(anna, store)
    assert "placed 23/11/2026 09:12" in page
    assert f'href="/stores/{store.name}/parameters/#p-parameters.start_date">Start Date</a>' in page
    assert f'href="/stores/{store.name}/parameters/#p-dispatch">Dispatch methods</a>' in page
    assert "&quot;Same Day Sydney&quot; has no FM dispatch code" in page


def test_a_held_order_shows_its_reason_its_next_step_and_what_a_release_does(anna: Client, store: Store) -> None:
    make.order(
        store,
        1000012,
        Stage.HELD,
        reason="BigCommerce shows 5 Cancelled, and FM has the order",
        reason_code="stopped_in_bigcommerce",
        repair="ask NPF's floor to stop it",
    )
    page = page_of(anna, store)
    assert "BigCommerce shows 5 Cancelled, and FM has the order" in page
    assert "Next step: ask NPF&#x27;s floor to stop it" in page
    assert "It becomes Cancelled. Release it once NPF&#x27;s floor has stopped it." in page
    assert "It goes on, once BigCommerce shows another status." in page


def test_one_button_is_enough_where_both_would_do_the_same(anna: Client, store: Store) -> None:
    make.order(store, 1, Stage.HELD, reason="x", reason_code="by_hand")
    make.order(store, 2, Stage.HELD, reason="x", reason_code="gate:country")
    assert 'value="release"' in page_of(anna, store, 1)
    assert 'value="retry"' not in page_of(anna, store, 1)
    assert 'value="retry"' in page_of(anna, store, 2)
    assert 'value="release"' not in page_of(anna, store, 2)


def test_a_release_tells_what_happens_and_wakes_who_goes_on(anna: Client, store: Store, woken: Woken) -> None:
    order = make.order(store, 1000012, Stage.HELD, reason="FM already has it", reason_code="fm_has_it")
    page = decide(anna, store, what="release")
    assert "It goes to FM at the next send." in page
    order.refresh_from_db()
    assert order.stage == Stage.NEW
    assert woken() == {("send", store.pk)}
    assert "anna: It goes to FM at the next send" in page


def test_a_retry_of_a_gate_wakes_the_pull(anna: Client, store: Store, woken: Woken) -> None:
    make.order(store, 1000012, Stage.HELD, reason="x", reason_code="gate:country")
    assert "It passes the gates again at the next pull." in decide(anna, store, what="retry")
    assert woken() == {("pull", store.pk)}


def test_a_hold_needs_no_more_than_its_reason(anna: Client, store: Store) -> None:
    order = make.order(store, 1000012, Stage.NEW)
    page = decide(anna, store, what="hold", why="the shopper called")
    assert "Held here. FM does not have it." in page
    order.refresh_from_db()
    assert (order.stage, order.reason) == (Stage.HELD, "held by anna: the shopper called")


def test_what_cannot_be_decided_is_said_and_changes_nothing(anna: Client, store: Store) -> None:
    order = make.order(store, 1000012, Stage.COMPLETE)
    assert "there is nothing to hold" in decide(anna, store, what="hold")
    assert "not held" in decide(anna, store, what="release")
    assert "Nothing was decided" in decide(anna, store, what="delete")
    order.refresh_from_db()
    assert order.stage == Stage.COMPLETE


def test_the_timeline_merges_events_and_exchanges_newest_last(store: Store) -> None:
    order = make.order(store, 1000012)
    make.event(store, "third", 1000012, at=make.ago(minutes=1))
    make.event(store, "first", 1000012, at=make.ago(minutes=9))
    make.exchange(store, 1000012, what="second", at=make.ago(minutes=5))
    make.event(store, "of another order", 1000013)
    make.event(make.store("zen-nz"), "of another store", 1000012)
    texts = [entry.text for entry in timeline(order)]
    assert texts == ["first", "BigCommerce was asked: second", "third"]


def test_of_one_moment_the_question_stands_before_what_came_of_it(store: Store) -> None:
    at = make.now()
    event, exchange = make.event(store, "event", 1, at=at), make.exchange(store, 1, at=at)
    assert [entry.kind for entry in merged([event], [exchange])] == ["asked", "event"]


def test_an_exchange_is_shown_to_staff_and_not_to_merchants(anna: Client, mia: Client, store: Store) -> None:
    make.order(store, 1000012)
    make.exchange(store, 1000012, asked='{"status_id":10}', answered="", status=0, outcome="unclear")
    page = page_of(anna, store)
    assert "{\n  &quot;status_id&quot;: 10\n}" in page
    assert "the answer was lost (182 ms)" in page
    assert "status_id" not in page_of(mia, store)


def test_times_are_in_the_stores_zone_and_the_zone_is_named(anna: Client) -> None:
    zen = make.store("zen-nz", timezone="Pacific/Auckland")
    make.order(zen, 204)
    page = page_of(anna, zen, 204)
    assert "times in Pacific/Auckland" in page
    assert "NZDT (Pacific/Auckland)" in page


def test_an_order_that_could_not_be_read_still_has_its_page(anna: Client, store: Store) -> None:
    order = make.order(
        store,
        1000012,
        Stage.HELD,
        reason="the order cannot be read: $.id",
        reason_code="gate:readable",
        status_id=None,
        date_created=None,
        currency_code="",
        shopper="",
        country="",
        gates=[{"gate": "readable", "outcome": "hold", "why": "the order cannot be read: $.id"}],
    )
    order.lines.all().delete()
    order.addresses.all().delete()
    page = page_of(anna, store)
    assert "The order cannot be read: $.id" in page
    assert "No line could be read" in page


def test_a_retry_that_waits_says_when(anna: Client, store: Store) -> None:
    order = make.order(store, 1000012, Stage.NEW, attempts=3, reason="FM did not answer", reason_code="try_later")
    type(order).objects.update(next_attempt_at=make.now() + (make.now() - make.ago(minutes=5)))
    page = page_of(anna, store)
    assert "FM did not answer" in page
    assert "Next try <time" in page
    assert "in 4 min" in page


def test_every_code_of_a_hold_has_a_button() -> None:
    for code in (
        "by_hand",
        "gate:country",
        "gate:again",
        "fm_has_it",
        "fm_differs",
        "fm_lost",
        "fm_short",
        "fm_cancel",
    ):
        assert release_does(code) or retry_does(code), code
    assert retry_does("something new")
