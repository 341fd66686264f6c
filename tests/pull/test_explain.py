"""Why is an order not in FM? An answer for every number."""

from typing import Any

import pytest

from npf.core.clock import ManualClock
from npf.core.errors import TryLater
from npf.desk import decisions
from npf.orders.models import Order
from npf.pull.explain import explain
from tests.connected import Connected
from tests.pull.seeing import pull, versions


def ask(shop: Connected, number: int) -> dict[str, Any]:
    with shop.visit("explain") as at:
        return explain(at, number)


def test_a_skipped_order_is_explained_by_its_gates(shop: Connected) -> None:
    number = shop.place(status_id=7)
    pull(shop)
    found = ask(shop, number)
    assert (found["bc_order_id"], found["known"], found["stage"]) == (number, True, "skipped")
    assert found["says"].startswith("“order status” does not let it pass: the status is 7 Awaiting Payment")
    assert [gate["gate"] for gate in found["gates"]][:2] == ["archived", "cancelled"]
    assert {gate["outcome"] for gate in found["gates"]} == {"pass", "skip"}
    kept = shop.order(number).gates
    assert [{key: gate[key] for key in ("gate", "outcome", "why")} for gate in found["gates"]] == [
        {key: gate[key] for key in ("gate", "outcome", "why")} for gate in kept
    ]


def test_an_order_that_was_never_pulled_is_read_live_and_not_saved(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    old = shop.place(status_id=5)
    before = versions()
    found = ask(shop, number)
    assert (found["known"], found["stage"]) == (False, None)
    assert "not pulled yet" in found["says"]
    assert "“cancelled” does not let it pass" in ask(shop, old)["says"]
    assert versions() == before
    assert not Order.objects.exists()


def test_a_number_that_bigcommerce_does_not_know_has_an_answer_too(shop: Connected) -> None:
    found = ask(shop, 4711)
    assert (found["known"], found["gates"]) == (False, [])
    assert found["says"].startswith("BigCommerce has no order 4711")


def test_it_judges_by_todays_settings_and_todays_order(shop: Connected, clock: ManualClock) -> None:
    number = shop.place(status_id=7)
    pull(shop)
    shop.bc.pay(number)
    assert "it passes every gate" in ask(shop, number)["says"]
    shop.set(countries=["New Zealand"])
    assert "“country” does not let it pass" in ask(shop, number)["says"]
    assert shop.order(number).stage == "skipped"


def test_an_order_that_fm_has_is_told_by_its_number_there(shop: Connected) -> None:
    number = shop.place()
    pull(shop)
    shop.station("send")
    assert ask(shop, number)["says"] == f"FM has it as AC-{number}"


def test_a_hold_that_is_no_gates_is_told_by_its_reason(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    decisions.hold(shop.order(number), "ada", clock, "ring the shopper")
    assert ask(shop, number)["says"] == "it is held: held by ada: ring the shopper"


def test_a_malformed_order_is_explained_by_its_field(shop: Connected) -> None:
    number = shop.place()
    shop.bc.malform(number)
    found = ask(shop, number)
    assert found["says"].startswith("“readable” does not let it pass")
    assert "quantity" in found["says"]


def test_where_bigcommerce_cannot_be_asked_a_known_order_is_explained_by_its_last_pull(shop: Connected) -> None:
    number, never = shop.place(status_id=7), 4711
    pull(shop)
    shop.bc.faults.add("500", path="/v2/orders/")
    found = ask(shop, number)
    assert "“order status” does not let it pass" in found["says"]
    assert "BigCommerce cannot be asked now" in found["says"]
    with pytest.raises(TryLater):
        ask(shop, never)
