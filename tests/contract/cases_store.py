"""The store, its channels, settings, customers and webhooks."""

from typing import Any

from tests.contract.stage import Case, Stage

AMAZON = {"name": "Amazon AU", "type": "marketplace", "platform": "amazon"}
HOOK = {
    "scope": "store/order/*",
    "destination": "https://example.com/hooks",
    "is_active": True,
    "headers": {"X-Secret": "s"},
}
PERSON = {"first_name": "Aroha", "last_name": "Ngata", "email": "aroha@example.com"}
HOME = {
    "first_name": "Aroha",
    "last_name": "Ngata",
    "address1": "5 Mill Lane",
    "city": "Nelson",
    "state_or_province": "Nelson",
    "postal_code": "7010",
    "country_code": "NZ",
}
MAILS = {"low_stock_notification_address": ["a@example.com"], "out_of_stock_notification_address": ["b@example.com"]}


def amazon(s: Stage) -> str:
    return f"/v3/channels/{s.post('/v3/channels', AMAZON)['data']['id']}"


def hook(s: Stage) -> str:
    return f"/v3/hooks/{s.post('/v3/hooks', HOOK)['data']['id']}"


def person(s: Stage, **more: Any) -> int:
    found: int = s.post("/v3/customers", [{**PERSON, **more}])["data"][0]["id"]
    return found


def home(s: Stage) -> int:
    found: int = s.post("/v3/customers/addresses", [{**HOME, "customer_id": person(s)}])["data"][0]["id"]
    return found


def with_site(s: Stage) -> str:
    path = f"{amazon(s)}/site"
    s.post(path, {"url": "https://amazon.example.com"})
    return path


STORE: list[Case] = [
    ("getStoreInformation", 200, lambda s: s.get("/v2/store")),
    ("getSystemTimestamp", 200, lambda s: s.get("/v2/time")),
    ("getChannels", 200, lambda s: (amazon(s), s.get("/v3/channels?type:in=marketplace,storefront&limit=10&page=1"))),
    ("getChannels", 422, lambda s: s.get("/v3/channels?limit=a")),
    ("createChannel", 200, amazon),
    ("createChannel", 422, lambda s: s.post("/v3/channels", {"type": "marketplace"})),
    ("createChannel", 422, lambda s: s.post("/v3/channels", {**AMAZON, "platform": "bigcommerce"})),
    ("getChannel", 200, lambda s: s.get("/v3/channels/1?include=currencies")),
    ("getChannel", 404, lambda s: s.get("/v3/channels/999")),
    ("updateChannel", 200, lambda s: s.put(amazon(s), {"name": "Amazon NZ", "status": "disconnected"})),
    ("updateChannel", 404, lambda s: s.put("/v3/channels/999", {"name": "Other"})),
    (
        "updateChannel",
        409,
        lambda s: (s.post("/v3/channels", {**AMAZON, "name": "Two"}), s.put(amazon(s), {"name": "Two"})),
    ),
    ("updateChannel", 422, lambda s: s.put(amazon(s), {"type": "pos"})),
    ("getChannelSite", 200, lambda s: s.get("/v3/channels/1/site")),
    ("createChannelSite", 200, lambda s: s.post(f"{amazon(s)}/site", {"url": "https://amazon.example.com"})),
    ("updateChannelSite", 200, lambda s: s.put(with_site(s), {"url": "https://other.example.com"})),
    ("deleteChannelSite", 200, lambda s: s.delete(with_site(s))),
    ("getSettingsInventory", 200, lambda s: s.get("/v3/settings/inventory")),
    ("getSettingsInventory", 200, lambda s: s.get("/v3/settings/inventory?channel_id=1")),
    ("getSettingsInventory", 422, lambda s: s.get("/v3/settings/inventory?channel_id=999")),
    (
        "updateSettingsInventory",
        200,
        lambda s: s.put("/v3/settings/inventory", {"update_stock_behavior": "order_completed_or_shipped"}),
    ),
    ("getSettingsInventoryNotifications", 200, lambda s: s.get("/v3/settings/inventory/notifications")),
    ("getSettingsInventoryNotifications", 200, lambda s: s.get("/v3/settings/inventory/notifications?channel_id=1")),
    ("updateSettingsInventoryNotifications", 200, lambda s: s.put("/v3/settings/inventory/notifications", MAILS)),
]

PEOPLE: list[Case] = [
    (
        "getCustomers",
        200,
        lambda s: (person(s, addresses=[HOME]), s.get("/v3/customers?include=addresses,storecredit&limit=10")),
    ),
    ("getCustomers", 422, lambda s: s.get("/v3/customers?sort=shoe_size:asc")),
    ("createCustomers", 200, lambda s: person(s, addresses=[HOME], store_credit_amounts=[{"amount": 5.5}])),
    (
        "createCustomers",
        413,
        lambda s: s.post("/v3/customers", [{**PERSON, "email": f"{at}@example.com"} for at in range(11)]),
    ),
    ("createCustomers", 422, lambda s: (person(s), s.post("/v3/customers", [PERSON]))),
    ("updateCustomers", 200, lambda s: s.put("/v3/customers", [{"id": person(s), "company": "Kea & Co"}])),
    ("updateCustomers", 413, lambda s: s.put("/v3/customers", [{"id": at} for at in range(11)])),
    ("updateCustomers", 422, lambda s: s.put("/v3/customers", [{"id": 999, "company": "Kea & Co"}])),
    ("deleteCustomers", 204, lambda s: s.delete(f"/v3/customers?id:in={person(s)}")),
    ("deleteCustomers", 422, lambda s: s.delete("/v3/customers?id:in=seven")),
    ("getCustomersAddresses", 200, lambda s: s.get("/v3/customers/addresses?customer_id:in=7")),
    ("createCustomersAddresses", 200, home),
    (
        "createCustomersAddresses",
        200,
        lambda s: (home(s), s.post("/v3/customers/addresses", [{**HOME, "customer_id": max(s.store.customers.by_id)}])),
    ),
    ("createCustomersAddresses", 422, lambda s: s.post("/v3/customers/addresses", [{**HOME, "customer_id": 999}])),
    ("updateCustomersAddresses", 200, lambda s: s.put("/v3/customers/addresses", [{"id": home(s), "city": "Dunedin"}])),
    ("updateCustomersAddresses", 422, lambda s: s.put("/v3/customers/addresses", [{"id": 999, "city": "Dunedin"}])),
    ("deleteCustomersAddresses", 204, lambda s: s.delete(f"/v3/customers/addresses?id:in={home(s)}")),
]

HOOKS: list[Case] = [
    ("createWebhooks", 200, hook),
    ("createWebhooks", 401, lambda s: s.post("/v3/hooks", HOOK, token="wrong")),
    ("createWebhooks", 422, lambda s: (hook(s), s.post("/v3/hooks", HOOK))),
    ("createWebhooks", 422, lambda s: s.post("/v3/hooks", {"scope": "store/order/created"})),
    ("getWebhooks", 200, lambda s: (hook(s), s.get("/v3/hooks?is_active=true&limit=10&page=1"))),
    ("getWebhooks", 200, lambda s: s.get("/v3/hooks")),
    ("getWebhooks", 401, lambda s: s.get("/v3/hooks", token="wrong")),
    ("getWebhook", 200, lambda s: s.get(hook(s))),
    ("getWebhook", 401, lambda s: s.get("/v3/hooks/1", token="wrong")),
    ("getWebhook", 404, lambda s: s.get("/v3/hooks/1")),
    ("updateWebhook", 200, lambda s: s.put(hook(s), {"is_active": False})),
    ("deleteWebhook", 200, lambda s: s.delete(hook(s))),
    ("getHooksAdmin", 200, lambda s: (hook(s), s.get("/v3/hooks/admin"))),
    ("getHooksAdmin", 401, lambda s: s.get("/v3/hooks/admin", token="wrong")),
    ("updateHooksAdmin", 204, lambda s: s.put("/v3/hooks/admin", {"emails": ["ops@example.com"]})),
    ("updateHooksAdmin", 401, lambda s: s.put("/v3/hooks/admin", {"emails": ["ops@example.com"]}, token="wrong")),
    ("updateHooksAdmin", 422, lambda s: s.put("/v3/hooks/admin", {"emails": "nobody"})),
]
