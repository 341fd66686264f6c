"""Serve any WSGI app on a real socket, in background threads, with HTTP/1.1 keep-alive.

    accept thread -> a daemon thread per connection -> read a request -> app(environ, start_response) -> answer

Written on plain sockets because faults need the raw one: `environ["sandbox.socket"]` is the client's socket,
and `reset`, `send_truncated` and `hang_up` below end an answer the way a bad network does. An app that has used
one of them returns `[]`; the server sees the closed socket and leaves the connection alone.
"""

import contextlib
import io
import os
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterable
from email.utils import formatdate
from http import HTTPStatus
from types import TracebackType
from typing import Any
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGIApp = Callable[[Environ, StartResponse], Iterable[bytes]]

MAX_HEADER_BYTES = 65_536
MAX_BODY_BYTES = 64 * 1024 * 1024


class BadRequest(Exception):
    """What the client sent is not HTTP that we read; the text is the answer's body, `status` its status."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def status_line(status: int) -> str:
    """`404` -> `404 Not Found`; a number that HTTP does not know keeps a plain word."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Status"


def reset(environ: Environ) -> None:
    """End the connection with a TCP reset (RST): the client sees ECONNRESET, with no answer."""
    sock: socket.socket = environ["sandbox.socket"]
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    _drop(sock)


def hang_up(environ: Environ) -> None:
    """End the connection cleanly (FIN) without an answer: the client sees "server disconnected"."""
    _drop(environ["sandbox.socket"])


def send_truncated(
    environ: Environ, status: int, headers: list[tuple[str, str]], body: bytes, keep: float = 0.5
) -> None:
    """Announce the whole body by Content-Length, send only the share `keep` of it, then close."""
    sock: socket.socket = environ["sandbox.socket"]
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    head = _head(status_line(status), [*kept, ("Content-Length", str(len(body)))], close=True)
    with contextlib.suppress(OSError):
        sock.sendall(head + body[: int(len(body) * keep)])
    _drop(sock)


class Server:
    """A WSGI app being served. Use as a context manager, or call `close()`.

    `app` may be any WSGI callable; it is called from many threads at once. Its whole answer is joined before it
    is sent, so that every answer bears a Content-Length. An exception of the app answers 500 with its traceback
    on standard error. Port 0 takes a free port. Raises OSError when the address is taken.
    """

    def __init__(self, app: WSGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app = app
        self._listener = socket.create_server((host, port), backlog=512)
        self.host = host
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._closing = threading.Lock()
        self._thread = threading.Thread(target=self._accept, name=f"sandbox:{self.port}", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    def close(self) -> None:
        """Stop listening and drop the open connections. May be called twice, from any thread; both wait for the end."""
        with self._closing:
            if not self._closed.is_set():
                self._closed.set()
                self._stop()

    def _stop(self) -> None:
        # A blocked accept() is not woken by closing the listener everywhere: a connection of our own does it.
        with contextlib.suppress(OSError):
            socket.create_connection((self.host, self.port), timeout=1).close()
        self._thread.join(timeout=5)
        self._listener.close()
        with self._lock:
            still_open = list(self._open)
        for sock in still_open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def wait(self) -> None:
        """Block until Ctrl-C or until `close()` is called from another thread; then close."""
        try:
            while not self._closed.wait(1.0):
                pass
        except KeyboardInterrupt:
            pass
        finally:
            self.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                sock, address = self._listener.accept()
            except OSError:
                if self._closed.is_set():
                    return
                # Out of file descriptors or an aborted connection: wait a moment, keep serving the others.
                self._closed.wait(0.05)
                continue
            if self._closed.is_set():
                sock.close()
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(sock)
            threading.Thread(target=self._converse, args=(sock, address), daemon=True).start()

    def _converse(self, sock: socket.socket, address: tuple[str, int]) -> None:
        """Answer the requests of one connection until either side is done with it."""
        stream = sock.makefile("rb")
        try:
            while not self._closed.is_set() and self._answer_one(sock, stream, address):
                pass
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(sock)
            with contextlib.suppress(OSError):
                stream.close()
            sock.close()

    def _answer_one(self, sock: socket.socket, stream: io.BufferedReader, address: tuple[str, int]) -> bool:
        """Read one request, answer it, and say whether the connection stays open."""
        try:
            environ = self._read_request(sock, stream, address)
        except BadRequest as error:
            body = str(error).encode()
            head = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
            sock.sendall(_head(status_line(error.status), head, close=True) + body)
            return False
        if environ is None:
            return False
        close = _wants_close(environ)
        status, headers, body = self._call(environ)
        if sock.fileno() == -1:
            return False
        bodiless = status.startswith(("204", "304", "1"))
        if not bodiless and not any(name.lower() == "content-length" for name, _ in headers):
            headers = [*headers, ("Content-Length", str(len(body)))]
        answer = _head(status, headers, close)
        if not bodiless and environ["REQUEST_METHOD"] != "HEAD":
            answer += body
        sock.sendall(answer)
        return not close

    def _call(self, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            started.append((status, headers))

        try:
            result = self._app(environ, start_response)
            body = result[0] if isinstance(result, list) and len(result) == 1 else b"".join(result)
            if (finish := getattr(result, "close", None)) is not None:
                finish()
        except Exception:
            # The border of the server: an error of the app must not end the connection's thread unseen.
            sys.excepthook(*sys.exc_info())
            return (
                "500 Internal Server Error",
                [("Content-Type", "text/plain")],
                b"The sandbox failed.",
            )
        status, headers = started[-1] if started else ("500 No Answer", [])
        return status, headers, body

    def _read_request(self, sock: socket.socket, stream: io.BufferedReader, address: tuple[str, int]) -> Environ | None:
        """The WSGI environ of the next request; None when the client has closed the connection."""
        line = stream.readline(MAX_HEADER_BYTES)
        while line in (b"\r\n", b"\n"):
            line = stream.readline(MAX_HEADER_BYTES)
        if not line:
            return None
        words = line.split()
        if len(words) != 3 or not words[2].startswith(b"HTTP/1."):
            raise BadRequest("This is not an HTTP/1 request.")
        method, target, protocol = (word.decode("latin-1") for word in words)
        path, _, query = target.partition("?")
        environ: Environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1") if "%" in path else path,
            "QUERY_STRING": query,
            "RAW_URI": target,
            "SERVER_NAME": self.host,
            "SERVER_PORT": str(self.port),
            "SERVER_PROTOCOL": protocol,
            "REMOTE_ADDR": address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "sandbox.socket": sock,
        }
        _read_headers(stream, environ)
        if environ.get("HTTP_EXPECT", "").lower() == "100-continue":
            sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = _read_body(stream, environ)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body)) if body else environ.get("CONTENT_LENGTH", "")
        return environ


def serve(app: WSGIApp, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Serve `app` in background threads and return at once; the socket already listens."""
    return Server(app, host, port)


def _drop(sock: socket.socket) -> None:
    # close() would wait for the reading file that shares the descriptor; the descriptor itself must go now.
    descriptor = sock.detach()
    if descriptor == -1:
        return
    with contextlib.suppress(OSError):
        os.close(descriptor) if os.name == "posix" else socket.close(descriptor)


def _head(status: str, headers: list[tuple[str, str]], close: bool) -> bytes:
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if not any(name.lower() == "date" for name, _ in headers):
        lines.append(f"Date: {formatdate(usegmt=True)}")
    lines.append("Connection: close" if close else "Connection: keep-alive")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _read_headers(stream: io.BufferedReader, environ: Environ) -> None:
    left = MAX_HEADER_BYTES
    while True:
        line = stream.readline(left + 1)
        left -= len(line)
        if left < 0:
            raise BadRequest("The headers are too large.", 431)
        if line in (b"\r\n", b"\n", b""):
            return
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest("A header line is malformed.")
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = "HTTP_" + key
        text = value.strip()
        environ[key] = f"{environ[key]},{text}" if key in environ else text


def _read_body(stream: io.BufferedReader, environ: Environ) -> bytes:
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return _read_chunks(stream)
    text = environ.get("CONTENT_LENGTH", "")
    if not text:
        return b""
    if not text.isdecimal():
        raise BadRequest("Content-Length is not a number.")
    length = int(text)
    if length > MAX_BODY_BYTES:
        raise BadRequest("The body is too large.", 413)
    body = stream.read(length)
    if len(body) < length:
        raise ConnectionAbortedError("the client closed before its body was complete")
    return body


def _read_chunks(stream: io.BufferedReader) -> bytes:
    parts: list[bytes] = []
    total = 0
    while True:
        try:
            size = int(stream.readline(1024).split(b";")[0], 16)
        except ValueError as error:
            raise BadRequest("A chunk has no size.") from error
        if size == 0:
            while stream.readline(MAX_HEADER_BYTES) not in (b"\r\n", b"\n", b""):
                pass
            return b"".join(parts)
        total += size
        if total > MAX_BODY_BYTES:
            raise BadRequest("The body is too large.", 413)
        parts.append(stream.read(size))
        stream.readline(16)


def _wants_close(environ: Environ) -> bool:
    wish = environ.get("HTTP_CONNECTION", "").lower()
    if environ["SERVER_PROTOCOL"] == "HTTP/1.0":
        return "keep-alive" not in wish
    return "close" in wish
