"""Where an order stands by what FM says of all its sales orders."""

from datetime import timedelta

import pytest

from npf.follow.standing import LOST_AFTER, MISSES, PACE, State, is_lost, may_be_sent_again, next_turn, standing
from npf.warehouse.records import OrderStatus


def state(number: str = "A-1", **more: object) -> State:
    return State(number=number, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("states", "stage", "code"),
    [
        ([state(status="PICKING")], "pending", ""),
        ([state(status="")], "pending", ""),
        ([state(status="WRAPPED IN PAPER")], "pending", ""),
        ([state(status="HOLD", said="address")], "held", "fm_hold"),
        ([state(status="ERROR")], "held", "fm_error"),
        ([state(status="BACKORDER")], "processing", ""),
        ([state(status="PARTIAL BACKORDER", shipped=True)], "processing", ""),
        ([state(status="SHIPPED", shipped=True, complete=True)], "processing", ""),
        ([state(status="SHIPPED", waits=True)], "processing", ""),
        ([state(status="SHIPPED")], "processing", ""),
        ([state(status="SHIPPED", shipped=True, waits=True)], "processing", ""),
        ([state(status="SHIPPED", shipped=True)], "held", "fm_short"),
        ([state(status="CANCEL", cancelled=True)], "cancelled", "fm_cancel"),
        ([state(status="CANCEL", cancelled=True, shipped=True)], "held", "fm_cancel"),
        ([state(status="PICKING", lost=True)], "held", "fm_lost"),
        ([state(status="PICKING"), state(status="HOLD")], "held", "fm_hold"),
        ([state(status="SHIPPED", shipped=True, complete=True), state(status="PICKING")], "processing", ""),
        ([state(status="CANCEL", cancelled=True), state(status="PICKING")], "held", "fm_cancel"),
        ([state(status="CANCEL", cancelled=True), state(status="CANCEL", cancelled=True)], "cancelled", "fm_cancel"),
    ],
)
def test_each_word_of_fm_has_its_stage(states: list[State], stage: str, code: str) -> None:
    found = standing(states)
    assert (found.stage, found.code) == (stage, code)
    assert found.reason
    assert bool(found.repair) == (stage == "held")


def test_a_reason_names_its_sales_order_where_there_are_several() -> None:
    assert standing([state(status="HOLD", said="x")]).reason == "FM holds it: x"
    assert standing([state(status="HOLD", said="x"), state("A-2")]).reason == "A-1: FM holds it: x"
    assert standing([state(status="HOLD", said="x")], others=1).reason == "A-1: FM holds it: x"


def test_one_that_is_cancelled_beside_one_that_has_left_is_a_persons_matter() -> None:
    found = standing([state(status="CANCEL", cancelled=True)], others=1, shipped=True)
    assert (found.stage, found.code) == ("held", "fm_cancel")


def test_the_pace_slows_with_age_and_never_stops() -> None:
    turns = [next_turn(timedelta(hours=hours)) for hours in (0, 1, 3, 23, 25, 150, 200, 24 * 365 * 5)]
    assert turns == sorted(turns)
    assert turns[0] == timedelta(0)
    assert turns[-1] == PACE[-1][1] == timedelta(hours=6)


def test_it_is_lost_only_after_both_many_looks_and_a_long_time() -> None:
    assert is_lost(MISSES, LOST_AFTER)
    assert not is_lost(MISSES - 1, LOST_AFTER * 10)
    assert not is_lost(MISSES * 10, LOST_AFTER - timedelta(seconds=1))


def test_only_what_fm_never_showed_and_says_that_it_does_not_know_is_sent_again_and_once() -> None:
    unknown, shown = OrderStatus(SalesOrderNo="A-1", known=False), OrderStatus(SalesOrderNo="A-1")
    settled = {"lost": True, "shown": False, "left": False, "again": False}
    assert may_be_sent_again(unknown, **settled)
    # Left out of the answer, nothing is said; shown, left or sent again before, it may be shipped.
    assert not may_be_sent_again(None, **settled)
    assert not may_be_sent_again(shown, **settled)
    for fact, value in settled.items():
        assert not may_be_sent_again(unknown, **(settled | {fact: not value}))
