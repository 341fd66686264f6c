"""The law of the quota: what may still be asked in BigCommerce's window (facts 140-143). Pure.

    take      -> so many places, or how long to wait
    answered  -> a place was used, and this is what BigCommerce said of the quota
    returned  -> places that nobody used
    held      -> a 429: nothing goes until then

BigCommerce's count never exceeds what it said last plus the places that are still out, so

    quota - the share kept free - used - given - given_before

may still go. `used` is what it said, `given` the places of this window that nobody has accounted for yet, and
`given_before` those of the window before, which may arrive in this one. A place that a killed process took with it is
forgotten with the window after the next.

Times are seconds on whichever clock the keeper of the window has, so that one process or many may keep to it.
"""

import math
from collections.abc import Mapping
from typing import Self

import msgspec

LASTS = 30.0
LONGEST = 3600.0
# Places at once while nothing was heard yet: few against the smallest plan's 150 (fact 140).
COLD = 4
# So a large part of what is left is given at once; near the end that makes one by one.
_PART = 8
# A window that is only believed to have begun is given so much longer: BigCommerce's own may begin when our first
# request arrives there.
_DOUBT = 1.25
# A rolling quota has no end to wait for; so often one request finds out whether it has room again.
_LOOK_AGAIN = 60.0
_MOST = 10**9


class Heard(msgspec.Struct, frozen=True):
    """What an answer said of the quota. Its window ends at some time from `ends_from` to `ends_by`.

    `rolling`: of a legacy account, which hears only what is left of a rolling hour (fact 6).
    """

    quota: int
    left: int
    lasts: float
    ends_from: float
    ends_by: float
    rolling: bool = False


def heard(headers: Mapping[str, str], now: float, took: float) -> Heard | None:
    """What the headers of an answer say (fact 141), that came at `now` and was asked for `took` seconds before."""
    quota = number(headers, "x-rate-limit-requests-quota")
    left = number(headers, "x-rate-limit-requests-left")
    if not quota or left is None:
        left = number(headers, "x-bc-apilimit-remaining")
        if left is None:
            return None
        return Heard(left, left, _LOOK_AGAIN, now + _LOOK_AGAIN, now + _LOOK_AGAIN, rolling=True)
    window = number(headers, "x-rate-limit-time-window-ms")
    lasts = min(window / 1000, LONGEST) if window else LASTS
    reset = number(headers, "x-rate-limit-time-reset-ms")
    rest = lasts if reset is None else min(reset / 1000, LONGEST)
    return Heard(quota, left, max(lasts, rest), now + rest - took, now + rest)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A store's quota as far as it is known. `quota` 0 = nothing was heard yet.

    `serial` counts the windows. `ours` of `used` are known to be our own calls; `others` is what other apps have
    surely used in this window.
    """

    quota: int = 0
    lasts: float = LASTS
    ends: float = 0.0
    held_until: float = 0.0
    serial: int = 0
    used: int = 0
    ours: int = 0
    others: int = 0
    given: int = 0
    given_before: int = 0
    rolling: bool = False

    def take(self, now: float, keep_free: float, most: int) -> tuple[Self, int, float]:
        """(the window then, how many places of at most `most` were given, seconds to wait where none was)."""
        if now < self.held_until:
            return self, 0, self.held_until - now
        at = self._now_at(now, keep_free)
        out = at.given + at.given_before
        if at.quota:
            room = at.quota - math.floor(keep_free * at.quota) - at.used - out
            places, wait = max(1, min(most, room // _PART)), at.ends - now
        else:
            room, places, wait = COLD - out, 1, 1.0
        if room < 1:
            return at, 0, wait
        return msgspec.structs.replace(at, given=at.given + places), places, 0.0

    def answered(self, serial: int, told: Heard | None, now: float) -> Self:
        """A place of window `serial` was used; `told` None = its answer said nothing, or never came."""
        if told is None and self.quota:
            # Whether BigCommerce has counted it nobody knows: the place stays out, and runs out with the windows.
            return self
        at = self.returned(serial, 1)
        if told is None:
            return at
        if told.rolling:
            quota = max(1, at.quota, told.quota)
            used, ours = quota - told.left, at.ours + 1
            return msgspec.structs.replace(
                at, quota=quota, used=used, ours=ours, lasts=told.lasts, ends=told.ends_by, rolling=True
            )
        used, half = max(0, told.quota - told.left), told.lasts / 2
        if not at.quota or at.rolling or told.ends_from >= at.ends + half:
            at, ends, ours = at._next(told.ends_by), told.ends_by, 1
        elif told.ends_by <= at.ends - half and told.ends_from <= now:
            # It may be of the window before.
            return at
        else:
            ends = min(at.ends, told.ends_by) if at.ends >= told.ends_from else told.ends_by
            used, ours = max(at.used, used), at.ours + 1
        return msgspec.structs.replace(
            at, quota=told.quota, lasts=told.lasts, ends=ends, used=used, ours=ours, rolling=False
        )

    def returned(self, serial: int, places: int) -> Self:
        """Places of window `serial` that are no longer out."""
        if serial == self.serial:
            return msgspec.structs.replace(self, given=max(0, self.given - places))
        if serial == self.serial - 1:
            return msgspec.structs.replace(self, given_before=max(0, self.given_before - places))
        return self

    def held(self, until: float) -> Self:
        """Nothing goes before `until`."""
        return msgspec.structs.replace(self, held_until=max(self.held_until, until))

    def noticed(self) -> Self:
        """The same with what other apps have used, as far as it cannot be ours."""
        surely = 0 if self.rolling else self.used - self.ours - self.given - self.given_before
        return msgspec.structs.replace(self, others=max(self.others, surely))

    def _now_at(self, now: float, keep_free: float) -> Self:
        # An end that is further away than any window can be was told by a clock that has been set back since.
        if self.serial and now < self.ends <= now + 2 * self.lasts:
            return self
        at = self._next(now + self.lasts * (1 if self.rolling else _DOUBT))
        if self.rolling:
            # No news is no room, but for the one request that asks.
            most = self.quota - math.floor(keep_free * self.quota) - 1
            return msgspec.structs.replace(at, used=min(self.used, most))
        return at

    def _next(self, ends: float) -> Self:
        return msgspec.structs.replace(
            self, serial=self.serial + 1, ends=ends, used=0, ours=0, others=0, given=0, given_before=self.given
        )


def told_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a 429 asks for: Time-Reset-Ms or X-Retry-After, the longer (fact 142); None where it says none."""
    reset = number(headers, "x-rate-limit-time-reset-ms")
    asked = [
        None if reset is None else reset / 1000,
        number(headers, "x-retry-after"),
        number(headers, "retry-after"),
    ]
    said = [min(float(seconds), LONGEST) for seconds in asked if seconds is not None]
    return max(said) if said else None


def number(headers: Mapping[str, str], name: str) -> int | None:
    """A header's whole number from 0 to what a column holds; None where it is absent or no such number."""
    text = headers.get(name, "").strip()
    return min(int(text), _MOST) if text.isascii() and text.isdigit() and len(text) < 16 else None
