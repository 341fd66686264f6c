"""A small HTTP server that gives the answers it was told to, in turn, and breaks off where it was told to."""

import contextlib
import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

TOKEN = "s3cr3tt0k3n0123456789abcdefxyz"


@dataclass
class Reply:
    """`how`: whole; cut = half the body, then the end; reset = the connection torn down before any answer; silent =
    no answer until the client gives up; closed = a body without a length, half of it."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    how: Literal["whole", "cut", "reset", "silent", "closed"] = "whole"

    @property
    def content(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Seen:
    method: str
    path: str
    query: dict[str, str]
    raw_query: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Answering:
    """The server: `replies` are given first, in turn, then `otherwise`; `seen` is what was asked."""

    def __init__(self) -> None:
        self.replies: deque[Reply] = deque()
        self.otherwise: Reply | Callable[[Seen], Reply] = Reply(404, [{"status": 404, "message": "not told"}])
        self.seen: list[Seen] = []
        self.over = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body are written apart: with Nagle every answer would wait 40 ms for an acknowledgement.
            disable_nagle_algorithm = True

            def log_message(self, *_: object) -> None: ...

            def handle(self) -> None:
                with contextlib.suppress(ConnectionError):
                    super().handle()

            def answer(self) -> None:
                owner.answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def tell(self, *replies: Reply) -> None:
        self.replies.extend(replies)

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        seen = Seen(
            method=handler.command,
            path=parts.path,
            query={key: values[0] for key, values in parse_qs(parts.query).items()},
            raw_query=parts.query,
            headers={key.lower(): value for key, value in handler.headers.items()},
            body=handler.rfile.read(int(handler.headers.get("Content-Length") or 0)),
        )
        self.seen.append(seen)
        reply = self.replies.popleft() if self.replies else self.otherwise
        self.give(handler, reply if isinstance(reply, Reply) else reply(seen))

    def give(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.how == "silent":
            self.over.wait(10)
        if reply.how in ("reset", "silent"):
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.close_connection = True
            handler.connection.close()
            return
        content = reply.content
        handler.send_response_only(reply.status)
        handler.send_header("Date", reply.headers.get("Date", formatdate(usegmt=True)))
        for name, value in reply.headers.items():
            if name != "Date":
                handler.send_header(name, value)
        if reply.how == "closed":
            handler.send_header("Connection", "close")
        elif reply.status != 204:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content if reply.how == "whole" else content[: len(content) // 2])
        handler.close_connection = reply.how != "whole"


def limits(left: int, *, quota: int = 150, reset: float = 15.0) -> dict[str, str]:
    """The four headers of every answer (fact 141); `reset` in seconds."""
    return {
        "X-Rate-Limit-Time-Window-Ms": "30000",
        "X-Rate-Limit-Time-Reset-Ms": str(int(reset * 1000)),
        "X-Rate-Limit-Requests-Quota": str(quota),
        "X-Rate-Limit-Requests-Left": str(left),
    }
