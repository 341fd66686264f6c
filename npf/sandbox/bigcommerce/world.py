"""The world of the sandbox: its time, its stores."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from zlib import crc32

from npf.sandbox.bigcommerce.settings import set_switches
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.switches import FULL_SCOPES


def _now() -> datetime:
    return datetime.now(UTC)


class World:
    """Stores by hash. `now` gives the time (aware), `sleep` passes it in a stall; both may belong to a simulation.

    `api_url` is what links in bodies begin with; by default the address under which the sandbox is first asked.
    `unknown_store` is the status that a wrong hash answers (fact 14).
    """

    def __init__(
        self,
        seed: int = 0,
        now: Callable[[], datetime] = _now,
        sleep: Callable[[float], object] = time.sleep,
        api_url: str = "",
    ) -> None:
        self.seed = seed
        self.now = now
        self.sleep = sleep
        self.api_url = api_url
        self.unknown_store = 403
        self.stores: dict[str, Store] = {}

    def moment(self) -> float:
        """The time in Unix seconds."""
        return self.now().timestamp()

    def add_store(
        self,
        store_hash: str = "demo1",
        access_token: str = "",
        client_id: str = "",
        client_secret: str = "",
        scopes: Iterable[str] = FULL_SCOPES,
        quota: tuple[int, float] | None = (150, 30),
        name: str = "",
        timezone: str = "Australia/Melbourne",
        **switches: object,
    ) -> Store:
        """Add a store without orders or products. `quota` is (requests, seconds), None for no quota.

        The token defaults to `token-<store_hash>`, client id and secret to `client-…` and `secret-<store_hash>`;
        `switches` are fields of Switches. Raises ValueError for a hash that is taken, an unknown scope or switch, or a
        value that the switch cannot have.
        """
        if store_hash in self.stores:
            raise ValueError(f"there is a store {store_hash!r} already")
        store = Store(self, store_hash, crc32(f"{self.seed}:{store_hash}".encode()), quota)
        store.name = name or f"Sandbox {store_hash}"
        store.channels[1]["name"] = store.name
        store.timezone = timezone
        store.add_account(
            access_token or f"token-{store_hash}",
            scopes,
            client_id or f"client-{store_hash}",
            client_secret or f"secret-{store_hash}",
        )
        set_switches(store, switches)
        self.stores[store_hash] = store
        return store
