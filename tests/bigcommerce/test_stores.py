"""The store and its channels."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.bigcommerce import stores
from npf.bigcommerce.client import BigCommerce
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


@pytest.mark.parametrize("read", [stores.store, stores.channels])
def test_a_token_with_only_the_four_scopes_may_read_none_of_them(
    client: BigCommerce, server: Answering, read: Callable[[BigCommerce], Any]
) -> None:
    server.otherwise = Reply(403, {"status": 403, "title": "You don't have a required scope to access the endpoint"})
    with pytest.raises(FixSettings):
        read(client)
