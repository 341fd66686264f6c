"""The law of the quota: what each answer changes, in whichever order the answers are told (facts 140-143)."""

import pytest

from npf.bigcommerce.window import Heard, Window, heard
from tests.bigcommerce.answering import limits


def told(left: int, *, now: float, reset: float, took: float = 0.0, quota: int = 150) -> Heard:
    """What an answer of `now` says."""
    found = heard({key.lower(): text for key, text in limits(left, quota=quota, reset=reset).items()}, now, took)
    assert found is not None
    return found


def room(window: Window, now: float, keep_free: float = 0.2) -> int:
    """How many places may be taken one by one."""
    places = 0
    while True:
        window, given, _ = window.take(now, keep_free, 1)
        if not given:
            return places
        places += given


def begun(out: int = 4, *, left: int = 149) -> Window:
    """A window of which one answer was heard at 0 and `out` places are still out."""
    window, _, _ = Window().take(0, 0.2, 1)
    window = window.answered(window.serial, told(left, now=0, reset=30), 0)
    for _ in range(out):
        window, _, _ = window.take(0, 0.2, 1)
    return window


def test_what_is_out_is_taken_off_what_is_left() -> None:
    assert room(begun(0), 1) == 119
    assert room(begun(4), 1) == 115


def test_an_answer_that_is_told_late_does_not_bring_back_what_was_used_since() -> None:
    window = begun(2)
    early, late = told(140, now=1, reset=29), told(60, now=2, reset=28)
    for first, second in ((early, late), (late, early)):
        after = window.answered(window.serial, first, 3).answered(window.serial, second, 3)
        assert room(after, 3) == 60 - 30


def test_an_answer_that_never_came_counts_as_used() -> None:
    window = begun(3)
    before = room(window, 1)
    for _ in range(2):
        window = window.answered(window.serial, None, 1)
    # BigCommerce counted the lost ones after it had counted this one, and heard of here before.
    window = window.answered(window.serial, told(148, now=1, reset=29), 2)
    assert room(window, 2) == before


def test_where_bigcommerce_never_tells_its_quota_nothing_waits_for_long() -> None:
    window = Window()
    for _ in range(50):
        window, places, _ = window.take(0, 0.2, 20)
        assert places == 1
        window = window.answered(window.serial, None, 0)


def test_an_answer_of_a_window_that_is_over_says_nothing_of_this_one() -> None:
    window = begun(0)
    old = told(31, now=1, reset=29)
    window, _, _ = window.take(1, 0.2, 1)
    window, _, _ = window.take(31, 0.2, 1)
    window = window.answered(window.serial, told(149, now=31, reset=30), 31)
    after = window.answered(window.serial - 1, old, 32)
    assert room(after, 32) == 119


def test_a_request_that_may_arrive_in_the_next_window_is_counted_there_too() -> None:
    window = begun(3)
    assert room(window, 31) == 117


def test_a_window_that_began_sooner_than_believed_is_taken_over_from_the_answer() -> None:
    window = begun(0)
    window, _, _ = window.take(29, 0.2, 1)
    window = window.answered(window.serial, told(100, now=29.5, reset=29.8), 29.5)
    assert window.ends == pytest.approx(59.3)
    assert room(window, 29.6) == 70


def test_a_window_that_is_believed_over_too_soon_is_mended_by_the_answer() -> None:
    """Another machine's clock is five seconds ahead: its answer says that the window goes on."""
    window = begun(0, left=40)
    window, _, _ = window.take(35, 0.2, 1)
    window = window.answered(window.serial, told(39, now=35.1, reset=4.9), 35.1)
    assert window.ends == pytest.approx(40)
    assert room(window, 36) == 9


def test_what_other_apps_use_is_noticed_and_our_own_is_not() -> None:
    window = begun(0)
    window, _, _ = window.take(1, 0.2, 1)
    window, _, _ = window.take(1, 0.2, 1)
    window = window.answered(window.serial, told(130, now=1, reset=29), 1)
    # 20 used: two of them are known to be ours, one more may be.
    assert window.noticed().others == 17
    window = window.answered(window.serial, told(129, now=1, reset=29), 1)
    assert window.noticed().others == 18


def test_a_block_is_a_part_of_what_is_left_and_one_by_one_near_the_end() -> None:
    blocks, window = [], begun(0)
    while True:
        window, places, _ = window.take(1, 0.2, 20)
        if not places:
            break
        blocks.append(places)
    assert sum(blocks) == 119
    assert blocks[0] == 14
    assert blocks == sorted(blocks, reverse=True)
    assert blocks[-7:] == [1] * 7


def test_a_legacy_account_hears_what_is_left_of_an_hour() -> None:
    found = heard({"x-bc-apilimit-remaining": "19999"}, 5, 0.1)
    assert found is not None
    assert found.rolling
    window, _, _ = Window().take(5, 0.2, 1)
    window = window.answered(window.serial, found, 5)
    assert window.rolling
    assert window.take(6, 0.2, 20)[1] == 20
    low = window.answered(window.serial, heard({"x-bc-apilimit-remaining": "3999"}, 6, 0.1), 6)
    assert low.take(7, 0.2, 20) == (low, 0, pytest.approx(59))
    later, places, _ = low.take(67, 0.2, 20)
    assert places == 1
    assert later.take(67, 0.2, 20)[1] == 0
