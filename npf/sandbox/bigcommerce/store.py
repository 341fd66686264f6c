"""One store: what it holds, the switches for what is not settled about BigCommerce, and what a test does to it."""

import random
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from npf.sandbox.bigcommerce import payments, placing, statuses
from npf.sandbox.bigcommerce.bodies import order_json
from npf.sandbox.bigcommerce.catalogue import Catalogue, Product, Variant
from npf.sandbox.bigcommerce.channels import Channel, Site
from npf.sandbox.bigcommerce.customers import Customers
from npf.sandbox.bigcommerce.deliveries import Deliveries
from npf.sandbox.bigcommerce.events import stock_events
from npf.sandbox.bigcommerce.faults import new_faults
from npf.sandbox.bigcommerce.hooks import Hooks
from npf.sandbox.bigcommerce.legacy import Legacy
from npf.sandbox.bigcommerce.locations import Location
from npf.sandbox.bigcommerce.log import Log
from npf.sandbox.bigcommerce.orderbook import OrderBook
from npf.sandbox.bigcommerce.quota import Quota
from npf.sandbox.bigcommerce.record import MISSING, Line, Order
from npf.sandbox.bigcommerce.settings import Settings
from npf.sandbox.bigcommerce.shipping import Shipment, shipment_body
from npf.sandbox.bigcommerce.stock import Key, Stock
from npf.sandbox.bigcommerce.switches import Account, Switches, read_scopes

if TYPE_CHECKING:
    from npf.sandbox.bigcommerce.world import World


class Store:
    """Made by World.add_store. All methods may be called from any thread, while it is being served.

    `orders` maps ids to Order records; read them freely, change them through the methods here. `log` holds every
    request, `faults` what shall go wrong, `quota` the request quota, `switches` the unsettled behaviour, `mails` the
    notices that a shopper would have got (order id, what), `events` what happened (scope, data), `deliveries` what the
    hooks were sent of it.
    """

    def __init__(self, world: "World", store_hash: str, seed: int, quota: tuple[int, float] | None) -> None:
        self.world = world
        self.store_hash = store_hash
        self.seed = seed
        self.lock = threading.RLock()
        self.name = store_hash
        self.timezone = "Australia/Melbourne"
        self.currency = "AUD"
        self.plan = "Standard"
        self.accounts: dict[str, Account] = {}
        self.legacy: Legacy | None = None
        self.switches = Switches()
        allowed, window = quota or (None, 30.0)
        self.quota = Quota(allowed, window, world.moment, self.switches)
        self.log = Log()
        self.faults = new_faults(seed)
        self.hooks = Hooks()
        self.deliveries = Deliveries(store_hash, seed, self.hooks, self.faults, self.switches, self.accounts)
        self.mails: list[tuple[int, str]] = []
        self.events: deque[tuple[str, dict[str, Any]]] = deque(maxlen=10_000)
        now = self.seconds()
        site = Site(1000, 1, f"https://{store_hash}.example.com", now, now)
        self.channels: dict[int, Channel] = {1: Channel(1, store_hash, created=now, modified=now, site=site)}
        self.customers = Customers()
        self.payments = payments.Payments()
        self.settings = Settings(self.switches)
        self.labels: dict[int, str] = {}
        self.hidden_lines: set[int] = set()
        self.book = OrderBook()
        self.shipments_of: dict[int, list[Shipment]] = {}
        self.catalogue = Catalogue()
        self.inventory = Stock(self.catalogue, world.moment, random.Random(seed), self.switches, self._tell_stock)
        self.inventory.locations[1] = Location(1, "BC-LOCATION-1", "Default location")
        self._last = {"order": 100, "line": 0, "address": 0, "shipment": 0}

    # -- what a shopper or a merchant does ---------------------------------------------------------------------

    def place_order(
        self,
        lines: Sequence[placing.Goods],
        country: str = "AU",
        status_id: int = statuses.AWAITING_FULFILLMENT,
        shipping_method: str = "Standard Shipping",
        addresses: int | Sequence[Mapping[str, Any]] = 1,
        created: datetime | None = None,
        *,
        order_id: int | None = None,
        address: Mapping[str, Any] | None = None,
        billing: Mapping[str, Any] | None = None,
        pickup: bool = False,
        **overrides: Any,
    ) -> int:
        """Place an order and give its number. Stock goes down as fact 69 says.

        `lines` are (sku, quantity) pairs or mappings, see placing.Goods; an unknown SKU becomes a product with 100 in
        stock, a line without a SKU a custom product. `addresses` is how many, or a mapping of fields for each; the
        lines go to them in turn. `address` amends the first one, `billing` the bill's. `created` defaults to now and
        is also date_modified. `overrides` are fields of the order (channel_id, customer_id, customer_message, …), or
        any other names, which are laid over the body as it goes out.
        """
        with self.lock:
            if order_id is None:
                order_id = self._last["order"] + 1
            self._last["order"] = max(self._last["order"], order_id)
            moment = self.seconds() if created is None else int(created.timestamp())
            order = placing.build(self, order_id, lines, country, status_id, shipping_method, addresses, moment, pickup)
            order.currency_code = self.currency
            placing.amend_order(order, overrides)
            if address and order.addresses:
                placing.amend_address(order.addresses[0], address)
            if billing:
                placing.amend_address(order.billing, billing)
            self.take(order)
            return order.id

    def sell(self, sku: str, quantity: int = 1, **more: Any) -> int:
        """A paid order of one line; `more` as for `place_order`. Gives its number."""
        return self.place_order([(sku, quantity)], **more)

    def set_status(self, order_id: int, status_id: int) -> None:
        """Change the status as the control panel does; no state machine (fact 73)."""
        with self.lock:
            order = self.orders[order_id]
            self.move_status(order, status_id)
            self.touch(order)

    def pay(self, order_id: int) -> None:
        """The payment came: Incomplete or Awaiting Payment becomes Awaiting Fulfillment (fact 37)."""
        with self.lock:
            self.orders[order_id].payment_status = "captured"
            self.set_status(order_id, statuses.AWAITING_FULFILLMENT)

    def cancel(self, order_id: int) -> None:
        """Cancelled; its stock returns where the switch says so."""
        self.set_status(order_id, statuses.CANCELLED)

    def archive(self, order_id: int) -> None:
        """Archived, as DELETE does (fact 40)."""
        with self.lock:
            order = self.orders[order_id]
            order.is_deleted = True
            self.touch(order)
            self.announce("store/order/archived", {"type": "order", "id": order_id})

    def refund(self, order_id: int, line: int = 0, quantity: int | None = None) -> None:
        """Refund `quantity` (default all) of the line at this place; status 14, or 4 when nothing is left (fact 55)."""
        with self.lock:
            order = self.orders[order_id]
            row = order.lines[line]
            wanted = row.quantity - row.refunded if quantity is None else quantity
            payments.do(self, order, payments.of_line(self, order, row, wanted))

    def edit(self, order_id: int, **fields: Any) -> None:
        """Set fields of an order; names that it does not have are laid over its body as it goes out."""
        with self.lock:
            order = self.orders[order_id]
            placing.amend_order(order, fields)
            self.touch(order)

    def edit_line(self, order_id: int, line: int = 0, **fields: Any) -> None:
        """Lay fields over the body of a line as it goes out: `quantity="two"`, `sku=MISSING`."""
        with self.lock:
            order = self.orders[order_id]
            order.lines[line].extra = {**(order.lines[line].extra or {}), **fields}
            self.touch(order)

    def change_quantity(self, order_id: int, line: int, quantity: int) -> None:
        """Edit the ordered quantity after the fact (fact 56), the stock with it; 0 removes the line."""
        with self.lock:
            order = self.orders[order_id]
            row = order.lines[line]
            if order.stock_taken and self.settings.in_force("edit_order_stock_adjustment", order.channel_id):
                self.move_line(row, row.quantity - quantity)
            row.quantity = quantity
            if not quantity:
                del order.lines[line]
            self.touch(order)

    def change_address(self, order_id: int, place: int = 0, **fields: Any) -> None:
        """Edit a shipping address after the fact (fact 56)."""
        with self.lock:
            order = self.orders[order_id]
            placing.amend_address(order.addresses[place], fields)
            self.touch(order)

    def lay_over(self, order_id: int, **fields: Any) -> None:
        """Lay fields over the order's body as it goes out, whatever it knows itself: `status_id=MISSING`."""
        with self.lock:
            order = self.orders[order_id]
            order.extra = {**(order.extra or {}), **fields}
            self.touch(order)

    def malform(self, order_id: int, how: str = "quantity") -> None:
        """Make an order unreadable from now on: "quantity" (a word), "status" (missing), "date" (no date)."""
        if how == "quantity":
            self.edit_line(order_id, 0, quantity="two")
        elif how == "status":
            self.lay_over(order_id, status_id=MISSING)
        elif how == "date":
            self.lay_over(order_id, date_created="the day before yesterday")
        else:
            raise ValueError(f"malform knows quantity, status and date, not {how!r}")

    def rename_status(self, status_id: int, label: str) -> None:
        """Give a status another label (fact 65)."""
        with self.lock:
            self.labels[status_id] = label
            self.book.forget_bodies()

    def hide_lines(self, order_id: int) -> None:
        """Leave the line items out of this order's include, as was seen (fact 46)."""
        with self.lock:
            self.hidden_lines.add(order_id)
            self.orders[order_id].cache.clear()

    # -- what there is -----------------------------------------------------------------------------------------

    @property
    def orders(self) -> dict[int, Order]:
        """Orders by number."""
        return self.book.by_id

    def shipments(self, order_id: int) -> list[dict[str, Any]]:
        """The shipments of an order as the API shows them, oldest first."""
        with self.lock:
            order = self.orders[order_id]
            return [shipment_body(shipment, order) for shipment in self.shipments_of.get(order_id, [])]

    def add_product(self, sku: str, stock: int = 100, **more: Any) -> Product:
        """Add a product with `stock` of each variant on hand; `more` as for Catalogue.add."""
        with self.lock:
            product = self.catalogue.add(sku, modified=self.seconds(), **more)
            for variant in product.variants:
                self.inventory.put(variant, stock)
            return product

    def variant(self, sku: str) -> Variant:
        """The variant with this SKU; KeyError when there is none."""
        found = self.catalogue.find(sku)
        if found is None:
            raise KeyError(sku)
        return found

    def stock(self, sku: str, location_id: int = 1) -> int:
        """What is on hand of a SKU at a location. KeyError for an unknown SKU."""
        with self.lock:
            return self.inventory.level_of(self.variant(sku), location_id).on_hand

    def set_stock(self, sku: str, quantity: int, location_id: int = 1) -> None:
        """Set what is on hand, at once."""
        with self.lock:
            self.inventory.put(self.variant(sku), quantity, location_id)

    def add_location(self, code: str, label: str = "", *, enabled: bool = True, managed: bool = False) -> int:
        """Add an inventory location and give its id."""
        with self.lock:
            location = Location(max(self.inventory.locations) + 1, code, label or code, enabled, managed)
            self.inventory.locations[location.id] = location
            return location.id

    def add_channel(self, name: str, type: str = "storefront", platform: str = "bigcommerce") -> int:
        """Add a sales channel and give its id."""
        with self.lock:
            channel_id, now = max(self.channels) + 1000, self.seconds()
            self.channels[channel_id] = Channel(channel_id, name, type, platform, created=now, modified=now)
            return channel_id

    def add_account(
        self, access_token: str, scopes: Iterable[str], client_id: str = "", client_secret: str = ""
    ) -> Account:
        """A further API account of this store. Raises ValueError for a scope that BigCommerce does not have."""
        client_id = client_id or f"client-{len(self.accounts) + 1}"
        account = Account(access_token, client_id, read_scopes(scopes), client_secret or f"secret-of-{client_id}")
        self.accounts[access_token] = account
        return account

    def revoke(self, access_token: str) -> None:
        """Delete an API account: its token answers 401, its hooks are gone (facts 7, 124)."""
        account = self.accounts.pop(access_token)
        self.hooks.forget(account.client_id)

    # -- what the API's modules need ---------------------------------------------------------------------------

    def seconds(self) -> int:
        """The world's time in whole Unix seconds."""
        return int(self.world.moment())

    def next_line_id(self) -> int:
        """A new order_product_id."""
        self._last["line"] += 1
        return self._last["line"]

    def next_address_id(self) -> int:
        """A new order_address_id."""
        self._last["address"] += 1
        return self._last["address"]

    def next_shipment_id(self) -> int:
        """A new shipment id."""
        self._last["shipment"] += 1
        return self._last["shipment"]

    def next_order_id(self) -> int:
        """The number that the next order will bear."""
        return self._last["order"] + 1

    def skip_order_ids(self, count: int) -> None:
        """Leave a gap in the numbers: checkouts that came to nothing (fact 38)."""
        self._last["order"] += count

    def take(self, order: Order) -> None:
        """A new order is in: its customer is known, its stock goes, webhooks tell of it."""
        self.book.add(order)
        payments.remember(self, order)
        self.customers.meet(order.customer_id, order.billing, self.seconds())
        self._move_stock(order)
        self.announce("store/order/created", {"type": "order", "id": order.id})

    def move_line(self, line: Line, delta: int) -> None:
        """Stock of a line comes back (positive) or goes; none for custom products and variants that are gone."""
        if (variant := self.catalogue.variants.get(line.variant_id)) is not None:
            self.inventory.move(variant, delta)

    def touch(self, order: Order) -> None:
        """The order has changed now; call it after the change."""
        self.book.touch(order, max(self.seconds(), order.modified))
        self.announce("store/order/updated", {"type": "order", "id": order.id})

    def move_status(self, order: Order, status_id: int) -> None:
        """Set the status and let the stock follow; `touch` is the caller's."""
        before, order.status_id = order.status_id, status_id
        self._move_stock(order)
        self.tell_status(order, before)

    def tell_status(self, order: Order, before: int) -> None:
        """Announce the status where it is another than `before`."""
        if before != order.status_id:
            change = {"previous_status_id": before, "new_status_id": order.status_id}
            self.announce("store/order/statusUpdated", {"type": "order", "id": order.id, "status": change})

    def custom_status(self, status_id: int) -> str:
        """The merchant's label of a status."""
        return self.labels.get(status_id) or statuses.STATUSES.get(status_id, ("",))[0]

    def base_url(self) -> str:
        """What links in V2 bodies begin with."""
        return f"{self.world.api_url}/stores/{self.store_hash}/v2"

    def order_bytes(self, order: Order, include: frozenset[str], structure: str) -> bytes:
        """The order's JSON with these includes."""
        more = set()
        if self.switches.legacy_array:
            more.add("legacy")
        if order.id in self.hidden_lines or self.switches.hide_lines_of(order.id):
            more.add("empty")
        if self.switches.new_fields and order.id % 17 == 0:
            more.add("new_field")
        return order_json(order, self.base_url(), self.custom_status(order.status_id), include | more, structure)

    def warm(self) -> None:
        """Serialise every order as the list with line items shows it: a bench then measures its reader alone."""
        for order in self.book:
            self.order_bytes(order, frozenset({"consignments", "consignments.line_items"}), "object")

    def announce(self, scope: str, data: dict[str, Any]) -> None:
        """Something has happened that webhooks tell of. They are queued here and sent by World.deliver."""
        self.events.append((scope, data))
        order = self.orders.get(data["id"]) if scope.startswith("store/order/") else None
        self.deliveries.announce(scope, data, order.channel_id if order else None, self.world.moment())
        self.world.news.set()

    def _tell_stock(self, location_id: int, key: Key, absolute: bool, quantity: int) -> None:
        for scope, data in stock_events(self.catalogue, location_id, key, absolute, quantity):
            self.announce(scope, data)

    def _move_stock(self, order: Order) -> None:
        """Take or return the stock of an order by its status (fact 69)."""
        if order.status_id in (statuses.CANCELLED, statuses.REFUNDED):
            wanted = order.stock_taken and not self.settings.in_force("refund_order_stock_adjustment", order.channel_id)
        elif self.settings.in_force("update_stock_behavior", order.channel_id) == "order_placed":
            wanted = order.status_id != statuses.INCOMPLETE
        else:
            wanted = order.stock_taken or order.status_id in (statuses.SHIPPED, statuses.COMPLETED)
        if wanted == order.stock_taken:
            return
        order.stock_taken = wanted
        for line in order.lines:
            number = line.quantity - line.refunded
            self.move_line(line, -number if wanted else number)
