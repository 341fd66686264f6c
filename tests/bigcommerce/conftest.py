import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from npf.bigcommerce.client import BigCommerce, new_http
from npf.core.clock import ManualClock
from npf.core.exchange import Exchange
from tests.bigcommerce.answering import TOKEN, Answering

EXAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "bigcommerce" / "examples"


@pytest.fixture(scope="session")
def example() -> Callable[[str], Any]:
    """An official example by its file name; the test is skipped where the folder is absent."""
    if not EXAMPLES.is_dir():
        pytest.skip(f"{EXAMPLES} is absent: BigCommerce's examples are not part of the repository")
    return lambda name: json.loads((EXAMPLES / name).read_text())


@pytest.fixture
def server() -> Iterator[Answering]:
    answering = Answering()
    yield answering
    answering.close()


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    client = new_http(timeout=0.5)
    yield client
    client.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))


@pytest.fixture
def exchanges() -> list[Exchange]:
    return []


@pytest.fixture
def make(
    server: Answering, http: httpx2.Client, clock: ManualClock, exchanges: list[Exchange]
) -> Callable[..., BigCommerce]:
    def build(**changes: Any) -> BigCommerce:
        given: dict[str, Any] = {
            "api_url": server.url,
            "http": http,
            "clock": clock,
            "rng": random.Random(7),
            "watch": exchanges.append,
        }
        return BigCommerce("abc123", TOKEN, **(given | changes))

    return build


@pytest.fixture
def client(make: Callable[..., BigCommerce]) -> BigCommerce:
    return make()
