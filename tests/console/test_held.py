from datetime import timedelta

import pytest
from django.test import Client

from npf.orders.models import Order
from npf.orders.stages import Stage
from npf.stores.models import Store
from tests.console import factories as make
from tests.console.conftest import Woken

pytestmark = pytest.mark.django_db


def hold(
    store: Store, number: int, reason: str = "no code", code: str = "gate:dispatch method", **columns: object
) -> Order:
    return make.order(store, number, Stage.HELD, reason=reason, reason_code=code, **columns)


def decide(browser: Client, **typed: object) -> str:
    sent = {"as_of": make.now().isoformat(), "reason_code": "gate:dispatch method", "reason": "no code"} | typed
    return browser.post("/held/decide/", sent, follow=True).content.decode()


def test_nothing_held_is_a_calm_page(anna: Client, store: Store) -> None:
    make.order(store, 1)
    assert "Nothing is held" in anna.get("/held/").content.decode()


def test_it_groups_by_cause_over_all_stores(anna: Client, store: Store) -> None:
    other = make.store("zen-nz")
    hold(store, 1, gates=make.DISPATCH_HOLD)
    hold(other, 2, gates=make.DISPATCH_HOLD)
    hold(other, 3, "something else", "fm_short")
    page = anna.get("/held/").content.decode()
    assert page.count('class="panel bad cause"') == 2
    assert "3 orders for 2 causes" in page
    assert "Retry all 2" in page
    assert "Dispatch methods of acme-au" in page
    assert "Dispatch methods of zen-nz" in page
    assert page.index("No code") < page.index("Something else")


def test_one_decision_takes_all_orders_of_the_cause(anna: Client, store: Store, woken: Woken) -> None:
    other = make.store("zen-nz")
    for number in range(3):
        hold(store, number + 1, "it is there", "fm_has_it")
    hold(other, 9, "it is there", "fm_has_it")
    left = hold(store, 7, "it was there", "fm_has_it")
    page = decide(anna, what="release", reason_code="fm_has_it", reason="it is there")
    assert "4 orders, each: It goes to FM at the next send." in page
    assert list(Order.objects.filter(stage=Stage.HELD)) == [left]
    assert woken() == {("send", store.pk), ("send", other.pk)}


def test_one_order_of_a_cause_can_be_decided_alone(anna: Client, store: Store) -> None:
    one, two = hold(store, 1), hold(store, 2)
    Order.objects.update(gated_with=5)
    assert "Order 1: It passes the gates again at the next pull." in decide(anna, what="retry", order=one.pk)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.gated_with, two.gated_with) == (0, 5)


def test_orders_held_after_the_page_was_made_are_left_alone(anna: Client, store: Store) -> None:
    hold(store, 1, "by otto", "by_hand", stage_at=make.now())
    early = (make.now() - timedelta(minutes=1)).isoformat()
    page = decide(anna, what="release", reason_code="by_hand", reason="by otto", as_of=early)
    assert "none of them is held for this cause any more" in page
    assert Order.objects.get().stage == Stage.HELD


@pytest.mark.parametrize("typed", [{"what": "delete"}, {"what": "retry", "as_of": "yesterday"}, {"what": "hold"}])
def test_nonsense_decides_nothing(anna: Client, store: Store, typed: dict[str, str]) -> None:
    hold(store, 1)
    assert "Nothing was decided" in decide(anna, **typed)
    assert decide(anna, what="retry", order="x'")
    assert Order.objects.get().stage == Stage.HELD


def test_many_orders_of_one_cause_are_counted_and_linked(anna: Client, store: Store) -> None:
    for number in range(13):
        hold(store, number + 1)
    page = anna.get("/held/").content.decode()
    assert "Retry all 13" in page
    assert '/orders/?stage=held&amp;cause=no+code">3 more</a>' in page


def test_an_operator_of_no_store_sees_only_what_is_visible(mia: Client, store: Store) -> None:
    hold(make.store("zen-nz"), 1, "of another store")
    hold(store, 2, "of mine")
    page = mia.get("/held/").content.decode()
    assert "Of mine" in page
    assert "Of another store" not in page
    assert "<button" not in page.partition("<main")[2]


def test_changed_orders_are_one_cause_that_links_to_each(anna: Client, store: Store) -> None:
    for number in (1, 2):
        hold(store, number, f"BigCommerce was changed after FM had it: CUP: 1 -> {number}", "changed_in_bigcommerce")
    page = anna.get("/held/").content.decode()
    assert page.count('class="panel bad cause"') == 1
    assert page.count(">Decide</a>") == 2
    assert "CUP: 1 → 2" in page
    assert "<button" not in page.partition("<main")[2]


def test_a_stopped_order_can_be_cancelled_there_and_its_page_has_the_other_answers(anna: Client, store: Store) -> None:
    hold(store, 1, "BigCommerce shows 5 Cancelled", "stopped_in_bigcommerce", status_id=5)
    page = anna.get("/held/").content.decode()
    assert "It becomes Cancelled. Release it once NPF&#x27;s floor has stopped it." in page
    assert "the text for NPF's floor, and the other answers" in page
    decide(anna, what="release", reason_code="stopped_in_bigcommerce", reason="BigCommerce shows 5 Cancelled")
    assert Order.objects.get().stage == Stage.CANCELLED
