"""What the hooks of one store are sent: when, how often again, and what came of it (facts 125-137).

announce -> hooks that it concerns -> a Delivery each, due now -> take -> (the network, elsewhere) -> settle
                                                          ^---- again after RETRIES ----------------'

Nothing here opens a connection. The store's lock guards all of it; times are the world's, in Unix seconds.
"""

import hashlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from npf.sandbox.bigcommerce import events
from npf.sandbox.bigcommerce.blocklist import Blocklist, domain_of
from npf.sandbox.bigcommerce.faults import HOOK, Faults
from npf.sandbox.bigcommerce.hooks import Hook, Hooks
from npf.sandbox.bigcommerce.switches import Account, Switches
from npf.sandbox.origin import is_loopback

RETRIES = (60, 180, 300, 600, 900, 1800, 3600, 7200, 21600, 50400, 86400)
"""Seconds from each failed try to the next (fact 135)."""
SHUFFLED_FOR = 10
RETRYING, DISABLED, BLOCKED = 90001, 90002, 90003


@dataclass(slots=True)
class Delivery:
    """One event on its way to one hook. `id` is its webhook-id, the same at each try.

    `due` is when it is tried next, None when that is over. `tries` holds (when, answer): a status, or why there was
    none. `outcome` says how it ended: "delivered", or why it never will be.
    """

    id: str
    hook: Hook
    scope: str
    body: bytes
    made_at: float
    due: float | None
    place: float
    shuffled: bool = False
    tries: list[tuple[float, int | str]] = field(default_factory=list)
    outcome: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the side door."""
        return {
            "id": self.id,
            "hook_id": self.hook.id,
            "scope": self.scope,
            "destination": self.hook.destination,
            "made_at": self.made_at,
            "due": self.due,
            "tries": [{"at": at, "answer": answer} for at, answer in self.tries],
            "outcome": self.outcome,
        }


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery, ready for the network."""

    delivery: Delivery
    destination: str
    headers: dict[str, str]
    body: bytes


class Deliveries:
    """All deliveries of one store; the last `most` are remembered, oldest first, in `all`."""

    def __init__(
        self,
        store_hash: str,
        store_id: int,
        hooks: Hooks,
        faults: Faults,
        switches: Switches,
        accounts: Mapping[str, Account],
        most: int = 5_000,
    ) -> None:
        self.all: deque[Delivery] = deque(maxlen=most)
        self.blocked = Blocklist()
        self._store = store_hash, store_id
        self._hooks = hooks
        self._faults = faults
        self._switches = switches
        self._accounts = accounts
        self._queue: list[tuple[float, float, int, Delivery]] = []
        self._made = self._pushed = 0

    def announce(self, scope: str, data: Mapping[str, Any], channel_id: int | None, now: float) -> None:
        """Something happened: queue it for every active hook that it concerns."""
        self._hooks.rest(now)
        if scope.endswith("/statusUpdated") and not self._switches.status_in_hooks:
            data = {name: value for name, value in data.items() if name != "status"}
        names = events.scopes_of(scope, channel_id)
        for hook in self._hooks.by_id.values():
            name = next((name for name in names if events.covers(hook.scope, name)), None)
            if name and hook.is_active and now >= hook.created_at + self._switches.hook_warm_up:
                self._add(hook, name, data, now)

    def take(self, now: float) -> Parcel | None:
        """The next delivery that is due and needs the network; None when there is none. It must come back to `settle`.

        Those that need none are settled here: their hook is gone or off, their domain blocked, not on this machine.
        """
        self._hooks.rest(now)
        while self._queue and self._queue[0][0] <= now:
            due, place, _, delivery = heappop(self._queue)
            if (delivery.due, delivery.place) != (due, place):
                continue
            hook = delivery.hook
            owner = next((one for one in self._accounts.values() if one.client_id == hook.client_id), None)
            if owner is None or self._hooks.by_id.get(hook.id) is not hook:
                self._end(delivery, "the hook is gone")
            elif not hook.is_active:
                self._end(delivery, "the hook is off")
            elif not is_loopback(hook.destination):
                self._end(delivery, "undeliverable: the sandbox sends to this machine only")
            elif self.blocked.holds(hook.client_id, hook.destination, now):
                self._again(delivery, "domain blocked", now)
            else:
                return self._parcel(delivery, owner.client_secret, now)
        return None

    def settle(self, delivery: Delivery, answer: int | str, now: float) -> None:
        """Note what a try at `now` came to: 2xx is delivered, all else is tried again (facts 133, 135)."""
        hook = delivery.hook
        taken = isinstance(answer, int) and 200 <= answer < 300
        said = f"status code {answer}" if isinstance(answer, int) else answer
        blocks = self.blocked.note(hook.client_id, hook.destination, said, taken, now)
        if taken:
            delivery.tries.append((now, answer))
            self._end(delivery, "delivered")
        else:
            self._again(delivery, answer, now)
        if blocks:
            domain = domain_of(hook.destination)
            self._tell(hook, BLOCKED, f"{domain} has been blocked: less than 90 % of its webhooks succeeded", now)

    def _add(self, hook: Hook, scope: str, data: Mapping[str, Any], now: float) -> None:
        hook.heard_at = now
        fault = self._faults.draw(HOOK, scope)
        kind = fault.kind if fault else ""
        self._made += 1
        digest = hashlib.sha1(f"{self._store} {self._made}".encode(), usedforsecurity=False).hexdigest()
        body = events.payload(*self._store, scope, data, int(now))
        delivery = Delivery(f"msg_{digest[:24]}", hook, scope, body, now, now, float(self._made))
        self.all.append(delivery)
        if kind == "hook-missing":
            self._end(delivery, "never sent: hook-missing")
            return
        if fault and kind == "hook-late":
            delivery.due = now + fault.seconds
        elif kind == "hook-shuffle":
            delivery.shuffled, delivery.due = True, now + SHUFFLED_FOR
        else:
            self._let_follow(delivery)
        self._push(delivery)
        if kind == "hook-double":
            second = Delivery(delivery.id, hook, scope, body, now, now, delivery.place + 0.25)
            self.all.append(second)
            self._push(second)

    def _let_follow(self, delivery: Delivery) -> None:
        """Put the shuffled ones of the same hook right behind the one that came after them."""
        for other in [one for *_, one in self._queue if one.shuffled and one.hook is delivery.hook]:
            other.shuffled, other.due, other.place = False, delivery.due, delivery.place + 0.5
            self._push(other)

    def _push(self, delivery: Delivery) -> None:
        if delivery.due is not None:
            self._pushed += 1
            heappush(self._queue, (delivery.due, delivery.place, self._pushed, delivery))

    def _parcel(self, delivery: Delivery, secret: str, now: float) -> Parcel:
        hook = delivery.hook
        headers = {str(name): str(value) for name, value in (hook.headers or {}).items()}
        if self._switches.signed_hooks:
            headers |= events.signature(secret, delivery.id, int(now), delivery.body)
        return Parcel(delivery, hook.destination, headers, delivery.body)

    def _again(self, delivery: Delivery, answer: int | str, now: float) -> None:
        """A try failed: the next one, or the end of the hook (fact 135)."""
        hook = delivery.hook
        delivery.tries.append((now, answer))
        failed = f"Non-200 response received when delivering to {hook.destination}"
        if len(delivery.tries) <= len(RETRIES):
            delivery.due = now + RETRIES[len(delivery.tries) - 1]
            self._push(delivery)
            self._tell(hook, RETRYING, f"{failed}, will retry", now)
            return
        self._end(delivery, "given up after the last try")
        self._hooks.switch_off(hook, now, f"{hook.destination} did not answer 2xx for 48 hours")
        self._tell(hook, DISABLED, f"{failed}, the webhook is disabled", now)

    def _tell(self, hook: Hook, code: int, message: str, now: float) -> None:
        """Send a deliveryException to the hook that its account registered for them (fact 137)."""
        if hook.scope == events.DELIVERY_EXCEPTION:
            return
        for other in self._hooks.of(hook.client_id):
            if other.scope == events.DELIVERY_EXCEPTION and other.is_active:
                data = {"type": "webhook", "id": hook.id, "error_code": code, "message": message}
                self._add(other, events.DELIVERY_EXCEPTION, data, now)

    def _end(self, delivery: Delivery, outcome: str) -> None:
        delivery.due, delivery.outcome = None, outcome
