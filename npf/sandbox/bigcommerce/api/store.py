"""V2 store and time, V3 inventory settings (facts 69, 117)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from npf.sandbox.bigcommerce.answers import Answer, Request, data, ok, v3_error
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


def get_inventory_settings(request: Request) -> Answer:
    """GET /settings/inventory: when stock is deducted and returned; of a channel with channel_id (fact 69)."""
    return data(request.store.settings.inventory(_channel(request)))


def put_inventory_settings(request: Request) -> Answer:
    """PUT /settings/inventory."""
    request.store.settings.set_inventory(request.body, _channel(request))
    return get_inventory_settings(request)


def get_stock_mails(request: Request) -> Answer:
    """GET /settings/inventory/notifications."""
    return data(request.store.settings.mails(_channel(request) or 0))


def put_stock_mails(request: Request) -> Answer:
    """PUT /settings/inventory/notifications: 200 with the settings."""
    request.store.settings.set_mails(request.body, _channel(request) or 0)
    return get_stock_mails(request)


def _channel(request: Request) -> int | None:
    if "channel_id" not in request.query:
        return None
    text = request.query["channel_id"]
    if not text.isdecimal() or int(text) not in request.store.channels:
        raise v3_error(422, "Channel not found", {"channel_id": f"{text} is no channel"})
    return int(text)


_INFORMATION = "store_v2_information"
ROUTES = [
    Route("GET", "/v2/store", get_store, _INFORMATION),
    Route("GET", "/v2/time", get_time, _INFORMATION),
    Route("GET", "/v3/settings/inventory", get_inventory_settings, _INFORMATION),
    Route("PUT", "/v3/settings/inventory", put_inventory_settings, _INFORMATION),
    Route("GET", "/v3/settings/inventory/notifications", get_stock_mails, _INFORMATION),
    Route("PUT", "/v3/settings/inventory/notifications", put_stock_mails, _INFORMATION),
]
