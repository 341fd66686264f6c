"""The request quota of one store: so many requests in a window, shared by all apps (facts 140-143)."""

import math
import threading
from collections.abc import Callable

from npf.sandbox.bigcommerce.switches import Switches

UNLIMITED = 1_000_000


def parse_quota(text: str | None) -> tuple[int, float] | None:
    """`"150/30"` -> `(150, 30.0)`: requests per seconds. None, "" and "none" mean no quota.

    Raises ValueError for anything else.
    """
    if text is None or text.strip().lower() in ("", "none"):
        return None
    requests, slash, seconds = text.partition("/")
    try:
        quota = int(requests), float(seconds) if slash else 30.0
    except ValueError:
        quota = 0, 0.0
    if quota[0] < 1 or quota[1] <= 0:
        raise ValueError(f"{text!r}: write REQUESTS/SECONDS, as in 150/30, or none")
    return quota


class Quota:
    """`allowed` requests per `window` seconds; None allows all, and the headers still tell a (very large) figure.

    The switch `other_apps` is what the merchant's other apps use up in each window, evenly over its length. `refused`
    counts the requests that were answered 429.
    """

    __slots__ = ("_began", "_lock", "_now", "_switches", "_used", "allowed", "refused", "window")

    def __init__(self, allowed: int | None, window: float, now: Callable[[], float], switches: Switches) -> None:
        self.allowed = allowed
        self.window = window
        self._switches = switches
        self.refused = 0
        self._now = now
        self._began = now()
        self._used = 0
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Use one request; false when none is left in this window."""
        with self._lock:
            left, _ = self._left_and_reset()
            if left <= 0:
                self.refused += 1
                return False
            self._used += 1
            return True

    def left(self) -> int:
        """How many requests are left in this window."""
        with self._lock:
            return max(0, self._left_and_reset()[0])

    def headers(self) -> list[tuple[str, str]]:
        """The four headers that each answer bears (fact 141)."""
        with self._lock:
            left, reset = self._left_and_reset()
        quota = UNLIMITED if self.allowed is None else self.allowed
        return [
            ("X-Rate-Limit-Requests-Left", str(max(0, left))),
            ("X-Rate-Limit-Requests-Quota", str(quota)),
            ("X-Rate-Limit-Time-Reset-Ms", str(int(reset * 1000))),
            ("X-Rate-Limit-Time-Window-Ms", str(int(self.window * 1000))),
        ]

    def retry_after(self) -> int:
        """Whole seconds until the window ends."""
        with self._lock:
            return math.ceil(int(self._left_and_reset()[1] * 1000) / 1000)

    def _left_and_reset(self) -> tuple[int, float]:
        now = self._now()
        if not 0 <= now - self._began < self.window:
            self._began, self._used = now, 0
        elapsed = now - self._began
        others = int(self._switches.other_apps * elapsed / self.window)
        quota = UNLIMITED if self.allowed is None else self.allowed
        return quota - self._used - others, self.window - elapsed
