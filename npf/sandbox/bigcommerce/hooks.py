"""The webhooks that API accounts have registered (facts 121-124).

Nothing is delivered yet; Store.events keeps what would be.
"""

from dataclasses import dataclass, field
from typing import Any

MOST_PER_SCOPE = 10


@dataclass(slots=True)
class Hook:
    """One subscription."""

    id: int
    client_id: str
    store_hash: str
    scope: str
    destination: str
    created_at: int
    updated_at: int
    is_active: bool = True
    headers: dict[str, str] | None = None

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
    """All hooks of one store. An account sees its own alone (fact 123)."""

    by_id: dict[int, Hook] = field(default_factory=dict)
    emails: dict[str, list[str]] = field(default_factory=dict)
    _last: int = 20_000_000

    def of(self, client_id: str) -> list[Hook]:
        """The hooks of one API account, oldest first."""
        return [hook for hook in self.by_id.values() if hook.client_id == client_id]

    def next_id(self) -> int:
        """A new hook's id."""
        self._last += 1
        return self._last

    def forget(self, client_id: str) -> None:
        """An API account is gone, and its hooks with it (fact 124)."""
        for hook in self.of(client_id):
            del self.by_id[hook.id]
