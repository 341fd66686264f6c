"""Who may ask a store, and how it behaves where BigCommerce is not certain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """An API account: its token, its client id and its OAuth scopes (fact 10)."""

    access_token: str
    client_id: str
    scopes: frozenset[str]


@dataclass(slots=True)
class Switches:
    """Where BigCommerce's behaviour is not certain, or differs by store; each may be changed at any time."""

    suspended: bool = False  # 503 to everything (fact 16)
    over_shipping: str = "strict"  # or "lax": shipments above the ordered quantity are taken (fact 87)
    shipment_moves_status: bool = True  # a POST moves the order to 2 or 3 by itself (fact 85)
    legacy_array: bool = True  # include without consignment_structure gives the array of fact 44
    over_limit: str = "refuse"  # a limit above the maximum: 413, or "clamp" (fact 27)
    bad_dates: str = "refuse"  # an unreadable date: 400, or "ignore": the filter is dropped (fact 33)
    min_date_inclusive: bool = True  # whether min_date_modified includes its own second (fact 35)
    lists_archived: bool = False  # whether lists show archived orders (fact 40)
    new_fields: bool = True  # every 17th order has a field that no example shows (fact 26)
    stock_behaviour: str = "order_placed"  # or "order_completed_or_shipped" (fact 69)
    returns_stock: bool = True  # cancelling and refunding return stock (fact 69)
