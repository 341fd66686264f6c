"""The catalogue and the inventory: reading all of it, writing levels, and which items were refused."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.bigcommerce import catalog, inventory
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.inventory import Adjustment
from npf.bigcommerce.refusals import RefusedItems
from npf.core.errors import FixSettings, GiveUp, TryLater
from tests.bigcommerce.answering import Answering, Reply, Seen


def paged(total: int, *, most: int = 250, says: int | None = None) -> Callable[[Seen], Reply]:
    """A V3 list of `total` rows; `says` is the total it claims in meta, None = no meta at all."""

    def answer(seen: Seen) -> Reply:
        limit = min(most, int(seen.query["limit"]))
        start = limit * (int(seen.query["page"]) - 1)
        rows = [{"id": n + 1, "sku": f"S{n + 1}"} for n in range(start, min(start + limit, total))]
        meta = {"pagination": {"total": says, "count": len(rows), "per_page": limit}}
        return Reply(200, {"data": rows} if says is None else {"data": rows, "meta": meta})

    return answer


@pytest.mark.parametrize(
    ("total", "most", "says", "calls"),
    [(0, 250, 0, 1), (3, 250, 3, 1), (250, 250, 250, 2), (600, 250, 600, 3), (600, 50, 600, 13), (60, 10, 60, 7)],
)
def test_all_variants_are_read_page_after_page(
    client: BigCommerce, server: Answering, total: int, most: int, says: int, calls: int
) -> None:
    server.otherwise = paged(total, most=most, says=says)
    assert [one.id for one in catalog.variants(client)] == list(range(1, total + 1))
    assert client.calls == calls


@pytest.mark.parametrize("says", [None, 1, 100_000])
def test_a_total_that_misleads_loses_no_row(client: BigCommerce, server: Answering, says: int | None) -> None:
    server.otherwise = paged(333, says=says)
    assert len(list(catalog.variants(client))) == 333


def test_products_are_read_with_the_fields_that_count(client: BigCommerce, server: Answering) -> None:
    row = {"id": 1, "sku": None, "inventory_level": "-3", "inventory_tracking": "variant", "is_visible": True}
    server.tell(Reply(200, {"data": [row], "meta": []}))
    [found] = catalog.products(client)
    assert (found.id, found.sku, found.inventory_level, found.inventory_tracking) == (1, "", -3, "variant")
    assert "inventory_tracking" in server.seen[0].query["include_fields"]
    assert server.seen[0].query["limit"] == "250"


def test_the_official_variant_is_read(client: BigCommerce, server: Answering, example: Callable[[str], Any]) -> None:
    server.tell(Reply(200, example("variants_by_sku.json")))
    [found] = catalog.variants(client)
    assert (found.id, found.product_id, found.sku, found.inventory_level) == (509, 206, "S-ORAN", 5)


def test_levels_are_written_in_one_call(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(200, {"data": [], "meta": {}})
    catalog.write_variant_levels(client, [(509, 5), (510, 0)])
    catalog.write_product_levels(client, [(7, 2**31 - 1)])
    first, second = server.seen
    assert (first.method, first.path) == ("PUT", "/stores/abc123/v3/catalog/variants")
    assert first.json == [{"id": 509, "inventory_level": 5}, {"id": 510, "inventory_level": 0}]
    assert second.path == "/stores/abc123/v3/catalog/products"
    assert second.json == [{"id": 7, "inventory_level": 2**31 - 1}]


@pytest.mark.parametrize("level", [-1, 2**31, 1.0, "5", True, None])
def test_what_is_no_level_is_never_sent(client: BigCommerce, server: Answering, level: Any) -> None:
    item = Adjustment(quantity=level, variant_id=1)
    for write in (
        lambda: catalog.write_variant_levels(client, [(1, level)]),
        lambda: catalog.write_product_levels(client, [(1, level)]),
        lambda: inventory.set_absolute(client, location_id=1, items=[item], reason="x"),
    ):
        with pytest.raises(GiveUp) as caught:
            write()
        assert caught.value.code == "invalid_level"
    assert server.seen == []


def test_a_batch_that_is_too_long_or_empty_is_a_mistake_of_ours(client: BigCommerce, server: Answering) -> None:
    for count in (0, 51):
        with pytest.raises(ValueError, match="items in one call"):
            catalog.write_variant_levels(client, [(n + 1, 1) for n in range(count)])
    with pytest.raises(ValueError, match="items in one call"):
        catalog.write_product_levels(client, [(n + 1, 1) for n in range(11)])
    with pytest.raises(ValueError, match="items in one call"):
        inventory.set_absolute(client, location_id=1, items=[Adjustment(quantity=1, variant_id=1)] * 2001, reason="x")
    assert server.seen == []


def test_the_refused_ids_of_a_batch_are_named(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    cases = {case["name"]: case for case in example("errors.json")}
    server.tell(Reply(422, cases["variants_batch_422"]["body"]), Reply(413, cases["variants_batch_413"]["body"]))
    with pytest.raises(RefusedItems, match="inventory_level") as caught:
        catalog.write_variant_levels(client, [(509, 5), (510, 6)])
    assert caught.value.variant_ids == {509}
    assert caught.value.product_ids == frozenset()
    assert caught.value.code == "invalid"
    with pytest.raises(RefusedItems, match="too large") as caught:
        catalog.write_variant_levels(client, [(509, 5)])
    assert (caught.value.variant_ids, caught.value.code) == (frozenset(), "too_large")


def test_a_part_that_was_not_written_is_no_success(client: BigCommerce, server: Answering) -> None:
    errors = {"status": 207, "title": "Inventory failed", "errors": {"product_id": 7, "why": "negative"}}
    server.tell(Reply(207, {"data": [{"id": 8}], "errors": errors}))
    with pytest.raises(RefusedItems, match="207") as caught:
        catalog.write_product_levels(client, [(7, 1), (8, 1)])
    assert caught.value.product_ids == {7}


def test_stock_is_set_as_in_the_official_example(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    server.tell(Reply(200, example("inventory_absolute_response.json")))
    items = [Adjustment(quantity=1, variant_id=1), Adjustment(quantity=7, product_id=111)]
    given = inventory.set_absolute(client, location_id=1, items=items, reason="NPF")
    assert given == "97a73cdd-9fc5-4aa5-892c-4ead8259c24e"
    assert (server.seen[0].method, server.seen[0].path) == ("PUT", "/stores/abc123/v3/inventory/adjustments/absolute")
    assert server.seen[0].json == {
        "reason": "NPF",
        "items": [
            {"location_id": 1, "variant_id": 1, "quantity": 1},
            {"location_id": 1, "product_id": 111, "quantity": 7},
        ],
    }


def test_an_item_has_one_identity(client: BigCommerce) -> None:
    for item in (Adjustment(quantity=1), Adjustment(quantity=1, variant_id=1, product_id=2)):
        with pytest.raises(ValueError, match="either"):
            inventory.set_absolute(client, location_id=1, items=[item], reason="x")


@pytest.mark.parametrize(
    ("title", "variant_ids", "product_ids"),
    [
        ("[Item with variant_id 106 is tracked by product, please update stock by product id]", {106}, set()),
        ("Items with identity: [product_id 113] requires absolute adjustment before relative", set(), {113}),
        ("Location not found, identities: [3,2]", set(), set()),
        ("Items with variant_id 999 and variant_id 107", {107}, set()),
    ],
)
def test_the_items_that_a_422_names_are_carried(
    client: BigCommerce, server: Answering, title: str, variant_ids: set[int], product_ids: set[int]
) -> None:
    server.tell(Reply(422, {"status": 422, "title": title, "errors": {}}, {"Content-Type": "application/problem+json"}))
    items = [Adjustment(quantity=1, variant_id=n) for n in (106, 107)] + [Adjustment(quantity=1, product_id=113)]
    with pytest.raises(RefusedItems) as caught:
        inventory.set_absolute(client, location_id=1, items=items, reason="x")
    assert (caught.value.variant_ids, caught.value.product_ids) == (variant_ids, product_ids)
    assert title in str(caught.value)


def test_a_lost_answer_to_a_stock_write_is_unclear(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(how="reset"))
    with pytest.raises(TryLater) as caught:
        catalog.write_variant_levels(client, [(1, 1)])
    assert caught.value.unclear


def test_the_official_locations_and_items_are_read(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    server.tell(Reply(200, example("locations.json")), Reply(200, example("inventory_items_page.json")), Reply(204))
    first, second = inventory.locations(client)
    assert (first.id, first.code, first.enabled, first.managed_by_external_source) == (1, "BC-LOCATION-1", True, False)
    assert second.managed_by_external_source
    found = list(inventory.items(client, location_id=1, variant_ids=[79, 74]))
    assert [(one.identity.sku, one.identity.variant_id) for one in found] == [("RE-130", 79), ("SM13", 74)]
    place = found[0].locations[0]
    assert (place.location_id, place.total_inventory_onhand, place.available_to_sell) == (1, 11, 10)
    assert server.seen[1].query["variant_id:in"] == "79,74"
    assert server.seen[1].query["location_id:in"] == "1"


def test_many_ids_are_asked_for_in_several_calls(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(200, {"data": []})
    assert list(inventory.items(client, location_id=1, product_ids=range(10**8, 10**8 + 600))) == []
    assert client.calls == 3
    assert all(len(seen.raw_query) < 4000 for seen in server.seen)


def test_of_very_many_ids_the_whole_location_is_listed_a_thousand_a_call(
    client: BigCommerce, server: Answering
) -> None:
    server.otherwise = Reply(200, {"data": []})
    assert list(inventory.items(client, location_id=1, product_ids=range(1, 1500), variant_ids=range(1, 1500))) == []
    assert [seen.query for seen in server.seen] == [{"location_id:in": "1", "limit": "1000", "page": "1"}]


def test_some_variants_and_products_are_asked_for_by_id(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(200, {"data": []})
    assert list(catalog.variants(client, [7, 8])) == list(catalog.products(client, range(1, 301))) == []
    assert server.seen[0].query["product_id:in"] == "7,8"
    assert len(server.seen) == 3


def test_a_missing_scope_is_named(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(403, {"status": 403, "title": "You don't have a required scope to access the endpoint"})
    for read, scope in ((inventory.locations, "Store Locations"), (catalog.variants, "Products")):
        with pytest.raises(FixSettings) as caught:
            list(read(client))
        assert scope in caught.value.cure
