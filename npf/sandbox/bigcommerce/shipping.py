"""Shipments: what a POST must hold, what it changes, what it answers (facts 75-92)."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from npf.sandbox.bigcommerce import statuses
from npf.sandbox.bigcommerce.answers import v2_error
from npf.sandbox.bigcommerce.bodies import plain_address
from npf.sandbox.bigcommerce.record import PHYSICAL, Order, rfc2822

if TYPE_CHECKING:
    from npf.sandbox.bigcommerce.store import Store

# shipping_provider -> (its name on screens, how it links a tracking number) (fact 78; spec: createOrderShipments)
PROVIDERS: dict[str, tuple[str, str]] = {
    "": ("", ""),
    "auspost": ("Australia Post", "https://auspost.com.au/mypost/track/#/details/{}"),
    "canadapost": ("Canada Post", "https://www.canadapost-postescanada.ca/track-reperage/en#/details/{}"),
    "endicia": ("USPS", "https://trkcnfrm1.smi.usps.com/PTSInternetWeb/InterLabelInquiry.do?strOrigTrackNum={}"),
    "usps": ("USPS", "https://trkcnfrm1.smi.usps.com/PTSInternetWeb/InterLabelInquiry.do?strOrigTrackNum={}"),
    "fedex": ("FedEx", "https://www.fedex.com/fedextrack/?trknbr={}"),
    "royalmail": ("Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/{}"),
    "ups": ("UPS", "https://www.ups.com/track?tracknum={}"),
    "upsready": ("UPS", "https://www.ups.com/track?tracknum={}"),
    "upsonline": ("UPS", "https://www.ups.com/track?tracknum={}"),
    "shipperhq": ("ShipperHQ", "https://track.aftership.com/{}"),
}
# Which tracking_carrier a shipping_provider may be given together with (fact 79).
SAME_CARRIER = {
    "auspost": "australia-post",
    "canadapost": "canada-post",
    "endicia": "usps",
    "usps": "usps",
    "fedex": "fedex",
    "royalmail": "royal-mail",
    "ups": "ups",
    "upsready": "ups",
    "upsonline": "ups",
}
TEXTS = {
    "tracking_number": 50,
    "tracking_link": 500,
    "comments": 65535,
    "shipping_provider": 100,
    "tracking_carrier": 100,
    "shipping_method": 255,
    "merchant_shipping_cost": 30,
}
READ_ONLY = {
    "id",
    "order_id",
    "customer_id",
    "date_created",
    "billing_address",
    "shipping_address",
    "generated_tracking_link",
    "shipping_provider_display_name",
}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_OWN_CARRIER = re.compile(r"carrier_\d+")


@dataclass(slots=True)
class Shipment:
    """One shipment as it was written. A shipping_provider that was left out is "custom" (fact 81)."""

    id: int
    order_id: int
    order_address_id: int
    created: int
    items: list[tuple[int, int]]
    tracking_number: str = ""
    tracking_link: str = ""
    tracking_carrier: str = ""
    shipping_provider: str = "custom"
    shipping_method: str = ""
    comments: str = ""
    merchant_shipping_cost: str = "0.0000"

    def generated_link(self) -> str:
        """BigCommerce's own link: from provider or carrier and number, empty beside an own link (fact 80)."""
        if self.tracking_link or not self.tracking_number:
            return ""
        if self.shipping_provider and self.shipping_provider != "custom":
            _, link = PROVIDERS.get(self.shipping_provider, ("", "https://track.aftership.com/{}"))
            return link.format(self.tracking_number)
        if self.tracking_carrier:
            return f"https://track.aftership.com/{self.tracking_carrier}/{self.tracking_number}"
        return ""


def shipment_body(shipment: Shipment, order: Order) -> dict[str, Any]:
    """Key for key as in examples/shipment_create_response.json."""
    address = order.address(shipment.order_address_id)
    name, _ = PROVIDERS.get(shipment.shipping_provider, (shipment.shipping_provider, ""))
    return {
        "id": shipment.id,
        "order_id": order.id,
        "customer_id": order.customer_id,
        "order_address_id": shipment.order_address_id,
        "date_created": rfc2822(shipment.created),
        "tracking_number": shipment.tracking_number,
        "merchant_shipping_cost": shipment.merchant_shipping_cost,
        "shipping_method": shipment.shipping_method,
        "comments": shipment.comments,
        "shipping_provider": shipment.shipping_provider,
        "tracking_carrier": shipment.tracking_carrier,
        "tracking_link": shipment.tracking_link,
        "billing_address": plain_address(order.billing),
        "shipping_address": plain_address(address) if address else {},
        # The published examples show product_id 0 (fact 88): only order_product_id can be relied on.
        "items": [{"order_product_id": line, "product_id": 0, "quantity": number} for line, number in shipment.items],
        "shipping_provider_display_name": name,
        "generated_tracking_link": shipment.generated_link(),
    }


def create(store: "Store", order: Order, body: Any) -> Shipment:
    """Check a POST body and make the shipment of it. Raises Refusal 400 with V2's array."""
    fields = _fields(body, also={"order_address_id", "items"})
    for name in ("order_address_id", "items"):
        if not body.get(name):
            raise v2_error(400, f"The required field '{name}' was not supplied.")
    address_id = _address(order, body["order_address_id"])
    items = _items(store, order, address_id, body["items"])
    shipment = Shipment(store.next_shipment_id(), order.id, address_id, store.seconds(), items, **fields)
    if "shipping_method" not in fields and (address := order.address(address_id)) is not None:
        shipment.shipping_method = address.shipping_method
    for line_id, quantity in items:
        if (line := order.line(line_id)) is not None:
            line.shipped += quantity
    store.shipments_of.setdefault(order.id, []).append(shipment)
    store.mails.append((order.id, f"shipment {shipment.id}"))
    left = sum(line.to_ship for line in order.lines if line.kind == PHYSICAL)
    if not left:
        order.shipped_at = store.seconds()
    if store.switches.shipment_moves_status:
        store.move_status(order, statuses.PARTIALLY_SHIPPED if left else statuses.SHIPPED)
    store.touch(order)
    store.announce("store/shipment/created", {"type": "shipment", "id": shipment.id, "orderId": order.id})
    return shipment


def update(store: "Store", order: Order, shipment: Shipment, body: Any) -> None:
    """Check a PUT body and apply it (fact 91). `items` are refused (fact 76)."""
    if isinstance(body, dict) and "items" in body:
        raise _not_writable("items")
    fields = _fields(body, also={"order_address_id"})
    if "order_address_id" in body:
        shipment.order_address_id = _address(order, body["order_address_id"])
    for name, value in fields.items():
        setattr(shipment, name, value)
    store.touch(order)
    store.announce("store/shipment/updated", {"type": "shipment", "id": shipment.id, "orderId": order.id})


def delete(store: "Store", order: Order, shipment: Shipment) -> None:
    """Take a shipment away; the order's status stays where it is (fact 90)."""
    store.shipments_of[order.id].remove(shipment)
    for line_id, quantity in shipment.items:
        if (line := order.line(line_id)) is not None:
            line.shipped -= quantity
    if any(line.to_ship for line in order.lines if line.kind == PHYSICAL):
        order.shipped_at = None
    store.touch(order)
    store.announce("store/shipment/deleted", {"type": "shipment", "id": shipment.id, "orderId": order.id})


def _not_writable(name: str) -> Exception:
    return v2_error(
        400, f"The field '{name}' cannot be written to. Please remove it from your request before trying again."
    )


def _invalid(name: str, why: str = "") -> Exception:
    return v2_error(400, f"The field '{name}' is invalid.{' ' + why if why else ''}")


def _fields(body: Any, also: set[str]) -> dict[str, str]:
    """The text fields of a body, checked; unknown and read-only ones refuse the whole request (facts 22, 76, 77)."""
    if not isinstance(body, dict):
        raise v2_error(400, "The request body must be a JSON object.")
    found: dict[str, str] = {}
    for name, value in body.items():
        if name in READ_ONLY:
            raise _not_writable(name)
        if name in also:
            continue
        if name not in TEXTS:
            raise v2_error(400, f"The field '{name}' is not supported by this resource.")
        if name == "merchant_shipping_cost" and isinstance(value, int | float):
            value = f"{value:.4f}"
        if not isinstance(value, str):
            raise _invalid(name)
        if len(value) > TEXTS[name]:
            raise _invalid(name, f"It is longer than {TEXTS[name]} characters.")
        found[name] = value
    provider, carrier = found.get("shipping_provider", ""), found.get("tracking_carrier", "")
    if provider not in PROVIDERS and not _OWN_CARRIER.fullmatch(provider):
        raise _invalid("shipping_provider")
    if carrier and not _SLUG.fullmatch(carrier):
        raise _invalid("tracking_carrier")
    if carrier and provider and SAME_CARRIER.get(provider, carrier) != carrier:
        raise _invalid("tracking_carrier", "It names another carrier than shipping_provider.")
    if (link := found.get("tracking_link")) and not link.startswith(("http://", "https://")):
        raise _invalid("tracking_link")
    return found


def _address(order: Order, value: Any) -> int:
    if type(value) is not int or order.address(value) is None:
        raise _invalid("order_address_id")
    return value


def _items(store: "Store", order: Order, address_id: int, items: Any) -> list[tuple[int, int]]:
    """(order_product_id, quantity) of each item. More than is left is refused when over_shipping is "strict" (87)."""
    if not isinstance(items, list):
        raise _invalid("items")
    found: list[tuple[int, int]] = []
    for item in items:
        if not isinstance(item, dict):
            raise _invalid("items")
        for name in item:
            if name == "product_id":
                raise _not_writable("product_id")
            if name not in ("order_product_id", "quantity"):
                raise v2_error(400, f"The field '{name}' is not supported by this resource.")
        for name in ("order_product_id", "quantity"):
            if name not in item:
                raise v2_error(400, f"The required field '{name}' was not supplied.")
        line_id, quantity = item["order_product_id"], item["quantity"]
        line = order.line(line_id) if type(line_id) is int else None
        if line is None or line.address_id != address_id or line.kind != PHYSICAL:
            raise _invalid("order_product_id")
        if type(quantity) is not int or quantity < 1:
            raise _invalid("quantity")
        already = sum(number for other, number in found if other == line_id)
        if store.switches.over_shipping == "strict" and quantity + already > line.to_ship:
            raise _invalid("quantity", f"Only {line.to_ship - already} of order_product_id {line_id} are left to ship.")
        found.append((line_id, quantity))
    return found
