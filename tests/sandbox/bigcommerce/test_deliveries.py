"""Webhooks on their way, over real HTTP to an inbox of our own (facts 121-138)."""

import socket
import threading
from typing import Any

import pytest

from npf.sandbox.bigcommerce import FOUR_SCOPES, Store, World
from npf.sandbox.bigcommerce.deliveries import RETRIES
from npf.sandbox.server import serve
from tests.sandbox.bigcommerce.inbox import Inbox

CREATED = "store/order/created"


def is_active(bc: Any, hook_id: int) -> bool:
    return bc.get(f"/v3/hooks/{hook_id}").json["data"]["is_active"]


def test_a_failed_delivery_is_tried_again_after_the_published_times_and_then_the_hook_is_off(
    hook: Any, inbox: Inbox, store: Store, world: World, bc: Any, clock: Any
) -> None:
    bc.put("/v3/hooks/admin", {"emails": ["ops@example.com"]})
    hook_id = hook()
    inbox.status = 500
    store.sell("MUG")
    assert world.deliver() == 1
    for seconds in RETRIES:
        assert is_active(bc, hook_id)
        clock.pass_(seconds - 1)
        assert world.deliver() == 0
        clock.pass_(1)
        assert world.deliver() == 1
    assert sum(RETRIES) == pytest.approx(48 * 3600, rel=0.01)
    assert not is_active(bc, hook_id)
    assert len({letter.headers["webhook-id"] for letter in inbox.letters}) == 1
    assert len({letter.headers["webhook-timestamp"] for letter in inbox.letters}) == 12
    ((address, text),) = store.hooks.mails
    assert address == "ops@example.com"
    assert "48 hours" in text
    store.sell("MUG")
    clock.pass_(90_000)
    assert world.deliver() == 0
    bc.put(f"/v3/hooks/{hook_id}", {"is_active": True})
    inbox.status = 204
    store.sell("MUG")
    assert world.deliver() == 1, "what happened while it was off is never told (fact 138)"


def test_a_later_success_ends_the_retries(hook: Any, inbox: Inbox, store: Store, world: World, clock: Any) -> None:
    hook()
    inbox.answers = [503, 302]
    store.sell("MUG")
    for seconds in (0, 60, 180, 300):
        clock.pass_(seconds)
        world.deliver()
    assert len(inbox.letters) == 3
    (delivery,) = store.deliveries.all
    assert [answer for _, answer in delivery.tries] == [503, 302, 200]
    assert (delivery.outcome, delivery.due) == ("delivered", None)


def test_no_answer_is_a_failure(store: Store, world: World, bc: Any) -> None:
    world.hook_timeout = 0.05
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.create_server(("127.0.0.1", 0)) as closed:
        ports = silent.getsockname()[1], closed.getsockname()[1]
        closed.close()
        for port in ports:
            assert bc.post("/v3/hooks", {"scope": CREATED, "destination": f"http://127.0.0.1:{port}/"}).status == 200
        store.sell("MUG")
        assert world.deliver() == 2
    slow, gone = store.deliveries.all
    assert slow.tries[0][1] == "timed out"
    assert gone.tries[0][1] == "no answer: Connection refused"
    assert slow.due == gone.due == store.seconds() + 60


def test_nothing_leaves_this_machine(store: Store, world: World, bc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bc.post("/v3/hooks", {"scope": CREATED, "destination": "https://npf.example/hooks"})
    store.sell("MUG")

    def refuse(*arguments: Any, **more: Any) -> None:
        raise AssertionError("a socket was opened")

    with monkeypatch.context() as watched:
        watched.setattr(socket, "create_connection", refuse)
        watched.setattr(socket, "getaddrinfo", refuse)
        assert world.deliver() == 0
    (delivery,) = store.deliveries.all
    assert delivery.outcome.startswith("undeliverable")
    assert delivery.tries == []


@pytest.mark.parametrize(
    "destination", ["http://127.0.0.1:99999/", "http://localhost.evil.example/", "http://127.0.0.1.evil.example/"]
)
def test_a_destination_that_only_looks_like_this_machine_is_refused(bc: Any, destination: str) -> None:
    assert bc.post("/v3/hooks", {"scope": CREATED, "destination": destination}).status == 422


def test_a_header_that_cannot_be_sent_is_a_failure(hook: Any, inbox: Inbox, store: Store, world: World) -> None:
    hook(headers={"X-Bad": "line\nbreak"})
    store.sell("MUG")
    assert world.deliver() == 1
    assert inbox.letters == []
    assert str(store.deliveries.all[0].tries[0][1]).startswith("cannot be sent")


def test_ninety_days_without_an_event_switch_a_hook_off(
    hook: Any, inbox: Inbox, store: Store, world: World, bc: Any, clock: Any
) -> None:
    quiet, heard = hook("store/order/archived"), hook()
    clock.pass_(89 * 86_400)
    store.sell("MUG")
    assert world.deliver() == 1
    clock.pass_(2 * 86_400)
    assert (is_active(bc, quiet), is_active(bc, heard)) == (False, True)
    store.archive(101)
    assert world.deliver() == 0


def test_hooks_of_a_revoked_account_vanish_with_what_they_had_coming(
    inbox: Inbox, url: str, store: Store, world: World, connect: Any
) -> None:
    store.add_account("other", FOUR_SCOPES, "other-client")
    connect(token="other").post("/v3/hooks", {"scope": CREATED, "destination": f"{url}/in"})
    store.sell("MUG")
    store.revoke("other")
    assert world.deliver() == 0
    assert (store.hooks.by_id, store.deliveries.all[0].outcome) == ({}, "the hook is gone")


def test_a_new_hook_takes_its_time_where_the_switch_says_so(
    hook: Any, inbox: Inbox, store: Store, world: World, clock: Any
) -> None:
    store.switches.hook_warm_up = 60
    hook()
    store.sell("MUG")
    clock.pass_(60)
    second = store.sell("MUG")
    world.deliver()
    assert inbox.seen() == [("created", second)]


def test_a_domain_that_fails_too_often_is_blocked_for_three_minutes(
    hook: Any, inbox: Inbox, store: Store, world: World, bc: Any, clock: Any, connect: Any, url: str
) -> None:
    store.add_account("other", FOUR_SCOPES, "other-client")
    connect(token="other").post("/v3/hooks", {"scope": "store/order/archived", "destination": f"{url}/other"})
    hook(path="/bad")
    hook("store/order/updated", path="/good")
    exceptions = Inbox()
    inbox.answers = [500] * 11
    with serve(exceptions) as elsewhere:
        told = {"scope": "store/hook/deliveryException", "destination": elsewhere.url}
        assert bc.post("/v3/hooks", told).status == 200
        for _ in range(100):
            store.sell("MUG")
        assert world.deliver() == 100 + 12
        (blocked,) = bc.get("/v3/hooks/admin").json["data"]["blocked_domains"]
        assert (blocked["destination"], blocked["time_left"]) == (url, 180)
        (reason,) = blocked["reasons"]
        assert reason == {"failure_description": "status code 500", "count": 11, "timestamp": store.seconds()}
        store.touch(store.orders[101])
        assert world.deliver() == 1, "one bad path harms all paths of the domain: only the exception is sent"
        codes = [letter.json["data"]["error_code"] for letter in exceptions.letters]
        assert codes == [90001] * 11 + [90003, 90001]
    assert [delivery.tries for delivery in store.deliveries.all if delivery.scope == "store/order/updated"] == [
        [(store.seconds(), "domain blocked")]
    ]
    store.archive(102)
    world.deliver()
    assert inbox.letters[-1].path == "/other", "another account is not blocked"
    clock.pass_(180)
    assert bc.get("/v3/hooks/admin").json["data"]["blocked_domains"] == []
    world.deliver()
    assert inbox.letters[-1].path == "/good"


def test_exceptions_go_to_the_hook_that_was_registered_for_them(
    hook: Any, inbox: Inbox, store: Store, world: World, bc: Any, url: str, clock: Any
) -> None:
    failing = hook()
    taken = {"scope": "store/hook/deliveryException", "destination": f"{url}/in"}
    assert bc.post("/v3/hooks", taken).status == 422, "it goes to a different destination (fact 137)"
    hook("store/hook/deliveryException", "/exceptions")
    assert bc.post("/v3/hooks", {**taken, "destination": f"{url}/other"}).status == 422, "one per store and account"
    inbox.answers = [500]
    store.sell("MUG")
    world.deliver()
    told = inbox.letters[-1]
    assert (told.path, told.json["scope"]) == ("/exceptions", "store/hook/deliveryException")
    assert told.json["data"] == {
        "type": "webhook",
        "id": failing,
        "error_code": 90001,
        "message": f"Non-200 response received when delivering to {url}/in, will retry",
    }
    for seconds in RETRIES:
        clock.pass_(seconds)
        inbox.answers = [500]
        world.deliver()
    assert inbox.letters[-1].json["data"]["error_code"] == 90002


def test_a_thread_delivers_until_its_block_ends(hook: Any, inbox: Inbox, store: Store, world: World) -> None:
    hook()
    with world.delivering():
        store.sell("MUG")
        assert inbox.came.wait(10)
        names = [thread.name for thread in threading.enumerate()]
        assert "sandbox:hooks" in names
    assert "sandbox:hooks" not in [thread.name for thread in threading.enumerate()]
    store.sell("MUG")
    assert len(inbox.letters) == 1


def test_a_store_can_be_asked_while_its_hooks_are_being_sent(
    hook: Any, store: Store, world: World, inbox: Inbox, bc: Any
) -> None:
    hook()
    read: list[int] = []
    inbox.meanwhile = lambda: read.append(bc.get("/v2/orders/101").status)
    store.sell("MUG")
    world.deliver()
    assert read == [200]


def test_another_process_can_have_them_delivered_and_see_what_came_of_it(
    hook: Any, inbox: Inbox, store: Store, bc: Any
) -> None:
    hook_id = hook()
    store.sell("MUG")
    assert bc.post("/_sandbox/deliver").json == {"sent": 1}
    shown = bc.get("/_sandbox/demo1/hooks").json
    assert [one["id"] for one in shown["hooks"]] == [hook_id]
    (delivery,) = shown["deliveries"]
    assert (delivery["hook_id"], delivery["outcome"], delivery["due"]) == (hook_id, "delivered", None)
    assert [one["answer"] for one in delivery["tries"]] == [200]
    assert bc.get("/_sandbox/stores").json["stores"][0]["client_secret"] == "secret-demo1"
