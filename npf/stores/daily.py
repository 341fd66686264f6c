"""A time of day that comes once on every day of a calendar, also where the clock changes. Pure.

    due(day) = the first minute at which the wall clock shows this time of this day, or a later one

A time that the change of the clock leaves out is due in the first minute after the gap; one that it gives twice is due
the first time, and not again.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)


def next_daily(after: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The next time that `at` is due in `zone`, in UTC, strictly after `after`. `at` has no seconds."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    while (due := _due(datetime.combine(day, at.replace(fold=0)), zone)) <= after:
        day += timedelta(days=1)
    return due


def _due(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first minute, in UTC, at which the clock of the zone shows `wall` or later."""
    # A time that comes twice is taken the first time. One that is left out comes out late by no more than the gap.
    due = wall.replace(tzinfo=zone).astimezone(UTC)
    while (due - _MINUTE).astimezone(zone).replace(tzinfo=None) >= wall:
        due -= _MINUTE
    return due
