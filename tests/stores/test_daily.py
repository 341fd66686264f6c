"""When a time of day comes, also where the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from npf.stores.daily import next_daily
from npf.stores.parameters import Parameters

NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))


@given(
    zone=ZONES,
    at=st.times().map(lambda found: found.replace(second=0, microsecond=0)),
    begin=st.integers(0, 13 * 365 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes)),
)
@example("Australia/Melbourne", time(2, 30), datetime(2026, 10, 3, 1, tzinfo=UTC))  # left out on the 4th
@example("Australia/Melbourne", time(2, 30), datetime(2027, 4, 3, 1, tzinfo=UTC))  # twice on the 4th
@example("Pacific/Auckland", time(2, 0), datetime(2026, 9, 25, 1, tzinfo=UTC))
@example("Australia/Lord_Howe", time(2, 15), datetime(2026, 10, 3, 1, tzinfo=UTC))  # half an hour
@example("America/Nuuk", time(23, 30), datetime(2026, 3, 27, 1, tzinfo=UTC))  # the gap ends with the day
def test_every_day_has_one_due_time_and_it_is_the_first_minute_at_which_the_wall_clock_has_reached_it(
    zone: str, at: time, begin: datetime
) -> None:
    def wall(moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    due = next_daily(begin, at, ZoneInfo(zone))
    day = datetime.combine(wall(due).date(), at)
    if wall(due) < day:
        day -= timedelta(days=1)
    for number in range(6):
        assert wall(due) >= day + timedelta(days=number)
        assert wall(due - MINUTE) < day + timedelta(days=number)
        before, due = due, next_daily(due, at, ZoneInfo(zone))
        assert before < due


@pytest.mark.parametrize(
    ("zone", "after", "due", "clock"),
    [
        ("Australia/Melbourne", (2026, 10, 3, 8), (2026, 10, 4, 7), "18:00"),  # evening of the day that loses an hour
        ("Australia/Melbourne", (2027, 4, 3, 7), (2027, 4, 4, 8), "18:00"),  # and of the one that gains it
        ("Australia/Melbourne", (2026, 10, 3, 15), (2026, 10, 3, 16), "02:30"),  # there is no 02:30: at 03:00
        ("Australia/Melbourne", (2026, 10, 3, 16), (2026, 10, 4, 15, 30), "02:30"),  # and on the next day as ever
        ("Australia/Melbourne", (2027, 4, 3, 15), (2027, 4, 3, 15, 30), "02:30"),  # there are two: the first
        ("Australia/Melbourne", (2027, 4, 3, 15, 30), (2027, 4, 4, 16, 30), "02:30"),  # and not the second
        ("Pacific/Auckland", (2026, 9, 26, 13), (2026, 9, 26, 14), "02:45"),
        ("Pacific/Auckland", (2027, 4, 3, 12), (2027, 4, 3, 13, 45), "02:45"),
        ("Pacific/Auckland", (2027, 4, 3, 13, 45), (2027, 4, 4, 14, 45), "02:45"),
        ("Australia/Lord_Howe", (2026, 10, 3, 15), (2026, 10, 3, 15, 30), "02:15"),  # half an hour: at 02:30
        ("Australia/Lord_Howe", (2027, 4, 3, 14), (2027, 4, 3, 14, 45), "01:45"),
        ("Australia/Lord_Howe", (2027, 4, 3, 14, 45), (2027, 4, 4, 15, 15), "01:45"),
    ],
)
def test_it_is_right_on_both_days_of_daylight_saving(zone: str, after: Any, due: Any, clock: str) -> None:
    values = Parameters(timezone=zone, stock_time=clock)
    assert values.stock_due_after(datetime(*after, tzinfo=UTC)) == datetime(*due, tzinfo=UTC)


def test_the_time_of_a_day_that_an_island_skips_comes_when_the_next_day_begins() -> None:
    """Samoa had no 30 December 2011."""
    zone = ZoneInfo("Pacific/Apia")
    due = datetime(2011, 12, 29, 0, tzinfo=UTC)
    found = []
    for _ in range(4):
        due = next_daily(due, time(18), zone)
        found.append((due.astimezone(zone).date(), due.astimezone(zone).hour))
    days = [date(2011, 12, day) for day in (28, 29, 31, 31)]
    assert found == list(zip(days, (18, 18, 0, 18), strict=True))
