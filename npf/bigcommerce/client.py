"""One store's API: asks, keeps to the quota, tries again where that is safe, and names every failure.

a read    429, 5xx, no or half an answer   again with growing delay, as far as `patience` goes; then TryLater
a write   429, no connection               the same, twice as slowly (fact 144): BigCommerce has not done it
          5xx, no or half an answer        never again: TryLater(unclear=True), the caller must look first
either    anything else                    refusals.verdict
"""

import random
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
import msgspec

from npf.bigcommerce.account import Account
from npf.bigcommerce.address import store_path
from npf.bigcommerce.pace import OwnPace, Pace
from npf.bigcommerce.refusals import verdict, words_of
from npf.bigcommerce.transport import Answer, ask_once, new_http, user_agent
from npf.bigcommerce.window import told_to_wait
from npf.core.clock import Clock
from npf.core.errors import NpfError, TryLater
from npf.core.exchange import Exchange, Outcome, Watch, unwatched

__all__ = ["Answer", "BigCommerce", "new_http", "store_path"]

Params = Mapping[str, str | int]

# The header by which a webhook proves that it is ours. BigCommerce keeps its value and gives it back in its answers.
SECRET_HEADER = "X-NPF-Hook-Secret"
# Its value in JSON, also where that stands escaped in another text.
_HOOK_SECRET = re.compile(rf"({SECRET_HEADER}\W*)[\w-]+", re.IGNORECASE)

# A read is asked this often; a 429 as often as patience allows.
_TRIES = 4
# Fact 144: at least a minute after a 5xx, longer for writes; a 503 to every try is a suspended store (fact 16).
_AFTER_TROUBLE = 60.0
_AFTER_UNCLEAR = 120.0
_AFTER_503 = 900.0
_WHOLE = 20_000


class BigCommerce:
    """A client of one store, safe to share among threads; `http` comes from `new_http` and may serve many stores.

    `keep_free` is the share of the request quota left to the store's other apps. `patience` is how many seconds one
    call may spend waiting and trying again. `watch` hears of every request. `calls` counts them. A store id that is
    the address of a legacy account's API makes `client_id` its username and `access_token` its API key; `legacy` says
    so. Raises FixSettings for a store id, token or address that cannot be right.
    """

    def __init__(
        self,
        store_id: str,
        access_token: str,
        *,
        client_id: str = "",
        api_url: str = "https://api.bigcommerce.com",
        http: httpx2.Client,
        clock: Clock,
        rng: random.Random,
        keep_free: float = 0.2,
        watch: Watch = unwatched,
        patience: float = 60.0,
        pace: Pace | None = None,
    ) -> None:
        self.calls = 0
        self._account = Account(store_id, access_token, client_id, api_url)
        self.store_id = self._account.name
        self.legacy = self._account.legacy
        self._http = http
        self._clock = clock
        self._rng = rng
        self._watch = watch
        self._patience = patience
        self._pace = pace or OwnPace(clock, keep_free)
        self._counting = threading.Lock()

    def __repr__(self) -> str:
        return f"BigCommerce({self.store_id!r})"

    def rest(self) -> None:
        """Nothing more is asked for now: the pace may give back the places it holds."""
        self._pace.rest()

    def get(self, path: str, *, params: Params | None = None, lighter: Callable[[], Params] | None = None) -> Answer:
        """Read `path`, which begins with /v2/ or /v3/. The answer is a success: whole JSON, or empty with 204.

        After a 5xx, or an answer that is too long or breaks off, it is asked again with what `lighter` gives: for
        fewer rows (fact 144).
        """
        return self._ask("GET", path, params or {}, None, lighter)

    def post(self, path: str, *, params: Params | None = None, body: Any = None) -> Answer:
        """Write once; `body` is anything that msgspec encodes. Raises TryLater(unclear=True) for a lost answer."""
        return self._ask("POST", path, params or {}, body)

    def put(self, path: str, *, params: Params | None = None, body: Any = None) -> Answer:
        """As `post`."""
        return self._ask("PUT", path, params or {}, body)

    def delete(self, path: str, *, params: Params | None = None, body: Any = None) -> Answer:
        """As `post`."""
        return self._ask("DELETE", path, params or {}, body)

    def _ask(
        self, method: str, path: str, params: Params, body: Any, lighter: Callable[[], Params] | None = None
    ) -> Answer:
        path = path.rstrip("/")  # V3 answers 403 to a slash at the end (fact 9)
        credentials = self._account.headers(f"{method} {path}", path)
        content = None if body is None else msgspec.json.encode(body)
        deadline = self._clock.monotonic() + self._patience
        said = "the store's request quota is used up, but for the share left to its other apps"
        tries = 0
        while True:
            self._keep_pace(f"{method} {path}", said, deadline)
            answer = self._once(method, path, params, content, credentials)
            outcome = _outcome(answer)
            if outcome == "done":
                return answer
            said = self._said(answer)
            if outcome == "unclear":
                raise TryLater(f"{answer.what}: {said}; it may have been done", delay=_AFTER_UNCLEAR, unclear=True)
            if outcome == "refused" or answer.status in (423, 507):
                raise self._refusal(answer, path)
            tries += 1
            if answer.status == 429:
                self._pace.hold(self._wait_after_429(answer, tries))
            elif not self._sleep(self._backoff(answer, tries), deadline, tries):
                raise self._later(answer, said)
            elif lighter is not None and answer.sent:
                params = lighter()

    def _keep_pace(self, what: str, said: str, deadline: float) -> None:
        """Wait for a place in the quota; TryLater where that takes longer than patience."""
        while wait := self._pace.before():
            # So that many stores and workers do not wake in the same moment (fact 143).
            wait += self._rng.uniform(0.05, 1.0)
            if self._clock.monotonic() + wait > deadline:
                raise TryLater(f"{what}: {said}; free again in {wait:.0f} s", delay=wait)
            self._clock.sleep(wait)

    def _wait_after_429(self, answer: Answer, tries: int) -> float:
        told = told_to_wait(answer.headers)
        # Without headers the store is overloaded (fact 142): stay away, longer each time.
        return 2 * self._backoff(answer, tries) if told is None else max(1.0, told) + self._rng.uniform(0.05, 1.0)

    def _backoff(self, answer: Answer, tries: int) -> float:
        return self._rng.uniform(1.0, 2.0) * 2.0 ** min(tries - 1, 8) * (2 if answer.write else 1)

    def _sleep(self, wait: float, deadline: float, tries: int) -> bool:
        """Sleep before another try; False where there shall be none."""
        if tries >= _TRIES or self._clock.monotonic() + wait > deadline:
            return False
        self._clock.sleep(wait)
        return True

    def _refusal(self, answer: Answer, path: str) -> NpfError:
        location = self._masked(answer.headers.get("location", ""))[:200]
        body = self._account.masked_bytes(answer.body)
        return verdict(answer.what, path, answer.status, self._words(answer), body, location, legacy=self.legacy)

    def _later(self, answer: Answer, said: str) -> TryLater:
        jitter = self._rng.uniform(1.0, 1.25)
        if answer.status == 503:
            said += " (to every try: the store is suspended or down for maintenance)"
            return TryLater(f"{answer.what}: {said}", delay=_AFTER_503 * jitter)
        return TryLater(f"{answer.what}: {said}", delay=_AFTER_TROUBLE * jitter)

    def _once(
        self, method: str, path: str, params: Params, content: bytes | None, credentials: Mapping[str, str]
    ) -> Answer:
        headers = {"Accept": "application/json", "User-Agent": user_agent(), **credentials}
        if content is not None:
            headers["Content-Type"] = "application/json"
        started, tick = self._clock.now(), self._clock.monotonic()
        answered: Mapping[str, str] = {}
        try:
            answer = ask_once(
                self._http,
                self._clock,
                method=method,
                url=self._account.base + path,
                what=f"{method} {path}",
                params=params,
                content=content,
                headers=headers,
            )
            answered = answer.headers
        finally:
            self._pace.after(answered, self._clock.monotonic() - tick)
            with self._counting:
                self.calls += 1
        query = "&".join(f"{key}={value}" for key, value in params.items())
        self._watch(
            Exchange(
                system="bigcommerce",
                what=answer.what,
                write=answer.write,
                asked=self._masked(_text(content) if content else f"{path}?{query}" if query else path),
                answered=self._shown(answer),
                status=answer.status,
                outcome=_outcome(answer),
                started=started,
                took=self._clock.monotonic() - tick,
            )
        )
        return answer

    def _shown(self, answer: Answer) -> str:
        """The answer for whoever watches: whole for a write; of a read only how much came, or why it failed."""
        if answer.lost:
            return self._masked(answer.lost)
        if answer.write:
            return self._masked(_text(answer.body))
        return f"{len(answer.body)} bytes" if answer.status < 300 else self._words(answer)

    def _said(self, answer: Answer) -> str:
        if answer.lost and answer.status < 300:
            return self._masked(
                f"BigCommerce answered {answer.status}, but {answer.lost}" if answer.status else answer.lost
            )
        words = self._words(answer)
        return f"BigCommerce answered {answer.status}" + (f": {words}" if words else "")

    def _words(self, answer: Answer) -> str:
        words = self._masked(words_of(answer.body))
        request = self._masked(answer.headers.get("x-request-id", ""))[:80]
        return f"{words} (request {request})".strip() if request else words

    def _masked(self, text: str) -> str:
        return _HOOK_SECRET.sub(r"\1***", self._account.masked(text))


def _outcome(answer: Answer) -> Outcome:
    if answer.status == 0 or (answer.lost and 200 <= answer.status < 300):
        return "unclear" if answer.write and answer.sent else "failed"
    if 200 <= answer.status < 300:
        return "done"
    if answer.status in (423, 429, 507):
        return "failed"
    if answer.status == 408 or answer.status >= 500:
        return "unclear" if answer.write else "failed"
    return "refused"


def _text(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= _WHOLE else f"{text[:_WHOLE]}… ({len(body)} bytes in all)"
