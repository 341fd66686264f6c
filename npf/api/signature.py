"""BigCommerce's signature on an event, in the form of Standard Webhooks (fact 134). Pure."""

import base64
import hmac
from collections.abc import Mapping
from typing import Self

import msgspec


def sign(key: bytes, id: str, timestamp: str, body: bytes) -> str:
    """The signature of Standard Webhooks, version 1: HMAC-SHA256 over id, time and body, in base64."""
    signed = b".".join((id.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


class Signed(msgspec.Struct, frozen=True):
    """The three headers of a signed event."""

    id: str
    timestamp: str
    signatures: str

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> Self | None:
        """The signature in the headers, None where there is none."""
        values = [headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")]
        return cls(*values) if any(values) else None

    def fits(self, body: bytes, client_secret: str) -> bool:
        """Whether one of the signatures was made over this body with the client secret.

        The age is not judged. A retry comes up to 48 hours later (fact 135), and nothing says that it is signed anew;
        replaying an event costs one look, which whoever holds its header secret could have anyway.
        """
        offered = [text.partition(",")[2].encode() for text in self.signatures.split() if text.startswith("v1,")]
        made = [sign(key, self.id, self.timestamp, body).encode() for key in _keys(client_secret)]
        return any(hmac.compare_digest(one, other) for one in offered for other in made)


def _keys(client_secret: str) -> tuple[bytes, bytes]:
    # It is "made with the base64 of client_secret": libraries decode that first; whether BigCommerce does is not said.
    secret = client_secret.encode()
    return secret, base64.b64encode(secret)
