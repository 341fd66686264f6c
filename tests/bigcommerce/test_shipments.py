"""Shipments: nothing wrong is ever sent, and nothing twice."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.bigcommerce import shipments
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.shipments import NewItem, NewShipment
from npf.core.errors import GiveUp, TryLater
from tests.bigcommerce.answering import Answering, Reply


def new(**changes: Any) -> NewShipment:
    return NewShipment(**({"order_address_id": 131, "items": [NewItem(order_product_id=194, quantity=1)]} | changes))


def test_a_shipment_is_written_as_the_official_example(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    server.tell(Reply(201, example("shipment_create_response.json")))
    wanted = example("shipment_create_request.json")
    made = shipments.create(
        client, 228, NewShipment(**wanted | {"items": [NewItem(**item) for item in wanted["items"]]})
    )
    sent = server.seen[0]
    assert (sent.method, sent.path) == ("POST", "/stores/abc123/v2/orders/228/shipments")
    assert sent.json == {key: value for key, value in wanted.items() if value}
    assert (made.id, made.order_id, made.order_address_id) == (11, 228, 131)
    assert made.tracking_number == "EJ958083578US"
    assert made.generated_tracking_link.startswith("http")
    assert [(item.order_product_id, item.quantity) for item in made.items] == [(194, 1), (195, 1)]


def test_the_provider_is_always_sent(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(201, {"id": 1}))
    shipments.create(client, 228, new(tracking_number="TN", tracking_link="https://track.example/TN"))
    assert server.seen[0].json == {
        "order_address_id": 131,
        "shipping_provider": "",
        "tracking_number": "TN",
        "tracking_link": "https://track.example/TN",
        "items": [{"order_product_id": 194, "quantity": 1}],
    }


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("tracking_number", {"tracking_number": "x" * 51}),
        ("tracking_number", {"tracking_number": 12345}),
        ("tracking_link", {"tracking_link": "https://t.example/" + "x" * 500}),
        ("tracking_link", {"tracking_link": "track.example/1"}),
        ("tracking_link", {"tracking_link": "javascript:alert(1)"}),
        ("tracking_link", {"tracking_link": "https://"}),
        ("tracking_link", {"tracking_link": "https://t.example/a b"}),
        ("tracking_link", {"tracking_link": "https://[t.example"}),
        ("comments", {"comments": "x" * 65536}),
        ("order_address_id", {"order_address_id": 0}),
        ("order_address_id", {"order_address_id": "131"}),
        ("order_address_id", {"order_address_id": None}),
        ("shipping_provider", {"shipping_provider": None}),
        ("items", {"items": []}),
        ("items", {"items": [NewItem(order_product_id=1, quantity=1), NewItem(order_product_id=1, quantity=2)]}),
        ("items[0].quantity", {"items": [NewItem(order_product_id=1, quantity=0)]}),
        ("items[0].quantity", {"items": [NewItem(order_product_id=1, quantity=1.5)]}),
        ("items[0].quantity", {"items": [NewItem(order_product_id=1, quantity=1.0)]}),
        ("items[0].order_product_id", {"items": [NewItem(order_product_id=0, quantity=1)]}),
    ],
)
def test_a_wrong_shipment_is_refused_before_anything_is_sent(
    client: BigCommerce, server: Answering, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(GiveUp) as caught:
        shipments.create(client, 228, new(**changes))
    assert (caught.value.code, caught.value.field) == ("invalid_shipment", field)
    assert server.seen == []


@pytest.mark.parametrize("body", [{"tracking_number": "no id"}, [], None])
def test_a_shipment_that_was_made_but_cannot_be_read_is_unclear(
    client: BigCommerce, server: Answering, body: Any
) -> None:
    server.tell(Reply(201, body))
    with pytest.raises(TryLater) as caught:
        shipments.create(client, 228, new())
    assert caught.value.unclear


def test_the_official_list_is_read_and_204_is_none(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    server.tell(Reply(200, example("shipments_list.json")), Reply(204))
    found = shipments.list_for(client, 225)
    assert [(one.id, one.order_address_id, one.items[0].order_product_id) for one in found] == [
        (6, 127, 188),
        (7, 128, 189),
    ]
    assert shipments.list_for(client, 225) == []


def test_the_known_providers_are_the_documented_ones() -> None:
    assert {"", "auspost", "usps", "royalmail", "upsonline"} <= shipments.KNOWN_PROVIDERS
    assert "australia-post" not in shipments.KNOWN_PROVIDERS
