"""Keeping to the store's request quota, which all apps of the store share (facts 140-143).

A pace never sleeps: it says how long to wait, and the client decides whether it has that long. `OwnPace` knows what
this process sends; another that shares its state among processes can take its place.
"""

import threading
from collections.abc import Mapping
from typing import Protocol

from npf.core.clock import Clock

_WINDOW = 30.0
_LONGEST = 3600.0


class Pace(Protocol):
    def before(self) -> float:
        """Take a place for one request: 0 = send it now (and call `after` in any case), else seconds to wait."""
        ...

    def after(self, headers: Mapping[str, str]) -> None:
        """The request that `before` let go was answered with `headers`; none where no answer came."""
        ...

    def hold(self, seconds: float) -> None:
        """Let nothing go for `seconds`: BigCommerce answered 429."""
        ...


class OwnPace:
    """The pace of one process: `keep_free` (0 to below 1) is the share of the quota left to the store's other apps.

    Safe to share among threads. Until the first answer nothing is known, and nothing is held back.
    """

    def __init__(self, clock: Clock, keep_free: float) -> None:
        if not 0 <= keep_free < 1:
            raise ValueError(f"keep_free is a share from 0 to below 1, not {keep_free}")
        self._clock = clock
        self._keep_free = keep_free
        self._lock = threading.Lock()
        self._quota = 0
        self._left = 0
        self._window = _WINDOW
        self._resets_at = 0.0
        self._held_until = 0.0
        self._under_way = 0

    def before(self) -> float:
        with self._lock:
            now = self._clock.monotonic()
            if now < self._held_until:
                return self._held_until - now
            if self._quota:
                if now >= self._resets_at:
                    self._left = self._quota
                    self._resets_at = now + self._window
                if self._left <= self._keep_free * self._quota:
                    return self._resets_at - now
                self._left -= 1
            self._under_way += 1
            return 0.0

    def after(self, headers: Mapping[str, str]) -> None:
        quota = _number(headers, "x-rate-limit-requests-quota")
        left = _number(headers, "x-rate-limit-requests-left")
        window = _number(headers, "x-rate-limit-time-window-ms")
        with self._lock:
            self._under_way = max(0, self._under_way - 1)
            if not quota or left is None:
                return
            if window:
                self._window = min(window / 1000, _LONGEST)
            reset = _number(headers, "x-rate-limit-time-reset-ms")
            self._resets_at = self._clock.monotonic() + (self._window if reset is None else min(reset / 1000, _LONGEST))
            self._quota = quota
            # BigCommerce has not counted yet what is still on its way to it.
            self._left = left - self._under_way

    def hold(self, seconds: float) -> None:
        with self._lock:
            self._held_until = max(self._held_until, self._clock.monotonic() + seconds)


def told_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a 429 asks for: Time-Reset-Ms or X-Retry-After, the longer (fact 142); None where it says none."""
    reset = _number(headers, "x-rate-limit-time-reset-ms")
    asked = [
        None if reset is None else reset / 1000,
        _number(headers, "x-retry-after"),
        _number(headers, "retry-after"),
    ]
    said = [min(float(seconds), _LONGEST) for seconds in asked if seconds is not None]
    return max(said) if said else None


def _number(headers: Mapping[str, str], name: str) -> int | None:
    """A header's whole number from 0; None where it is absent or no such number."""
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
