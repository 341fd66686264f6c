import io
import threading
from typing import Any

import pytest

from npf.sandbox.bigcommerce import Store, World, run
from npf.sandbox.bigcommerce.run import build, store_file
from npf.sandbox.server import Server


def test_another_process_can_place_and_change_orders(bc: Any, store: Store) -> None:
    placed = bc.post("/_sandbox/demo1/orders", {"lines": [["MUG", 2]], "country": "NZ", "customer_message": "Hi"})
    assert placed.status == 201
    order_id = placed.json["id"]
    path = f"/_sandbox/demo1/orders/{order_id}"
    assert bc.get(path).json["order"]["customer_message"] == "Hi"
    assert bc.post(f"{path}/status", {"status_id": 0}).json["status_id"] == 0
    assert bc.post(f"{path}/pay").json["status_id"] == 11
    assert bc.post(f"{path}/lines/0", {"quantity": 3}).json["lines"][0]["quantity"] == 3
    bc.post(f"{path}/address/0", {"city": "Nelson"})
    bc.post(f"{path}/edit", {"staff_notes": "x"})
    assert store.orders[order_id].addresses[0].city == "Nelson"
    assert bc.post(f"{path}/refund", {"quantity": 1}).json["status_id"] == 14
    assert bc.post(f"{path}/cancel").json["status_id"] == 5
    bc.post(f"{path}/malform", {"how": "status"})
    bc.post(f"{path}/archive")
    (row,) = bc.get("/_sandbox/demo1/orders").json
    assert (row["id"], row["country"], row["shipments"]) == (order_id, "NZ", [])
    assert store.orders[order_id].is_deleted


def test_another_process_can_read_the_log_and_set_faults(bc: Any, store: Store) -> None:
    store.sell("MUG")
    bc.get("/v2/orders")
    bc.put("/v2/orders/101", {"status_id": 9})
    log = bc.get("/_sandbox/demo1/log", path_prefix="/v2/orders").json
    assert [entry["method"] for entry in log["entries"]] == ["GET", "PUT"]
    assert bc.get("/_sandbox/demo1/log?writes=1").json["entries"][0]["body"] == {"status_id": 9}
    assert bc.delete("/_sandbox/demo1/log").status == 204
    assert bc.get("/_sandbox/demo1/log").json["count"] == 0
    assert bc.post("/_sandbox/demo1/faults", {"spec": "503@1"}).status == 200
    bc.post("/_sandbox/demo1/faults", {"kind": "stall:1", "count": 1, "method": "DELETE"})
    assert bc.get("/v2/orders").status == 503
    assert bc.get("/_sandbox/demo1/faults").json["struck"] == [["503", "GET", "/v2/orders"]]
    bc.delete("/_sandbox/demo1/faults")
    assert bc.get("/_sandbox/demo1/faults").json["rules"] == []


def test_another_process_can_set_stock_switches_and_quota(bc: Any, store: Store) -> None:
    store.add_product("MUG", 5)
    assert bc.post("/_sandbox/demo1/stock", {"sku": "MUG", "quantity": 9}).json == {"MUG": 9}
    assert bc.get("/_sandbox/demo1/stock").json == {"MUG": 9}
    assert bc.post("/_sandbox/demo1/switches", {"over_shipping": "lax", "inventory_lag": 2}).status == 200
    assert (store.switches.over_shipping, store.switches.inventory_lag) == ("lax", 2.0)
    assert bc.post("/_sandbox/demo1/quota", {"quota": "9/10"}).json["allowed"] == 9
    assert bc.get("/v2/orders").headers["x-rate-limit-time-window-ms"] == "10000"


def test_another_process_can_add_and_seed_a_store(bc: Any, world: World) -> None:
    made = bc.post("/_sandbox/stores", {"store_hash": "shop9", "orders": 3, "quota": "none", "variety": "plain"})
    assert (made.status, made.json["orders"], made.json["access_token"]) == (201, 3, "token-shop9")
    assert len(bc.post("/_sandbox/shop9/seed", {"orders": 2}).json["placed"]) == 2
    stores = bc.get("/_sandbox/stores").json["stores"]
    assert [row["store_hash"] for row in stores] == ["demo1", "shop9"]
    assert len(world.stores["shop9"].orders) == 5


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/_sandbox/nowhere/orders", None, 404),
        ("GET", "/_sandbox/demo1/orders/9", None, 404),
        ("GET", "/_sandbox/demo1/nothing", None, 404),
        ("POST", "/_sandbox/demo1/orders", {"lines": [["MUG", 1]], "country": "XX"}, 400),
        ("POST", "/_sandbox/demo1/orders", {"goods": []}, 400),
        ("POST", "/_sandbox/demo1/orders", [1], 400),
        ("POST", "/_sandbox/demo1/faults", {"spec": "explode@1"}, 400),
        ("POST", "/_sandbox/demo1/switches", {"no_switch": 1}, 400),
        ("POST", "/_sandbox/stores", {"store_hash": "demo1"}, 400),
    ],
)
def test_the_side_door_says_what_is_wrong(
    bc: Any, store: Store, method: str, path: str, body: Any, status: int
) -> None:
    answer = bc.ask(method, path, body)
    assert answer.status == status
    assert answer.json["error"]


def test_a_world_is_built_from_the_words_of_the_command_line() -> None:
    world = build(orders=4, stores=2, quota="9/3", faults="500@1", seed=1)
    assert list(world.stores) == ["demo1", "demo2"]
    store = world.stores["demo2"]
    assert (len(store.orders), store.quota.allowed, store.quota.window) == (4, 9, 3.0)
    assert [rule.kind for rule in store.faults.rules()] == ["500"]
    for wrong in ({"quota": "x"}, {"faults": "explode@1"}):
        with pytest.raises(ValueError, match=r"150/30|explode"):
            build(**wrong)


def test_running_prints_a_store_file_that_opens_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Server] = []
    ready, done = threading.Event(), threading.Event()

    def wait(server: Server) -> None:
        served.append(server)
        ready.set()
        done.wait(5)
        server.close()

    monkeypatch.setattr(Server, "wait", wait)
    out = io.StringIO()
    thread = threading.Thread(target=run.run, kwargs={"port": 0, "orders": 2, "out": out, "every": 0.01})
    thread.start()
    assert ready.wait(10)
    text = out.getvalue()
    done.set()
    thread.join(5)
    assert f'api_url = "{served[0].url}"' in text
    assert 'access_token = "token-demo1"' in text
    assert 'store_id = "demo1"' in text
    assert store_file(build(orders=0).stores["demo1"], "http://x").startswith('name = "demo1"\n')
