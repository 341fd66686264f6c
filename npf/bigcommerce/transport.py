"""One HTTP request and what became of it. Nothing here raises for what a network or a server does."""

import functools
import http.cookiejar
import importlib.metadata
from collections.abc import Mapping

import httpx2
import msgspec

from npf.core.clock import Clock

# A page of 250 orders has 1.5 MB; beyond this, and after this many seconds, an answer is given up.
MOST_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 300.0


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for `what` (method and path).

    `status` is 0 where no answer came. `lost` says in words why there is no whole answer; "" = there is one, and a
    success with a body is then JSON from end to end. `sent` is False where the request surely never left.
    """

    what: str
    write: bool
    status: int
    headers: Mapping[str, str]
    body: bytes
    lost: str = ""
    sent: bool = True


@functools.cache
def user_agent() -> str:
    """The name that every request bears (fact 4)."""
    try:
        return f"NPF-Connect/{importlib.metadata.version('npf-connect')}"
    except importlib.metadata.PackageNotFoundError:
        return "NPF-Connect/0"


def new_http(timeout: float = 30.0) -> httpx2.Client:
    """The HTTP client that all stores of a process share; `timeout` is in seconds of silence. Close it at the end.

    It keeps no cookies, reads no environment (proxies, netrc) and follows nothing.
    """
    # One client serves every store: a cookie of one must never go along with another.
    no_cookies = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    return httpx2.Client(
        http2=False,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(timeout, connect=min(10.0, timeout)),
        limits=httpx2.Limits(max_connections=100, max_keepalive_connections=32, keepalive_expiry=20.0),
        headers={"User-Agent": user_agent()},
        cookies=no_cookies,
    )


def ask_once(
    http_client: httpx2.Client,
    clock: Clock,
    *,
    method: str,
    url: str,
    what: str,
    params: Mapping[str, str | int],
    content: bytes | None,
    headers: Mapping[str, str],
) -> Answer:
    """Send one request and read its answer to the end. Never follows a redirect (fact 147), never tries again."""
    end = clock.monotonic() + MOST_SECONDS
    status, got, body, lost, sent = 0, httpx2.Headers(), bytearray(), "", True
    try:
        with http_client.stream(
            method, url, params=dict(params) or None, content=content, headers=dict(headers), follow_redirects=False
        ) as response:
            status, got = response.status_code, response.headers
            for part in response.iter_bytes():
                body += part
                if len(body) > MOST_BYTES or clock.monotonic() > end:
                    lost = "its answer is too long, or does not end"
                    break
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
        lost, sent = f"no connection ({_said(error)})", False
    except httpx2.TimeoutException as error:
        lost = f"no answer in time ({_said(error)})"
    except (httpx2.TransportError, httpx2.DecodingError) as error:
        lost = f"the answer broke off ({_said(error)})"
    write = method != "GET"
    whole = bytes(body)
    if not lost and 200 <= status < 300 and status not in (204, 205):
        lost = _trouble(whole, write)
    return Answer(what=what, write=write, status=status, headers=got, body=whole, lost=lost, sent=sent)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _trouble(body: bytes, write: bool) -> str:
    """What is wrong with the body of a success; "" = nothing."""
    if not body:
        # An empty list is 204 (fact 18). An empty 200 taken for it would hide orders; of a write the status is enough.
        return "" if write else "its answer is empty"
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (ValueError, RecursionError) as error:
        return f"its answer is no whole JSON ({error})"
    return ""
