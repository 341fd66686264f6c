import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from npf.sandbox.bigcommerce import Store, World, make_app
from npf.sandbox.server import serve
from tests.sandbox.bigcommerce.inbox import Inbox

EXAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "bigcommerce" / "examples"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


class Client:
    """One keep-alive connection with one token."""

    def __init__(self, port: int, store_hash: str = "demo1", token: str = "token-demo1") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.base = f"/stores/{store_hash}"
        self.headers = {"X-Auth-Token": token, "Accept": "application/json"}

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Reply:
        sent = {**self.headers, **(headers or {})}
        raw = None
        if body is not None:
            raw = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        base = "" if path.startswith("/_sandbox") or path == "/" else self.base
        try:
            self.connection.request(method, base + path, raw, sent)
            answer = self.connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise

    def get(self, path: str, **query: Any) -> Reply:
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: Any = None) -> Reply:
        return self.ask("POST", path, body)

    def put(self, path: str, body: Any = None) -> Reply:
        return self.ask("PUT", path, body)

    def delete(self, path: str) -> Reply:
        return self.ask("DELETE", path)


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 2, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(now=clock, sleep=clock.pass_)


@pytest.fixture
def store(world: World) -> Store:
    return world.add_store("demo1", quota=None, new_fields=False)


@pytest.fixture
def port(world: World) -> Iterator[int]:
    with serve(make_app(world)) as server:
        yield server.port


@pytest.fixture
def bc(port: int, store: Store) -> Iterator[Client]:
    client = Client(port)
    yield client
    client.connection.close()


@pytest.fixture
def connect(port: int) -> Any:
    def make(store_hash: str = "demo1", token: str = "token-demo1") -> Client:
        return Client(port, store_hash, token)

    return make


@pytest.fixture
def example() -> Any:
    def read(name: str) -> Any:
        if not EXAMPLES.is_dir():
            pytest.skip(f"the examples are not here: {EXAMPLES}")
        return json.loads((EXAMPLES / name).read_text())

    return read


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def url(inbox: Inbox) -> Iterator[str]:
    with serve(inbox) as server:
        yield server.url


@pytest.fixture
def hook(bc: Any, url: str) -> Any:
    """Registers a webhook and gives its id."""

    def register(scope: str = "store/order/created", path: str = "/in", **more: Any) -> int:
        made = bc.post("/v3/hooks", {"scope": scope, "destination": url + path, **more})
        assert made.status == 200, made.body
        return made.json["data"]["id"]

    return register
