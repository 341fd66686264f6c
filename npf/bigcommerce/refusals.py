"""What an answer of BigCommerce means for the caller: its status and its words become one of the four errors.

3xx                  FixSettings bigcommerce.api_url     never followed: the token would go along (fact 147);
                     of a legacy account store_id, which is its address (fact 6)
401 403              FixSettings bigcommerce.access_token
423 507              TryLater, in an hour                (fact 144)
404 and other 4xx    Refused, a GiveUp with BigCommerce's words
429 408 5xx          the client's own: it waits, tries again, or says TryLater
"""

import re
from typing import Any

import msgspec

from npf.bigcommerce.address import AN_API_ACCOUNT
from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater

HOUR = 3600.0

# Control panel names of the scopes, by the beginning of the path (fact 10); the first that fits counts.
_SCOPES = [
    (r"/v3/orders/.*(transactions|refund)", "Order Transactions: read-only"),
    (r"/v[23]/order", "Orders: modify"),
    (r"/v3/inventory/locations(\?|$)", "Store Locations: read-only"),
    (r"/v3/inventory", "Store Inventory: modify"),
    (r"/v[23]/(catalog|products)", "Products: modify"),
    (r"/v[23]/customers", "Customers: read-only"),
    (r"/v2/(store|time)|/v3/settings", "Information & Settings: read-only"),
    (r"/v3/channels", "Channel Settings: read-only"),
]

_CODES = {404: "not_found", 410: "not_found", 409: "conflict", 413: "too_large", 414: "too_large", 422: "invalid"}


class Refused(GiveUp):
    """BigCommerce said no and will say it again. `status` is the HTTP status, `body` what it answered.

    `code` is not_found, conflict, too_large, invalid or refused.
    """

    def __init__(self, message: str, *, status: int, body: bytes = b"", field: str = "") -> None:
        super().__init__(message, code=_CODES.get(status, "refused"), field=field)
        self.status = status
        self.body = body


class RefusedItems(Refused):
    """A batch that was refused, whole or in part. `variant_ids` and `product_ids` are those that BigCommerce named.

    Neither names any where BigCommerce did not: take the whole batch for refused (fact 98).
    """

    def __init__(self, refusal: Refused, *, variant_ids: set[int], product_ids: set[int]) -> None:
        super().__init__(str(refusal), status=refusal.status, body=refusal.body, field=refusal.field)
        self.variant_ids = frozenset(variant_ids)
        self.product_ids = frozenset(product_ids)


def scope_for(path: str) -> str:
    """The control panel's name of the scope that guards `path` (fact 10); "" where none is known."""
    return next((name for pattern, name in _SCOPES if re.match(pattern, path)), "")


def words_of(body: bytes, limit: int = 500) -> str:
    """BigCommerce's own words out of an error's body, in whichever shape they come (facts 13, 14, 20, 21)."""
    try:
        found = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        text = body[:20_000].decode("utf-8", "replace")
        found = re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", text, flags=re.S | re.I)
    words = " ".join("; ".join(dict.fromkeys(filter(None, _words(found)))).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _words(found: Any) -> list[str]:
    if isinstance(found, list):
        return [word for one in found for word in _words(one)]
    if not isinstance(found, dict):
        return [] if found is None else [str(found)]
    words = [str(found[key]) for key in ("title", "message", "error", "detail") if found.get(key)]
    errors = found.get("errors")
    if isinstance(errors, dict):
        words += [f"{key}: {value}" for key, value in errors.items()]
    else:
        words += _words(errors)
    if isinstance(found.get("details"), dict):
        words += [f"{key}: {value}" for key, value in found["details"].items()]
    return words + _words(found.get("batch_errors"))


def _field_of(words: str, body: bytes) -> str:
    """The field that BigCommerce named, where it named one."""
    quoted = re.search(r"field '([\w.]+)'", words, re.I)
    if quoted:
        return quoted[1]
    try:
        errors = msgspec.json.decode(body, type=dict[str, Any]).get("errors")
    except (ValueError, RecursionError):
        return ""
    return str(next(iter(errors))) if isinstance(errors, dict) and errors else ""


def verdict(
    what: str,
    path: str,
    status: int,
    words: str,
    body: bytes = b"",
    location: str = "",
    *,
    legacy: bool = False,
) -> NpfError:
    """The error for an answer that is neither a success nor one that the client tries again.

    `what` is the method and path, for the message; `path` decides the scope; `words` bear no secret any more. `legacy`:
    a legacy account asked.
    """
    said = f"{what}: BigCommerce answered {status}" + (f": {words}" if words else "")
    if legacy and (300 <= status < 400 or status in (401, 403)):
        return _of_legacy(said, status, location)
    if 300 <= status < 400:
        return FixSettings(
            f"{said}: it points to {location or 'another address'}, which is not followed",
            parameter="bigcommerce.api_url",
            cure="Set bigcommerce.api_url to https://api.bigcommerce.com, and check bigcommerce.store_id.",
        )
    if status == 401:
        return FixSettings(
            said,
            parameter="bigcommerce.access_token",
            cure="The token is wrong, was revoked, or belongs to another store. In BigCommerce: Settings > API "
            "accounts > Create API account; copy its token at once, it is shown only once. Check the store id too.",
        )
    if status == 403:
        scope = scope_for(path)
        missing = f"the scope '{scope}'" if scope else "the scope for this"
        return FixSettings(
            f"{said} (probably {missing} is missing)",
            parameter="bigcommerce.access_token",
            cure=f"In BigCommerce: Settings > API accounts > Create API account with {missing} (the scopes of a token "
            "cannot be changed later), then set its token. Check bigcommerce.store_id too.",
        )
    if status in (423, 507):
        return TryLater(said, delay=HOUR)
    return Refused(said, status=status, body=body, field=_field_of(words, body))


def _of_legacy(said: str, status: int, location: str) -> FixSettings:
    """A legacy account that was sent elsewhere, or not let in: a store that moved to or from www loses it (fact 6)."""
    if status < 400:
        return FixSettings(
            f"{said}: it points to {location or 'another address'}, which is not followed",
            parameter="bigcommerce.store_id",
            cure="The store's address has moved. Set bigcommerce.store_id to the address it points to, up to /api/v2/: "
            "mostly the same with www, without it, or with https.",
        )
    return FixSettings(
        said,
        parameter="bigcommerce.access_token",
        cure="The username (bigcommerce.client_id) or the API key (bigcommerce.access_token) of the legacy account is "
        "wrong, or the store's address (bigcommerce.store_id) leads elsewhere: try it with www, or without. No new "
        f"legacy accounts are given out; where this one is gone, {AN_API_ACCOUNT}.",
    )
