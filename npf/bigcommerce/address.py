"""Where a store is: the store hash and the API's address, as people paste them."""

import re
from urllib.parse import urlsplit

from npf.core.errors import FixSettings

_HASH = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"


def store_path(text: str) -> str:
    """The store hash out of what was pasted: itself, an API path with /stores/<hash>/, or the control panel's address.

    Raises FixSettings for `bigcommerce.store_id` where there is none.
    """
    text = text.strip()
    found = (
        re.search(rf"(?:^|/)stores/({_HASH})(?:[/?#]|$)", text)
        or re.search(r"(?:^|//)store-([a-z0-9]+)(?:-\d+)?\.mybigcommerce\.com(?:[/:]|$)", text)
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
