"""What a webhook says, and which hooks an event concerns (facts 125-134; examples/webhook_payloads.json)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from npf.sandbox.bigcommerce.answers import to_json
from npf.sandbox.bigcommerce.catalogue import Catalogue

DELIVERY_EXCEPTION = "store/hook/deliveryException"


def scopes_of(scope: str, channel_id: int | None) -> list[str]:
    """The names that an event goes by: its own, and the narrower one of its channel (fact 129)."""
    if channel_id is None:
        return [scope]
    return [scope, f"store/channel/{channel_id}/{scope.removeprefix('store/')}"]


def covers(subscribed: str, scope: str) -> bool:
    """Whether a subscription takes an event: the same words; a last `*` takes all that follow, another `*` one word."""
    wanted, found = subscribed.split("/"), scope.split("/")
    if wanted[-1] == "*" and len(found) >= len(wanted):
        wanted, found = wanted[:-1], found[: len(wanted) - 1]
    return len(wanted) == len(found) and all(ours in (theirs, "*") for ours, theirs in zip(wanted, found, strict=True))


def stock_events(
    catalogue: Catalogue, location_id: int, key: tuple[str, int], absolute: bool, quantity: int
) -> list[tuple[str, dict[str, Any]]]:
    """What one change of stock tells: the level by tracking mode (facts 127, 128), and where it changed (fact 129)."""
    variant = catalogue.variants[key[1]] if key[0] == "variant" else None
    product_id = variant.product_id if variant else key[1]
    change: dict[str, Any] = {"product_id": product_id, "method": "absolute" if absolute else "relative"}
    change["value"] = quantity
    where: dict[str, Any] = {"product_id": product_id, "location_id": location_id}
    scope, told = "store/product/inventory/updated", {"type": "product", "id": product_id, "inventory": change}
    if variant is not None:
        change["variant_id"] = where["variant_id"] = variant.id
        scope, told = "store/sku/inventory/updated", {**told, "type": "sku", "id": variant.sku_id or variant.id}
    return [(scope, told), ("store/channel/*/inventory/product/stock_changed", where)]


def payload(store_hash: str, store_id: int, scope: str, data: Mapping[str, Any], now: int) -> bytes:
    """The body of a webhook: ids only, `hash` the SHA-1 of the rest, `created_at` in Unix seconds (facts 125, 132)."""
    content = {"scope": scope, "store_id": str(store_id), "data": dict(data)}
    rest = {"created_at": now, "producer": f"stores/{store_hash}"}
    digest = hashlib.sha1(to_json({**content, **rest}), usedforsecurity=False).hexdigest()
    return to_json({**content, "hash": digest, **rest})


def signature(secret: str, message_id: str, now: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks, keyed with the account's client secret (fact 134)."""
    signed = hmac.new(secret.encode(), f"{message_id}.{now}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
