"""Orders as BigCommerce gives them, with its own field names (openapi/orders.v2: order_Resp, orderProducts).

The identities a shipment needs: `Consignment.id` is the order_address_id (fact 45), `OrderProduct.id` is the
order_product_id (fact 48). Money is Decimal, unrounded; missing money is 0. Dates are aware, in UTC.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from npf.bigcommerce.tolerant import (
    Count,
    Flag,
    Id,
    Malformed,
    MaybeMoment,
    MaybeMoney,
    Moment,
    Money,
    Reference,
    Text,
    Whole,
    record,
)

ZERO = Decimal(0)


class Address(msgspec.Struct, frozen=True, kw_only=True):
    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    street_1: Text = ""
    street_2: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    country: Text = ""
    country_iso2: Text = ""
    phone: Text = ""
    email: Text = ""


class ProductOption(msgspec.Struct, frozen=True, kw_only=True):
    """A choice or a text of the shopper, to be passed on to the warehouse (fact 52)."""

    id: Whole = 0
    display_name: Text = ""
    display_value: Text = ""
    display_name_merchant: Text = ""
    display_value_merchant: Text = ""
    name: Text = ""
    value: Text = ""
    type: Text = ""


class OrderProduct(msgspec.Struct, frozen=True, kw_only=True):
    """One line. Its `id` is the order_product_id of shipments and refunds, never the product's (fact 48).

    `variant_id` is None and `product_id` 0 for a custom product (fact 53); `order_address_id` is 0 for a line that
    is shipped to no address (fact 49); `type` is physical, digital or giftcertificate (fact 50).
    """

    id: Id
    quantity: Count
    product_id: Whole = 0
    variant_id: Reference = None
    order_address_id: Whole = 0
    order_pickup_method_id: Whole = 0
    sku: Text = ""
    name: Text = ""
    name_merchant: Text = ""
    upc: Text = ""
    type: Text = "physical"
    quantity_refunded: Whole = 0
    quantity_shipped: Whole = 0
    is_refunded: Flag = False
    price_ex_tax: Money = ZERO
    price_inc_tax: Money = ZERO
    price_tax: Money = ZERO
    total_ex_tax: Money = ZERO
    total_inc_tax: Money = ZERO
    total_tax: Money = ZERO
    discounted_total_inc_tax: MaybeMoney = None
    weight: Money = ZERO
    parent_order_product_id: Reference = None
    is_bundled_product: Flag = False
    bin_picking_number: Text = ""
    wrapping_name: Text = ""
    wrapping_message: Text = ""
    product_options: list[ProductOption] = []

    @property
    def to_ship(self) -> int:
        """What is neither refunded nor shipped (fact 55), never below 0."""
        return max(0, self.quantity - self.quantity_refunded - self.quantity_shipped)


class Consignment(Address, frozen=True, kw_only=True):
    """Goods to one address: its `id` is the order_address_id of a shipment (fact 45).

    `line_items` is None where only links came. Also a row of /orders/{id}/shipping_addresses.
    """

    id: Id
    shipping_method: Text = ""
    items_total: Whole = 0
    items_shipped: Whole = 0
    cost_ex_tax: Money = ZERO
    cost_inc_tax: Money = ZERO
    handling_cost_ex_tax: Money = ZERO
    handling_cost_inc_tax: Money = ZERO
    shipping_zone_name: Text = ""
    line_items: list[OrderProduct] | None = None


class Pickup(msgspec.Struct, frozen=True, kw_only=True):
    """Goods that the shopper fetches; not for the warehouse."""

    id: Whole = 0
    pickup_method_id: Whole = 0
    pickup_method_display_name: Text = ""
    line_items: list[OrderProduct] | None = None


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Downloads or gift certificates, sent by e-mail."""

    recipient_email: Text = ""
    line_items: list[OrderProduct] | None = None


class _Email(msgspec.Struct, frozen=True):
    gift_certificates: list[Recipient] = []


class _Consignments(msgspec.Struct, frozen=True, kw_only=True):
    """The object of fact 43. A link in its place has none of these fields, and reads as none of them."""

    pickups: list[Pickup] = []
    shipping: list[Consignment] = []
    downloads: list[Recipient] = []
    email: _Email = _Email()


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One order. Decide by `status_id`, show `custom_status` (fact 65).

    `currency_code` is what was shown, `default_currency_code` what was paid (fact 57). `customer_id` 0 is a guest.
    """

    id: Id
    status_id: Count
    date_created: Moment
    date_modified: Moment
    date_shipped: MaybeMoment = None
    status: Text = ""
    custom_status: Text = ""
    channel_id: Whole = 1
    customer_id: Whole = 0
    payment_method: Text = ""
    payment_provider_id: Text = ""
    payment_status: Text = ""
    is_deleted: Flag = False
    order_is_digital: Flag = False
    items_total: Whole = 0
    items_shipped: Whole = 0
    shipping_address_count: Whole = 0
    currency_code: Text = ""
    default_currency_code: Text = ""
    subtotal_ex_tax: Money = ZERO
    subtotal_inc_tax: Money = ZERO
    subtotal_tax: Money = ZERO
    shipping_cost_ex_tax: Money = ZERO
    shipping_cost_inc_tax: Money = ZERO
    handling_cost_ex_tax: Money = ZERO
    handling_cost_inc_tax: Money = ZERO
    wrapping_cost_ex_tax: Money = ZERO
    wrapping_cost_inc_tax: Money = ZERO
    discount_amount: Money = ZERO
    coupon_discount: Money = ZERO
    gift_certificate_amount: Money = ZERO
    store_credit_amount: Money = ZERO
    refunded_amount: Money = ZERO
    total_ex_tax: Money = ZERO
    total_inc_tax: Money = ZERO
    total_tax: Money = ZERO
    is_tax_inclusive_pricing: Flag = False
    billing_address: Address = Address()
    customer_message: Text = ""
    staff_notes: Text = ""
    order_source: Text = ""
    external_source: Text = ""
    external_id: Text = ""
    external_order_id: Text = ""
    consignments: _Consignments | list[_Consignments] | None = None

    @property
    def groups(self) -> list[_Consignments]:
        """Its consignments, whether they came as an object or as the older array (facts 43, 44)."""
        found = self.consignments
        return found if isinstance(found, list) else [found] if found else []

    @property
    def shipping(self) -> list[Consignment]:
        """What goes to addresses, in BigCommerce's order; empty for an order without goods or without the include."""
        return [one for group in self.groups for one in group.shipping]

    @property
    def pickups(self) -> list[Pickup]:
        return [one for group in self.groups for one in group.pickups]

    @property
    def downloads(self) -> list[OrderProduct]:
        """The lines that are downloaded."""
        return [line for group in self.groups for one in group.downloads for line in one.line_items or []]

    @property
    def gift_certificates(self) -> list[OrderProduct]:
        """The lines that are gift certificates."""
        mails = [mail for group in self.groups for mail in group.email.gift_certificates]
        return [line for mail in mails for line in mail.line_items or []]

    @property
    def lines(self) -> list[OrderProduct]:
        """All lines, of every kind."""
        delivered: list[Consignment | Pickup] = [*self.shipping, *self.pickups]
        return [line for one in delivered for line in one.line_items or []] + self.downloads + self.gift_certificates

    @property
    def is_whole(self) -> bool:
        """Whether the include brought every line: it was seen to leave lines out (fact 46); items_total tells.

        An order without any line is not believed, whatever its items_total says.
        """
        lines = self.lines
        if not lines:
            return False
        for one in self.shipping:
            if one.line_items is None or sum(line.quantity for line in one.line_items) < one.items_total:
                return False
        return sum(line.quantity for line in lines) >= self.items_total


# Where BigCommerce puts something else in the place of a list or an object: a link, a list of links, null, "".
_LISTS = {"shipping", "pickups", "downloads", "gift_certificates", "line_items", "product_options"}
_OBJECTS = {"consignments", "billing_address", "email"}


def _is_link(value: Any) -> bool:
    return isinstance(value, dict) and "resource" in value and "id" not in value


def _stands_in(key: str, value: Any) -> bool:
    if key in _OBJECTS:
        return not value or _is_link(value)
    if key in _LISTS:
        linked = isinstance(value, list) and value and all(_is_link(row) for row in value)
        return (not value and value != []) or _is_link(value) or bool(linked)
    return False


def _straightened(value: Any) -> Any:
    """An order's JSON without what only stands in for a list or an object (facts 41, 43)."""
    if isinstance(value, dict):
        return {key: _straightened(part) for key, part in value.items() if not _stands_in(key, part)}
    return [_straightened(part) for part in value] if isinstance(value, list) else value


def read_order(raw: bytes | msgspec.Raw) -> Order:
    """One order out of the JSON that `orders.walk` or `orders.read` gave.

    Raises Malformed with code "malformed_order" and the path of the field that is wrong.
    """
    return record(raw, Order, code="malformed_order", what="order", mend=_straightened)


def read_products(rows: Iterable[bytes | msgspec.Raw]) -> list[OrderProduct]:
    """Lines out of rows of /orders/{id}/products. Raises Malformed as `read_order` does."""
    return [record(row, OrderProduct, code="malformed_order", what="order line", mend=_straightened) for row in rows]


class _OnlyId(msgspec.Struct):
    id: Id


def order_id_of(raw: bytes | msgspec.Raw) -> int | None:
    """The number of an order that may be malformed elsewhere; None where even that cannot be read."""
    try:
        return record(raw, _OnlyId).id
    except Malformed:
        return None


def assembled(order: Order, lines: Sequence[OrderProduct], addresses: Sequence[Consignment] = ()) -> Order:
    """The order with the lines of its sub-resource in place of those of the include (fact 46).

    `addresses` are the rows of /shipping_addresses, for an order whose consignments are only links; without them
    the order's own are kept. Lines without an address go to the pickup of their method, the downloads or the gift
    certificates. Raises Malformed for a line of goods that has no place: it would be lost.
    """
    places = addresses or order.shipping
    known = {one.id for one in places}
    rest = [line for line in lines if line.order_address_id not in known]
    digital = [line for line in rest if line.type == "digital"]
    gifts = [line for line in rest if line.type == "giftcertificate"]
    pickups = {one.pickup_method_id: one for one in order.pickups}
    fetched = [line for line in rest if line.type not in ("digital", "giftcertificate")]
    for line in fetched:
        if line.order_pickup_method_id not in pickups:
            message = f"order {order.id}: line {line.id} belongs to address {line.order_address_id}, which is not there"
            raise Malformed(message, code="malformed_order", field="order_address_id")
    return msgspec.structs.replace(
        order,
        consignments=_Consignments(
            shipping=[
                msgspec.structs.replace(one, line_items=[line for line in lines if line.order_address_id == one.id])
                for one in places
            ],
            pickups=[
                msgspec.structs.replace(
                    one, line_items=[line for line in fetched if line.order_pickup_method_id == method]
                )
                for method, one in pickups.items()
            ],
            downloads=[Recipient(line_items=digital)] if digital else [],
            email=_Email(gift_certificates=[Recipient(line_items=gifts)] if gifts else []),
        ),
    )
