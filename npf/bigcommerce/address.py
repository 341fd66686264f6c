"""Where a store is: the store hash and the API's address, as people paste them."""

import re
from urllib.parse import urlsplit

from npf.core.errors import FixSettings

_HASH = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_OWN_HOST = r"store-([a-z0-9]+)(?:-\d+)?\.mybigcommerce\.com"
_HERE = ("127.0.0.1", "localhost", "[::1]")

AN_API_ACCOUNT = (
    "make an API account in BigCommerce (Settings > API accounts > Create V2/V3 API token) and set its API path as "
    "bigcommerce.store_id, its client id as bigcommerce.client_id and its access token as bigcommerce.access_token"
)


def store_path(text: str) -> str:
    """The store hash out of what was pasted: itself, an API path with /stores/<hash>/, or the control panel's address.

    Raises FixSettings for `bigcommerce.store_id` where there is none.
    """
    text = text.strip()
    found = (
        re.search(rf"(?:^|/)stores/({_HASH})(?:[/?#]|$)", text)
        or re.search(rf"(?:^|//){_OWN_HOST}(?:[/:]|$)", text)
        or re.fullmatch(rf"({_HASH})", text)
    )
    if not found:
        raise FixSettings(
            f"{text[:80]!r} holds no store hash" if text else "the store hash is missing",
            parameter="bigcommerce.store_id",
            cure="Give the API path that BigCommerce shows beside it (https://api.bigcommerce.com/stores/abc123/v3/) "
            "or only its store hash (abc123).",
        )
    return found[1]


def api_base(text: str) -> str:
    """The API's address without a path, checked: http or https, no login in it, https for BigCommerce itself.

    Raises FixSettings for `bigcommerce.api_url`.
    """
    cure = "Leave bigcommerce.api_url out, or set it to https://api.bigcommerce.com; a sandbox prints its own."
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise FixSettings("the API's address cannot be read", parameter="bigcommerce.api_url", cure=cure) from None
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[A-Za-z0-9.:_-]+", host) or "@" in parts.netloc:
        raise FixSettings("the API's address is no plain web address", parameter="bigcommerce.api_url", cure=cure)
    if parts.scheme == "http" and host.endswith("bigcommerce.com"):
        raise FixSettings(
            "the API's address is http: the token would travel in the clear", parameter="bigcommerce.api_url", cure=cure
        )
    if parts.path.strip("/") and not parts.path.startswith("/stores/"):
        raise FixSettings(f"the API's address has a path: {parts.path}", parameter="bigcommerce.api_url", cure=cure)
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port else "")


def legacy_url(text: str) -> str:
    """The address of a legacy account's API out of what was pasted, with its /api/v2; "" where it is none (fact 5).

    Raises FixSettings for `bigcommerce.store_id` where the account's key would travel in the clear, or in the address.
    """
    found = re.fullmatch(r"(?:(\w+)://)?([^/?#\s]+)((?:/[\w.-]+)*?)/api/v2(?:[/?#]\S*)?", text.strip(), re.I)
    if not found:
        return ""
    scheme, host, path = (found[1] or "https").casefold(), found[2].casefold(), found[3]
    cure = "Give the address that BigCommerce shows beside the account, such as https://www.example.com/api/v2/."
    if not re.fullmatch(r"(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?", host) or scheme not in ("http", "https"):
        raise FixSettings("the store's address is no plain web address", parameter="bigcommerce.store_id", cure=cure)
    if scheme == "http" and re.sub(r":\d+$", "", host) not in _HERE:
        raise FixSettings(
            "the store's address is http: the API key would travel in the clear",
            parameter="bigcommerce.store_id",
            cure=f"Give it as https://{host}{path}/api/v2/.",
        )
    return f"{scheme}://{host}{path}/api/v2"


def legacy_hash(url: str) -> str:
    """The store hash in the address of a legacy account; "" where the store has a domain of its own."""
    found = re.match(rf"https?://{_OWN_HOST}/", url)
    return found[1] if found else ""


def legacy_name(url: str) -> str:
    """What a legacy account's store is known by: its hash, or else its domain."""
    return legacy_hash(url) or url.partition("://")[2].removesuffix("/api/v2")
