"""The legacy account: off unless it is added, V2 alone, its own count (facts 5, 6)."""

import base64

import pytest

from npf.sandbox.bigcommerce import Store, add_legacy_account
from tests.sandbox.bigcommerce.conftest import Client, Clock


@pytest.fixture
def old(bc: Client, store: Store) -> Client:
    """The store's own host, with the credentials of its legacy account."""
    add_legacy_account(store, "npf", "key-of-demo1", hourly=4)
    bc.base = "/store-demo1/api"
    bc.headers = {"Accept": "application/json", "Authorization": _basic("npf", "key-of-demo1")}
    return bc


def _basic(username: str, key: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{key}".encode()).decode()


def test_a_store_has_none_unless_it_is_given_one(bc: Client) -> None:
    bc.base = "/store-demo1/api"
    assert bc.get("/v2/orders").status == 404


def test_it_reads_orders_and_counts_by_the_hour(old: Client, store: Store) -> None:
    number = store.place_order([("MUG", 1)])
    reply = old.get("/v2/orders", limit=5)
    assert [row["id"] for row in reply.json] == [number]
    assert reply.headers["x-bc-apilimit-remaining"] == "3"
    assert not any(name.startswith("x-rate-limit") for name in reply.headers)
    assert store.log.entries()[-1].path == "/v2/orders"


def test_v3_is_not_there(old: Client) -> None:
    assert old.get("/v3/catalog/products").status == 404


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("", "No credentials were supplied in the request."),
        (_basic("npf", "wrong"), "not valid"),
        (_basic("other", "key-of-demo1"), "not valid"),
        ("Basic ???", "not valid"),
    ],
)
def test_wrong_credentials_are_refused(old: Client, header: str, says: str) -> None:
    del old.headers["Authorization"]
    if header:
        old.headers["Authorization"] = header
    reply = old.get("/v2/orders")
    assert reply.status == 401
    assert says in reply.json[0]["message"]


def test_a_token_is_not_taken_there_nor_the_key_here(old: Client) -> None:
    basic = old.headers.pop("Authorization")
    assert old.ask("GET", "/v2/orders", headers={"X-Auth-Token": "token-demo1"}).status == 401
    old.base = "/stores/demo1"
    assert old.ask("GET", "/v2/orders", headers={"Authorization": basic}).status == 401


def test_its_hour_rolls(old: Client, store: Store, clock: Clock) -> None:
    for _ in range(2):
        old.get("/v2/orders")
    clock.pass_(1800)
    for _ in range(2):
        old.get("/v2/orders")
    refused = old.get("/v2/orders")
    assert refused.status == 429
    assert refused.headers["x-bc-apilimit-remaining"] == "0"
    assert 1800 <= int(refused.headers["x-retry-after"]) <= 1801
    clock.pass_(1801)
    assert old.get("/v2/orders").headers["x-bc-apilimit-remaining"] == "1"
    assert store.legacy is not None
    assert store.legacy.refused == 1


def test_faults_strike_it_too(old: Client, store: Store) -> None:
    store.faults.next("503")
    assert old.get("/v2/orders").status == 503
