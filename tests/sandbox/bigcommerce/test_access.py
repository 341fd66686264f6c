from typing import Any

import pytest

from npf.sandbox.bigcommerce import FOUR_SCOPES, Store, World, parse_quota


def test_a_missing_wrong_or_revoked_token_answers_401(bc: Any, store: Store) -> None:
    for token in ("", "wrong"):
        answer = bc.ask("GET", "/v2/orders", headers={"X-Auth-Token": token})
        assert answer.status == 401
        assert answer.json["title"].startswith("Unauthorized - the v3 Auth client ID or token")
    assert bc.get("/v2/order_statuses").status == 200
    store.revoke("token-demo1")
    assert bc.get("/v2/order_statuses").status == 401


def test_an_unknown_store_answers_403_unless_switched(connect: Any, world: World, store: Store) -> None:
    client = connect("nowhere")
    assert client.get("/v2/orders").status == 403
    world.unknown_store = 404
    assert client.get("/v2/orders").status == 404


def test_a_token_of_one_store_opens_no_other(connect: Any, world: World, store: Store) -> None:
    world.add_store("demo2")
    assert connect("demo2", "token-demo1").get("/v2/orders").status == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v2/orders", 204),
        ("/v2/order_statuses", 200),
        ("/v3/catalog/variants", 200),
        ("/v3/hooks", 200),
        ("/v2/store", 403),
        ("/v2/time", 403),
        ("/v3/channels", 403),
        ("/v3/inventory/items", 403),
        ("/v3/inventory/locations", 403),
        ("/v3/settings/inventory", 403),
    ],
)
def test_the_four_scopes_of_the_setup_cover_neither_store_nor_inventory(
    connect: Any, world: World, path: str, status: int
) -> None:
    world.add_store("demo1", scopes=FOUR_SCOPES)
    answer = connect().get(path)
    assert answer.status == status
    if status == 403:
        assert answer.json["title"] == "You don't have a required scope to access the endpoint"


def test_a_read_only_scope_reads_and_does_not_write(connect: Any, world: World) -> None:
    store = world.add_store("demo1", scopes={"store_v2_orders_read_only"})
    order_id = store.sell("MUG")
    client = connect()
    assert client.get(f"/v2/orders/{order_id}").status == 200
    assert client.put(f"/v2/orders/{order_id}", {"status_id": 10}).status == 403
    assert store.orders[order_id].status_id == 11


def test_a_suspended_store_answers_503_to_everything(bc: Any, store: Store) -> None:
    store.switches.suspended = True
    assert bc.get("/v2/orders").status == 503
    assert bc.ask("GET", "/v3/channels", headers={"X-Auth-Token": "wrong"}).status == 503


def test_accept_and_content_type_must_be_json(bc: Any, store: Store) -> None:
    order_id = store.sell("MUG")
    path = f"/v2/orders/{order_id}"
    assert bc.ask("GET", path, headers={"Accept": "application/xml"}).status == 406
    assert bc.ask("GET", path, headers={"Accept": "*/*"}).status == 200
    wrong = {"Content-Type": "application/x-www-form-urlencoded"}
    assert bc.ask("PUT", path, {"status_id": 10}, headers=wrong).status == 415
    bc.connection.request("PUT", bc.base + path, b"{nonsense", bc.headers | {"Content-Type": "application/json"})
    answer = bc.connection.getresponse()
    answer.read()
    assert answer.status == 400
    assert store.orders[order_id].status_id == 11


def test_a_trailing_slash_is_a_trap_in_v3_only(bc: Any, store: Store) -> None:
    answer = bc.get("/v3/channels/")
    assert (answer.status, answer.json["title"]) == (403, "Authentication Required")
    assert bc.get("/v2/order_statuses/").status == 200


def test_an_unknown_path_is_404_and_a_wrong_method_405(bc: Any, store: Store) -> None:
    assert bc.get("/v2/products").json == [{"status": 404, "message": "The requested resource was not found."}]
    assert bc.get("/v3/nothing").json["status"] == 404
    assert bc.post("/v2/order_statuses", {}).status == 405
    assert bc.delete("/v3/catalog/summary").status == 405


def test_every_answer_has_a_date_and_the_four_rate_limit_headers(connect: Any, world: World, clock: Any) -> None:
    world.add_store("demo1", quota=(150, 30))
    client = connect()
    clock.pass_(12)
    for path in ("/v2/orders", "/v2/orders/1", "/v3/channels"):
        headers = client.get(path).headers
        assert headers["date"] == "Mon, 23 Nov 2026 02:00:12 GMT"
        assert headers["x-rate-limit-requests-quota"] == "150"
        assert headers["x-rate-limit-time-window-ms"] == "30000"
        assert headers["x-rate-limit-time-reset-ms"] == "18000"
    assert headers["x-rate-limit-requests-left"] == "147"


def test_the_quota_bites_and_comes_back_with_the_next_window(connect: Any, world: World, clock: Any) -> None:
    store = world.add_store("demo1", quota=(3, 30))
    client = connect()
    assert [client.get("/v2/orders").status for _ in range(4)] == [204, 204, 204, 429]
    refused = client.get("/v3/channels")
    assert (refused.status, refused.json["title"]) == (429, "Too many requests")
    assert refused.headers["x-rate-limit-requests-left"] == "0"
    assert refused.headers["x-rate-limit-time-reset-ms"] == "30000"
    assert refused.headers["x-retry-after"] == "30"
    assert store.quota.refused == 2
    assert store.log.count(status=429) == 2
    clock.pass_(30)
    assert client.get("/v2/orders").status == 204


def test_other_apps_use_up_the_same_quota(connect: Any, world: World, clock: Any) -> None:
    store = world.add_store("demo1", quota=(10, 30))
    store.switches.other_apps = 9
    client = connect()
    clock.pass_(20)
    assert client.get("/v2/orders").headers["x-rate-limit-requests-left"] == "3"
    assert [client.get("/v2/orders").status for _ in range(4)] == [204, 204, 204, 429]


def test_a_store_without_a_quota_tells_a_large_one(bc: Any, store: Store) -> None:
    headers = bc.get("/v2/orders").headers
    assert int(headers["x-rate-limit-requests-left"]) > 100_000


@pytest.mark.parametrize(("text", "quota"), [("150/30", (150, 30.0)), ("7", (7, 30.0)), ("none", None), ("", None)])
def test_a_quota_is_read_from_a_text(text: str, quota: tuple[int, float] | None) -> None:
    assert parse_quota(text) == quota


@pytest.mark.parametrize("text", ["0/30", "150/", "150/0", "a/b", "-1/30"])
def test_a_quota_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="150/30"):
        parse_quota(text)


def test_a_store_or_switch_cannot_be_mistyped(world: World, store: Store) -> None:
    with pytest.raises(ValueError, match="demo1"):
        world.add_store("demo1")
    with pytest.raises(ValueError, match="overshipping"):
        world.add_store("demo3", overshipping="lax")
    assert "demo3" not in world.stores


def test_the_log_tells_what_was_asked(bc: Any, store: Store) -> None:
    order_id = store.sell("MUG")
    bc.get("/v2/orders", min_id=5)
    bc.put(f"/v2/orders/{order_id}", {"status_id": 10})
    bc.put(f"/v2/orders/{order_id}", {"status": "Shipped"})
    first, second, third = store.log
    assert (first.method, first.path, first.query, first.status, first.body) == (
        "GET",
        "/v2/orders",
        "min_id=5",
        200,
        None,
    )
    assert (second.path, second.status, second.body) == (f"/v2/orders/{order_id}", 200, {"status_id": 10})
    assert store.log.writes() == [second, third]
    assert store.log.writes(done=True) == [second]
    assert store.log.count(method="PUT") == 2
    assert store.log.count(path_prefix="/v2/orders/") == 2
    store.log.clear()
    assert len(store.log) == 0
