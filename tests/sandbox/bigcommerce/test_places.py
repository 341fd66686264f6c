"""Locations, channels and settings that a merchant changes."""

from typing import Any

from npf.sandbox.bigcommerce import Store

BARN = {
    "code": "BARN",
    "label": "Barn",
    "address": {
        "address1": "1 Station Street",
        "city": "Orange",
        "state": "NSW",
        "zip": "2800",
        "email": "barn@example.com",
        "geo_coordinates": {"latitude": -33.3, "longitude": 149.1},
        "country_code": "AU",
    },
}
PATH = "/v3/inventory/locations"


def locations(bc: Any) -> list[str]:
    return [row["code"] for row in bc.get(PATH).json["data"]]


def test_a_location_holds_stock_until_it_is_deleted(bc: Any, store: Store) -> None:
    store.add_product("MUG", 40)
    assert set(bc.post(PATH, [BARN]).json) == {"transaction_id"}
    number = max(store.inventory.locations)
    store.set_stock("MUG", 5, number)
    bc.put(PATH, [{"id": number, "label": "Big barn", "address": {"city": "Bathurst"}}])
    shown = bc.get(PATH, **{"location_id:in": number}).json["data"][0]
    assert (shown["label"], shown["address"]["city"], shown["address"]["zip"]) == ("Big barn", "Bathurst", "2800")
    assert bc.delete(f"{PATH}?location_id:in={number}").status == 200
    assert locations(bc) == ["BC-LOCATION-1"]
    (item,) = bc.get("/v3/inventory/items").json["data"]
    assert [(place["location_id"], place["total_inventory_onhand"]) for place in item["locations"]] == [(1, 40)]


def test_the_default_location_is_never_deleted(bc: Any, store: Store) -> None:
    refused = bc.delete(f"{PATH}?location_id:in=1")
    assert (refused.status, refused.headers["content-type"]) == (422, "application/problem+json")
    assert bc.delete(f"{PATH}?location_id:in=9").status == 404
    assert bc.delete(PATH).status == 422


def test_locations_are_limited_by_the_plan_and_made_all_or_none(bc: Any, store: Store) -> None:
    assert bc.post(PATH, [{**BARN, "code": f"B{at}"} for at in range(4)]).status == 422
    assert bc.post(PATH, [BARN, {"code": "NO-ADDRESS"}]).status == 422
    assert bc.post(PATH, [BARN, BARN]).status == 422
    assert locations(bc) == ["BC-LOCATION-1"]
    store.plan = "Enterprise"
    assert bc.post(PATH, [{**BARN, "code": f"B{at}"} for at in range(4)]).status == 200


def test_a_channel_is_made_renamed_and_closed(bc: Any, store: Store) -> None:
    made = bc.post("/v3/channels", {"name": "Amazon AU", "type": "marketplace", "platform": "amazon"}).json["data"]
    assert made["status"] == "connected"
    path = f"/v3/channels/{made['id']}"
    assert bc.put(path, {"name": "Amazon NZ", "status": "deleted"}).json["data"]["name"] == "Amazon NZ"
    assert bc.put(path, {"status": "connected"}).status == 422
    assert bc.get("/v3/channels", **{"status:in": "deleted"}).json["data"][0]["id"] == made["id"]
    assert bc.post("/v3/channels", {"name": "Shop", "type": "storefront", "platform": "amazon"}).status == 422
    assert bc.put("/v3/channels/1", {"status": "connected"}).status == 422


def test_a_channel_has_one_site_at_most(bc: Any, store: Store) -> None:
    channel = store.add_channel("Two")
    path = f"/v3/channels/{channel}/site"
    assert bc.get(path).status == 404
    assert bc.post(path, {"url": "https://two.example.com"}).json["data"]["id"] == 1001
    assert bc.post(path, {"url": "https://three.example.com"}).status == 422
    assert bc.put(path, {"url": "https://three.example.com"}).json["data"]["url"] == "https://three.example.com"
    assert bc.delete(path).json == {}
    assert bc.get(path).status == 404


def test_a_channel_may_deduct_stock_at_another_time(bc: Any, store: Store) -> None:
    channel = store.add_channel("Two")
    path = f"/v3/settings/inventory?channel_id={channel}"
    assert set(bc.get(path).json["data"].values()) == {None}
    bc.put(path, {"update_stock_behavior": "order_completed_or_shipped"})
    store.add_product("MUG", 40)
    order_id = store.sell("MUG", channel_id=channel)
    store.sell("MUG")
    assert store.stock("MUG") == 39
    store.set_status(order_id, 10)
    assert store.stock("MUG") == 38
    bc.put(path, {"update_stock_behavior": None})
    assert bc.get(path).json["data"]["update_stock_behavior"] is None
    assert bc.put("/v3/settings/inventory", {"update_stock_behavior": "never"}).status == 422


def test_an_edited_order_moves_stock_only_where_the_setting_says_so(bc: Any, store: Store) -> None:
    store.add_product("MUG", 40)
    order_id = store.sell("MUG", 2)
    bc.put("/v3/settings/inventory", {"edit_order_stock_adjustment": False})
    store.change_quantity(order_id, 0, 5)
    assert store.stock("MUG") == 38


def test_those_who_hear_of_orders_and_low_stock_are_kept_by_channel(bc: Any, store: Store) -> None:
    mails = {"low_stock_notification_address": ["a@example.com"], "out_of_stock_notification_address": []}
    assert bc.put("/v3/settings/inventory/notifications", mails).status == 200
    assert bc.get("/v3/settings/inventory/notifications").json["data"] == mails
    assert bc.put("/v3/settings/inventory/notifications", {"low_stock_notification_address": []}).status == 422
    both = {name: {"email_addresses": ["b@example.com"]} for name in ("order_placed", "forward_invoice")}
    assert bc.put("/v3/orders/settings/channels/1", {"notifications": both}).status == 200
    assert bc.get("/v3/orders/settings/channels/1").json["notifications"] == both
    assert bc.get("/v3/orders/settings").json["notifications"] != both
    neither = {name: {"email_addresses": None} for name in both}
    assert bc.put("/v3/orders/settings/channels/1", {"notifications": neither}).status == 200
    assert bc.put("/v3/orders/settings", {"notifications": neither}).status == 422
    assert bc.get("/v3/orders/settings/channels/9").status == 404
