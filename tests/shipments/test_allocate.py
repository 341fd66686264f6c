"""The laws by which units of FM's codes become units of BigCommerce's lines."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from npf.shipments.allocate import Allocation, Wanted, allocate

CODES = ("A", "B", "C")

parts = st.dictionaries(st.sampled_from(CODES), st.integers(1, 3), min_size=1)
lines = st.lists(st.tuples(st.integers(1, 4), parts), min_size=1, max_size=4).map(
    lambda rows: [Wanted(number, quantity, of) for number, (quantity, of) in enumerate(rows, 1)]
)


@st.composite
def orders(draw: st.DrawFn) -> list[Wanted]:
    """Lines, some of them with another line that rides along."""
    wanted = draw(lines)
    riders = draw(st.lists(st.tuples(st.sampled_from(wanted), st.integers(1, 5)), max_size=2))
    return [
        *wanted,
        *(Wanted(100 + n, quantity, {}, carrier.line) for n, (carrier, quantity) in enumerate(riders)),
    ]


def asked(wanted: list[Wanted]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in wanted:
        for code, per_unit in one.parts.items():
            total[code] = total.get(code, 0) + per_unit * one.quantity
    return total


def shipments(units: dict[str, int], seed: int) -> list[dict[str, int]]:
    """The units in shipments of one code each, in an order by chance."""
    chance = random.Random(seed)
    single = [{code: 1} for code, number in sorted(units.items()) for _ in range(number)]
    chance.shuffle(single)
    return single


def told(wanted: list[Wanted], some: list[dict[str, int]]) -> list[Allocation]:
    """The allocations of shipments that come one after the other."""
    so_far: dict[str, int] = {}
    given_: dict[int, int] = {}
    found = []
    for one in some:
        for code, units in one.items():
            so_far[code] = so_far.get(code, 0) + units
        new = allocate(wanted, given_, so_far)
        for line, units in new.lines.items():
            given_[line] = given_.get(line, 0) + units
        found.append(new)
    return found


def total(some: list[Allocation]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for one in some:
        for line, units in one.lines.items():
            sums[line] = sums.get(line, 0) + units
    return sums


@given(orders(), st.integers(), st.dictionaries(st.sampled_from((*CODES, "X")), st.integers(0, 20)))
def test_a_line_is_never_shipped_above_what_was_ordered(
    wanted: list[Wanted], seed: int, despatched: dict[str, int]
) -> None:
    sums = total(told(wanted, shipments(despatched, seed)))
    assert all(sums.get(one.line, 0) <= one.quantity for one in wanted)


@given(orders(), st.integers())
def test_what_is_told_is_never_taken_back(wanted: list[Wanted], seed: int) -> None:
    for new in told(wanted, shipments(asked(wanted), seed)):
        assert all(units > 0 for units in new.lines.values())


@given(orders(), st.integers())
def test_every_line_is_complete_once_all_is_shipped_in_whichever_order(wanted: list[Wanted], seed: int) -> None:
    found = told(wanted, shipments(asked(wanted), seed))
    assert total(found) == {one.line: one.quantity for one in wanted}
    assert found[-1].strange == {}


@settings(max_examples=50)
@given(orders(), st.integers())
def test_no_line_is_told_of_before_all_its_parts_have_left(wanted: list[Wanted], seed: int) -> None:
    some = shipments(asked(wanted), seed)
    for number in range(1, len(some) + 1):
        sums = total(told(wanted, some[:number]))
        used = asked([Wanted(one.line, sums.get(one.line, 0), one.parts) for one in wanted])
        left: dict[str, int] = {}
        for one in some[:number]:
            for code, units in one.items():
                left[code] = left.get(code, 0) + units
        assert all(units <= left.get(code, 0) for code, units in used.items())


@given(lines.filter(lambda wanted: all(len(one.parts) == 1 for one in wanted)), st.integers(), st.integers())
def test_without_bundles_the_order_of_shipments_never_matters(wanted: list[Wanted], one: int, other: int) -> None:
    some = shipments({code: units // 2 for code, units in asked(wanted).items()}, one)
    again = list(some)
    random.Random(other).shuffle(again)
    assert total(told(wanted, some)) == total(told(wanted, again))


@settings(max_examples=50)
@given(orders(), st.integers())
def test_a_rider_has_left_in_the_measure_of_its_carrier(wanted: list[Wanted], seed: int) -> None:
    some = shipments(asked(wanted), seed)
    for number in range(1, len(some) + 1):
        sums = total(told(wanted, some[:number]))
        for one in wanted:
            if one.rides_with is not None:
                carrier = next(other for other in wanted if other.line == one.rides_with)
                assert sums.get(one.line, 0) == one.quantity * sums.get(carrier.line, 0) // carrier.quantity


def test_a_bundle_counts_when_its_last_part_has_left() -> None:
    kit = [Wanted(1, 2, {"A": 2, "B": 1})]
    assert allocate(kit, {}, {"A": 3, "B": 1}) == Allocation({1: 1}, {})
    assert allocate(kit, {1: 1}, {"A": 4, "B": 2}) == Allocation({1: 1}, {})


def test_one_code_serves_two_lines_in_their_order() -> None:
    wanted = [Wanted(1, 2, {"A": 1}), Wanted(2, 2, {"A": 1})]
    assert allocate(wanted, {}, {"A": 3}).lines == {1: 2, 2: 1}


def test_what_nobody_asked_for_is_named() -> None:
    assert allocate([Wanted(1, 1, {"A": 1})], {}, {"A": 3, "X": 2}) == Allocation({1: 1}, {"A": 2, "X": 2})
