import random
from collections.abc import Iterator

import pytest

from npf.bigcommerce.client import BigCommerce, new_http
from npf.core.clock import ManualClock
from tests.contract.client_calls import CALLS
from tests.contract.hearing import CASES, Heard
from tests.contract.specs import SPECS, held_against
from tests.contract.stage import NOW, Theatre, theatre


@pytest.fixture(scope="session")
def sandboxes() -> Iterator[Theatre]:
    if not SPECS.is_dir():
        pytest.skip(f"{SPECS} is absent: BigCommerce's OpenAPI files are not part of the repository")
    with theatre() as opened:
        yield opened


@pytest.fixture(scope="session")
def heard(sandboxes: Theatre) -> Iterator[Heard]:
    """Drive every case and every call once; each has a store of its own."""
    found = Heard()
    for _, _, drive in CASES:
        stage = sandboxes.stage()
        drive(stage)
        found.cases.append(held_against(sandboxes.seen(stage)[-1]))
    http, clock = new_http(timeout=5), ManualClock(NOW)
    for name, call in CALLS.items():
        stage = sandboxes.stage()
        client = BigCommerce(
            stage.store.store_hash,
            f"token-{stage.store.store_hash}",
            client_id=f"client-{stage.store.store_hash}",
            api_url=sandboxes.server.url,
            http=http,
            clock=clock,
            rng=random.Random(1),
        )
        call(client, stage)
        found.calls[name] = [held_against(exchange) for exchange in sandboxes.seen(stage)]
    yield found
    http.close()
