"""Shipments: strict out, tolerant in (facts 75-94). A POST is not idempotent (fact 86): look before a second one."""

from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.pages import every_v2, one
from npf.bigcommerce.tolerant import Id, MaybeMoment, Text, Whole, record
from npf.core.errors import GiveUp

# Besides these, carrier_<id> for a carrier of the store's own; the list "may be updated at any time" (fact 78).
KNOWN_PROVIDERS = frozenset(
    {
        "",
        "auspost",
        "canadapost",
        "endicia",
        "usps",
        "fedex",
        "royalmail",
        "ups",
        "upsready",
        "upsonline",
        "shipperhq",
    }
)

_Id = Annotated[int, msgspec.Meta(ge=1)]


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces of one order line: of `OrderProduct.id`, and nothing else (fact 76)."""

    order_product_id: _Id
    quantity: Annotated[int, msgspec.Meta(ge=1)]


class NewShipment(msgspec.Struct, frozen=True, kw_only=True):
    """What `create` sends. `order_address_id` is `Consignment.id`; the limits are BigCommerce's (fact 77).

    Give a provider, a tracking_carrier, or neither with a whole tracking_link (fact 80).
    """

    order_address_id: _Id
    items: Annotated[list[NewItem], msgspec.Meta(min_length=1)]
    tracking_number: Annotated[str, msgspec.Meta(max_length=50)] = ""
    shipping_provider: Annotated[str, msgspec.Meta(max_length=255)] = ""
    tracking_carrier: Annotated[str, msgspec.Meta(max_length=255)] = ""
    tracking_link: Annotated[str, msgspec.Meta(max_length=500)] = ""
    shipping_method: Annotated[str, msgspec.Meta(max_length=255)] = ""
    comments: Annotated[str, msgspec.Meta(max_length=65535)] = ""


class ShipmentItem(msgspec.Struct, frozen=True, kw_only=True):
    """Match on order_product_id: product_id may read 0 (fact 88)."""

    order_product_id: Whole = 0
    product_id: Whole = 0
    quantity: Whole = 0


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    """A shipment as BigCommerce keeps it. One of tracking_link and generated_tracking_link is empty (fact 80)."""

    id: Id
    order_id: Whole = 0
    order_address_id: Whole = 0
    date_created: MaybeMoment = None
    tracking_number: Text = ""
    shipping_provider: Text = ""
    tracking_carrier: Text = ""
    tracking_link: Text = ""
    generated_tracking_link: Text = ""
    shipping_method: Text = ""
    comments: Text = ""
    items: list[ShipmentItem] = []


def create(client: BigCommerce, bc_order_id: int, new: NewShipment) -> Shipment:
    """Write a shipment, once. It may e-mail the shopper and may move the status (facts 83, 85).

    Raises GiveUp "invalid_shipment" before anything is sent, and TryLater(unclear=True) where the answer was lost:
    then look with `list_for` before writing again.
    """
    return one(client.post(f"/v2/orders/{bc_order_id}/shipments", body=body_of(new)), Shipment)


def list_for(client: BigCommerce, bc_order_id: int) -> list[Shipment]:
    """All shipments of an order, over all pages; none for 204 (fact 88). Raises Malformed."""
    return [record(row, Shipment, what="shipment") for row in every_v2(client, f"/v2/orders/{bc_order_id}/shipments")]


def body_of(new: NewShipment) -> dict[str, object]:
    """The body of the POST. Raises GiveUp "invalid_shipment" that names the field."""
    try:
        body: dict[str, object] = msgspec.to_builtins(msgspec.convert(msgspec.to_builtins(new), NewShipment))
    except (msgspec.ValidationError, TypeError) as error:
        reason, _, at = str(error).partition(" - at `$")
        raise _invalid(at.strip("`").lstrip("."), reason) from None
    link = new.tracking_link
    if link and not _is_web_address(link):
        raise _invalid("tracking_link", f"{link[:60]!r} is no address that begins with http:// or https://")
    lines = [item.order_product_id for item in new.items]
    if len(set(lines)) < len(lines):
        raise _invalid("items", "the same order_product_id stands there twice")
    # Left out, the provider becomes "custom" and no link is made (fact 81); an empty other field says nothing.
    return {key: value for key, value in body.items() if value != "" or key == "shipping_provider"}


def _invalid(field: str, reason: str) -> GiveUp:
    return GiveUp(f"the shipment cannot be written: {field}: {reason}", code="invalid_shipment", field=field)


def _is_web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in link)
