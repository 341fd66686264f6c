"""The legacy account of a store: username and API key, V2 alone, an hour's quota that rolls (facts 5, 6).

BigCommerce serves it under the store's own host, `https://store-{hash}.mybigcommerce.com/api/v2/…`. On loopback there
is one host for all, so the host's first word stands before the path: `http://127.0.0.1:8091/store-{hash}/api/v2/…`. A
store has none unless `add` gives it one.
"""

import base64
import hmac
import threading
from collections import deque
from typing import TYPE_CHECKING

from npf.sandbox.bigcommerce.answers import v2_error
from npf.sandbox.bigcommerce.switches import Account
from npf.sandbox.server import Environ

if TYPE_CHECKING:
    from npf.sandbox.bigcommerce.store import Store

HOUR = 3600.0
_SCOPES = frozenset(
    {"store_v2_orders", "store_v2_customers", "store_v2_products", "store_v2_information", "store_v2_transactions"}
)


class Legacy:
    """Who may ask, and how often: `hourly` requests in any hour. `refused` counts those that were answered 429."""

    def __init__(self, store: "Store", username: str, api_key: str, hourly: int) -> None:
        self.username = username
        self.api_key = api_key
        self.hourly = hourly
        self.refused = 0
        self._now = store.world.moment
        self._asked: deque[float] = deque()
        self._lock = threading.Lock()

    def account(self, environ: Environ) -> Account:
        """The account, where the credentials are right. Refuses with 401."""
        given: str = environ.get("HTTP_AUTHORIZATION", "")
        if not given:
            raise v2_error(401, "No credentials were supplied in the request.")
        right = base64.b64encode(f"{self.username}:{self.api_key}".encode()).decode()
        if not hmac.compare_digest(given.encode(), f"Basic {right}".encode()):
            raise v2_error(401, "The username or API key supplied in the request is not valid.")
        return Account(self.api_key, self.username, _SCOPES, "")

    def take(self) -> bool:
        """Use one request; false when none is left in this hour."""
        with self._lock:
            self._forget()
            if len(self._asked) >= self.hourly:
                self.refused += 1
                return False
            self._asked.append(self._now())
            return True

    def headers(self) -> list[tuple[str, str]]:
        """The one header that each answer bears (fact 6)."""
        with self._lock:
            self._forget()
            return [("X-BC-ApiLimit-Remaining", str(max(0, self.hourly - len(self._asked))))]

    def retry_after(self) -> int:
        """Whole seconds until there is room again."""
        with self._lock:
            self._forget()
            return max(1, int(self._asked[0] + HOUR - self._now()) + 1) if self._asked else 1

    def _forget(self) -> None:
        while self._asked and self._asked[0] <= self._now() - HOUR:
            self._asked.popleft()


def add(store: "Store", username: str, api_key: str, hourly: int = 20_000) -> Legacy:
    """Give a store a legacy account, in the place of any other."""
    store.legacy = Legacy(store, username, api_key, hourly)
    return store.legacy


def parted(path: str) -> tuple[str, str]:
    """(the store's hash, the path from /v2 on) of a request to the store's own host; ("", "") for any other."""
    head, found, rest = path.partition("/api/v2/")
    if not found or not head.startswith("/store-") or "/" in head[1:]:
        return "", ""
    return head.removeprefix("/store-"), f"/v2/{rest}"
