from datetime import UTC, datetime

import pytest

from npf.orders.models import Order
from npf.orders.stages import Stage
from npf.stores.models import FmClient, Store

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def a_store(db: None) -> Store:
    """A store's row, connected to nothing."""
    fm = FmClient.objects.create(base_url="http://127.0.0.1:1", client_code="ACME", username="npf", password="x")
    return Store.objects.create(
        name="acme", store_hash="acme", access_token="x", api_url="http://127.0.0.1:1", fm=fm, added_at=LONG_AGO
    )


@pytest.fixture
def an_order(a_store: Store) -> Order:
    """A new order, number 1001."""
    return Order.objects.create(store=a_store, bc_order_id=1001, stage=Stage.NEW, stage_at=LONG_AGO, pulled_at=LONG_AGO)
