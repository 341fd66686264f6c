"""A sandbox at a real socket whose every exchange is kept, and one small store for each case."""

import io
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

from npf.sandbox.bigcommerce import Store, World, make_app
from npf.sandbox.server import Environ, StartResponse, WSGIApp, serve
from tests.contract.specs import Exchange

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

Drive = Callable[["Stage"], object]
Case = tuple[str, int, Drive]
"""(operation id, status that it must answer, what to do; the last request is the one that counts)."""


class Recorder:
    """A WSGI app around the sandbox that keeps what came in and what went out, by store hash."""

    def __init__(self, app: WSGIApp) -> None:
        self._app = app
        self._lock = threading.Lock()
        self.seen: dict[str, list[Exchange]] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        begun: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            begun[:] = [status, headers]
            return start_response(status, headers, *more)

        answer = b"".join(self._app(environ, begin))
        status, answered = begun
        exchange = Exchange(
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"],
            query=environ["QUERY_STRING"],
            headers=_headers(environ),
            body=body,
            status=int(status[:3]),
            answered={name.lower(): value for name, value in answered},
            answer=answer,
        )
        with self._lock:
            self.seen.setdefault(environ["PATH_INFO"].split("/")[2], []).append(exchange)
        return [answer]


def _headers(environ: Environ) -> dict[str, str]:
    found = {key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        found["content-type"] = environ["CONTENT_TYPE"]
    return found


class Stage:
    """One store with a mug (tracked as a whole), a tee in two sizes (tracked by variant) and one paid order."""

    def __init__(self, store: Store, connection: HTTPConnection) -> None:
        self.store = store
        self._connection = connection
        self.mug = store.add_product("MUG", 40, name="Mug")
        self.tee = store.add_product(
            "TEE", 30, name="Tee", options=[("TEE-S", (("Size", "S"),)), ("TEE-M", (("Size", "M"),))]
        )
        self.order = store.place_order([("MUG", 2), ("TEE-S", 1)], customer_id=7, fees=[("Packing", 250)])
        self.guest = store.place_order([("MUG", 1)])

    @property
    def lines(self) -> list[int]:
        """The order_product_ids of the order."""
        return [line.id for line in self.store.orders[self.order].lines]

    @property
    def address(self) -> int:
        """The order_address_id of the order."""
        return self.store.orders[self.order].addresses[0].id

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """Send a request; `path` begins with /v2 or /v3. Gives the JSON of the answer, None for an empty one."""
        headers = {"X-Auth-Token": token or f"token-{self.store.store_hash}", "Accept": "application/json"}
        raw = None
        if body is not None:
            raw = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        self._connection.request(method, f"/stores/{self.store.store_hash}{path}", raw, headers)
        answer = self._connection.getresponse().read()
        return json.loads(answer) if answer else None

    def get(self, path: str, token: str = "") -> Any:
        return self.ask("GET", path, token=token)

    def post(self, path: str, body: Any = None, token: str = "") -> Any:
        return self.ask("POST", path, body, token)

    def put(self, path: str, body: Any = None, token: str = "") -> Any:
        return self.ask("PUT", path, body, token)

    def delete(self, path: str) -> Any:
        return self.ask("DELETE", path)


class Theatre:
    """Gives a new stage for each case, all at one socket."""

    def __init__(self) -> None:
        self.world = World(seed=5, now=lambda: NOW, sleep=lambda seconds: None)
        self.recorder = Recorder(make_app(self.world))
        self.server = serve(self.recorder)
        self._connection = HTTPConnection("127.0.0.1", self.server.port, timeout=10)

    def stage(self, **switches: object) -> Stage:
        name = f"s{len(self.world.stores)}"
        return Stage(self.world.add_store(name, quota=None, new_fields=False, **switches), self._connection)

    def seen(self, stage: Stage) -> list[Exchange]:
        """The exchanges of a stage, oldest first."""
        return self.recorder.seen.get(stage.store.store_hash, [])

    def close(self) -> None:
        self._connection.close()
        self.server.close()


@contextmanager
def theatre() -> Iterator[Theatre]:
    opened = Theatre()
    try:
        yield opened
    finally:
        opened.close()
