from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from npf.core.clock import ManualClock
from tests.connected import Connected, Sandboxes


@pytest.fixture
def clock(sandboxes: Sandboxes) -> ManualClock:
    """The time of BigCommerce's sandbox and of the stations: it stands still, and sleeping moves it.

    It begins at the stores' noon, far from the night's sweep.
    """
    manual = ManualClock(datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0))
    sandboxes.world.now = manual.now
    sandboxes.outside.clock = manual
    return manual


@pytest.fixture
def connect(sandboxes: Sandboxes, clock: ManualClock, db: None) -> Callable[..., Connected]:
    """As everywhere, but each test is rolled back, which is faster than emptying the tables: pull has no threads."""
    return sandboxes.connect
