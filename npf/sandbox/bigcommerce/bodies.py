"""BigCommerce's JSON of one order, key for key as in examples/ (facts 23, 24, 41-44).

Order -> order_fields   + links | consignments object | legacy array   -> bytes, kept until the order changes
Line  -> line_body          Address -> address_body | consignment
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from npf.sandbox.bigcommerce.answers import to_json
from npf.sandbox.bigcommerce.record import (
    DIGITAL,
    GIFT_CERTIFICATE,
    MISSING,
    PHYSICAL,
    Address,
    Line,
    Order,
    ex_tax,
    money,
    rfc2822,
)

NOTHING = "0.0000"
_COUNTRIES = {"AU": "Australia", "NZ": "New Zealand", "US": "United States", "GB": "United Kingdom", "SG": "Singapore"}


def overlay(body: dict[str, Any], extra: dict[str, Any] | None) -> dict[str, Any]:
    """Lay `extra` over a body; MISSING takes a field out."""
    if extra:
        for key, value in extra.items():
            if value is MISSING:
                body.pop(key, None)
            else:
                body[key] = value
    return body


@lru_cache(maxsize=65_536)
def taxed(prefix: str, cents: int, rate: int) -> Mapping[str, str]:
    """The three spellings of one amount: `<prefix>_ex_tax`, `<prefix>_inc_tax`, `<prefix>_tax`. Not to be changed."""
    net = ex_tax(cents, rate)
    return {f"{prefix}_ex_tax": money(net), f"{prefix}_inc_tax": money(cents), f"{prefix}_tax": money(cents - net)}


def line_body(line: Line, order: Order) -> dict[str, Any]:
    """One order product (examples/order_products.json)."""
    rate = order.tax_rate
    body: dict[str, Any] = {
        "id": line.id,
        "order_id": order.id,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "order_pickup_method_id": line.pickup_method_id,
        "order_address_id": line.address_id,
        "name": line.name,
        "name_customer": line.name,
        "name_merchant": line.name,
        "sku": line.sku,
        "upc": line.upc,
        "type": line.kind,
        "base_price": money(line.price),
        **taxed("price", line.price, rate),
        "base_total": money(line.price * line.quantity),
        **taxed("total", line.price * line.quantity, rate),
        "weight": money(line.weight),
        "width": NOTHING,
        "height": NOTHING,
        "depth": NOTHING,
        "quantity": line.quantity,
        "base_cost_price": NOTHING,
        "cost_price_inc_tax": NOTHING,
        "cost_price_ex_tax": NOTHING,
        "cost_price_tax": NOTHING,
        "is_refunded": 0 < line.refunded >= line.quantity,
        "quantity_refunded": line.refunded,
        "refund_amount": NOTHING,
        "return_id": 0,
        "wrapping_id": 1 if line.wrapping_name else 0,
        "wrapping_name": line.wrapping_name,
        "base_wrapping_cost": NOTHING,
        "wrapping_cost_ex_tax": NOTHING,
        "wrapping_cost_inc_tax": NOTHING,
        "wrapping_cost_tax": NOTHING,
        "wrapping_message": line.wrapping_message,
        "quantity_shipped": line.shipped,
        "event_name": None,
        "event_date": None,
        "fixed_shipping_cost": NOTHING,
        "ebay_item_id": "",
        "ebay_transaction_id": "",
        "option_set_id": None,
        "parent_order_product_id": line.parent_id,
        "is_bundled_product": line.parent_id is not None,
        "bin_picking_number": line.bin,
        "external_id": None,
        "brand": line.brand,
        "applied_discounts": [],
        "product_options": [_option(line, at, name, value) for at, (name, value) in enumerate(line.options)],
        "configurable_fields": [],
        "gift_certificate_id": line.id if line.kind == GIFT_CERTIFICATE else None,
        "discounted_total_inc_tax": money(line.price * line.quantity),
    }
    return overlay(body, line.extra)


def _option(line: Line, at: int, name: str, value: str) -> dict[str, Any]:
    return {
        "id": line.id * 10 + at,
        "option_id": at + 1,
        "order_product_id": line.id,
        "product_option_id": line.product_id * 10 + at,
        "display_name": name,
        "display_name_customer": name,
        "display_name_merchant": name,
        "display_value": value,
        "display_value_customer": value,
        "display_value_merchant": value,
        "value": value,
        "type": "Multiple choice",
        "name": name,
        "display_style": "",
    }


def plain_address(address: Address) -> dict[str, Any]:
    """The twelve fields that every address has (billing and shipping of a shipment)."""
    return {
        "first_name": address.first_name,
        "last_name": address.last_name,
        "company": address.company,
        "street_1": address.street_1,
        "street_2": address.street_2,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "country": address.country,
        "country_iso2": address.country_iso2,
        "phone": address.phone,
        "email": address.email,
    }


def _form_fields(address: Address) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in address.form_fields]


def _link(base: str, resource: str) -> dict[str, str]:
    return {"url": f"{base}{resource}", "resource": resource}


def address_body(address: Address, order: Order, base: str) -> dict[str, Any]:
    """One row of /orders/{id}/shipping_addresses: costs are strings here (examples/order_shipping_addresses.json)."""
    total, shipped = order.items_at(address.id)
    quotes = f"/orders/{order.id}/shippingaddresses/{address.id}/shippingquotes"
    body = {
        "id": address.id,
        "order_id": order.id,
        **plain_address(address),
        "items_total": total,
        "items_shipped": shipped,
        "shipping_method": address.shipping_method,
        "base_cost": money(address.cost),
        **taxed("cost", address.cost, order.tax_rate),
        "cost_tax_class_id": 2,
        "base_handling_cost": NOTHING,
        **taxed("handling_cost", 0, 0),
        "handling_cost_tax_class_id": 2,
        "shipping_zone_id": 1,
        "shipping_zone_name": address.country,
        "shipping_quotes": _link(base, quotes),
        "form_fields": _form_fields(address),
    }
    return overlay(body, address.extra)


def _consignment(address: Address, order: Order, base: str, lines: list[Any]) -> dict[str, Any]:
    # Numbers, not strings: the same costs are typed number inside consignments (fact 23).
    total, shipped = order.items_at(address.id)
    net = ex_tax(address.cost, order.tax_rate)
    quotes = f"/orders/{order.id}/consignments/shipping/{address.id}/shipping_quotes"
    body = {
        "id": address.id,
        **plain_address(address),
        "form_fields": _form_fields(address),
        "shipping_method": address.shipping_method,
        "line_items": lines,
        "items_total": total,
        "items_shipped": shipped,
        "base_cost": address.cost / 100,
        "cost_ex_tax": net / 100,
        "cost_inc_tax": address.cost / 100,
        "cost_tax": (address.cost - net) / 100,
        "cost_tax_class_id": 2,
        "base_handling_cost": 0,
        "handling_cost_ex_tax": 0,
        "handling_cost_inc_tax": 0,
        "handling_cost_tax": 0,
        "handling_cost_tax_class_id": 2,
        "shipping_zone_id": 1,
        "shipping_zone_name": address.country,
        "shipping_quotes": _link(base, quotes),
    }
    return overlay(body, address.extra)


def consignments(order: Order, base: str, with_lines: bool, empty_lines: bool = False) -> dict[str, Any]:
    """The object of fact 43; `with_lines` gives whole lines, else links. `empty_lines` is the fault of fact 46."""

    def shown(lines: list[Line]) -> list[Any]:
        if not with_lines:
            return [_link(base, f"/orders/{order.id}/products/{line.id}") for line in lines]
        return [] if empty_lines else [line_body(line, order) for line in lines]

    goods = [line for line in order.lines if line.kind == PHYSICAL]
    pickups = [line for line in goods if line.pickup_method_id]
    downloads = [line for line in order.lines if line.kind == DIGITAL]
    certificates = [line for line in order.lines if line.kind == GIFT_CERTIFICATE]
    return {
        "pickups": [_pickup(order, shown(pickups))] if pickups else [],
        "shipping": [
            _consignment(address, order, base, shown([line for line in goods if line.address_id == address.id]))
            for address in order.addresses
        ],
        "downloads": ([{"recipient_email": order.billing.email, "line_items": shown(downloads)}] if downloads else []),
        "email": {
            "gift_certificates": [
                {"recipient_email": line.recipient or order.billing.email, "line_items": shown([line])}
                for line in certificates
            ]
        },
    }


def _pickup(order: Order, lines: list[Any]) -> dict[str, Any]:
    return {
        "id": order.id,
        "pickup_method_id": 1,
        "pickup_method_display_name": "Pick up in store",
        "collection_instructions": "Bring your ID",
        "collection_time_description": "9am - 5pm",
        "location": {
            "id": 1,
            "name": "Default location",
            "code": "BC-LOCATION-1",
            "address_line_1": "12 Example Road",
            "address_line_2": "",
            "city": "Melbourne",
            "state": "Victoria",
            "postal_code": "3000",
            "country_alpha2": "AU",
            "email": "shop@example.com",
            "phone": "",
        },
        "line_items": lines,
    }


def fees(order: Order) -> list[dict[str, Any]]:
    """The order's fees, as the include shows them."""
    return [
        {
            "id": at,
            "type": "custom_fee",
            "display_name_customer": name,
            "display_name_merchant": name,
            "source": "AA",
            "base_cost": money(cents),
            **taxed("cost", cents, order.tax_rate),
            "tax_class_id": None,
        }
        for at, (name, cents) in enumerate(order.fees, start=1)
    ]


def order_fields(order: Order, custom_status: str) -> dict[str, Any]:
    """The order's own fields, without links and includes (examples/orders_page.json)."""
    rate = order.tax_rate
    country = order.billing.country_iso2
    handling = taxed("handling_cost", 0, 0)
    wrapping = taxed("wrapping_cost", 0, 0)
    body: dict[str, Any] = {
        "id": order.id,
        "customer_id": order.customer_id,
        "date_created": rfc2822(order.created),
        "date_modified": rfc2822(order.modified),
        "date_shipped": rfc2822(order.shipped_at) if order.shipped_at else "",
        "status_id": order.status_id,
        "status": order.status,
        **taxed("subtotal", order.subtotal, rate),
        "base_shipping_cost": money(order.shipping_cost),
        **taxed("shipping_cost", order.shipping_cost, rate),
        "shipping_cost_tax_class_id": 2,
        "base_handling_cost": NOTHING,
        **handling,
        "handling_cost_tax_class_id": 2,
        "base_wrapping_cost": NOTHING,
        **wrapping,
        "wrapping_cost_tax_class_id": 3,
        **taxed("total", order.total, rate),
        "is_tax_inclusive_pricing": True,
        "items_total": sum(line.quantity for line in order.lines),
        "items_shipped": sum(line.shipped for line in order.lines),
        "payment_method": order.payment_method,
        "payment_provider_id": "",
        "payment_status": order.payment_status,
        "refunded_amount": NOTHING,
        "order_is_digital": order.is_digital,
        "store_credit_amount": money(order.store_credit),
        "gift_certificate_amount": NOTHING,
        "ip_address": "203.0.113.7",
        "ip_address_v6": "",
        "geoip_country": _COUNTRIES.get(country, order.billing.country),
        "geoip_country_iso2": country,
        "currency_id": 1,
        "currency_code": order.currency_code,
        "currency_exchange_rate": "1.0000000000",
        "default_currency_id": 1,
        "default_currency_code": order.currency_code,
        "staff_notes": order.staff_notes,
        "customer_message": order.customer_message,
        "discount_amount": money(order.discount),
        "coupon_discount": money(order.coupon),
        "shipping_address_count": len(order.addresses),
        "ebay_order_id": "0",
        "cart_id": order.cart_id,
        "billing_address": {**plain_address(order.billing), "form_fields": _form_fields(order.billing)},
        "is_email_opt_in": False,
        "credit_card_type": None,
        "order_source": order.order_source,
        "channel_id": order.channel_id,
        "external_source": order.external_source,
    }
    body.update(
        external_id=order.external_id,
        external_merchant_id=None,
        tax_provider_id="BasicTaxProvider",
        store_default_currency_code="",
        store_default_to_transactional_exchange_rate="1.0000000000",
        custom_status=custom_status,
        customer_locale="en",
        external_order_id=order.external_order_id,
        is_deleted=order.is_deleted,
    )
    return body


def order_json(order: Order, base: str, custom_status: str, include: frozenset[str], structure: str) -> bytes:
    """The order as it goes out; kept in `order.cache` until the order is touched.

    `include` holds of consignments, consignments.line_items, fees, and the switches legacy, empty and new_field of
    `Store.order_bytes`; `structure` is "object" or "".
    """
    key = f"{','.join(sorted(include))};{structure}"
    if (cached := order.cache.get(key)) is not None:
        return cached
    body = order_fields(order, custom_status)
    resource = f"/orders/{order.id}"
    body["products"] = _link(base, f"{resource}/products")
    body["shipping_addresses"] = _link(base, f"{resource}/shippingaddresses")
    body["coupons"] = _link(base, f"{resource}/coupons")
    body["consignments"] = _link(base, f"{resource}/consignments")
    body["fees"] = fees(order) if "fees" in include else _link(base, f"{resource}/fees")
    with_lines = "consignments.line_items" in include
    if with_lines or "consignments" in include:
        found = consignments(order, base, with_lines, "empty" in include)
        body["consignments"] = found if structure == "object" or "legacy" not in include else [found]
    if "new_field" in include:
        body["fulfillment_sla"] = {"promise": None, "tier": "standard"}
    made = to_json(overlay(body, order.extra))
    order.cache[key] = made
    return made
