"""Orders and settings for tests of the rules: BigCommerce's JSON in, records out, as the client reads them."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from npf.bigcommerce.records import Order, read_order
from npf.stores.fm_parameters import FmOptions
from npf.stores.maps import Settings
from npf.stores.parameters import Parameters

JANE = {
    "first_name": "Jane",
    "last_name": "Doe",
    "company": "",
    "street_1": "1 High Street",
    "street_2": "",
    "city": "Fitzroy",
    "state": "Victoria",
    "zip": "3065",
    "country": "Australia",
    "country_iso2": "AU",
    "phone": "0412345678",
    "email": "jane@example.com",
}


def line(number: int = 1, sku: str = "CUP", quantity: int = 1, price: str = "11.00", **more: Any) -> dict[str, Any]:
    """One order line; `price` includes a tenth of tax, as Australia's does."""
    inc = Decimal(price)
    ex = (inc / Decimal("1.1")).quantize(Decimal("0.0001"))
    return {
        "id": number,
        "sku": sku,
        "name": f"Name of {sku}",
        "quantity": quantity,
        "type": "physical",
        "order_address_id": 51,
        "price_inc_tax": f"{inc:.4f}",
        "price_ex_tax": f"{ex:.4f}",
        "total_inc_tax": f"{inc * quantity:.4f}",
        "total_ex_tax": f"{ex * quantity:.4f}",
        "discounted_total_inc_tax": f"{inc * quantity:.4f}",
    } | more


def address(number: int, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One shipping address with its lines."""
    here = [one | {"order_address_id": number} for one in lines]
    units = sum(one["quantity"] for one in here)
    costs = {"cost_inc_tax": 9.95, "cost_ex_tax": 9.05, "shipping_method": "Standard Shipping"}
    return {"id": number, **JANE, **costs, "items_total": units, "line_items": here} | more


def as_json(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An order as BigCommerce writes it; `parts` are addresses, or lines that go to one address."""
    if any("line_items" in part for part in parts):
        shipping = list(parts)
    else:
        shipping = [address(51, *parts)] if parts else []
    units = sum(one["items_total"] for one in shipping)
    found = {"pickups": [], "shipping": shipping, "downloads": [], "email": {"gift_certificates": []}}
    return {
        "id": 1001,
        "status_id": 11,
        "date_created": "Tue, 10 Nov 2026 01:00:00 +0000",
        "date_modified": "Tue, 10 Nov 2026 01:00:05 +0000",
        "customer_id": 20,
        "channel_id": 1,
        "currency_code": "AUD",
        "billing_address": dict(JANE),
        "items_total": units,
        "consignments": found,
    } | more


def order(*parts: dict[str, Any], **more: Any) -> Order:
    """The same, read."""
    return read_order(msgspec.json.encode(as_json(*(parts or (line(),)), **more)))


def extra(order_json: dict[str, Any], **groups: Any) -> Order:
    """An order with other groups of consignments beside its shipping addresses: pickups, downloads, email."""
    lines = [one for rows in groups.values() for row in _rows(rows) for one in row["line_items"]]
    units = order_json["items_total"] + sum(one["quantity"] for one in lines)
    changed = order_json | {"items_total": units, "consignments": order_json["consignments"] | groups}
    return read_order(msgspec.json.encode(changed))


def _rows(group: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = group["gift_certificates"] if isinstance(group, dict) else group
    return rows


def settings(**more: Any) -> Settings:
    """A store's settings: dispatch, sku_map, bundles and fm by name, everything else a parameter."""
    tables: dict[str, Any] = {"dispatch": {"default": "AP"}}
    for name in ("dispatch", "sku_map", "bundles", "carriers"):
        if name in more:
            tables[name] = more.pop(name)
    fm = FmOptions(**more.pop("fm", {}))
    values: dict[str, Any] = {"start_date": date(2026, 11, 1), "prefix": "AC-"} | more
    return Settings(name="acme", parameters=Parameters(**values), fm=fm, **tables)
