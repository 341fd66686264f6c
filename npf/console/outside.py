"""The console's way out and its clock: one of each per process."""

import functools
from datetime import datetime

from npf.stores.outside import Outside


@functools.cache
def outside() -> Outside:
    return Outside()


def now() -> datetime:
    """The time now, aware, in UTC."""
    return outside().clock.now()
