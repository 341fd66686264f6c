"""Webhooks: listed, made, mended, deleted (facts 121-124; openapi webhooks.v3.yml).

Each bears a secret of ours in a header, which BigCommerce sends back with every event (fact 134).
"""

import msgspec

from npf.bigcommerce.client import SECRET_HEADER, BigCommerce
from npf.bigcommerce.pages import every_v3, one
from npf.bigcommerce.refusals import Refused
from npf.bigcommerce.tolerant import Flag, Id, Text, Whole, record

# Every event of an order: created, updated, archived, its status, refunds (webhooks.v3.yml: store_order_wildcard).
ORDERS = "store/order/*"


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook as BigCommerce keeps it. `headers` are sent with each event."""

    id: Id
    scope: Text = ""
    destination: Text = ""
    is_active: Flag = False
    headers: dict[str, Text] | None = None

    @property
    def secret(self) -> str:
        """What it sends as our secret; "" where it bears none. Names of headers come back in any case (fact 4)."""
        named = {name.lower(): value for name, value in (self.headers or {}).items()}
        return named.get(SECRET_HEADER.lower(), "")


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why deliveries failed, and how often."""

    failure_description: Text = ""
    count: Whole = 0


class Blocked(msgspec.Struct, frozen=True, kw_only=True):
    """A domain that BigCommerce sends nothing to for another `time_left` seconds (facts 123, 136)."""

    destination: Text = ""
    time_left: Whole = 0
    reasons: list[Reason] | None = None


class _One(msgspec.Struct):
    data: Hook


class _Admin(msgspec.Struct):
    blocked_domains: list[Blocked] | None = None


class _AdminAnswer(msgspec.Struct):
    data: _Admin


def every(client: BigCommerce) -> list[Hook]:
    """All webhooks of the token's API account; those of other accounts are never shown (fact 123)."""
    return [record(row, Hook, what="webhook") for row in every_v3(client, "/v3/hooks")]


def create(client: BigCommerce, *, scope: str, destination: str, secret: str) -> Hook:
    """Make a webhook; it works within a minute (fact 121).

    Raises Refused where one of this scope and destination is there already (fact 122), and TryLater(unclear=True) for a
    lost answer: then look with `every` before making another.
    """
    body = {"scope": scope, "destination": destination, "is_active": True, "headers": {SECRET_HEADER: secret}}
    return one(client.post("/v3/hooks", body=body), _One).data


def mend(client: BigCommerce, hook_id: int, *, secret: str) -> Hook:
    """Turn a webhook on again and give it our secret. Doing it twice does no harm."""
    body = {"is_active": True, "headers": {SECRET_HEADER: secret}}
    return one(client.put(f"/v3/hooks/{hook_id}", body=body), _One).data


def delete(client: BigCommerce, hook_id: int) -> None:
    """Delete a webhook; one that is gone already is no error."""
    try:
        client.delete(f"/v3/hooks/{hook_id}")
    except Refused as refusal:
        if refusal.code != "not_found":
            raise


def blocked(client: BigCommerce) -> list[Blocked]:
    """The domains that BigCommerce sends nothing to now."""
    return one(client.get("/v3/hooks/admin"), _AdminAnswer).data.blocked_domains or []
