"""Who asks, and where: an API account with its token, or a legacy account with its username and API key.

an API account     api.bigcommerce.com/stores/<hash>    X-Auth-Token             V2 and V3 (facts 1, 3)
a legacy account   the store's own host, /api           Authorization: Basic     V2 alone (facts 5, 6)
"""

import base64

from npf.bigcommerce.address import AN_API_ACCOUNT, api_base, legacy_name, legacy_url, store_path
from npf.core.errors import FixSettings

_AGAIN = "Copy it again from BigCommerce: Settings > API accounts. The token is shown only once, at creation."
_LEGACY_AGAIN = "Copy it again from the store's legacy API account in BigCommerce."


class Account:
    """`store_id` as pasted decides which it is. Raises FixSettings for what cannot be right; shows no secret.

    Of a legacy account `client_id` is the username and `access_token` the API key. `name` is the store hash, or a
    legacy account's domain. `base` and a path that begins with /v2/ or /v3/ make an address.
    """

    def __init__(self, store_id: str, access_token: str, client_id: str, api_url: str) -> None:
        url = legacy_url(store_id)
        self.legacy = bool(url)
        self._secrets: tuple[str, ...]
        again = _LEGACY_AGAIN if self.legacy else _AGAIN
        token = _header(access_token, "bigcommerce.access_token", again, needed=True)
        client_id = _header(client_id, "bigcommerce.client_id", again, needed=self.legacy)
        if self.legacy:
            if ":" in client_id:
                raise FixSettings("the username has a colon", parameter="bigcommerce.client_id", cure=again)
            self.name, self.base = legacy_name(url), url.removesuffix("/v2")
            basic = base64.b64encode(f"{client_id}:{token}".encode()).decode()
            self._headers = {"Authorization": f"Basic {basic}"}
            self._secrets = (basic, token)
        else:
            self.name = store_path(store_id)
            self.base = f"{api_base(api_url)}/stores/{self.name}"
            self._headers = {"X-Auth-Token": token} | ({"X-Auth-Client": client_id} if client_id else {})
            self._secrets = (token,)

    def __repr__(self) -> str:
        return f"Account({self.name!r})"

    def headers(self, what: str, path: str) -> dict[str, str]:
        """The credentials for a call. Raises FixSettings before anything is sent where this account cannot ask it."""
        if self.legacy and not path.startswith("/v2/"):
            raise FixSettings(
                f"{what}: a legacy account has no V3",
                parameter="bigcommerce.store_id",
                cure=f"To have it, {AN_API_ACCOUNT}.",
            )
        return dict(self._headers)

    def masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def masked_bytes(self, body: bytes) -> bytes:
        for secret in self._secrets:
            body = body.replace(secret.encode(), b"***")
        return body


def _header(value: str, parameter: str, again: str, *, needed: bool) -> str:
    """A value that can go into a header. The error never shows it: http libraries would, in theirs."""
    value = value.strip()
    if (needed and not value) or not (value.isascii() and value.isprintable() and " " not in value):
        trouble = "has characters that cannot be right" if value else "is missing"
        raise FixSettings(f"{parameter} {trouble}", parameter=parameter, cure=again)
    return value
