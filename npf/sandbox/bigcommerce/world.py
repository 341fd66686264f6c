"""The world of the sandbox: its time, its stores, its post."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zlib import crc32

from npf.sandbox.bigcommerce.posting import post
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.switchboard import set_switches
from npf.sandbox.bigcommerce.switches import FULL_SCOPES

LOOK_EVERY = 0.2


def _now() -> datetime:
    return datetime.now(UTC)


class World:
    """Stores by hash, and the post that carries their webhooks.

    `now` gives the time (aware), `sleep` passes it in a stall; both may belong to a simulation.

    `api_url` is what links in bodies begin with; by default the address under which the sandbox is first asked.
    `unknown_store` is the status that a wrong hash answers (fact 14). `hook_timeout` is how many real seconds a
    webhook's destination may take to answer.
    """

    def __init__(
        self,
        seed: int = 0,
        now: Callable[[], datetime] = _now,
        sleep: Callable[[float], object] = time.sleep,
        api_url: str = "",
        hook_timeout: float = 10.0,
    ) -> None:
        self.seed = seed
        self.now = now
        self.sleep = sleep
        self.api_url = api_url
        self.unknown_store = 403
        self.hook_timeout = hook_timeout
        self.stores: dict[str, Store] = {}
        self.news = threading.Event()
        """Set when there may be a webhook to send."""
        self._one_at_a_time = threading.Lock()

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
        store.channels[1].name = store.name
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

    def deliver(self, stop: threading.Event | None = None) -> int:
        """Send every webhook that is due now, one after the other, until none is or `stop` is set.

        Gives how many requests were made. Retries come due by the world's own time: move it on and call again.
        """
        sent = 0
        with self._one_at_a_time:
            for store in list(self.stores.values()):
                while not (stop and stop.is_set()) and self._send_one(store):
                    sent += 1
        return sent

    def _send_one(self, store: Store) -> bool:
        with store.lock:
            store.inventory.settle()
            parcel = store.deliveries.take(self.moment())
        if parcel is None:
            return False
        answer = post(parcel.destination, parcel.headers, parcel.body, self.hook_timeout)
        with store.lock:
            store.deliveries.settle(parcel.delivery, answer, self.moment())
        return True

    @contextmanager
    def delivering(self) -> Iterator[None]:
        """Send webhooks as they come due, in a thread that ends with the block."""
        stop = threading.Event()
        thread = threading.Thread(target=self._keep_delivering, args=(stop,), name="sandbox:hooks", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            self.news.set()
            thread.join()

    def _keep_delivering(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.news.clear()
            self.deliver(stop)
            # Woken by news; a retry comes due by a clock that may be anybody's, so that one is looked at.
            self.news.wait(LOOK_EVERY)
