"""V3 webhooks: register, read, change, delete; the admin page (facts 121-124). Each account sees its own alone."""

from typing import Any
from urllib.parse import urlsplit

from npf.sandbox.bigcommerce.answers import Answer, Request, data, no_content, not_found, page_of, v3_error
from npf.sandbox.bigcommerce.events import DELIVERY_EXCEPTION
from npf.sandbox.bigcommerce.hooks import MOST_PER_SCOPE, Hook
from npf.sandbox.bigcommerce.router import Route
from npf.sandbox.origin import is_loopback


def list_hooks(request: Request) -> Answer:
    """GET /hooks, with the filters scope, destination, is_active."""
    found = [hook for hook in _own(request) if _passes(request, hook)]
    part, meta = page_of(request, found)
    return data([hook.body() for hook in part], meta)


def create_hook(request: Request) -> Answer:
    """POST /hooks: 200 (fact 121); a second identical one, and an eleventh of a scope, are refused (fact 122)."""
    body = _checked(request.body, required=True)
    hooks, client_id = request.store.hooks, request.account.client_id
    alike = [hook for hook in _own(request) if hook.scope == body["scope"]]
    if body["scope"] == DELIVERY_EXCEPTION:
        _check_exception_hook(_own(request), body["destination"])
    if any(hook.destination == body["destination"] for hook in alike):
        raise v3_error(422, "A webhook with this scope and destination already exists")
    if len(alike) >= MOST_PER_SCOPE:
        raise v3_error(422, f"At most {MOST_PER_SCOPE} webhooks of one scope are allowed")
    store = request.store
    hook = hooks.add(client_id, store.store_hash, body["scope"], body["destination"], store.seconds())
    _apply(hook, body)
    return data(hook.body())


def get_hook(request: Request) -> Answer:
    """GET /hooks/{id}."""
    return data(_named(request).body())


def put_hook(request: Request) -> Answer:
    """PUT /hooks/{id}: any of scope, destination, is_active, headers."""
    hook = _named(request)
    _apply(hook, _checked(request.body, required=False))
    hook.updated_at = request.store.seconds()
    return data(hook.body())


def delete_hook(request: Request) -> Answer:
    """DELETE /hooks/{id}: 200 with the hook (fact 123)."""
    hook = _named(request)
    del request.store.hooks.by_id[hook.id]
    return data(hook.body())


def get_admin(request: Request) -> Answer:
    """GET /hooks/admin: hooks, notification e-mails, blocked domains."""
    store, client_id = request.store, request.account.client_id
    hooks = [{**hook.body(), "status": "active" if hook.is_active else "inactive"} for hook in _own(request)]
    blocked = store.deliveries.blocked.bodies(client_id, store.world.moment())
    emails = store.hooks.emails.get(client_id, [])
    return data({"emails": emails, "hooks_list": hooks, "blocked_domains": blocked}, {"pagination": {}})


def put_admin(request: Request) -> Answer:
    """PUT /hooks/admin sets the notification e-mails: 204."""
    emails = request.body.get("emails") if isinstance(request.body, dict) else None
    if not isinstance(emails, list) or not all(isinstance(email, str) for email in emails):
        raise v3_error(422, "JSON data is missing or invalid", {"emails": "must be a list of addresses"})
    request.store.hooks.emails[request.account.client_id] = emails
    return no_content()


def _checked(body: Any, required: bool) -> dict[str, Any]:
    if not isinstance(body, dict) or not body:
        raise v3_error(422, "JSON data is missing or invalid")
    for name in ("scope", "destination"):
        if name not in body:
            if required:
                raise v3_error(422, "JSON data is missing or invalid", {name: "error.path.missing."})
        elif not isinstance(body[name], str) or not body[name]:
            raise v3_error(422, "JSON data is missing or invalid", {name: "error.expected.jsstring"})
    if "scope" in body and not body["scope"].startswith("store/"):
        raise v3_error(422, "JSON data is missing or invalid", {"scope": "is not a known event"})
    if "destination" in body and not _may_be_called(body["destination"]):
        raise v3_error(422, "JSON data is missing or invalid", {"destination": "must be https on port 443"})
    if not isinstance(body.get("headers") or {}, dict):
        raise v3_error(422, "JSON data is missing or invalid", {"headers": "must be an object"})
    return body


def _may_be_called(destination: str) -> bool:
    """https on port 443 (fact 121); plain http to this machine too, or nothing could be tried out here."""
    try:
        parts = urlsplit(destination)
        port = parts.port
    except ValueError:
        return False
    if is_loopback(destination):
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and bool(parts.hostname) and port in (None, 443)


def _check_exception_hook(others: list[Hook], destination: str) -> None:
    """One for deliveryExceptions per store and account, at a destination that no other hook has (fact 137)."""
    if any(hook.scope == DELIVERY_EXCEPTION for hook in others):
        raise v3_error(422, f"Only one webhook for {DELIVERY_EXCEPTION} is allowed")
    if any(hook.destination == destination for hook in others):
        raise v3_error(
            422, "JSON data is missing or invalid", {"destination": "must differ from the other webhooks' destinations"}
        )


def _own(request: Request) -> list[Hook]:
    """The hooks that the asking account may see, those idle for too long switched off."""
    request.store.hooks.rest(request.store.world.moment())
    return request.store.hooks.of(request.account.client_id)


def _apply(hook: Hook, body: dict[str, Any]) -> None:
    hook.scope = body.get("scope", hook.scope)
    hook.destination = body.get("destination", hook.destination)
    hook.is_active = bool(body.get("is_active", hook.is_active))
    hook.headers = body.get("headers", hook.headers)


def _passes(request: Request, hook: Hook) -> bool:
    query = request.query
    return (
        query.get("scope", hook.scope) == hook.scope
        and query.get("destination", hook.destination) == hook.destination
        and query.get("is_active", str(hook.is_active)).lower() == str(hook.is_active).lower()
    )


def _named(request: Request) -> Hook:
    hook = next((hook for hook in _own(request) if hook.id == request.ids[0]), None)
    if hook is None:
        raise not_found(request, f"Webhook with id [{request.ids[0]}] not found")
    return hook


ROUTES = [
    Route("GET", "/v3/hooks", list_hooks, None),
    Route("POST", "/v3/hooks", create_hook, None),
    Route("GET", "/v3/hooks/admin", get_admin, None),
    Route("PUT", "/v3/hooks/admin", put_admin, None),
    Route("GET", "/v3/hooks/{}", get_hook, None),
    Route("PUT", "/v3/hooks/{}", put_hook, None),
    Route("DELETE", "/v3/hooks/{}", delete_hook, None),
]
