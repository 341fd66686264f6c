"""When NPF has promised to despatch what FM was sent: so many working hours later. Pure.

    opens 08:00, closes 17:00, Monday to Friday, VIC's public holidays, promised within 12 hours
    in FM on Thursday at 15:00 -> two hours on Thursday, nine on Friday, one on Monday: due on Monday at 09:00

Two questions, one answer: `due` looks forward from one order, `cutoff` back from now for all of them. What FM was sent
at or before the cutoff is due.
"""

import functools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

# Where NPF works -> the zone of its clocks there. The holidays are those of that state or region.
REGIONS = {
    "AU-VIC": "Australia/Melbourne",
    "AU-NSW": "Australia/Sydney",
    "AU-ACT": "Australia/Sydney",
    "AU-QLD": "Australia/Brisbane",
    "AU-SA": "Australia/Adelaide",
    "AU-TAS": "Australia/Hobart",
    "AU-WA": "Australia/Perth",
    "AU-NT": "Australia/Darwin",
    "NZ": "Pacific/Auckland",
    "NZ-AUK": "Pacific/Auckland",
    "NZ-WGN": "Pacific/Auckland",
    "NZ-CAN": "Pacific/Auckland",
}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# A promise that is not kept within so many days of the calendar is none: NPF would have to be closed for months.
_FAR = 1000


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """NPF's working time and what it promises: `hours` of it, above 0. `days` counts from Monday = 0."""

    hours: int
    region: str
    days: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(REGIONS[self.region])


def due(sent: datetime, promise: Promise) -> datetime | None:
    """When what was sent at that moment (aware) must have left, in UTC; None where NPF never works so long."""
    left = timedelta(hours=promise.hours)
    for opens, closes in _shifts(sent, promise, step=1):
        begins = max(opens, sent)
        if closes - begins >= left:
            return begins + left
        left -= max(closes - begins, timedelta(0))
    return None


def cutoff(now: datetime, promise: Promise) -> datetime | None:
    """What was sent at or before this moment, in UTC, is due now; None where nothing is."""
    left = timedelta(hours=promise.hours)
    for opens, closes in _shifts(now, promise, step=-1):
        ends = min(closes, now)
        if ends - opens >= left:
            return ends - left
        left -= max(ends - opens, timedelta(0))
    return None


def _shifts(around: datetime, promise: Promise, step: int) -> Iterator[tuple[datetime, datetime]]:
    """NPF's working days as moments in UTC, onwards (step 1) or backwards (step -1), the day of that moment first."""
    zone = promise.zone
    day = around.astimezone(zone).date()
    for _ in range(_FAR):
        closed = day in promise.closed or day in _holidays(promise.region, day.year)
        if day.weekday() in promise.days and not closed:
            yield _moment(day, promise.opens, zone), _moment(day, promise.closes, zone)
        day += timedelta(days=step)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


@functools.cache
def _holidays(region: str, year: int) -> frozenset[date]:
    """The public holidays of a region in a year."""
    # Loaded by whoever asks for a promise alone: a fifth of a second is long for a command.
    import holidays

    country, _, state = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=state or None, years=year))
