import http.client
import socket
import threading
from collections.abc import Iterable, Iterator

import pytest

from npf.sandbox.server import Environ, Server, StartResponse, hang_up, reset, send_truncated, serve


def app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/reset":
        reset(environ)
        return []
    if path == "/hang-up":
        hang_up(environ)
        return []
    if path == "/cut":
        send_truncated(environ, 200, [("Content-Type", "text/plain")], b"x" * 1000)
        return []
    if path == "/fail":
        raise RuntimeError("a fault of the app")
    if path == "/nothing":
        start_response("204 No Content", [])
        return []
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Client", environ["REMOTE_ADDR"])])
    return [path.encode("latin-1"), b" ", environ["QUERY_STRING"].encode(), b" ", body]


def ask(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/")
    connection.getresponse()


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(app) as server:
        yield server


@pytest.fixture
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    yield connection
    connection.close()


def test_it_keeps_a_connection_over_many_requests(connection: http.client.HTTPConnection) -> None:
    seen = set()
    for at in range(5):
        connection.request("GET", f"/a%20b?n={at}")
        answer = connection.getresponse()
        assert answer.read() == f"/a b n={at} ".encode()
        assert answer.headers["Date"]
        seen.add(id(connection.sock))
    assert len(seen) == 1


def test_it_reads_bodies_with_a_length_and_in_chunks(connection: http.client.HTTPConnection) -> None:
    connection.request("POST", "/", b"hello")
    assert connection.getresponse().read() == b"/  hello"
    connection.request("POST", "/", iter([b"hel", b"lo again"]), {"Transfer-Encoding": "chunked"}, encode_chunked=True)
    assert connection.getresponse().read() == b"/  hello again"


def test_it_sends_no_body_with_204_and_to_head(connection: http.client.HTTPConnection) -> None:
    for method, path in (("GET", "/nothing"), ("HEAD", "/x"), ("GET", "/nothing")):
        connection.request(method, path)
        assert connection.getresponse().read() == b""


def test_a_reset_is_seen_as_a_reset(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/reset")
    with pytest.raises(ConnectionResetError):
        connection.getresponse()


def test_a_hang_up_is_seen_as_a_lost_connection(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/hang-up")
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()


def test_a_truncated_body_is_shorter_than_announced(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/cut")
    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead) as caught:
        answer.read()
    assert len(caught.value.partial) == 500


def test_an_error_of_the_app_answers_500_and_the_server_goes_on(
    connection: http.client.HTTPConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    connection.request("GET", "/fail")
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 500
    assert "a fault of the app" in capsys.readouterr().err
    connection.request("GET", "/again")
    assert connection.getresponse().status == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: two\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
    ],
)
def test_what_is_not_http_is_refused(server: Server, sent: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as sock:
        sock.sendall(sent)
        assert sock.recv(4096).split()[1] == status


def test_it_answers_many_connections_at_once(server: Server) -> None:
    statuses: list[int] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        for at in range(20):
            connection.request("GET", f"/{at}")
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 240


def test_closing_frees_the_port_and_drops_open_connections() -> None:
    server = serve(app)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/")
    connection.getresponse().read()
    server.close()
    server.close()
    connection.auto_open = 0
    with pytest.raises((OSError, http.client.HTTPException)):
        ask(connection)
    with serve(app, port=server.port) as again:
        assert again.url == f"http://127.0.0.1:{server.port}"


def test_waiting_ends_when_another_thread_closes() -> None:
    server = serve(app)
    threading.Timer(0.05, server.close).start()
    server.wait()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=1)
