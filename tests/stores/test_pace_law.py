"""The law of the shared pace: together never more in a window than the quota less its reserve (facts 140-143)."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stores.taking import Table, World

TAKERS = 5
moments = st.floats(0, 2)
acts = st.one_of(
    st.tuples(st.just("ask"), st.integers(0, TAKERS - 1), moments, moments, st.booleans()),
    st.tuples(st.just("many"), st.integers(0, TAKERS - 1), st.integers(1, 40), moments, moments),
    st.tuples(st.just("wait"), st.floats(0, 12)),
    st.tuples(st.just("rest"), st.integers(0, TAKERS - 1)),
    st.tuples(st.just("kill"), st.integers(0, TAKERS - 1)),
    st.tuples(st.just("hold"), st.integers(0, TAKERS - 1), st.floats(0, 5)),
)


@settings(max_examples=250, deadline=None)
@given(
    quota=st.integers(5, 60),
    keep_free=st.sampled_from([0.0, 0.1, 0.2]),
    lazy=st.booleans(),
    contended=st.booleans(),
    seed=st.integers(0, 99),
    script=st.lists(acts, min_size=5, max_size=80),
)
def test_many_takers_never_exceed_what_is_allowed_in_any_window(
    quota: int, keep_free: float, lazy: bool, contended: bool, seed: int, script: list[tuple[str, ...]]
) -> None:
    """Whatever is lost, late, killed or overtaken, once the quota was told.

    A request is less than a quarter of a window on its way.
    """
    rng = random.Random(seed)
    table = Table(lambda: contended and rng.random() < 0.3)
    world = World(quota, keep_free, TAKERS, lazy=lazy, table=table)
    world.ask(0)
    world.takers[0].rest()
    for act, *values in script:
        number = values[0]
        if act == "ask":
            world.ask(number, *values[1:3], lost=values[3])
        elif act == "many":
            for turn in range(values[1]):
                world.ask((number + turn) % TAKERS, *values[2:4])
        elif act == "wait":
            world.wait(number)
        elif act == "rest":
            world.takers[number].rest()
        elif act == "kill":
            world.kill(number)
        else:
            world.takers[number].hold(values[1])
        assert world.server.most_ours <= world.allowed
    world.wait(10)
    assert world.server.most_ours <= world.allowed


@pytest.mark.parametrize("lazy", [True, False])
def test_nearly_all_that_is_allowed_is_used(lazy: bool) -> None:
    """The law would also be kept by asking nothing: five busy takers get at least nine tenths of their due."""
    world = World(150, 0.2, TAKERS, lazy=lazy)
    while world.clock.monotonic() < 305:
        for number in range(TAKERS):
            world.ask(number, 0.02, 0.05)
        world.wait(0.1)
    assert world.server.most_ours <= 120
    assert world.sent >= 0.9 * 10 * 120


def test_places_that_a_killed_process_took_are_free_again_with_the_window_after_the_next() -> None:
    world = World(80, 0.0, 2, lazy=False)
    world.ask(0)
    for _ in range(20):
        world.ask(0)
        world.kill(0)
    row = world.table.rows[next(iter(world.table.rows))]
    assert row["given"] + row["given_before"] > 20
    for _ in range(2):
        world.wait(40)
        world.ask(1)
        world.takers[1].rest()
    assert row["given"] + row["given_before"] == 0


def test_a_429_of_one_holds_all_within_a_second() -> None:
    world = World(150, 0.2, 3, lazy=True)
    for number in range(3):
        world.ask(number)
        world.ask(number)
    world.takers[0].hold(9)
    assert world.ask(0) == pytest.approx(9)
    world.wait(1)
    assert world.ask(1) == pytest.approx(8)
    assert world.ask(2) == pytest.approx(8)
    world.wait(8)
    assert [world.ask(number) for number in range(3)] == [0, 0, 0]


def test_what_other_apps_use_is_taken_off_as_soon_as_an_answer_tells() -> None:
    world = World(150, 0.2, 2, lazy=True)
    world.ask(0)
    for _ in range(118):
        world.server.arrive(ours=False)
    world.ask(0)
    world.takers[0].rest()
    assert world.ask(1) > 0
    assert world.server.ours + world.server.others == 120


def test_a_block_in_hand_is_not_used_once_an_answer_tells_of_others() -> None:
    world = World(150, 0.2, 1, lazy=True)
    for _ in range(3):
        world.ask(0)
    for _ in range(120):
        world.server.arrive(ours=False)
    before = world.sent
    asked = [world.ask(0) for _ in range(10)]
    assert asked[0] == 0
    assert all(asked[1:])
    assert world.sent == before + 1


def test_while_nothing_was_heard_only_a_few_go_at_once() -> None:
    world = World(150, 0.2, 10, lazy=True)
    waits = [world.ask(number, 1, 1) for number in range(10)]
    assert waits.count(0) == 4
    world.wait(2)
    assert world.ask(0) == 0
    assert world.ask(9) == 0


def test_an_idle_process_keeps_nothing_from_the_others() -> None:
    world = World(20, 0.0, 2, lazy=True)
    for _ in range(5):
        world.ask(0)
    world.takers[0].rest()
    world.takers[0].rest()
    assert sum(world.ask(1) == 0 for _ in range(20)) == 15


def test_the_table_is_asked_seldom_while_there_is_room() -> None:
    world = World(1000, 0.2, 1, lazy=True)
    for _ in range(400):
        world.ask(0)
        world.wait(0.02)
    assert world.sent == 400
    assert world.table.asked <= 400 / 10


def test_a_clock_that_is_set_back_does_not_stop_a_store_for_long() -> None:
    world = World(10, 0.0, 1, lazy=True)
    while not world.ask(0):
        pass
    world.table.rows[next(iter(world.table.rows))]["ends"] += 7200
    world.kill(0)
    assert world.ask(0) == 0


@given(left=st.lists(st.integers(0, 20_000), min_size=1, max_size=30))
def test_a_rolling_quota_keeps_its_share_and_looks_again_each_minute(left: list[int]) -> None:
    """A legacy account hears only what is left of the hour (fact 6)."""
    world = World(1, 0.2, 1, lazy=True)
    pace = world.takers[0]
    most = 1
    assert pace.before() == 0
    for now in left:
        pace.after({"x-bc-apilimit-remaining": str(now)})
        most = max(most, now)
        world.clock.advance(1)
        if now <= int(0.2 * most):
            assert 0 < pace.before() <= 60
            world.clock.advance(60)
        assert pace.before() == 0
