"""Who may ask a store, and how it behaves where BigCommerce is not certain or stores differ.

`SWITCHES` lists every switch of a store with its meaning: the page, the side door and docs/sandbox.md are made of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from npf.sandbox.switches import switch, switches_of

SCOPES = (
    "store_v2_orders",
    "store_v2_transactions",
    "store_v2_customers",
    "store_v2_products",
    "store_inventory",
    "store_locations",
    "store_v2_information",
    "store_channel_settings",
)
"""The OAuth scopes that guard something (fact 10); each has a twin that ends in `_read_only`."""
FULL_SCOPES = frozenset(SCOPES)
FOUR_SCOPES = frozenset(
    {"store_v2_customers_read_only", "store_v2_orders", "store_v2_transactions", "store_v2_products"}
)
"""What NPF's set-up asks of a merchant; neither inventory nor store information nor channels (facts 11, 12)."""


@dataclass(frozen=True, slots=True)
class Account:
    """An API account: its token, its client id, its OAuth scopes (fact 10), the secret that signs its hooks (134)."""

    access_token: str
    client_id: str
    scopes: frozenset[str]
    client_secret: str


@dataclass(slots=True)
class Switches:
    """The switches of one store. Each may be set at any time; a value that makes no sense raises ValueError."""

    suspended: bool = switch(False, "the store is suspended: 503 to everything (fact 16)")
    inventory_lag: float = switch(0.0, "seconds between an accepted stock adjustment and its effect (fact 96)")
    batch_refusal: str = switch(
        "whole", "whether one bad item refuses the whole stock call, or the good ones are applied", "whole", "partial"
    )  # fact 98 leaves both open
    shipment_moves_status: bool = switch(True, "a new shipment moves the order to status 2 or 3 by itself (fact 85)")
    over_shipping: str = switch(
        "strict", "whether shipments above the ordered quantity are refused or taken (fact 87)", "strict", "lax"
    )
    legacy_array: bool = switch(True, "include without consignment_structure gives the array of fact 44")
    empty_lines: str = switch(
        "never", "which orders come with empty line items under include (fact 46)", "never", "some", "always"
    )
    other_apps: float = switch(0.0, "requests that the merchant's other apps use up in each window (fact 140)")
    over_limit: str = switch(
        "refuse", "a limit above the maximum: refused with 413, or cut to it (fact 27)", "refuse", "clamp"
    )
    bad_dates: str = switch(
        "refuse",
        "an unreadable date in a filter: refused with 400, or the filter dropped (fact 33)",
        "refuse",
        "ignore",
    )
    min_date_inclusive: bool = switch(True, "min_date_modified includes its own second (fact 35)")
    lists_archived: bool = switch(False, "lists show archived orders (fact 40)")
    new_fields: bool = switch(True, "every 17th order has a field that no example shows (fact 26)")
    stock_behaviour: str = switch(
        "order_placed", "when an order takes its stock (fact 69)", "order_placed", "order_completed_or_shipped"
    )
    returns_stock: bool = switch(True, "cancelling and refunding return the stock (fact 69)")
    signed_hooks: bool = switch(True, "webhooks bear a Standard Webhooks signature (fact 134)")
    status_in_hooks: bool = switch(True, "store/order/statusUpdated tells the old and the new status (fact 126)")
    hook_warm_up: float = switch(0.0, "seconds until a new webhook begins to work, in truth up to 60 (fact 121)")

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in SWITCHES:
            raise ValueError(f"a store has no switch {name!r}; there are {', '.join(SWITCHES)} and scopes")
        object.__setattr__(self, name, SWITCHES[name].read(value))

    def hide_lines_of(self, order_id: int) -> bool:
        """Whether this order comes with empty line items; "some" is every third."""
        return self.empty_lines == "always" or (self.empty_lines == "some" and order_id % 3 == 0)


SWITCHES = switches_of(Switches)


def read_scopes(names: Iterable[str]) -> frozenset[str]:
    """A set of OAuth scopes out of their names. ValueError names one that BigCommerce does not have."""
    found = frozenset(names)
    for name in sorted(found):
        if name.removesuffix("_read_only") not in SCOPES:
            raise ValueError(f"scopes: there is no scope {name!r}; there are {', '.join(SCOPES)}, each also _read_only")
    return found
