"""Every public call of our own client, and the raw ones that prove a token, by name."""

from collections.abc import Callable
from datetime import timedelta

from npf.bigcommerce import catalog, hooks, inventory, orders, shipments, stores
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.inventory import Adjustment
from npf.bigcommerce.records import read_order
from npf.bigcommerce.shipments import NewItem, NewShipment
from npf.check import credentials
from tests.contract.stage import NOW, Stage

LONG_AGO = NOW - timedelta(days=30)

Call = Callable[[BigCommerce, Stage], object]


def _shipment(s: Stage, **tracking: str) -> NewShipment:
    items = [NewItem(order_product_id=line, quantity=1) for line in s.lines]
    return NewShipment(order_address_id=s.address, items=items, **tracking)


def _shipped(client: BigCommerce, s: Stage) -> object:
    shipments.create(client, s.order, _shipment(s, tracking_number="TN1", shipping_provider="auspost"))
    return shipments.list_for(client, s.order)


def _by_link(client: BigCommerce, s: Stage) -> object:
    link = "https://track.example.com/TN1"
    return shipments.create(client, s.order, _shipment(s, tracking_number="TN1", tracking_link=link, comments="left"))


def _completed(client: BigCommerce, s: Stage) -> object:
    s.store.hide_lines(s.order)
    return orders.completed(client, read_order(orders.read(client, s.order)))


def _levels(client: BigCommerce, s: Stage) -> object:
    both = [Adjustment(quantity=5, product_id=s.mug.id), Adjustment(quantity=6, variant_id=s.tee.variants[0].id)]
    return inventory.set_absolute(client, location_id=1, items=both, reason="NPF count")


def _moved(client: BigCommerce, s: Stage) -> object:
    _levels(client, s)
    both = [Adjustment(quantity=3, product_id=s.mug.id), Adjustment(quantity=-2, variant_id=s.tee.variants[0].id)]
    return inventory.adjust(client, location_id=1, items=both, reason="NPF count")


def _items(client: BigCommerce, s: Stage) -> object:
    variants = [variant.id for variant in s.tee.variants]
    found = list(inventory.items(client, location_id=1, variant_ids=variants))
    return found + list(inventory.items(client, location_id=1, product_ids=[s.mug.id, s.tee.id]))


def _hook(client: BigCommerce) -> int:
    return hooks.create(client, scope=hooks.ORDERS, destination="https://example.com/hooks", secret="s" * 32).id


CALLS: dict[str, Call] = {
    "orders.walk": lambda client, s: orders.walk(client, min_id=1, modified_since=LONG_AGO),
    "orders.standings_since": lambda client, s: orders.standings_since(client, modified_since=LONG_AGO),
    "orders.read": lambda client, s: orders.read(client, s.order),
    "orders.products": lambda client, s: orders.products(client, s.order),
    "orders.shipping_addresses": lambda client, s: orders.shipping_addresses(client, s.order),
    "orders.completed": _completed,
    "orders.statuses": lambda client, s: orders.statuses(client),
    "orders.set_status": lambda client, s: orders.set_status(client, s.order, 10),
    "shipments.create": _by_link,
    "shipments.list_for": _shipped,
    "catalog.variants": lambda client, s: list(catalog.variants(client)),
    "catalog.products": lambda client, s: list(catalog.products(client)),
    "catalog.write_variant_levels": lambda client, s: catalog.write_variant_levels(client, [(s.tee.variants[0].id, 4)]),
    "catalog.write_product_levels": lambda client, s: catalog.write_product_levels(client, [(s.mug.id, 4)]),
    "inventory.locations": lambda client, s: inventory.locations(client),
    "inventory.items": _items,
    "inventory.set_absolute": _levels,
    "inventory.adjust": _moved,
    "stores.store": lambda client, s: stores.store(client),
    "stores.channels": lambda client, s: stores.channels(client),
    "stores.takes_stock_when_shipped": lambda client, s: stores.takes_stock_when_shipped(client),
    "hooks.every": lambda client, s: (_hook(client), hooks.every(client)),
    "hooks.create": lambda client, s: _hook(client),
    "hooks.mend": lambda client, s: hooks.mend(client, _hook(client), secret="t" * 32),
    "hooks.delete": lambda client, s: hooks.delete(client, _hook(client)),
    "hooks.blocked": lambda client, s: (_hook(client), hooks.blocked(client)),
    "credentials.scopes": lambda client, s: list(credentials.scopes(client, credentials.NEEDED | credentials.USEFUL)),
}
