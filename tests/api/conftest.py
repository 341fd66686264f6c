"""The inbox on a real socket, and a store whose webhook points to it."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from npf.bigcommerce.client import SECRET_HEADER
from npf.hooks import keep
from npf.hooks.models import Hook
from tests.connected import Connected

# An event as BigCommerce sends it: examples/webhook_payloads.json.
Post = Callable[..., httpx2.Response]


def event(number: int = 250, scope: str = "store/order/updated", **more: Any) -> dict[str, Any]:
    return {
        "scope": scope,
        "store_id": "1025646",
        "data": {"type": "order", "id": number},
        "hash": "6bd1a0b1a2a5b3c7e1c1b2b8f0d1b27c5e3a9d11",
        "created_at": 1561479337,
        "producer": "stores/abc123",
    } | more


@pytest.fixture
def base(live_server: LiveServer, settings: Settings) -> str:
    """The address under which this NPF Connect is reached."""
    settings.NPF_PUBLIC_URL = live_server.url.replace("localhost", "127.0.0.1")
    return str(settings.NPF_PUBLIC_URL)


@pytest.fixture
def http() -> Iterator[httpx2.Client]:
    with httpx2.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def shop(base: str, shop: Connected) -> Connected:
    """A connected store with its webhook registered."""
    keep.tend(shop.store, shop.outside, "test")
    return shop


@pytest.fixture
def secret(shop: Connected) -> str:
    return Hook.objects.get(store=shop.store).secret


@pytest.fixture
def post(http: httpx2.Client, shop: Connected) -> Post:
    """Send an event as the registered webhook says: to its destination, with its headers."""

    def send(body: Any = None, **headers: str) -> httpx2.Response:
        (hook,) = shop.bc.hooks.by_id.values()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {"content": body} if isinstance(body, bytes) else {"json": event() if body is None else body}
        return http.post(hook.destination, headers={**(hook.headers or {}), **named}, **content)

    return send


__all__ = ["SECRET_HEADER", "Post", "event"]
