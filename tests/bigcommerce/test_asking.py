"""What each answer means for the caller, and what is asked a second time."""

import itertools
import socket
from collections.abc import Callable
from typing import Any

import pytest

from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.refusals import Refused
from npf.core.clock import ManualClock
from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.core.exchange import Exchange
from tests.bigcommerce.answering import Answering, Reply

ORDER = "/v2/orders/12"


def slept(clock: ManualClock) -> float:
    return clock.monotonic()


def raised(kind: type[NpfError], ask: Callable[[], object]) -> Any:
    with pytest.raises(kind) as caught:
        ask()
    return caught.value


def test_it_sends_the_token_the_agent_and_json_as_it_was_asked_to(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(200, {"id": 12}), Reply(201, {"id": 1}))
    assert client.get(ORDER, params={"include": "a,b", "at": "2026-11-01T00:00:00+00:00"}).body == b'{"id": 12}'
    client.post("/v2/orders/12/shipments/", body={"é": 1})
    read, write = server.seen
    assert read.path == "/stores/abc123/v2/orders/12"
    assert read.headers["x-auth-token"].startswith("s3cr3t")
    assert read.headers["accept"] == "application/json"
    assert read.headers["user-agent"].startswith("NPF-Connect/")
    assert "content-type" not in read.headers
    assert "%2B00%3A00" in read.raw_query
    assert read.query == {"include": "a,b", "at": "2026-11-01T00:00:00+00:00"}
    assert write.headers["content-type"] == "application/json"
    assert write.body == '{"é":1}'.encode()
    assert write.path == "/stores/abc123/v2/orders/12/shipments"
    assert client.calls == 2


def test_it_sends_a_client_id_only_where_there_is_one(make: Callable[..., BigCommerce], server: Answering) -> None:
    server.otherwise = Reply(200, {})
    make().get(ORDER)
    make(client_id="abc").get(ORDER)
    assert ["x-auth-client" in seen.headers for seen in server.seen] == [False, True]


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, GiveUp, "refused"),
        (404, GiveUp, "not_found"),
        (405, GiveUp, "refused"),
        (406, GiveUp, "refused"),
        (409, GiveUp, "conflict"),
        (410, GiveUp, "not_found"),
        (413, GiveUp, "too_large"),
        (415, GiveUp, "refused"),
        (422, GiveUp, "invalid"),
        (401, FixSettings, "bigcommerce.access_token"),
        (403, FixSettings, "bigcommerce.access_token"),
        (301, FixSettings, "bigcommerce.api_url"),
        (302, FixSettings, "bigcommerce.api_url"),
        (307, FixSettings, "bigcommerce.api_url"),
        (308, FixSettings, "bigcommerce.api_url"),
        (423, TryLater, None),
        (507, TryLater, None),
    ],
)
@pytest.mark.parametrize("method", ["get", "put"])
def test_an_answer_that_says_no_is_asked_once_and_named(
    client: BigCommerce, server: Answering, clock: ManualClock, method: str, status: int, kind: Any, code: str | None
) -> None:
    server.otherwise = Reply(status, [{"status": status, "message": "The words of BigCommerce."}])
    error = raised(kind, lambda: getattr(client, method)(ORDER))
    assert f"{method.upper()} {ORDER}" in str(error)
    assert "The words of BigCommerce." in str(error)
    assert str(status) in str(error)
    assert len(server.seen) == 1
    assert slept(clock) == 0
    if isinstance(error, TryLater):
        assert (error.delay, error.unclear) == (3600.0, False)
    else:
        assert getattr(error, "code", None) == code or getattr(error, "parameter", None) == code


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 599])
def test_a_read_is_asked_again_with_growing_delay_and_then_later(
    client: BigCommerce, server: Answering, clock: ManualClock, exchanges: list[Exchange], status: int
) -> None:
    server.otherwise = Reply(status, {"status": status, "title": "Gateway Trouble"})
    error = raised(TryLater, lambda: client.get(ORDER))
    assert len(server.seen) == client.calls == 4
    assert not error.unclear
    assert "Gateway Trouble" in str(error)
    assert error.delay >= 60
    waits = [(later.started - earlier.started).total_seconds() for earlier, later in itertools.pairwise(exchanges)]
    assert waits == sorted(waits)
    assert 1 <= waits[0] <= 2
    assert 4 <= waits[2] <= 8
    assert {one.outcome for one in exchanges} == {"failed"}


def test_a_503_to_every_try_is_a_suspended_store(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(503, {"status": 503, "title": "Service Unavailable"})
    error = raised(TryLater, lambda: client.get(ORDER))
    assert error.delay >= 900
    assert "suspended" in str(error)


def test_a_read_that_succeeds_at_last_is_done(client: BigCommerce, server: Answering, clock: ManualClock) -> None:
    server.tell(Reply(500), Reply(200, [1], how="cut"), Reply(200, {"id": 12}))
    assert client.get(ORDER).body == b'{"id": 12}'
    assert 0 < slept(clock) <= 6


def test_patience_ends_the_tries(make: Callable[..., BigCommerce], server: Answering, clock: ManualClock) -> None:
    server.otherwise = Reply(500)
    raised(TryLater, lambda: make(patience=0.0).get(ORDER))
    assert len(server.seen) == 1
    assert slept(clock) == 0


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"id": 12, "name": "half of this is lost"}, how="cut"),
        Reply(200, {"id": 12, "name": "half of this is lost"}, how="closed"),
        Reply(200, b"<html>Please wait</html>"),
        Reply(200, b'{"id": 12} and more'),
        Reply(200, b""),
        Reply(how="reset"),
        Reply(200, b"[" * 100_000 + b"]" * 100_000),
    ],
    ids=["cut", "closed", "html", "trailing", "empty", "reset", "deep"],
)
def test_a_read_whose_answer_is_broken_is_asked_again(client: BigCommerce, server: Answering, reply: Reply) -> None:
    server.tell(reply, Reply(200, {"id": 12}))
    assert client.get(ORDER).body == b'{"id": 12}'
    assert len(server.seen) == 2


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize(
    "reply",
    [
        Reply(how="reset"),
        Reply(how="silent"),
        Reply(201, {"id": 12, "name": "half of this is lost"}, how="cut"),
        Reply(201, b"<html>Created</html>"),
        Reply(408),
        Reply(500),
        Reply(502),
        Reply(503),
        Reply(504),
    ],
    ids=["reset", "silent", "cut", "html", "408", "500", "502", "503", "504"],
)
def test_a_write_whose_answer_is_lost_is_unclear_and_never_sent_again(
    client: BigCommerce, server: Answering, exchanges: list[Exchange], reply: Reply, method: str
) -> None:
    server.tell(reply)
    error = raised(TryLater, lambda: getattr(client, method)(ORDER, body={"status_id": 10}))
    assert error.unclear
    assert f"{method.upper()} {ORDER}" in str(error)
    assert len(server.seen) == 1
    assert [one.outcome for one in exchanges] == ["unclear"]


def test_a_silent_read_is_given_up_in_time(make: Callable[..., BigCommerce], server: Answering) -> None:
    server.otherwise = Reply(how="silent")
    error = raised(TryLater, lambda: make(patience=0.0).get(ORDER))
    assert "no answer in time" in str(error)


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_connection_nothing_was_sent_and_a_write_is_not_unclear(
    make: Callable[..., BigCommerce], exchanges: list[Exchange], method: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = make(api_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        error = raised(TryLater, lambda: getattr(client, method)(ORDER))
    assert not error.unclear
    assert "no connection" in str(error)
    assert client.calls == 4
    assert {(one.status, one.outcome) for one in exchanges} == {(0, "failed")}


def test_a_redirect_is_not_followed(client: BigCommerce, server: Answering) -> None:
    elsewhere = Answering()
    try:
        server.tell(Reply(302, headers={"Location": elsewhere.url + "/steal"}))
        error = raised(FixSettings, lambda: client.get(ORDER))
        assert elsewhere.url in str(error)
        assert elsewhere.seen == []
    finally:
        elsewhere.close()


def test_a_cookie_of_one_store_does_not_go_with_the_next(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(200, {}, {"Set-Cookie": "SHOP=acme; Path=/"}), Reply(200, {}))
    client.get(ORDER)
    client.get(ORDER)
    assert "cookie" not in server.seen[1].headers


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/v2/orders/1/shipments", "Orders: modify"),
        ("/v2/order_statuses", "Orders: modify"),
        ("/v3/catalog/variants", "Products: modify"),
        ("/v3/inventory/adjustments/absolute", "Store Inventory: modify"),
        ("/v3/inventory/locations", "Store Locations: read-only"),
        ("/v2/store", "Information & Settings: read-only"),
        ("/v3/channels", "Channel Settings: read-only"),
        ("/v3/orders/1/transactions", "Order Transactions: read-only"),
    ],
)
def test_a_403_names_the_scope_that_is_probably_missing(
    client: BigCommerce, server: Answering, path: str, scope: str
) -> None:
    server.otherwise = Reply(403, {"status": 403, "title": "You don't have a required scope to access the endpoint"})
    error = raised(FixSettings, lambda: client.get(path))
    assert scope in str(error)
    assert scope in error.cure
    assert "You don't have a required scope" in str(error)


def test_every_official_error_keeps_its_words(
    make: Callable[..., BigCommerce], server: Answering, example: Callable[[str], Any]
) -> None:
    kinds = {401: FixSettings, 403: FixSettings, 429: TryLater, 503: TryLater, 504: TryLater}
    for case in example("errors.json"):
        if case["status"] == 204:
            continue
        server.otherwise = Reply(case["status"], case["body"], case.get("headers", {}))
        error = raised(kinds.get(case["status"], Refused), lambda: make(patience=0.0).get(ORDER))
        body = case["body"][0] if isinstance(case["body"], list) else case["body"] or {}
        body = body.get("batch_errors", [body])[0]
        for key in ("title", "message", "error"):
            assert body.get(key, "") in str(error), case["name"]


def test_a_refusal_names_the_field_that_bigcommerce_named(client: BigCommerce, server: Answering) -> None:
    server.tell(
        Reply(400, [{"status": 400, "message": "The field 'product_id' cannot be written to."}]),
        Reply(422, {"status": 422, "title": "JSON data is missing", "errors": {"destination": "error.path.missing."}}),
    )
    assert raised(Refused, lambda: client.post(ORDER, body={})).field == "product_id"
    second = raised(Refused, lambda: client.post(ORDER, body={}))
    assert second.field == "destination"
    assert "destination: error.path.missing." in str(second)
