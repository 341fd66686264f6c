"""Where the sandbox's webhooks arrive in the tests."""

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from npf.sandbox.server import Environ, StartResponse, status_line


@dataclass
class Letter:
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


class Inbox:
    """Where webhooks arrive; answers `status`, or the statuses of `answers` first."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.status = 200
        self.answers: list[int] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.came = threading.Event()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        headers = {
            name[5:].lower().replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")
        }
        self.letters.append(Letter(environ["PATH_INFO"], headers, environ["wsgi.input"].read()))
        self.meanwhile()
        start_response(status_line(self.answers.pop(0) if self.answers else self.status), [])
        self.came.set()
        return []

    def seen(self) -> list[tuple[str, int]]:
        return [(letter.json["scope"].rpartition("/")[2], letter.json["data"]["id"]) for letter in self.letters]
