"""A believable BigCommerce: V2 orders and shipments, V3 catalogue, inventory, channels and hooks, over real sockets.

World ── Store ── orders (placing, ordering, record, orderbook, bodies, charges)   shipping   payments
  |        |      catalogue   stock, locations   customers   channels, settings   hooks
  |        ├───── log   quota   faults   switches (set through switchboard)
  |        └───── deliveries (events, blocklist) ── posting: webhooks leave by World.deliver alone
make_app: store -> token -> fault -> quota -> types -> route -> scope -> api/*      seeding   flow   run
          page/: pages for people     control: JSON for other processes
"""

from npf.sandbox.bigcommerce.app import make_app
from npf.sandbox.bigcommerce.faults import KINDS, Faults, parse_faults
from npf.sandbox.bigcommerce.flow import flow
from npf.sandbox.bigcommerce.goods import KIT_PARTS
from npf.sandbox.bigcommerce.legacy import add as add_legacy_account
from npf.sandbox.bigcommerce.quota import parse_quota
from npf.sandbox.bigcommerce.record import MISSING, Address, Line, Order
from npf.sandbox.bigcommerce.seeding import physical_skus, seed_catalogue, seed_store
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.switches import FOUR_SCOPES, FULL_SCOPES, SWITCHES, Switches
from npf.sandbox.bigcommerce.world import World

__all__ = [
    "FOUR_SCOPES",
    "FULL_SCOPES",
    "KINDS",
    "KIT_PARTS",
    "MISSING",
    "SWITCHES",
    "Address",
    "Faults",
    "Line",
    "Order",
    "Store",
    "Switches",
    "World",
    "add_legacy_account",
    "flow",
    "make_app",
    "parse_faults",
    "parse_quota",
    "physical_skus",
    "seed_catalogue",
    "seed_store",
]
