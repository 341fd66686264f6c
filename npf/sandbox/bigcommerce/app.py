"""The WSGI app: from a request to an answer.

store -> token -> fault -> quota -> types -> route -> scope -> body -> the work -> headers, log -> fault
"""

import json
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from npf.sandbox.bigcommerce import legacy
from npf.sandbox.bigcommerce.answers import Answer, Refusal, Request, ok, v2_error, v3_error
from npf.sandbox.bigcommerce.api import all_routes
from npf.sandbox.bigcommerce.control import control
from npf.sandbox.bigcommerce.legacy import Legacy
from npf.sandbox.bigcommerce.log import WRITES, Entry
from npf.sandbox.bigcommerce.page import page
from npf.sandbox.bigcommerce.quota import Quota
from npf.sandbox.bigcommerce.router import Router
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.switches import Account
from npf.sandbox.bigcommerce.world import World
from npf.sandbox.faults import Fault, after_work, before_work, status_afterwards, status_instead
from npf.sandbox.origin import is_own
from npf.sandbox.server import Environ, StartResponse, WSGIApp, status_line

_UNAUTHORIZED = (
    "Unauthorized - the v3 Auth client ID or token in the request are not a valid combination for this store."
)
_NO_SCOPE = "You don't have a required scope to access the endpoint"
_OLD_TYPE = "/api-docs/getting-started/api-status-codes"
_TITLES = {
    429: "Too many requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def make_app(world: World) -> WSGIApp:
    """BigCommerce at `/stores/{hash}/v2|v3/…`, the test's side door at `/_sandbox/…`, pages for people at `/`.

    A store with a legacy account also at `/store-{hash}/api/v2/…`.
    """
    router = Router(all_routes())

    def app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path.startswith("/stores/"):
            _, _, store_hash, rest = path.split("/", 3) if path.count("/") > 2 else ("", "", path[8:], "")
            return _answer_api(world, router, store_hash, f"/{rest}", None, environ, start_response)
        store_hash, rest = legacy.parted(path)
        if store_hash in world.stores and (account := world.stores[store_hash].legacy) is not None:
            return _answer_api(world, router, store_hash, rest, account, environ, start_response)
        if environ["REQUEST_METHOD"] in WRITES and not is_own(environ):
            answer = ok({"error": "refused: the request comes from another site"}, 403)
        elif path == "/_sandbox" or path.startswith("/_sandbox/"):
            answer = control(world, path, environ)
        elif path == "/" or path == "/page" or path.startswith("/page/"):
            answer = page(world, path, environ)
        else:
            answer = ok({"status": 404, "title": "Not found"}, 404)
        start_response(status_line(answer.status), _headers(world, answer))
        return [answer.body]

    return app


def _answer_api(
    world: World,
    router: Router,
    store_hash: str,
    path: str,
    old: Legacy | None,
    environ: Environ,
    start_response: StartResponse,
) -> Iterable[bytes]:
    """`path` from /v2 or /v3 on; `old` is the store's legacy account where its own host was asked."""
    if not world.api_url:
        world.api_url = f"http://{environ.get('HTTP_HOST', 'localhost')}"
    store = world.stores.get(store_hash)
    if store is None:
        answer = _unknown_store(world)
        start_response(status_line(answer.status), _headers(world, answer))
        return [answer.body]
    method: str = environ["REQUEST_METHOD"]
    body, unreadable = _body(environ)
    entry = Entry(world.now(), method, path, environ["QUERY_STRING"], 0, body if method in WRITES else None)
    # Before the work and before any fault: who sees a reset may look at the log at once.
    store.log.add(entry)
    fault: Fault | None = None
    counted = old or store.quota
    quota: list[tuple[str, str]] = []
    try:
        account = _account(store, environ, old)
        fault = store.faults.draw(method, path)
        if fault is not None:
            entry.fault = fault.kind
        if before_work(fault, environ, world.sleep):
            return []
        quota = _take_quota(counted, fault)
        _check_types(path, method, environ, unreadable)
        answer = _work(router, store, account, path, environ, body, fault)
        entry.status = answer.status
    except Refusal as refusal:
        answer = refusal.answer
        entry.status = answer.status
        if fault is not None and fault.kind == "429-bare":
            quota = []
        elif not quota and answer.status != 401:
            quota = counted.headers()
    if (late := status_afterwards(fault)) is not None:
        answer = _server_error(late)
    headers = _headers(world, answer) + quota
    if after_work(fault, environ, answer.status, headers, answer.body):
        return []
    start_response(status_line(answer.status), headers)
    return [answer.body]


def _work(
    router: Router, store: Store, account: Account, path: str, environ: Environ, body: Any, fault: Fault | None
) -> Answer:
    method: str = environ["REQUEST_METHOD"]
    v2 = path.startswith("/v2")
    if not v2 and path.endswith("/"):
        raise v3_error(403, "Authentication Required", type_="https://developer.bigcommerce.com/api#api-status-codes")
    routes, ids = router.find(path.rstrip("/"))
    if not routes:
        message = "The requested resource was not found."
        raise v2_error(404, message) if v2 else v3_error(404, message)
    route = routes.get(method)
    if route is None:
        message = f"The {method} method is not allowed for this resource."
        raise v2_error(405, message) if v2 else v3_error(405, message)
    if not route.allows(account.scopes):
        raise v3_error(403, _NO_SCOPE)
    query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
    with store.lock:
        book = store.book
        if fault is not None and fault.kind == "stale":
            book = book.as_of(store.seconds() - int(fault.seconds))
        return route.endpoint(
            Request(method, path, query, body, store, account, book, ids, fault.kind if fault else "")
        )


def _unknown_store(world: World) -> Answer:
    return v3_error(world.unknown_store, "Unauthorized Access. You do not have permission to make this request.").answer


def _account(store: Store, environ: Environ, old: Legacy | None) -> Account:
    if store.switches.suspended:
        raise Refusal(_server_error(503))
    if old is not None:
        return old.account(environ)
    account = store.accounts.get(environ.get("HTTP_X_AUTH_TOKEN", ""))
    if account is None:
        raise v3_error(401, _UNAUTHORIZED, type_=_OLD_TYPE)
    return account


def _take_quota(counted: Quota | Legacy, fault: Fault | None) -> list[tuple[str, str]]:
    """Use one request and give the headers. Raises Refusal 429 when there is none, or what the fault answers."""
    taken = counted.take()
    if (status := status_instead(fault)) is not None:
        raise Refusal(Answer(429) if fault and fault.kind == "429-bare" else _server_error(status))
    if not taken:
        refusal = _server_error(429)
        refusal.headers.append(("X-Retry-After", str(counted.retry_after())))
        raise Refusal(refusal)
    return counted.headers()


def _server_error(status: int) -> Answer:
    return v3_error(status, _TITLES.get(status, "Error"), type_=_OLD_TYPE).answer


def _body(environ: Environ) -> tuple[Any, bool]:
    """(the parsed body, whether there was one that cannot be parsed)."""
    raw: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if not raw:
        return None, False
    try:
        return json.loads(raw), False
    except ValueError:
        return None, True


def _check_types(path: str, method: str, environ: Environ, unreadable: bool) -> None:
    """406 for an Accept that leaves JSON out, 415 for a body of another type, 400 for JSON that is none (fact 2)."""
    error = v2_error if path.startswith("/v2") else v3_error
    accept = environ.get("HTTP_ACCEPT", "")
    if "application/json" not in accept and "*/*" not in accept and "application/*" not in accept:
        raise error(406, "The Accept header must be application/json.")
    has_body = environ.get("CONTENT_LENGTH") not in ("", "0", None)
    if method in ("POST", "PUT") and has_body:
        if not environ.get("CONTENT_TYPE", "").lower().startswith("application/json"):
            raise error(415, "The Content-Type header must be application/json.")
        if unreadable:
            raise error(400, "Input is invalid: the body is not JSON.")


@lru_cache(maxsize=16)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


def _headers(world: World, answer: Answer) -> list[tuple[str, str]]:
    headers = [("Date", _date(int(world.moment())))]
    if answer.status != 204 and answer.body:
        headers.append(("Content-Type", answer.content_type))
    return headers + answer.headers
