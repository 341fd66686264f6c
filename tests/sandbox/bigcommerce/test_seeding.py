import threading
import time
from typing import Any

import pytest

from npf.sandbox.bigcommerce import KIT_PARTS, Store, World, flow, physical_skus, seed_catalogue, seed_store
from npf.sandbox.bigcommerce.goods import METHOD_COSTS

# Australia Post's first digits of each state's postcodes.
FIRST_DIGITS = {
    "New South Wales": "2",
    "Australian Capital Territory": "2",
    "Victoria": "3",
    "Queensland": "4",
    "South Australia": "5",
    "Western Australia": "6",
    "Tasmania": "7",
    "Northern Territory": "0",
}


def test_the_catalogue_has_test_items_variants_bundles_and_untracked_goods(store: Store) -> None:
    seed_catalogue(store)
    seed_catalogue(store)
    products = list(store.catalogue.products.values())
    assert 50 <= len(products) <= 70
    assert store.stock("Test001") == store.stock("Test002") == 1000
    assert {product.tracking for product in products} == {"none", "product", "variant"}
    assert set(KIT_PARTS) <= set(physical_skus(store))
    assert {part for parts in KIT_PARTS.values() for part in parts} <= set(physical_skus(store))
    assert len(set(physical_skus(store))) == len(physical_skus(store))


def test_the_same_seed_makes_the_same_orders(world: World) -> None:
    stores = [World(3, world.now).add_store("demo1", new_fields=False) for _ in range(2)]
    for one in stores:
        seed_store(one, 30, 5)
    bodies = [[one.order_bytes(order, frozenset(), "") for order in one.book] for one in stores]
    assert bodies[0] == bodies[1]


def test_plain_orders_are_all_good_to_send(store: Store) -> None:
    placed = seed_store(store, 200, 1, variety="plain")
    assert len(placed) == 200
    for order_id in placed:
        order = store.orders[order_id]
        (address,) = order.addresses
        assert order.status_id == 11
        assert address.country_iso2 in ("AU", "NZ")
        assert address.shipping_method in METHOD_COSTS
        assert len(address.street_1) <= 50
        for line in order.lines:
            assert (line.kind, line.address_id, line.refunded) == ("physical", address.id, 0)
            assert line.sku
            assert not line.sku.startswith("KIT-")
    skus = [line.sku for line in store.orders[placed[0]].lines]
    assert skus == ["Test001", "Test002"]


def test_believable_orders_show_every_odd_kind(store: Store) -> None:
    placed = [store.orders[order_id] for order_id in seed_store(store, 1500, 1)]
    assert {0, 1, 2, 5, 7, 8, 10, 11, 14} <= {order.status_id for order in placed}
    assert 0.7 < sum(order.status_id == 11 for order in placed) / len(placed) < 0.85
    assert {"AU", "NZ", "US", "GB", "SG"} <= {order.billing.country_iso2 for order in placed}
    lines = [line for order in placed for line in order.lines]
    assert {line.kind for line in lines} == {"physical", "digital", "giftcertificate"}
    assert any(line.parent_id for line in lines)
    assert any(line.product_id == 0 and not line.sku and line.kind == "physical" for line in lines)
    assert any(line.wrapping_message for line in lines)
    assert any(0 < line.refunded < line.quantity for line in lines)
    assert any(line.sku.startswith("KIT-") for line in lines)
    assert any(len(order.addresses) == 2 for order in placed)
    assert any(order.customer_message for order in placed)
    assert any(order.customer_id == 0 for order in placed)
    assert any(order.customer_id for order in placed)
    addresses = [address for order in placed for address in order.addresses]
    assert any(address.company for address in addresses)
    assert any(not address.last_name.isascii() for address in addresses)
    assert any(len(order.lines) == 5 for order in placed)
    ids = [order.id for order in placed]
    assert ids == sorted(set(ids))
    assert ids[-1] - ids[0] > len(ids)
    created = [order.created for order in placed]
    assert len(set(created)) < len(created)
    assert created == sorted(created)
    assert all(store.stock(sku) >= 0 for sku in physical_skus(store))


def test_an_australian_postcode_belongs_to_its_state(store: Store) -> None:
    for order_id in seed_store(store, 300, 2):
        for address in store.orders[order_id].addresses:
            if address.country_iso2 == "AU":
                assert address.zip[0] == FIRST_DIGITS[address.state]
                assert len(address.zip) == 4


def test_every_listed_order_of_a_seeded_store_can_be_read(bc: Any, store: Store) -> None:
    placed = seed_store(store, 300, 4)
    query = {"include": "consignments,consignments.line_items,fees", "consignment_structure": "object", "limit": 250}
    rows = bc.get("/v2/orders", **query).json + bc.get("/v2/orders", page=2, **query).json
    assert [row["id"] for row in rows] == placed
    for row in rows:
        found = row["consignments"]
        groups = [*found["shipping"], *found["pickups"], *found["downloads"], *found["email"]["gift_certificates"]]
        lines = [line for group in groups for line in group["line_items"]]
        assert sum(line["quantity"] for line in lines) == row["items_total"]


def test_an_unknown_variety_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="believable"):
        seed_store(store, 1, variety="wild")


def test_the_flow_places_orders_and_pays_the_incomplete_ones() -> None:
    store = World().add_store("demo1")
    stop = threading.Event()
    thread = flow(store, 0.002, stop, seed=3, variety="plain", pays_after=0.01)
    until = time.monotonic() + 5
    while len(store.orders) < 40 and time.monotonic() < until:
        time.sleep(0.01)
    stop.set()
    thread.join(5)
    assert len(store.orders) >= 40
    paid = [data["id"] for scope, data in store.events if scope == "store/order/statusUpdated"]
    assert paid
    assert all(store.orders[order_id].status_id == 11 for order_id in paid)
    assert any("Test001" in [line.sku for line in order.lines] for order in store.book)
