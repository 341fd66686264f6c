"""The store, its clock and its channels."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from npf.bigcommerce import stores
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.tolerant import Malformed
from npf.core.errors import FixSettings
from tests.bigcommerce.answering import Answering, Reply


def test_the_official_store_and_channels_are_read(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    server.tell(Reply(200, example("store.json")), Reply(200, example("channels_list.json")), Reply(200, {"data": []}))
    store = stores.store(client)
    assert (store.id, store.name, store.weight_units, store.timezone.name) == (
        "abc123",
        "BigCommerce",
        "Ounces",
        "America/Chicago",
    )
    assert store.timezone.raw_offset == -21600
    channels = stores.channels(client)
    assert [(one.id, one.type, one.status) for one in channels] == [
        (1, "storefront", "prelaunch"),
        (664179, "marketplace", "connected"),
        (667159, "marketplace", "connected"),
    ]


def test_the_clock_is_read_to_the_second(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(200, {"time": 1529512970}), Reply(200, {"time": 10**18}), Reply(200, {"clock": 1}))
    assert stores.time(client) == datetime(2018, 6, 20, 16, 42, 50, tzinfo=UTC)
    for _ in range(2):
        with pytest.raises(Malformed) as caught:
            stores.time(client)
        assert caught.value.field == "time"


@pytest.mark.parametrize("read", [stores.store, stores.time, stores.channels])
def test_a_token_with_only_the_four_scopes_may_read_none_of_them(
    client: BigCommerce, server: Answering, read: Callable[[BigCommerce], Any]
) -> None:
    server.otherwise = Reply(403, {"status": 403, "title": "You don't have a required scope to access the endpoint"})
    with pytest.raises(FixSettings):
        read(client)
