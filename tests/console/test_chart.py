from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from npf.console.chart import HEIGHT, WIDTH, draw

DAY = datetime(2026, 11, 1, 7, tzinfo=UTC)


def days(number: int) -> list[datetime]:
    return [DAY + timedelta(days=one) for one in range(number)]


def test_each_figure_holds_until_the_next_one() -> None:
    chart = draw(days(3), {"FM": [0, 100, 50]})
    assert chart is not None
    assert chart.lines[0].path == "M44 178H378V10H712V94"
    assert [figure for _, figure in chart.rows] == [0, 50, 100]


def test_an_unknown_figure_is_a_gap_and_not_a_zero() -> None:
    chart = draw(days(4), {"FM": [5, None, 5, 5]})
    assert chart is not None
    assert chart.lines[0].path.count("M") == 2
    assert len(chart.lines[0].dots) == 3


def test_without_two_times_or_any_figure_there_is_nothing_to_draw() -> None:
    assert draw(days(1), {"FM": [5]}) is None
    assert draw(days(3), {"FM": [None, None, None]}) is None
    assert draw([], {"FM": []}) is None


@given(some=st.lists(st.none() | st.integers(-50, 2**31 - 1), min_size=2, max_size=30))
def test_whatever_the_figures_all_stays_on_the_paper_and_the_rows_are_few(some: list[int | None]) -> None:
    chart = draw(days(len(some)), {"FM": some})
    if chart is None:
        assert set(some) == {None}
        return
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in chart.lines[0].dots)
    assert 2 <= len(chart.rows) <= 5
