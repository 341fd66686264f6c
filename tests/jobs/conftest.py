import random
from datetime import UTC, datetime

import pytest

from npf.core.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 2, 0, tzinfo=UTC))


@pytest.fixture
def rng() -> random.Random:
    return random.Random(1)
