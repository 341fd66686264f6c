"""V2 store and time, V3 channels and inventory settings (facts 69, 117, 119)."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from npf.sandbox.bigcommerce.answers import Answer, Request, data, not_found, ok, page_of, v3_error
from npf.sandbox.bigcommerce.record import iso8601
from npf.sandbox.bigcommerce.router import Route


def get_store(request: Request) -> Answer:
    """GET /store (examples/store.json)."""
    store = request.store
    year = store.world.now().year
    zone = ZoneInfo(store.timezone)
    offsets = [_offset(zone, datetime(year, month, 1, tzinfo=UTC)) for month in (1, 7)]
    address = f"https://{store.store_hash}.example.com"
    return ok(
        {
            "id": store.store_hash,
            "account_uuid": f"8d4d492f-17a1-4d95-b396-{store.seed:012x}",
            "domain": f"{store.store_hash}.example.com",
            "secure_url": address,
            "control_panel_base_url": f"https://store-{store.store_hash}.example.com",
            "status": "live",
            "name": store.name,
            "first_name": "Jane",
            "last_name": "Doe",
            "address": store.name,
            "country": "Australia",
            "country_code": "AU",
            "phone": "0390000000",
            "admin_email": "owner@example.com",
            "order_email": "orders@example.com",
            "favicon_url": "",
            "timezone": {
                "name": store.timezone,
                "raw_offset": min(offsets),
                "dst_offset": max(offsets),
                "dst_correction": min(offsets) != max(offsets),
                "date_format": {"display": "jS M Y", "export": "jS M Y", "extended_display": "jS M Y @ g:i A"},
            },
            "language": "en",
            "currency": store.currency,
            "currency_symbol": "$",
            "decimal_separator": ".",
            "thousands_separator": ",",
            "decimal_places": 2,
            "currency_symbol_location": "left",
            "weight_units": "KGS",
            "dimension_units": "Centimeters",
            "dimension_decimal_places": 2,
            "dimension_decimal_token": ".",
            "dimension_thousands_token": ",",
            "plan_name": store.plan,
            "plan_level": store.plan,
            "plan_is_trial": False,
            "industry": "Home & Garden",
            "logo": {"url": ""},
            "is_price_entered_with_tax": True,
            "store_id": store.seed,
            "default_channel_id": 1,
            "default_site_id": 1000,
            "active_comparison_modules": [],
            "features": {
                "stencil_enabled": True,
                "sitewidehttps_enabled": True,
                "facebook_catalog_id": "",
                "checkout_type": "optimized",
                "wishlists_enabled": True,
                "graphql_storefront_api_enabled": True,
                "shopper_consent_tracking_enabled": True,
                "multi_storefront_enabled": True,
                "storefront_limits": {"active": 3, "total_including_inactive": 4},
            },
        }
    )


def _offset(zone: ZoneInfo, at: datetime) -> int:
    found = at.astimezone(zone).utcoffset()
    return int(found.total_seconds()) if found else 0


def get_time(request: Request) -> Answer:
    """GET /time: Unix seconds."""
    return ok({"time": request.store.seconds()})


def list_channels(request: Request) -> Answer:
    """GET /channels (examples/channels_list.json)."""
    rows = [_channel(request, channel_id) for channel_id in sorted(request.store.channels)]
    part, meta = page_of(request, rows)
    return data(part, meta)


def get_channel(request: Request) -> Answer:
    """GET /channels/{id}."""
    if request.ids[0] not in request.store.channels:
        raise not_found(request, f"Channel with id {request.ids[0]} not found")
    return data(_channel(request, request.ids[0]))


def _channel(request: Request, channel_id: int) -> dict[str, Any]:
    channel = request.store.channels[channel_id]
    return {
        "id": channel_id,
        "icon_url": "",
        "is_listable_from_ui": True,
        "is_visible": True,
        "date_created": iso8601(1_620_399_291),
        "external_id": "",
        "type": channel["type"],
        "platform": channel["platform"],
        "date_modified": iso8601(1_620_399_291),
        "name": channel["name"],
        "status": channel["status"],
    }


def get_inventory_settings(request: Request) -> Answer:
    """GET /settings/inventory: when stock is deducted and returned (fact 69)."""
    switches = request.store.switches
    return data(
        {
            "product_out_of_stock_behavior": "do_nothing",
            "option_out_of_stock_behavior": "do_nothing",
            "update_stock_behavior": switches.stock_behaviour,
            "edit_order_stock_adjustment": True,
            "delete_order_stock_adjustment": True,
            "refund_order_stock_adjustment": switches.returns_stock,
            "stock_level_display": "dont_show",
            "default_out_of_stock_message": "Currently out of stock",
            "hide_in_product_filtering": False,
            "show_pre_order_stock_levels": False,
            "show_out_of_stock_message": False,
        }
    )


def put_inventory_settings(request: Request) -> Answer:
    """PUT /settings/inventory: the two settings that move stock."""
    body = request.body
    if not isinstance(body, dict):
        raise v3_error(422, "JSON data is missing or invalid")
    behaviour = body.get("update_stock_behavior", request.store.switches.stock_behaviour)
    if behaviour not in ("order_placed", "order_completed_or_shipped"):
        raise v3_error(422, "JSON data is missing or invalid", {"update_stock_behavior": "is invalid"})
    request.store.switches.stock_behaviour = behaviour
    returns = body.get("refund_order_stock_adjustment", request.store.switches.returns_stock)
    request.store.switches.returns_stock = bool(returns)
    return get_inventory_settings(request)


_INFORMATION = "store_v2_information"
_CHANNELS = "store_channel_settings"
ROUTES = [
    Route("GET", "/v2/store", get_store, _INFORMATION),
    Route("GET", "/v2/time", get_time, _INFORMATION),
    Route("GET", "/v3/channels", list_channels, _CHANNELS),
    Route("GET", "/v3/channels/{}", get_channel, _CHANNELS),
    Route("GET", "/v3/settings/inventory", get_inventory_settings, _INFORMATION),
    Route("PUT", "/v3/settings/inventory", put_inventory_settings, _INFORMATION),
]
