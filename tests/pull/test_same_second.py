"""BigCommerce's dates have whole seconds, and whether min_date_modified includes its own is not said (fact 35)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npf.core.clock import ManualClock
from npf.orders.models import Order
from tests.connected import Connected
from tests.pull.seeing import calls, pull


@pytest.mark.parametrize("inclusive", [True, False])
def test_what_changes_in_the_second_of_a_pull_is_seen_by_the_next(
    connect: Callable[..., Connected], clock: ManualClock, inclusive: bool
) -> None:
    shop = connect(merchant={"min_date_inclusive": inclusive})
    first = shop.place()
    pull(shop)
    second = shop.place()
    shop.bc.set_status(first, 5)
    clock.advance(0.4)
    pull(shop)
    assert (shop.order(first).stage, shop.order(second).stage) == ("cancelled", "new")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
@given(waits=st.lists(st.sampled_from([0.0, 0.3, 0.7, 1.0, 59.5, 700.0]), min_size=2, max_size=8))
def test_no_order_is_missed_at_whatever_fraction_of_a_second_it_is_pulled(
    shop: Connected, clock: ManualClock, waits: list[float]
) -> None:
    shop.bc.switches.min_date_inclusive = False
    placed = []
    for wait in waits:
        placed.append(shop.place())
        clock.advance(wait)
        pull(shop)
        clock.advance(wait)
    assert set(Order.objects.values_list("bc_order_id", flat=True)) >= set(placed)


def test_every_date_that_is_sent_has_its_time_and_is_in_utc(shop: Connected, clock: ManualClock) -> None:
    """Facts 33, 34: in summer time, and where the clock stands between two seconds."""
    clock.advance(0.75)
    shop.set(timezone="Pacific/Auckland")
    pull(shop)
    clock.advance(0.5)
    pull(shop)
    asked = [query["min_date_modified"] for query in calls(shop)]
    assert len(asked) == 2
    for text in asked:
        assert datetime.fromisoformat(text).utcoffset() == timedelta(0)
        assert datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC).isoformat() == text
    raw = [entry.query for entry in shop.bc.log.entries("GET") if entry.path == "/v2/orders"]
    assert all("%2B00%3A00" in query for query in raw)
