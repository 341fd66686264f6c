"""Answers as they may travel, and refusals whose words are not what they seem."""

import gzip
import json
from typing import Any

import pytest

from npf.bigcommerce import catalog, inventory, orders
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.refusals import Refused, RefusedItems
from npf.core.clock import ManualClock
from npf.core.errors import FixSettings, GiveUp
from tests.bigcommerce.answering import Answering, Reply, limits


def test_a_packed_answer_is_unpacked(client: BigCommerce, server: Answering) -> None:
    """Fact 4."""
    packed = gzip.compress(json.dumps({"id": 12, "note": "x" * 5000}).encode())
    server.tell(Reply(200, packed, {"Content-Encoding": "gzip", "Content-Type": "application/json"}))
    assert json.loads(client.get("/v2/orders/12").body)["id"] == 12
    assert "gzip" in server.seen[0].headers["accept-encoding"]


@pytest.mark.parametrize("spelt", [str.lower, str.upper])
def test_headers_are_known_in_any_case(client: BigCommerce, server: Answering, clock: ManualClock, spelt: Any) -> None:
    """Fact 4: a quota that is nearly used up is heeded however its headers are written."""
    server.tell(Reply(200, {"id": 12}, {spelt(name): value for name, value in limits(1, reset=20).items()}))
    server.otherwise = Reply(200, {"id": 12})
    client.get("/v2/orders/12")
    client.get("/v2/orders/12")
    assert clock.monotonic() >= 20


def test_the_status_of_the_answer_counts_and_not_the_one_in_its_body(client: BigCommerce, server: Answering) -> None:
    """Fact 20: the spec shows a 404 inside a 400."""
    server.tell(Reply(400, [{"status": 404, "message": "The requested resource was not found."}]))
    with pytest.raises(Refused) as caught:
        client.put("/v2/orders/12", body={"status_id": 10})
    assert (caught.value.status, caught.value.code) == (400, "refused")


def test_a_token_is_told_that_its_scope_is_missing_in_every_wording(client: BigCommerce, server: Answering) -> None:
    """Fact 14: V3's titles and V2's older body."""
    said = [
        {"status": 403, "title": "You don't have a required scope to access the endpoint", "type": "", "errors": {}},
        {"status": 403, "title": "Unauthorized Access. You do not have permission to make this request."},
        {"error": "You are authorized but your scope does not include this resource."},
    ]
    for body in said:
        server.tell(Reply(403, body))
        with pytest.raises(FixSettings, match="Products: modify") as caught:
            client.get("/v3/catalog/products")
        assert str(body.get("title") or body["error"]) in str(caught.value)


def test_a_sku_that_is_a_part_of_another_refuses_a_batch_and_names_none(client: BigCommerce, server: Answering) -> None:
    """Fact 111. Whoever writes takes the batch apart then (push/ways.py)."""
    server.tell(Reply(409, {"status": 409, "title": "Sku is not unique", "type": "", "errors": {}}))
    with pytest.raises(RefusedItems, match="Sku is not unique") as caught:
        catalog.write_variant_levels(client, [(509, 5), (510, 6)])
    assert (caught.value.code, caught.value.variant_ids) == ("conflict", frozenset())
    assert server.seen[0].json == [{"id": 509, "inventory_level": 5}, {"id": 510, "inventory_level": 6}]


def test_a_limit_above_the_maximum_is_refused_once(client: BigCommerce, server: Answering) -> None:
    """Fact 27."""
    server.tell(Reply(413, {"status": 413, "title": "The request payload is too large."}))
    with pytest.raises(GiveUp) as caught:
        orders.products(client, 149)
    assert caught.value.code == "too_large"
    assert len(server.seen) == 1


def test_catalogue_pages_are_never_narrowed_by_options(client: BigCommerce, server: Answering) -> None:
    """Fact 113: with options or modifiers a page has ten rows, whatever is asked for."""
    server.otherwise = Reply(200, {"data": [], "meta": {}})
    assert list(catalog.products(client)) == list(catalog.variants(client)) == []
    assert all("include" not in seen.query and seen.query["limit"] == "250" for seen in server.seen)


def test_a_level_below_zero_is_read(client: BigCommerce, server: Answering) -> None:
    """Fact 116."""
    here = {"location_id": 1, "available_to_sell": -3, "total_inventory_onhand": -2}
    item = {"identity": {"variant_id": 9}, "locations": [here]}
    server.tell(
        Reply(200, {"data": [{"id": 9, "inventory_level": -3}], "meta": {}}),
        Reply(200, {"data": [item], "meta": {}}),
    )
    assert [one.inventory_level for one in catalog.variants(client)] == [-3]
    [found] = inventory.items(client, location_id=1, variant_ids=[9])
    assert found.locations[0].total_inventory_onhand == -2
