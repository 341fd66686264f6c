"""A legacy account: username and API key at the store's own address, V2 alone (facts 5, 6, 147)."""

import base64
import random
from collections.abc import Callable

import httpx2
import pytest

from npf.bigcommerce import catalog, inventory, orders, shipments, stores
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.shipments import NewItem, NewShipment
from npf.core.clock import ManualClock
from npf.core.errors import FixSettings, NpfError, TryLater
from npf.core.exchange import Exchange
from tests.bigcommerce.answering import TOKEN, Answering, Reply, Seen
from tests.bigcommerce.test_orders import SINCE

BASIC = base64.b64encode(f"npf:{TOKEN}".encode()).decode()
Make = Callable[..., BigCommerce]


@pytest.fixture
def make(server: Answering, http: httpx2.Client, clock: ManualClock, exchanges: list[Exchange]) -> Make:
    def build(username: str = "npf", key: str = TOKEN, url: str = "") -> BigCommerce:
        return BigCommerce(
            url or f"{server.url}/store-abc123/api/v2/",
            key,
            client_id=username,
            api_url="https://api.bigcommerce.com",
            http=http,
            clock=clock,
            rng=random.Random(7),
            watch=exchanges.append,
        )

    return build


def test_it_asks_the_stores_own_address_with_username_and_key(make: Make, server: Answering) -> None:
    server.tell(Reply(200, [{"id": 7}]), Reply(201, {"id": 1}))
    client = make()
    assert client.legacy
    assert len(orders.walk(client, min_id=1, modified_since=SINCE).rows) == 1
    new = NewShipment(order_address_id=1, items=[NewItem(order_product_id=1, quantity=1)], tracking_number="T1")
    shipments.create(client, 7, new)
    assert [seen.path for seen in server.seen] == [
        "/store-abc123/api/v2/orders",
        "/store-abc123/api/v2/orders/7/shipments",
    ]
    for seen in server.seen:
        assert seen.headers["authorization"] == f"Basic {BASIC}"
        assert "x-auth-token" not in seen.headers
        assert "x-auth-client" not in seen.headers


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: list(catalog.products(client)),
        lambda client: list(catalog.variants(client)),
        inventory.locations,
        stores.channels,
        lambda client: client.put("/v3/catalog/variants", body=[]),
    ],
)
def test_v3_is_refused_before_anything_is_sent(
    make: Make, server: Answering, ask: Callable[[BigCommerce], object]
) -> None:
    client = make()
    with pytest.raises(FixSettings, match="legacy account has no V3") as caught:
        ask(client)
    assert caught.value.parameter == "bigcommerce.store_id"
    assert "Create V2/V3 API token" in caught.value.cure
    assert server.seen == []
    assert client.calls == 0


@pytest.mark.parametrize(
    ("username", "key", "parameter"),
    [
        ("", TOKEN, "bigcommerce.client_id"),
        ("npf:x", TOKEN, "bigcommerce.client_id"),
        ("npf", "", "bigcommerce.access_token"),
        ("npf", "two words", "bigcommerce.access_token"),
    ],
)
def test_a_login_that_cannot_be_right_is_refused_by_name(make: Make, username: str, key: str, parameter: str) -> None:
    with pytest.raises(FixSettings) as caught:
        make(username, key)
    assert caught.value.parameter == parameter
    assert "two words" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_store_that_moved_is_a_fault_of_the_address_and_is_not_followed(
    make: Make, server: Answering, status: int
) -> None:
    elsewhere = Answering()
    try:
        server.tell(Reply(status, headers={"Location": f"{elsewhere.url}/api/v2/orders"}))
        with pytest.raises(FixSettings) as caught:
            make().get("/v2/orders")
        assert elsewhere.seen == []
    finally:
        elsewhere.close()
    assert caught.value.parameter == "bigcommerce.store_id"
    assert elsewhere.url in str(caught.value)
    assert "www" in caught.value.cure


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_that_is_not_let_in_names_all_that_may_be_wrong(make: Make, server: Answering, status: int) -> None:
    server.tell(Reply(status, [{"status": status, "message": "No credentials were supplied in the request."}]))
    with pytest.raises(FixSettings, match="No credentials were supplied") as caught:
        make().get("/v2/orders")
    assert caught.value.parameter == "bigcommerce.access_token"
    for named in ("username", "API key", "www"):
        assert named in caught.value.cure


@pytest.mark.parametrize("secret", [TOKEN, BASIC], ids=["key", "base64"])
@pytest.mark.parametrize(
    "reply",
    [
        lambda secret: Reply(200, {"id": 1, "echo": secret}),
        lambda secret: Reply(200, f"<html>{secret}".encode()),
        lambda secret: Reply(302, headers={"Location": f"https://elsewhere.example/?{secret}"}),
        lambda secret: Reply(400, [{"status": 400, "message": f"no: {secret}"}], {"X-Request-Id": secret}),
        lambda secret: Reply(401, [{"status": 401, "message": f"Basic {secret} is wrong"}]),
        lambda secret: Reply(500, secret.encode()),
    ],
    ids=["success", "html", "redirect", "400", "401", "500"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_neither_the_key_nor_its_base64_leaves(
    make: Make,
    server: Answering,
    exchanges: list[Exchange],
    method: str,
    reply: Callable[[str], Reply],
    secret: str,
) -> None:
    server.otherwise = reply(secret)
    client = make()
    said = repr(client)
    try:
        getattr(client, method)("/v2/orders/12")
    except NpfError as error:
        said += f"{error!r} {error} {vars(error)}"
    assert exchanges
    said += "".join(f"{one.what} {one.asked} {one.answered}" for one in exchanges)
    assert TOKEN not in said
    assert BASIC not in said


def test_it_keeps_to_what_is_left_of_the_rolling_hour(make: Make, server: Answering, clock: ManualClock) -> None:
    left = [20_000, 4_001, 4_000, 4_000, 9_000]
    server.otherwise = lambda _: Reply(200, {}, {"X-BC-ApiLimit-Remaining": str(left.pop(0))})
    client = make()
    for _ in range(3):
        client.get("/v2/orders/12")
    assert clock.monotonic() == 0
    with pytest.raises(TryLater, match="quota"):
        client.get("/v2/orders/12")
    clock.advance(60)
    client.get("/v2/orders/12")
    clock.advance(60)
    client.get("/v2/orders/12")
    client_before = clock.monotonic()
    left.append(8_999)
    client.get("/v2/orders/12")
    assert clock.monotonic() == client_before


def test_a_429_of_the_hour_is_obeyed(make: Make, server: Answering, clock: ManualClock) -> None:
    server.tell(Reply(429, headers={"X-Retry-After": "40", "X-BC-ApiLimit-Remaining": "35"}), Reply(200, {}))
    make().get("/v2/orders/12")
    assert 40 < clock.monotonic() <= 42


def test_the_client_only_adds_to_the_address(make: Make, server: Answering) -> None:
    seen: list[Seen] = server.seen
    server.otherwise = Reply(200, {})
    make(url=f"{server.url}/api/v2").get("/v2/orders/12")
    assert seen[0].path == "/api/v2/orders/12"
