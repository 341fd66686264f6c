"""The webhooks that API accounts have registered (facts 121-124). What they are sent is in deliveries.py."""

from dataclasses import dataclass, field
from typing import Any

MOST_PER_SCOPE = 10
IDLE = 90 * 86_400
"""Seconds without an event after which a hook is switched off (fact 124)."""


@dataclass(slots=True)
class Hook:
    """One subscription. Times are Unix seconds; `heard_at` is when an event last concerned it."""

    id: int
    client_id: str
    store_hash: str
    scope: str
    destination: str
    created_at: int
    updated_at: int
    is_active: bool = True
    headers: dict[str, str] | None = None
    heard_at: float = 0.0

    def body(self) -> dict[str, Any]:
        """As in examples/webhook_hook.json."""
        return {
            "id": self.id,
            "client_id": self.client_id,
            "store_hash": self.store_hash,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "scope": self.scope,
            "destination": self.destination,
            "is_active": self.is_active,
            "headers": self.headers,
        }


@dataclass(slots=True)
class Hooks:
    """All hooks of one store. An account sees its own alone (fact 123).

    `emails` are the addresses that each account wants notices sent to, `mails` what went there: (address, text).
    """

    by_id: dict[int, Hook] = field(default_factory=dict)
    emails: dict[str, list[str]] = field(default_factory=dict)
    mails: list[tuple[str, str]] = field(default_factory=list)
    _last: int = 20_000_000

    def add(self, client_id: str, store_hash: str, scope: str, destination: str, now: int) -> Hook:
        """A new hook, active and without headers of its own."""
        self._last += 1
        hook = Hook(self._last, client_id, store_hash, scope, destination, now, now)
        self.by_id[hook.id] = hook
        return hook

    def of(self, client_id: str) -> list[Hook]:
        """The hooks of one API account, oldest first."""
        return [hook for hook in self.by_id.values() if hook.client_id == client_id]

    def forget(self, client_id: str) -> None:
        """An API account is gone, and its hooks with it (fact 124)."""
        for hook in self.of(client_id):
            del self.by_id[hook.id]

    def rest(self, now: float) -> None:
        """Switch off the hooks that have heard nothing for 90 days (fact 124)."""
        for hook in self.by_id.values():
            if hook.is_active and now - max(hook.heard_at, hook.updated_at) >= IDLE:
                self.switch_off(hook, now, "it has had no event for 90 days")

    def switch_off(self, hook: Hook, now: float, why: str) -> None:
        """Deactivate a hook and tell the account's addresses (fact 135)."""
        hook.is_active = False
        hook.updated_at = int(now)
        text = f"Your webhook {hook.id} for {hook.scope} has been deactivated: {why}."
        self.mails += [(address, text) for address in self.emails.get(hook.client_id, [])]
