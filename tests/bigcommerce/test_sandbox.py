"""The client against the sandbox, which was written by others from the same facts and shares no code with it."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from npf.bigcommerce import catalog, inventory, orders, shipments, stores
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.inventory import Adjustment
from npf.bigcommerce.records import Order, read_order
from npf.bigcommerce.shipments import NewItem, NewShipment
from npf.bigcommerce.tolerant import Malformed
from npf.core.clock import ManualClock
from npf.core.errors import FixSettings, GiveUp, TryLater
from npf.sandbox.bigcommerce import FOUR_SCOPES, Store, World, make_app, seed_store
from npf.sandbox.server import serve

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)

Make = Callable[..., BigCommerce]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def world(clock: ManualClock) -> World:
    return World(seed=3, now=clock.now, sleep=clock.sleep)


@pytest.fixture
def store(world: World) -> Store:
    return world.add_store("demo1")


@pytest.fixture
def sandbox(world: World, store: Store, http: httpx2.Client, clock: ManualClock) -> Iterator[Make]:
    server = serve(make_app(world))

    def make(token: str = "token-demo1", **changes: object) -> BigCommerce:
        return BigCommerce(
            "demo1",
            token,
            api_url=server.url,
            http=http,
            clock=clock,
            rng=random.Random(1),
            **changes,  # type: ignore[arg-type]
        )

    yield make
    server.close()


def walked(client: BigCommerce) -> list[bytes]:
    found: list[bytes] = []
    min_id, full = 1, True
    while full:
        page = orders.walk(client, min_id=min_id, modified_since=LONG_AGO)
        found += page.rows
        full = page.full
        min_id = max((read_order(row).id for row in page.rows), default=0) + 1
    return found


def open_order(client: BigCommerce) -> Order:
    found = [read_order(row) for row in walked(client)]
    return next(one for one in found if one.status_id == 11 and len(one.shipping) == 1 and one.lines[0].to_ship)


def test_every_believable_order_is_read_whole(sandbox: Make, store: Store) -> None:
    placed = seed_store(store, 600)
    client = sandbox()
    found = [read_order(row) for row in walked(client)]
    shown = {number for number in placed if not store.orders[number].is_deleted}
    assert shown <= {one.id for one in found}
    assert len(found) == len({one.id for one in found})
    assert client.calls <= 4
    standings = orders.standings_since(client, modified_since=LONG_AGO).by_id.values()
    assert {(one.id, one.status_id) for one in standings} == {(one.id, one.status_id) for one in found}
    for one in found:
        if not one.is_whole:
            assert orders.completed(client, one).is_whole


def test_a_shipment_whose_answer_was_lost_is_found_by_looking(sandbox: Make, store: Store) -> None:
    seed_store(store, 20)
    client = sandbox()
    order = open_order(client)
    place = order.shipping[0]
    items = [NewItem(order_product_id=line.id, quantity=line.to_ship) for line in place.line_items or []]
    new = NewShipment(order_address_id=place.id, items=items, tracking_number="TN1", shipping_provider="auspost")
    assert shipments.list_for(client, order.id) == []
    store.faults.next("reset-after")
    with pytest.raises(TryLater) as caught:
        shipments.create(client, order.id, new)
    assert caught.value.unclear
    [made] = shipments.list_for(client, order.id)
    assert (made.tracking_number, made.order_address_id) == ("TN1", place.id)
    assert {item.order_product_id for item in made.items} == {item.order_product_id for item in items}
    orders.set_status(client, order.id, 10)
    assert read_order(orders.read(client, order.id)).status_id == 10


def test_what_the_sandbox_refuses_is_given_up(sandbox: Make, store: Store) -> None:
    seed_store(store, 20)
    client = sandbox()
    order = open_order(client)
    item = NewItem(order_product_id=order.lines[0].id, quantity=99_999)
    with pytest.raises(GiveUp):
        shipments.create(client, order.id, NewShipment(order_address_id=order.shipping[0].id, items=[item]))
    with pytest.raises(GiveUp) as caught:
        orders.read(client, 999_999)
    assert caught.value.code == "not_found"


def test_its_quota_is_never_used_up(sandbox: Make, store: Store, clock: ManualClock) -> None:
    seed_store(store, 3)
    client = sandbox()
    for _ in range(400):
        orders.statuses(client)
        clock.advance(0.01)
    assert 30 <= clock.monotonic() <= 140
    assert all(entry.status == 200 for entry in store.log.entries())


@pytest.mark.parametrize(
    "fault", ["429", "429-bare", "500", "502", "503", "504", "truncate", "reset-before", "reset-after"]
)
def test_a_fault_delays_a_read_and_nothing_else(sandbox: Make, store: Store, clock: ManualClock, fault: str) -> None:
    seed_store(store, 5)
    client = sandbox()
    times = 1 if fault == "429" else 2  # two whole windows would be beyond patience
    store.faults.next(fault, times)
    assert len(orders.walk(client, min_id=1, modified_since=LONG_AGO).rows) >= 5
    assert client.calls == times + 1
    assert 2 < clock.monotonic() <= 62


def test_a_malformed_order_leaves_the_others_readable(sandbox: Make, store: Store) -> None:
    seed_store(store, 10)
    client = sandbox()
    store.faults.next("malformed-order")
    readable, refused = [], []
    for row in orders.walk(client, min_id=1, modified_since=LONG_AGO).rows:
        try:
            readable.append(read_order(row))
        except Malformed as error:
            refused.append(error)
    assert len(refused) == 1
    assert refused[0].field
    assert len(readable) >= 5


def test_stock_is_read_and_written_both_ways(sandbox: Make, store: Store) -> None:
    seed_store(store, 1)
    client = sandbox()
    known = list(catalog.variants(client))
    tracked = {one.id for one in catalog.products(client) if one.inventory_tracking == "variant"}
    first, second = [one for one in known if one.product_id in tracked][:2]
    assert len({one.id for one in known}) == len(known)
    [place] = [one for one in inventory.locations(client) if one.id == 1]
    catalog.write_variant_levels(client, [(first.id, 41)])
    levels = [Adjustment(quantity=42, variant_id=second.id)]
    assert inventory.set_absolute(client, location_id=place.id, items=levels, reason="NPF")
    ids = [first.id, second.id]
    found = {
        one.identity.variant_id: one.locations[0].total_inventory_onhand
        for one in inventory.items(client, location_id=place.id, variant_ids=ids)
    }
    assert found == {first.id: 41, second.id: 42}


def test_a_token_of_the_four_scopes_reads_orders_and_is_told_the_rest(sandbox: Make, store: Store) -> None:
    store.add_account("four-scopes", set(FOUR_SCOPES), "x")
    seed_store(store, 3)
    client = sandbox("four-scopes")
    assert orders.walk(client, min_id=1, modified_since=LONG_AGO).rows
    for read in (stores.store, stores.channels, inventory.locations):
        with pytest.raises(FixSettings, match="scope"):
            read(client)
    with pytest.raises(FixSettings) as caught:
        orders.statuses(sandbox("revoked"))
    assert caught.value.parameter == "bigcommerce.access_token"


def test_the_store_says_who_it_is(sandbox: Make) -> None:
    client = sandbox()
    assert stores.store(client).id == "demo1"
    assert stores.channels(client)[0].id == 1
    assert {status.id for status in orders.statuses(client)} == set(range(15))
