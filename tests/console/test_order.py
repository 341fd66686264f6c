from collections.abc import Callable

import pytest
from django.test import Client

from npf.console.models import Person
from npf.console.timeline import merged, timeline
from npf.console.words import release_does, retry_does
from npf.desk.seen import seen_of
from npf.orders.models import Order
from npf.orders.stages import Stage
from npf.shipments.models import Shipment
from npf.stores.models import Store
from tests.console import factories as make
from tests.console import scene
from tests.console.conftest import Woken

pytestmark = pytest.mark.django_db


def page_of(browser: Client, store: Store, number: int = 1000012) -> str:
    return browser.get(f"/stores/{store.name}/orders/{number}/").content.decode()


def seen(store: Store, number: int) -> str:
    return seen_of(Order.objects.get(store=store, bc_order_id=number))


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
    assert f'href="/stores/{store.name}/tables/dispatch/">Dispatch methods</a>' in page
    assert "hipping method “Same Day Sydney” is not in the dispatch table" in page


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
    assert "It becomes Cancelled, and FM is asked about it no more." in page


def test_a_changed_order_shows_both_sides_the_floors_text_and_each_way_out(anna: Client, store: Store) -> None:
    scene.desk(store)
    page = page_of(anna, store, 1000081)
    for shown in (
        "SHOP-1: 2 → 5",
        "FM has",
        "BigCommerce shows now",
        "Unit 3, 210 Wellington Parade South",
        "Please stop this order, or change it as below",
        "FM says PICK, being picked",
        "FM shows 1 x TOWEL-2 despatched on 23 Nov 2026",
        "too late to stop",
        "It becomes Cancelled, for good.",
        "It goes on as FM has it",
        "goes to FM under a new number",
        "it goes on by itself",
    ):
        assert shown in page, shown
    assert page.count('<tr class="changed">') == 5
    assert 'value="retry"' not in page


def test_a_way_out_that_is_barred_says_why(anna: Client, store: Store) -> None:
    scene.desk(store)
    Shipment.objects.filter(bc_shipment_id=91).update(bc_shipment_id=None, pushed_at=None)
    Order.objects.filter(bc_order_id=1000081).update(next_push_at=make.now())
    page = page_of(anna, store, 1000081)
    assert "Not now: BigCommerce is not told yet of what has left NPF; after the next push it can be." in page
    assert 'id="outcome-resend" name="outcome" value="resend" disabled' in page
    # A cancelled order is not to be sent again at all.
    assert "outcome-resend" not in page_of(anna, store, 1000082)


def test_a_merchant_sees_what_changed_and_decides_nothing(mia: Client, store: Store) -> None:
    scene.desk(store)
    page = page_of(mia, store, 1000081)
    assert "BigCommerce shows now" in page
    assert "Please stop this order" not in page
    assert "outcome-" not in page


@pytest.mark.parametrize(
    ("outcome", "stage", "stations"),
    [("stopped", "cancelled", set()), ("ship", "pending", {"follow", "push"}), ("resend", "held", {"pull"})],
)
def test_an_outcome_is_decided_with_its_remark_and_wakes_who_goes_on(
    otto: Client, store: Store, woken: Woken, outcome: str, stage: str, stations: set[str]
) -> None:
    scene.desk(store)
    Shipment.objects.all().delete()
    page_of(otto, store, 1000081)
    page = decide(otto, store, 1000081, what="release", outcome=outcome, why="Kim said so", seen=seen(store, 1000081))
    order = Order.objects.get(bc_order_id=1000081)
    assert order.stage == stage
    assert "(why: Kim said so)" in page
    assert woken() == {(station, store.pk) for station in stations}


def test_an_outcome_of_an_older_page_decides_nothing(otto: Client, store: Store) -> None:
    scene.desk(store)
    page = decide(otto, store, 1000081, what="release", outcome="ship", seen="of an hour ago")
    assert "has changed since you looked at it: look again" in page
    assert Order.objects.get(bc_order_id=1000081).stage == "held"


def test_a_void_number_is_marked_and_its_parcel_is_said_to_be_told_to_nobody(anna: Client, store: Store) -> None:
    scene.desk(store)
    page = page_of(anna, store, 1000083)
    assert '<span class="tag">void</span>' in page
    assert "which was void: BigCommerce is not told of it" in page
    listing = anna.get(f"/stores/{store.name}/orders/").content.decode()
    assert f"{store.parameters['prefix']}1000083-R2</span>" in listing
    assert f"{store.parameters['prefix']}1000083</span>" not in listing


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


@pytest.mark.parametrize("role", ["operator", "merchant"])
def test_it_says_when_npf_has_promised_to_despatch_and_that_it_is_late(
    enter: Callable[[Person], Client], role: str
) -> None:
    store = make.store("slow-au", promise_hours=1)
    order = make.order(store, 1000012, Stage.PENDING)
    browser = enter(make.person("pat", role, ("slow-au",) if role == "merchant" else ()))
    assert "NPF has promised to despatch it by" in page_of(browser, store)
    sale = order.sales_orders.get()
    sale.sent_at = make.ago(days=30)
    sale.save()
    assert "<strong>Late.</strong> NPF promised to despatch it by" in page_of(browser, store)
    assert "nothing of it has left yet" in page_of(browser, store)
    make.parcel(sale, codes={"FM-1": 1})
    assert "only a part of it has left" in page_of(browser, store)


def test_nothing_is_promised_of_what_nobody_waits_for(otto: Client) -> None:
    store = make.store("slow-au", promise_hours=1)
    for number, columns in enumerate(({"test": True}, {"stage": Stage.COMPLETE}), start=1):
        make.order(store, number, **({"stage": Stage.PENDING} | columns))
        assert "promised" not in page_of(otto, store, number)
