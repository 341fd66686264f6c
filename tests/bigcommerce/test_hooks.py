"""Webhooks of the client: read as BigCommerce writes them, written as its spec says, their secret never shown."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.bigcommerce import hooks
from npf.bigcommerce.client import SECRET_HEADER, BigCommerce
from npf.bigcommerce.refusals import Refused
from npf.core.errors import TryLater
from npf.core.exchange import Exchange
from tests.bigcommerce.answering import Answering, Reply

SECRET = "s3cret-of-the-hook"
TO = "https://npf.example.com/hooks/acme/orders"


def hook(**changes: Any) -> dict[str, Any]:
    return {
        "id": 18048287,
        "client_id": "m9r6",
        "store_hash": "abc123",
        "created_at": 1561488106,
        "updated_at": 1561488106,
        "scope": "store/order/*",
        "destination": TO,
        "is_active": True,
        "headers": {SECRET_HEADER: SECRET},
    } | changes


def test_it_reads_the_official_examples(client: BigCommerce, server: Answering, example: Callable[[str], Any]) -> None:
    official = example("webhook_hook.json")
    server.otherwise = Reply(200, {"data": [official["v3_response_200"]["data"]], "meta": {}})
    (found,) = hooks.every(client)
    assert (found.id, found.scope, found.is_active) == (18048287, "store/order/created", True)
    assert found.headers == {"custom-key": "developer-defined value"}
    assert found.secret == ""
    server.otherwise = Reply(200, official["admin_200"])
    (blocked,) = hooks.blocked(client)
    assert (blocked.destination, blocked.time_left) == ("https://665b65a6.ngrok.io", 120)
    assert blocked.reasons == [hooks.Reason(failure_description="status code 500", count=17)]


def test_it_creates_with_a_secret_header_and_mends_with_the_same(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(200, {"data": hook(), "meta": {}})
    made = hooks.create(client, scope=hooks.ORDERS, destination=TO, secret=SECRET)
    hooks.mend(client, made.id, secret=SECRET)
    first, second = server.seen
    assert (first.method, first.path) == ("POST", "/stores/abc123/v3/hooks")
    assert first.json == {
        "scope": "store/order/*",
        "destination": TO,
        "is_active": True,
        "headers": {SECRET_HEADER: SECRET},
    }
    assert (second.method, second.path) == ("PUT", "/stores/abc123/v3/hooks/18048287")
    assert second.json == {"is_active": True, "headers": {SECRET_HEADER: SECRET}}


@pytest.mark.parametrize("name", [SECRET_HEADER, SECRET_HEADER.lower(), SECRET_HEADER.upper()])
def test_the_secret_is_in_no_exchange_and_in_no_error(
    client: BigCommerce, server: Answering, exchanges: list[Exchange], name: str
) -> None:
    """Every answer gives the headers back, those of an older secret too (fact 134)."""
    server.otherwise = Reply(200, {"data": hook(headers={name: "an-older-s3cret"}), "meta": {}})
    hooks.create(client, scope=hooks.ORDERS, destination=TO, secret=SECRET)
    hooks.delete(client, 18048287)
    server.otherwise = Reply(422, {"status": 422, "title": "invalid", "errors": {"body": f'{{"{name}": "{SECRET}"}}'}})
    with pytest.raises(Refused) as refused:
        hooks.create(client, scope=hooks.ORDERS, destination=TO, secret=SECRET)
    said = "".join(map(repr, exchanges)) + str(refused.value)
    assert "***" in said
    assert "s3cret" not in said


def test_a_webhook_that_is_gone_already_is_deleted(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(404, {"status": 404, "title": "Webhook with id [7] not found"})
    hooks.delete(client, 7)
    server.otherwise = Reply(400, {"status": 400, "title": "no"})
    with pytest.raises(Refused):
        hooks.delete(client, 7)


def test_a_lost_answer_to_a_create_is_unclear(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(how="reset")
    with pytest.raises(TryLater) as lost:
        hooks.create(client, scope=hooks.ORDERS, destination=TO, secret=SECRET)
    assert lost.value.unclear


@pytest.mark.parametrize("data", [{}, {"blocked_domains": None}, {"blocked_domains": []}])
def test_an_admin_page_without_blocked_domains_says_that_none_is(
    client: BigCommerce, server: Answering, data: dict[str, Any]
) -> None:
    server.otherwise = Reply(200, {"data": data, "meta": {"pagination": {}}})
    assert hooks.blocked(client) == []
