"""What is held, by the row that is missing: saved where it is seen, over all stores, with what became of it."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from npf.orders.models import Order
from npf.orders.stages import Stage
from npf.stores.models import Store
from tests.console import factories as make
from tests.console.conftest import Woken

pytestmark = pytest.mark.django_db
REASON = make.DISPATCH_HOLD[-1]["why"]
CELLS = make.DISPATCH_HOLD[-1]["lacks"]


def text_of(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def hold(store: Store, *numbers: int) -> None:
    for number in numbers:
        columns = {"reason": REASON, "reason_code": "gate:dispatch method", "gates": make.DISPATCH_HOLD}
        make.order(store, number, Stage.HELD, **columns)


def fill(browser: Client, *stores: Store, filled: str = "ext", **more: object) -> HttpResponse:
    sent = {"table": "dispatch", "cell": CELLS, "fill": filled, "store": [store.name for store in stores]}
    sent |= {"reason_code": "gate:dispatch method", "reason": REASON}
    return browser.post("/held/map/", sent | more, follow=True)


def test_a_cause_asks_for_the_row_that_is_missing_and_names_its_stores(otto: Client, store: Store) -> None:
    hold(store, *range(1, 13))
    hold(make.store("zen-nz"), 1)
    page = text_of(otto.get("/held/"))
    assert "Same Day Sydney = Save the row, release all 13" in page
    assert "13 orders for 1 cause." in page
    raw = otto.get("/held/").content.decode()
    assert raw.count('type="checkbox" name="store"') == 2
    assert '<option value="EP EXP">' in raw


def test_a_cause_behind_hundreds_of_older_holds_has_its_form_too(
    otto: Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make.order(store, 100 + number, Stage.HELD, reason="by otto", reason_code="by_hand", stage_at=make.ago(days=1))
    hold(store, 1, 2)
    monkeypatch.setattr("npf.console.pages.held.MOST_ORDERS", 2)
    assert "Same Day Sydney = Save the row, release all 2" in text_of(otto.get("/held/"))


def test_one_decision_saves_the_row_in_each_store_and_wakes_the_gates(otto: Client, store: Store, woken: Woken) -> None:
    other = make.store("zen-nz")
    hold(store, *range(1, 13))
    hold(other, 1)
    page = text_of(fill(otto, store, other))
    assert "12 orders pass the gates again now." in page
    assert "One order passes the gates again now." in page
    for one in (store, other):
        one.refresh_from_db()
        assert one.dispatch["Same Day Sydney"] == "EXT"
    assert woken() == {("pull", store.pk), ("pull", other.pk)}


def test_what_became_of_a_decision_is_told_until_all_are_through(otto: Client, store: Store) -> None:
    hold(store, 1, 2, 3)
    assert "0 of 3 have passed the gates again." in text_of(fill(otto, store))
    store.refresh_from_db()
    Order.objects.filter(bc_order_id=1).update(stage=Stage.NEW, gated_with=store.settings_version)
    raw = otto.get("/held/").content.decode()
    assert 'data-poll="3"' in raw
    assert 'value="1"' in raw
    Order.objects.filter(bc_order_id=2).update(stage=Stage.PENDING, gated_with=store.settings_version)
    Order.objects.filter(bc_order_id=3).update(gated_with=store.settings_version)
    page = text_of(otto.get("/held/"))
    assert "All 3 have passed the gates again: 2 went on, 1 is held for another cause below." in page


def test_a_paused_store_says_when_its_orders_go_on(otto: Client, store: Store) -> None:
    hold(store, 1)
    Store.objects.update(paused_at=make.now(), paused_reason="a stocktake")
    assert "once the store is resumed" in text_of(fill(otto, store))


def test_a_mistake_is_told_with_the_nearest_code_and_saves_nothing(otto: Client, store: Store) -> None:
    hold(store, 1)
    page = fill(otto, store, filled="EP EXPP").content.decode()
    assert "Nothing was saved" in page
    assert "did you mean &quot;EP EXP&quot;" in page
    store.refresh_from_db()
    assert "Same Day Sydney" not in store.dispatch


@pytest.mark.parametrize("more", [{"table": "users"}, {"cell": ["x"]}, {"store": []}])
def test_nonsense_saves_nothing(otto: Client, store: Store, more: dict[str, object]) -> None:
    assert "Nothing was saved" in text_of(fill(otto, store, **more))


def test_another_ones_store_is_not_touched(otto: Client, mia: Client, store: Store) -> None:
    other = make.store("zen-nz")
    assert fill(mia, other).status_code == 403
    other.refresh_from_db()
    assert "Same Day Sydney" not in other.dispatch


def test_a_missing_carrier_is_told_once_however_many_orders_bear_it(otto: Client, mia: Client, store: Store) -> None:
    for number in (1, 2):
        order = make.order(store, number, Stage.PENDING)
        order.sales_orders.update(dispatch_code="STR EXP")
    page = text_of(otto.get("/held/"))
    assert page.count("Dispatch code STR EXP is not in the carrier table: 2 orders of acme-au.") == 1
    assert "carrier table" not in text_of(mia.get("/held/"))
    sent = {"table": "carriers", "cell": ["STR EXP", ""], "fill": "startrack", "store": [store.name]}
    page = text_of(otto.post("/held/map/", sent, follow=True))
    assert "STR EXP = startrack is in the table “Carriers” of acme-au." in page
    assert "is not in the carrier table" not in page
