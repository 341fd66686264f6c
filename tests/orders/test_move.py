"""move(): one of two workers moves an order, and only as the table allows."""

from datetime import UTC, datetime, timedelta

import pytest

from npf.core.clock import ManualClock
from npf.orders.models import Order
from npf.orders.move import move
from npf.orders.stages import Stage

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


def test_it_moves_an_order_and_tells_the_timeline(an_order: Order, clock: ManualClock) -> None:
    note = move(an_order, Stage.PENDING, clock, attempts=0)
    assert note is not None
    assert (note.tag.value, note.text, note.bc_order_id) == ("station:order:stage", "New -> Pending", 1001)
    saved = Order.objects.get()
    assert (saved.stage, saved.stage_at) == ("pending", NOW)
    assert (an_order.stage, an_order.stage_at) == ("pending", NOW)


def test_a_hold_says_why_what_and_how_to_repair_it(an_order: Order, clock: ManualClock) -> None:
    note = move(an_order, Stage.HELD, clock, reason="no SKU", code="no_sku", field="Code", repair="give it one")
    assert note is not None
    assert (note.text, note.data) == ("Held: no SKU", {"code": "no_sku", "field": "Code"})
    saved = Order.objects.get()
    assert (saved.reason, saved.reason_code, saved.field, saved.repair) == ("no SKU", "no_sku", "Code", "give it one")


def test_going_on_wipes_out_why_it_was_held(an_order: Order, clock: ManualClock) -> None:
    move(an_order, Stage.HELD, clock, reason="no SKU", code="no_sku", field="Code", repair="give it one")
    note = move(an_order, Stage.NEW, clock)
    assert note is not None
    assert note.text == "Held -> New"
    saved = Order.objects.get()
    assert (saved.reason, saved.reason_code, saved.field, saved.repair) == ("", "", "", "")


def test_of_two_workers_that_decide_at_once_only_one_moves_it(an_order: Order, clock: ManualClock) -> None:
    theirs = Order.objects.get()
    assert move(theirs, Stage.HELD, clock, reason="theirs", code="x") is not None
    assert move(an_order, Stage.PENDING, clock, reason="ours") is None
    assert an_order.stage == "new"
    assert Order.objects.get().reason == "theirs"


def test_a_move_that_the_table_does_not_allow_is_a_fault_of_ours(an_order: Order, clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="order 1001 may not move from new to complete"):
        move(an_order, Stage.COMPLETE, clock)
    assert Order.objects.get().stage == "new"


def test_staying_changes_the_reason_and_not_since_when(an_order: Order, clock: ManualClock) -> None:
    move(an_order, Stage.HELD, clock, reason="one", code="x")
    clock.advance(60)
    note = move(an_order, Stage.HELD, clock, reason="another", code="y")
    assert note is not None
    saved = Order.objects.get()
    assert (saved.reason, saved.reason_code, saved.stage_at) == ("another", "y", NOW)


def test_a_stage_that_stays_is_no_news(an_order: Order, clock: ManualClock) -> None:
    later = NOW + timedelta(hours=1)
    assert move(an_order, Stage.NEW, clock, next_attempt_at=later) is None
    assert Order.objects.get().next_attempt_at == later
