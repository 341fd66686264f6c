"""Orders as the sandbox keeps them: small records; `bodies.py` makes BigCommerce's JSON of them.

Money is whole cents including tax. Times are Unix seconds (BigCommerce's resolution, fact 35).
"""

import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from npf.sandbox.bigcommerce import statuses

MISSING: Final = object()
"""In `extra`: the field is left out of the body."""

PHYSICAL, DIGITAL, GIFT_CERTIFICATE = "physical", "digital", "giftcertificate"

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=32_768)
def money(cents: int) -> str:
    """`1234` -> `"12.3400"` (fact 23)."""
    return f"{cents / 100:.4f}"


def ex_tax(cents: int, rate: int) -> int:
    """The share of `cents` that is not tax, at `rate` per cent."""
    return round(cents * 100 / (100 + rate))


@lru_cache(maxsize=8192)
def rfc2822(seconds: int) -> str:
    """`Wed, 10 Jan 2018 21:05:30 +0000` (fact 24)."""
    at = time.gmtime(seconds)
    day, month = _DAYS[at.tm_wday], _MONTHS[at.tm_mon - 1]
    return f"{day}, {at.tm_mday:02} {month} {at.tm_year} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} +0000"


@lru_cache(maxsize=1024)
def iso8601(seconds: int) -> str:
    """`2021-05-07T14:54:51Z`, as V3 writes dates (fact 24)."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


@dataclass(slots=True)
class Line:
    """One row of an order. Its `id` is the order_product_id of shipments (fact 48).

    `address_id` 0 = not shipped to an address (fact 49). `extra` is laid over the body as it goes out: a wrong type,
    an additional field, or MISSING.
    """

    id: int
    sku: str
    name: str
    quantity: int
    price: int
    product_id: int = 0
    variant_id: int = 0
    kind: str = PHYSICAL
    address_id: int = 0
    pickup_method_id: int = 0
    parent_id: int | None = None
    shipped: int = 0
    refunded: int = 0
    weight: int = 50
    upc: str = ""
    brand: str = ""
    bin: str = ""
    options: tuple[tuple[str, str], ...] = ()
    wrapping_name: str = ""
    wrapping_message: str = ""
    recipient: str = ""
    extra: dict[str, Any] | None = None

    @property
    def to_ship(self) -> int:
        """What is neither refunded nor shipped (fact 55)."""
        return max(0, self.quantity - self.refunded - self.shipped)


@dataclass(slots=True)
class Address:
    """Where goods, or a bill, go to. As a shipping address its `id` is the order_address_id (fact 45)."""

    id: int = 0
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street_1: str = ""
    street_2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    country_iso2: str = ""
    phone: str = ""
    email: str = ""
    shipping_method: str = ""
    cost: int = 0
    form_fields: tuple[tuple[str, str], ...] = ()
    extra: dict[str, Any] | None = None


@dataclass(slots=True)
class Order:
    """One order. Change it through Store's methods: they move the indexes, the stock and date_modified along."""

    id: int
    status_id: int
    created: int
    modified: int
    lines: list[Line]
    addresses: list[Address]
    billing: Address
    customer_id: int = 0
    channel_id: int = 1
    shipped_at: int | None = None
    tax_rate: int = 10
    payment_method: str = "Credit Card"
    payment_status: str = "captured"
    customer_message: str = ""
    staff_notes: str = ""
    discount: int = 0
    coupon: int = 0
    store_credit: int = 0
    cart_id: str = ""
    currency_code: str = "AUD"
    order_source: str = "www"
    external_source: str | None = None
    external_id: str | None = None
    external_order_id: str = ""
    fees: list[tuple[str, int]] = field(default_factory=list)
    is_deleted: bool = False
    stock_taken: bool = False
    extra: dict[str, Any] | None = None
    cache: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def subtotal(self) -> int:
        """Cents of all lines, tax included."""
        return sum(line.price * line.quantity for line in self.lines)

    @property
    def shipping_cost(self) -> int:
        """Cents of all addresses, tax included."""
        return sum(address.cost for address in self.addresses)

    @property
    def total(self) -> int:
        """Cents to pay, tax included."""
        charged = self.subtotal + self.shipping_cost + sum(cents for _, cents in self.fees)
        return max(0, charged - self.discount - self.coupon)

    @property
    def is_digital(self) -> bool:
        """Whether nothing of it is shipped."""
        return all(line.kind != PHYSICAL for line in self.lines)

    @property
    def status(self) -> str:
        """BigCommerce's own name of the status."""
        return statuses.STATUSES[self.status_id][0] if self.status_id in statuses.STATUSES else ""

    def line(self, line_id: int) -> Line | None:
        """The line with this order_product_id."""
        return next((line for line in self.lines if line.id == line_id), None)

    def address(self, address_id: int) -> Address | None:
        """The shipping address with this order_address_id."""
        return next((address for address in self.addresses if address.id == address_id), None)

    def items_at(self, address_id: int) -> tuple[int, int]:
        """(items_total, items_shipped) of one address (fact 92)."""
        here = [line for line in self.lines if line.address_id == address_id]
        return sum(line.quantity for line in here), sum(line.shipped for line in here)
