"""When NPF has promised to despatch: working hours, days, public holidays, zones and the changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npf.stores import kinds
from npf.stores.parameters import parameters
from npf.stores.promise import REGIONS, Promise, cutoff, due

OFFICE = {"days": frozenset(range(5)), "opens": time(8), "closes": time(17)}
VIC = Promise(hours=12, region="AU-VIC", **OFFICE)  # type: ignore[arg-type]


# The first holidays of a region take a moment.
LAW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def at(text: str, zone: str = "Australia/Melbourne") -> datetime:
    """A wall clock's time there, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("sent", "hours", "expected", "why"),
    [
        ("2026-11-19 15:00", 12, "2026-11-23 09:00", "over a week-end"),
        ("2026-11-19 15:00", 2, "2026-11-19 17:00", "to the end of a day, and no further"),
        ("2026-11-19 17:00", 1, "2026-11-20 09:00", "after hours"),
        ("2026-11-19 06:00", 1, "2026-11-19 09:00", "before hours"),
        ("2026-11-21 12:00", 9, "2026-11-23 17:00", "sent on a Saturday"),
        ("2026-11-02 16:00", 2, "2026-11-04 09:00", "over Melbourne Cup Day"),
        ("2026-12-24 16:00", 2, "2026-12-29 09:00", "over Christmas, and Boxing Day's Monday"),
        ("2026-10-02 16:00", 2, "2026-10-05 09:00", "over the night in which summer time begins"),
        ("2026-04-02 16:00", 2, "2026-04-07 09:00", "over Easter, and the night in which it ends"),
    ],
)
def test_it_is_due_after_so_many_working_hours(sent: str, hours: int, expected: str, why: str) -> None:
    assert due(at(sent), msgspec.structs.replace(VIC, hours=hours)) == at(expected), why


@pytest.mark.parametrize(
    ("region", "sent", "expected"),
    [
        ("AU-VIC", "2026-11-02 16:00", "2026-11-04 09:00"),
        ("AU-NSW", "2026-11-02 16:00", "2026-11-03 09:00"),
        ("AU-WA", "2026-11-02 16:00", "2026-11-03 09:00"),
        ("NZ-AUK", "2026-01-23 16:00", "2026-01-27 09:00"),
        ("NZ-WGN", "2026-01-23 16:00", "2026-01-26 09:00"),
        ("NZ", "2026-07-09 16:00", "2026-07-13 09:00"),
    ],
)
def test_each_region_has_its_own_holidays_and_its_own_clock(region: str, sent: str, expected: str) -> None:
    promise = msgspec.structs.replace(VIC, hours=2, region=region)
    zone = REGIONS[region]
    assert due(at(sent, zone), promise) == at(expected, zone)


def test_what_is_closed_beside_the_holidays_counts_for_nothing() -> None:
    stocktaking = msgspec.structs.replace(VIC, hours=2, closed=frozenset({date(2026, 11, 20)}))
    assert due(at("2026-11-19 16:00"), stocktaking) == at("2026-11-23 09:00")


def test_npf_that_never_opens_promises_nothing() -> None:
    never = msgspec.structs.replace(VIC, days=frozenset())
    assert (due(at("2026-11-19 16:00"), never), cutoff(at("2026-11-19 16:00"), never)) == (None, None)


BEGINS = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(lambda minutes: BEGINS + timedelta(minutes=minutes))
PROMISES = st.builds(
    Promise,
    hours=st.integers(1, 60),
    region=st.sampled_from(sorted(REGIONS)),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    opens=st.integers(0, 11).map(lambda hour: time(hour, 30)),
    closes=st.integers(12, 23).map(time),
    closed=st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=5),
)


@LAW
@given(sent=MOMENTS, later=MOMENTS, promise=PROMISES)
def test_what_was_sent_later_is_due_no_earlier(sent: datetime, later: datetime, promise: Promise) -> None:
    sent, later = sorted((sent, later))
    first, second = due(sent, promise), due(later, promise)
    assert first
    assert second
    assert sent < first <= second
    assert first - sent >= timedelta(hours=promise.hours)


@LAW
@given(sent=MOMENTS, promise=PROMISES)
def test_more_hours_are_due_later(sent: datetime, promise: Promise) -> None:
    more = msgspec.structs.replace(promise, hours=promise.hours + 1)
    first, second = due(sent, promise), due(sent, more)
    assert first
    assert second
    assert second - first >= timedelta(hours=1)


@LAW
@given(sent=MOMENTS, now=MOMENTS, promise=PROMISES)
def test_the_cutoff_of_all_and_the_due_time_of_one_say_the_same(
    sent: datetime, now: datetime, promise: Promise
) -> None:
    ends, back = due(sent, promise), cutoff(now, promise)
    assert ends
    assert back
    assert (ends <= now) == (sent <= back)
    # And at the very edge.
    assert due(back, promise) <= now  # type: ignore[operator]
    assert cutoff(ends, promise) >= sent  # type: ignore[operator]


@LAW
@given(sent=MOMENTS, promise=PROMISES)
def test_it_is_due_while_npf_works(sent: datetime, promise: Promise) -> None:
    ends = due(sent, promise)
    assert ends
    here = ends.astimezone(promise.zone)
    assert here.weekday() in promise.days
    assert here.date() not in promise.closed
    assert promise.opens < here.time() <= promise.closes


@pytest.mark.parametrize(("kept", "hours"), [({}, None), ({"promise_hours": 0}, None), ({"promise_hours": 8}, 8)])
def test_a_store_promises_what_its_parameters_say(kept: dict[str, Any], hours: int | None) -> None:
    found = parameters(kept).promise
    assert (found and found.hours) == hours
    if found:
        assert (found.region, found.days, found.opens, found.closes) == (
            "AU-VIC",
            frozenset(range(5)),
            time(8),
            time(17),
        )


@pytest.mark.parametrize("typed", ["8-17", "17:00-08:00", "08:00", "08:00-08:00", "08:00-25:00"])
def test_hours_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="must"):
        kinds.opening(typed)


def test_hours_days_and_places_are_read_however_they_are_typed() -> None:
    assert kinds.opening(" 8:00 - 17:30 ") == "08:00-17:30"
    assert kinds.word_of(*REGIONS)("nz-auk") == "NZ-AUK"
    assert kinds.several(kinds.word_of("Mon", "Tue"))("tue, MON") == ["Tue", "Mon"]
