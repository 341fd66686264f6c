"""HTTP to FM and the SOAP envelope around its answers: bytes in, bytes out, every failure a TryLater.

not sent at all (no connection)                  TryLater
sent, no whole answer (timeout, reset, too big)  TryLater, unclear
a whole answer                                   Reply, whatever its status
"""

import ssl
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3
from requests.adapters import HTTPAdapter

from npf.core.clock import Clock
from npf.core.errors import TryLater
from npf.fm.markup import Unreadable, all_text, children, local_name, parse, text_of

_LARGEST = 32 * 1024 * 1024
_CHUNK = 64 * 1024


class Reply:
    """A whole HTTP answer: `status`, `content`, and `retry_after` in seconds where the server names it."""

    def __init__(self, status: int, content: bytes, retry_after: float | None) -> None:
        self.status = status
        self.content = content
        self.retry_after = retry_after


def new_session(*, direct: bool = False, pool: int = 16) -> requests.Session:
    """A session that several threads may use at once: it keeps connections, and nothing else (no cookies).

    `direct` = past any proxy that the environment names.
    """
    session = requests.Session()
    session.trust_env = not direct
    adapter = HTTPAdapter(pool_connections=pool, pool_maxsize=pool)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


class Wire:
    """Requests to the addresses it is given and to no other: redirects are answers, not followed.

    `timeout` is for the whole answer, in seconds; connecting has at most 10 of them.
    """

    def __init__(self, session: requests.Session, clock: Clock, timeout: float) -> None:
        self._session = session
        self._clock = clock
        self._timeout = timeout

    def close(self) -> None:
        self._session.close()

    def get(self, url: str) -> Reply:
        return self._request("GET", url, None, {})

    def post(self, url: str, body: bytes, action: str) -> Reply:
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
        return self._request("POST", url, body, headers)

    def _request(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        limits = (min(10.0, self._timeout), self._timeout)
        give_up_at = self._clock.monotonic() + self._timeout
        headers = {"User-Agent": "npf-connect", **headers}
        try:
            with self._session.request(
                method, url, data=body, headers=headers, timeout=limits, stream=True, allow_redirects=False
            ) as response:
                content = self._content(response, give_up_at)
                return Reply(response.status_code, content, _seconds(response.headers.get("Retry-After")))
        except requests.RequestException as error:
            if _never_sent(error):
                raise TryLater(f"FM cannot be reached at {_host(url)}: {_reason(error)}") from None
            raise TryLater(f"FM gave no answer: {_reason(error)}", unclear=True) from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise TryLater(f"FM's answer broke off: {_reason(error)}", unclear=True) from None

    def _content(self, response: requests.Response, give_up_at: float) -> bytes:
        # A read timeout of requests starts again with every byte; a dribbling server must not hold a worker.
        parts, size = [], 0
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            parts.append(chunk)
            size += len(chunk)
            if size > _LARGEST:
                raise TryLater("FM's answer is larger than any answer can be", unclear=True)
            if self._clock.monotonic() > give_up_at:
                raise TryLater(f"FM did not finish its answer in {self._timeout:g} s", unclear=True)
        return b"".join(parts)


class Fault(TryLater):
    """A SOAP fault in place of an answer."""


def _not_soap(reply: Reply) -> Unreadable:
    return Unreadable(f"FM answered HTTP {reply.status} with no SOAP answer", delay=reply.retry_after)


def inner_document(reply: Reply) -> str:
    """The one string in an rpc answer. Raises Fault, or Unreadable for anything that is no envelope.

    nuSOAP sends a fault with HTTP 500 or with 200 (envelopes/README.md), so the status decides nothing where there
    is an envelope.
    """
    try:
        root = parse(decoded(reply.content), ("Envelope",))
    except Unreadable:
        raise _not_soap(reply) from None
    body = next(iter(children(root, "Body")), None)
    wrapper = next((node for node in (body if body is not None else ()) if local_name(node)), None)
    if wrapper is None:
        raise _not_soap(reply)
    if local_name(wrapper) == "Fault":
        raise Fault(f"FM's web service has a fault: {text_of(wrapper, 'faultstring')}", delay=reply.retry_after)
    if reply.status != 200:
        raise _not_soap(reply)
    part = next(iter(wrapper), None)
    text = all_text(part) if part is not None else ""
    if not text.strip():
        raise Unreadable("FM's answer is empty")
    return text


def decoded(content: bytes) -> str:
    """The bytes as they declare themselves; ISO-8859-1, which can always be read, where that fails."""
    if b"iso-8859-1" in content[:200].lower():
        return content.decode("latin-1")
    try:
        return content.decode("utf-8-sig")
    except UnicodeError:
        return content.decode("latin-1")


def _never_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, urllib3.exceptions.SSLError):
        return isinstance(reason.args[0] if reason.args else None, ssl.SSLCertVerificationError)
    return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)


def _reason(error: Exception) -> str:
    """What went wrong, in one line without addresses of objects."""
    inner = error.args[0] if error.args else error
    inner = getattr(inner, "reason", None) or inner
    text = str(inner.args[-1]) if isinstance(inner, Exception) and inner.args else str(inner)
    return " ".join(text.split())[:200] or type(error).__name__


def _host(url: str) -> str:
    return urllib3.util.parse_url(url).netloc or url


def is_loopback(url: str) -> bool:
    host = urllib3.util.parse_url(url).host or ""
    return host in ("localhost", "[::1]") or host.startswith("127.")


def _seconds(retry_after: str | None) -> float | None:
    # The form with a date is not worth a clock: the caller's own schedule does.
    return float(retry_after) if retry_after and retry_after.strip().isdecimal() else None
