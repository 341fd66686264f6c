"""The table of moves."""

import itertools

import pytest

from npf.orders.stages import BY_HAND, CHANGED, GATED, MOVES, STOPPED, Stage, may_be_told, may_move

BACKWARDS = [
    (Stage.PROCESSING, Stage.PENDING),
    (Stage.SKIPPED, Stage.PENDING),
    (Stage.CANCELLED, Stage.PENDING),
    (Stage.NEW, Stage.PROCESSING),
    (Stage.NEW, Stage.COMPLETE),
]


def test_the_table_speaks_of_every_stage() -> None:
    assert set(MOVES) == set(Stage)
    assert all(after in set(Stage) for moves in MOVES.values() for after in moves)


@pytest.mark.parametrize("stage", Stage)
def test_staying_is_always_allowed(stage: Stage) -> None:
    assert may_move(stage, stage)


def test_what_is_complete_moves_nowhere_but_into_a_hold() -> None:
    assert [other for other in Stage if may_move(Stage.COMPLETE, other)] == [Stage.HELD, Stage.COMPLETE]


@pytest.mark.parametrize(("before", "after"), BACKWARDS)
def test_an_order_moves_neither_backwards_nor_past_fm(before: Stage, after: Stage) -> None:
    assert not may_move(before, after)


def test_an_order_that_fm_never_had_is_new_again() -> None:
    assert may_move(Stage.PENDING, Stage.NEW)
    assert may_move(Stage.PROCESSING, Stage.NEW)
    assert not may_move(Stage.COMPLETE, Stage.NEW)


def test_every_order_that_is_on_its_way_can_be_held_and_cancelled() -> None:
    on_their_way = (Stage.NEW, Stage.SKIPPED, Stage.PENDING, Stage.PROCESSING)
    for stage, end in itertools.product(on_their_way, (Stage.HELD, Stage.CANCELLED)):
        assert may_move(stage, end)


def test_a_held_order_can_go_on_from_anywhere() -> None:
    assert all(may_move(Stage.HELD, other) for other in Stage)


def test_the_gates_can_move_an_order_between_their_own_stages() -> None:
    for before, after in itertools.product(GATED, GATED | {Stage.CANCELLED}):
        assert may_move(before, after)


def test_what_left_npf_may_be_told_unless_a_person_or_a_cancellation_holds_it() -> None:
    assert all(may_be_told(stage, "") for stage in (Stage.PENDING, Stage.PROCESSING))
    assert all(may_be_told(Stage.HELD, code) for code in (CHANGED, "fm_hold", "fm_sent_twice"))
    assert not any(may_be_told(Stage.HELD, code) for code in (BY_HAND, STOPPED, "gate:country", "bc_refused"))
    assert not any(may_be_told(stage, "") for stage in (Stage.NEW, Stage.SKIPPED, Stage.CANCELLED, Stage.COMPLETE))
