"""The seat belt stops the accidents that it knows, and never a day of good business."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from npf.stock.belt import Change, Limits, belt, great_fall, many_unknown, nothing_known, too_old, wave_of_zeros

LIMITS = Limits(zeros=0.3, fall=0.6, unknown=0.3, age=timedelta(hours=2))
NOW = timedelta(minutes=1)


def some(count: int, was: int | None, publish: int | None, known_lately: bool = True) -> list[Change]:
    return [Change(was, publish, known_lately)] * count


def test_a_wave_of_zeros_is_stopped_and_a_few_that_sell_out_are_not() -> None:
    assert wave_of_zeros(some(10, 5, 5), 0.3) == ""
    assert wave_of_zeros(some(3, 5, 0) + some(7, 5, 5), 0.3) == ""
    assert "4 of 10 SKUs in stock would fall to zero" in wave_of_zeros(some(4, 5, 0) + some(6, 5, 5), 0.3)
    assert wave_of_zeros(some(1, 5, 0), 0.3) == ""
    assert wave_of_zeros(some(2, 5, 0), 0.3) != ""
    assert wave_of_zeros(some(2, 5, 0) + some(2, 1, 1), 0.3) == ""


def test_what_stood_at_zero_or_is_unknown_is_no_part_of_a_wave() -> None:
    assert wave_of_zeros(some(50, 0, 0) + some(50, 9, None) + some(1, 5, 5), 0.3) == ""


def test_a_great_fall_is_stopped_without_a_single_zero() -> None:
    assert "from 1,000 to 100" in great_fall(some(10, 100, 10), 0.6)
    assert great_fall(some(10, 100, 40), 0.6) == ""
    assert great_fall(some(2, 100, 1) + some(1, 5, 5), 0.6) == ""


def test_a_rise_elsewhere_counts_in_the_total() -> None:
    assert great_fall(some(5, 100, 10) + some(5, 100, 300), 0.6) == ""


def test_skus_that_fm_has_lost_are_stopped_and_those_that_it_never_had_are_not() -> None:
    assert "lost 4 of the 10 SKUs" in many_unknown(some(4, 5, None) + some(6, 5, 5), 0.3)
    assert many_unknown(some(3, 5, None) + some(7, 5, 5), 0.3) == ""
    assert many_unknown(some(400, 5, None, known_lately=False) + some(6, 5, 5), 0.3) == ""
    assert many_unknown(some(2, 5, None) + some(1, 5, 5), 0.3) == ""


def test_a_shop_of_which_fm_knows_nothing_is_stopped() -> None:
    assert "FM knows none of the 2 SKUs" in nothing_known([Change(5, None), Change(None, None)])
    assert nothing_known([]) == ""


def test_an_old_count_is_stopped() -> None:
    assert "181 minutes old, 120 may be" in too_old(timedelta(minutes=181), timedelta(hours=2))
    assert too_old(timedelta(hours=2), timedelta(hours=2)) == ""


def test_every_belt_that_holds_says_so() -> None:
    said = belt(some(10, 100, 0), timedelta(hours=9), LIMITS)
    assert [part in said for part in ("minutes old", "would fall to zero", "the total would fall")] == [True] * 3


changes = st.lists(
    st.builds(Change, st.none() | st.integers(-3, 50), st.none() | st.integers(0, 50), st.booleans()), max_size=30
)


@given(changes)
def test_what_stays_as_it_is_is_never_stopped(some: list[Change]) -> None:
    same = [Change(one.publish, one.publish, one.known_lately) for one in some if one.publish is not None]
    assert belt(same, NOW, LIMITS) == ""


@given(changes)
def test_a_rise_of_all_figures_is_never_stopped(some: list[Change]) -> None:
    risen = [Change(one.was, max(one.was or 0, 0) + 1) for one in some]
    assert belt(risen, NOW, LIMITS) == ""


@given(changes)
def test_the_order_of_the_skus_does_not_matter(some: list[Change]) -> None:
    assert belt(some, NOW, LIMITS) == belt(some[::-1], NOW, LIMITS)
