"""Keeping to the store's request quota, which all apps of the store share (facts 140-143).

A pace never sleeps: it says how long to wait, and the client decides whether it has that long. What may be asked is
the law in `window.py`. `OwnPace` keeps the window of one process in its memory; another that shares it among processes
can take its place.
"""

import threading
from collections import deque
from collections.abc import Mapping
from typing import Protocol

from npf.bigcommerce.window import Window, heard
from npf.core.clock import Clock


class Pace(Protocol):
    def before(self) -> float:
        """Take a place for one request: 0 = send it now (and call `after` in any case), else seconds to wait.

        May raise TryLater.
        """
        ...

    def after(self, headers: Mapping[str, str], took: float = 0.0) -> None:
        """The request that `before` let go was answered with `headers`, `took` seconds after it was sent.

        No headers where no answer came. Never raises.
        """
        ...

    def hold(self, seconds: float) -> None:
        """Let nothing go for `seconds`: BigCommerce answered 429. Never raises."""
        ...

    def rest(self) -> None:
        """Nothing more is asked for now: places in hand go back. Never raises."""
        ...


def checked(keep_free: float) -> float:
    """A share from 0 to below 1. Raises ValueError for any other."""
    if not 0 <= keep_free < 1:
        raise ValueError(f"keep_free is a share from 0 to below 1, not {keep_free}")
    return keep_free


class OwnPace:
    """The pace of one process: `keep_free` (0 to below 1) is the share of the quota left to the store's other apps.

    Safe to share among threads.
    """

    def __init__(self, clock: Clock, keep_free: float) -> None:
        self._clock = clock
        self._keep_free = checked(keep_free)
        self._lock = threading.Lock()
        self._window = Window()
        self._sent: deque[int] = deque()

    def before(self) -> float:
        with self._lock:
            self._window, places, wait = self._window.take(self._clock.monotonic(), self._keep_free, 1)
            if places:
                self._sent.append(self._window.serial)
            return wait

    def after(self, headers: Mapping[str, str], took: float = 0.0) -> None:
        with self._lock:
            now = self._clock.monotonic()
            serial = self._sent.popleft() if self._sent else self._window.serial
            self._window = self._window.answered(serial, heard(headers, now, took), now)

    def hold(self, seconds: float) -> None:
        with self._lock:
            self._window = self._window.held(self._clock.monotonic() + seconds)

    def rest(self) -> None:
        pass
