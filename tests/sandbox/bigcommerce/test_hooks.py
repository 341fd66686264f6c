from typing import Any

import pytest

from npf.sandbox.bigcommerce import FOUR_SCOPES, Store

HOOK = {"scope": "store/order/created", "destination": "https://npf.example/hooks", "headers": {"X-Secret": "s"}}


def test_a_hook_is_made_read_changed_and_deleted(bc: Any, store: Store) -> None:
    made = bc.post("/v3/hooks", HOOK).json["data"]
    path = f"/v3/hooks/{made['id']}"
    assert bc.get(path).json["data"] == made
    assert (made["client_id"], made["is_active"]) == ("client-demo1", True)
    assert bc.put(path, {"is_active": False}).json["data"]["is_active"] is False
    assert bc.get("/v3/hooks", is_active="true").json["data"] == []
    assert len(bc.get("/v3/hooks", scope=HOOK["scope"]).json["data"]) == 1
    assert bc.delete(path).json["data"]["id"] == made["id"]
    assert bc.get(path).status == 404


def test_a_second_identical_hook_and_an_eleventh_are_refused(bc: Any) -> None:
    assert bc.post("/v3/hooks", HOOK).status == 200
    assert bc.post("/v3/hooks", HOOK).status == 422
    for at in range(9):
        assert bc.post("/v3/hooks", {**HOOK, "destination": f"https://npf.example/{at}"}).status == 200
    assert bc.post("/v3/hooks", {**HOOK, "destination": "https://npf.example/eleven"}).status == 422


def test_an_account_sees_its_own_hooks_alone(bc: Any, connect: Any, store: Store) -> None:
    store.add_account("other-token", FOUR_SCOPES, "other-client")
    hook_id = bc.post("/v3/hooks", HOOK).json["data"]["id"]
    other = connect(token="other-token")
    assert other.get("/v3/hooks").json["data"] == []
    assert other.delete(f"/v3/hooks/{hook_id}").status == 404
    assert other.get("/v3/hooks/admin").json["data"]["hooks_list"] == []
    store.revoke("token-demo1")
    assert store.hooks.by_id == {}


@pytest.mark.parametrize(
    "change",
    [
        {"destination": "http://npf.example/hooks"},
        {"destination": "https://npf.example:8443/hooks"},
        {"destination": ""},
        {"scope": "order/created"},
        {"headers": "none"},
    ],
)
def test_a_hook_that_could_not_work_is_refused(bc: Any, change: dict[str, Any]) -> None:
    assert bc.post("/v3/hooks", {**HOOK, **change}).status == 422


def test_a_missing_field_is_named(bc: Any) -> None:
    refused = bc.post("/v3/hooks", {"scope": "store/order/created"})
    assert refused.json["errors"] == {"destination": "error.path.missing."}


def test_this_machine_may_be_called_without_https(bc: Any) -> None:
    assert bc.post("/v3/hooks", {**HOOK, "destination": "http://127.0.0.1:8080/hooks"}).status == 200


def test_notification_addresses_are_kept(bc: Any) -> None:
    assert bc.put("/v3/hooks/admin", {"emails": ["ops@example.com"]}).status == 204
    assert bc.get("/v3/hooks/admin").json["data"]["emails"] == ["ops@example.com"]
    assert bc.put("/v3/hooks/admin", {"emails": "ops"}).status == 422


def test_the_store_keeps_what_a_webhook_would_tell(store: Store) -> None:
    order_id = store.sell("MUG")
    store.set_status(order_id, 9)
    assert ("store/order/created", {"type": "order", "id": order_id}) in store.events
    change = {"previous_status_id": 11, "new_status_id": 9}
    assert ("store/order/statusUpdated", {"type": "order", "id": order_id, "status": change}) in store.events
