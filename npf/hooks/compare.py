"""Where a store's webhook must point, and what is to be done about those that BigCommerce has. Pure."""

from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from npf.bigcommerce.hooks import ORDERS, Blocked, Hook
from npf.core.errors import FixSettings

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_CURE = "set NPF_PUBLIC_URL to the console's address from outside: https without a port, as https://npf.example.com"


def destination(public_url: str, name: str, api_url: str) -> str:
    """The address that the events of store `name` go to. Raises FixSettings where BigCommerce could not call it.

    BigCommerce calls https on port 443 alone (fact 121). A sandbox on this machine may call this machine by http.
    """
    try:
        parts = urlsplit(public_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise FixSettings("NPF_PUBLIC_URL is no plain web address", parameter="NPF_PUBLIC_URL", cure=_CURE)
    if host not in _HERE or urlsplit(api_url).hostname not in _HERE:
        wrong = ""
        if parts.scheme != "https" or port not in (None, 443):
            wrong = "BigCommerce calls https on port 443 only"
        elif host in _HERE:
            wrong = "that is this machine's own name, which BigCommerce cannot reach"
        if wrong:
            said = f"NPF_PUBLIC_URL is {public_url}, but {wrong}"
            raise FixSettings(said, parameter="NPF_PUBLIC_URL", cure=_CURE)
    return f"{public_url.rstrip('/')}/hooks/{name}/orders"


class Plan(msgspec.Struct, frozen=True):
    """`mine` is the webhook that should be there, None = it must be made. `stale` are ours and must go.

    `off`: BigCommerce has turned mine off (facts 124, 135). `other_secret`: it bears another secret than ours.
    """

    mine: Hook | None
    off: bool
    other_secret: bool
    stale: list[Hook]


def is_ours(hook: Hook, name: str) -> bool:
    """Whether a webhook is one that we have made for this store, at whatever address we were then."""
    try:
        path = urlsplit(hook.destination).path
    except ValueError:
        return False
    return f"/hooks/{name}/" in f"{path}/"


def _host(address: str) -> str:
    """The host of an address; of a bare name, the name."""
    try:
        return urlsplit(address).hostname or address.lower()
    except ValueError:
        return address.lower()


def compare(there: Iterable[Hook], name: str, wanted: str, secret: str) -> Plan:
    """What to do about the webhooks that are `there`, for `wanted` (a destination) to be the only one of ours."""
    ours = sorted((hook for hook in there if is_ours(hook, name)), key=lambda hook: hook.id)
    mine = next((hook for hook in ours if (hook.scope, hook.destination) == (ORDERS, wanted)), None)
    return Plan(
        mine=mine,
        off=mine is not None and not mine.is_active,
        other_secret=mine is not None and mine.secret != secret,
        stale=[hook for hook in ours if hook is not mine],
    )


def blocked_words(blocked: Iterable[Blocked], wanted: str) -> str:
    """Why BigCommerce sends nothing to the domain of `wanted` now (fact 136); "" = it does."""
    host = _host(wanted)
    for domain in blocked:
        if _host(domain.destination) == host:
            why = ", ".join(f"{one.failure_description} ({one.count} times)" for one in domain.reasons or [])
            return f"BigCommerce sends nothing to {host} for another {domain.time_left} s" + (f": {why}" if why else "")
    return ""
