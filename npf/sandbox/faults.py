"""Bad networks and bad servers, drawn by chance or by count: what both sandboxes can do to an answer.

    rules = parse_faults("500=0.02,reset-after=0.01,429@3,stall:5=0.1")
    fault = faults.draw(method, path)          # before the work
    before_work(fault, environ, sleep)         # stalls, resets; true = the connection is gone, do nothing
    status_instead(fault)                      # 500 and the like: answer this, do not do the work
    ... the work ...
    after_work(fault, environ, status, headers, body)   # resets, cuts; true = the connection is gone

A fault whose name ends in `-after` strikes when the work is done: the caller cannot know that it was.
"""

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from npf.sandbox.server import Environ, reset, send_truncated

TRANSPORT_KINDS = {
    "429": "too many requests, with the quota headers; nothing is done",
    "429-bare": "too many requests, without any header or body; nothing is done",
    "500": "HTTP 500 instead of the work",
    "502": "HTTP 502 instead of the work",
    "503": "HTTP 503 instead of the work",
    "504": "HTTP 504 instead of the work",
    "504-after": "the work is done, the answer is HTTP 504",
    "reset-before": "the connection is reset, nothing is done",
    "reset-after": "the work is done, then the connection is reset",
    "truncate": "the work is done, the answer breaks off in the middle",
    "stall": "the answer waits for so many seconds",
}
"""The kinds of a network and a server, each with what it does."""
SECONDS = {"stall": 5.0, "stall-after": 5.0, "stale": 30.0, "hook-late": 90.0, "slow": 60.0}
"""The kinds that take seconds, as in `stall:5`, with what they are when none are given."""
MOST_SECONDS = 3600
_INSTEAD = {"429": 429, "429-bare": 429, "500": 500, "502": 502, "503": 503, "504": 504}
_AFTERWARDS = {"504-after": 504}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that strikes one request. `seconds` is what a kind of `SECONDS` was given, else 0."""

    kind: str
    seconds: float = 0.0


@dataclass(slots=True)
class Rule:
    """When a fault strikes: with a `probability` (0 to 1), or for the next `left` requests that match.

    `method` and `path` narrow it; None matches all. `path` is a part of the path ("/shipments"), or a pattern of the
    whole path when it holds `*` or `?`. `skip` lets that many matching requests through first. `number` tells the
    rules of one `Faults` apart.
    """

    kind: str
    probability: float = 1.0
    left: int | None = None
    method: str | None = None
    path: str | None = None
    skip: int = 0
    seconds: float = 0.0
    number: int = 0

    @property
    def name(self) -> str:
        """The kind with its seconds, as a spec writes it: `stall:5`."""
        return f"{self.kind}:{self.seconds:g}" if self.kind in SECONDS else self.kind

    def matches(self, method: str, path: str) -> bool:
        """Whether this request is one that the rule speaks of."""
        if self.method is not None and self.method != method:
            return False
        if self.path is None:
            return True
        if "*" in self.path or "?" in self.path:
            return fnmatchcase(path, self.path)
        return self.path in path


class Faults:
    """The faults of one store or one server. Seeded: the same requests in the same order meet the same faults.

    Each rule draws from a chance of its own, so that another rule, or another thread's kind of request, does not change
    whom it strikes.
    `kinds` are the names it knows; `narrow` maps a kind to the requests (method, path) that it can strike at all.
    Empty to begin with. Safe to use from many threads.
    """

    def __init__(
        self,
        seed: int = 0,
        kinds: Iterable[str] = TRANSPORT_KINDS,
        narrow: dict[str, Callable[[str, str], bool]] | None = None,
    ) -> None:
        self.kinds = tuple(kinds)
        self._narrow = narrow or {}
        self._seed = seed
        self._rules: list[tuple[Rule, random.Random]] = []
        self._added = 0
        self._lock = threading.Lock()
        self.struck: list[tuple[str, str, str]] = []
        """What has struck so far: (kind, method, path)."""

    def add(self, kind: str, probability: float = 1.0, **more: Any) -> None:
        """Let `kind` strike with `probability`; `more` are fields of Rule. `stall:5` names a stall of 5 seconds.

        Raises ValueError for an unknown kind or a probability outside 0 to 1.
        """
        name, seconds = read_kind(kind, self.kinds)
        if not 0 <= probability <= 1:
            raise ValueError(f"{kind}: a probability lies between 0 and 1, not {probability}")
        more.setdefault("seconds", seconds)
        self._take([Rule(name, probability, **more)])

    def next(self, kind: str, count: int = 1, **more: Any) -> None:
        """Let `kind` strike the next `count` matching requests: `faults.next("reset-after", path="/shipments")`."""
        self.add(kind, left=count, **more)

    def load(self, spec: str) -> None:
        """Add the rules of a text, see `parse_faults`."""
        self._take(parse_faults(spec, self.kinds))

    def remove(self, number: int) -> None:
        """Take the rule with this number back; KeyError when it is not in force any more."""
        with self._lock:
            kept = [pair for pair in self._rules if pair[0].number != number]
            if len(kept) == len(self._rules):
                raise KeyError(f"rule {number}")
            self._rules = kept

    def clear(self) -> None:
        """Forget all rules and what has struck."""
        with self._lock:
            self._rules.clear()
            self.struck.clear()

    def rules(self) -> list[Rule]:
        """The rules in force, in the order in which they are asked."""
        with self._lock:
            return [rule for rule, _ in self._rules]

    def draw(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this request, or None. The first rule that strikes wins."""
        if not self._rules:
            return None
        with self._lock:
            for rule, chance in list(self._rules):
                if not self._applies(rule, method, path):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                if rule.probability < 1 and chance.random() >= rule.probability:
                    continue
                if rule.left is not None:
                    rule.left -= 1
                    if rule.left <= 0:
                        self._rules.remove((rule, chance))
                self.struck.append((rule.kind, method, path))
                return Fault(rule.kind, rule.seconds)
        return None

    def _take(self, rules: Iterable[Rule]) -> None:
        with self._lock:
            for rule in rules:
                self._added += 1
                rule.number = self._added
                self._rules.append((rule, random.Random(f"{self._seed} {rule.kind} {rule.number}")))

    def _applies(self, rule: Rule, method: str, path: str) -> bool:
        if (can_strike := self._narrow.get(rule.kind)) is not None and not can_strike(method, path):
            return False
        return rule.matches(method, path)


def read_kind(text: str, kinds: Iterable[str]) -> tuple[str, float]:
    """`"stall:5"` -> `("stall", 5.0)`; a kind that takes no seconds -> `(kind, 0.0)`. Defaults are in `SECONDS`.

    Raises ValueError that names the known kinds.
    """
    name, colon, number = text.strip().partition(":")
    if name not in kinds or (colon and name not in SECONDS):
        known = ", ".join(f"{kind}:SECONDS" if kind in SECONDS else kind for kind in kinds)
        raise ValueError(f"unknown fault {text.strip()!r}; known are: {known}")
    if name not in SECONDS:
        return name, 0.0
    try:
        seconds = float(number) if colon else SECONDS[name]
    except ValueError:
        raise ValueError(f"{text.strip()!r}: the seconds are a number, as in {name}:5") from None
    if not 0 <= seconds <= MOST_SECONDS:
        raise ValueError(f"{text.strip()!r}: the seconds are 0 to {MOST_SECONDS}")
    return name, seconds


def parse_faults(spec: str, kinds: Iterable[str] = TRANSPORT_KINDS) -> list[Rule]:
    """Rules out of a text: `kind=probability` or `kind@count`, parted by commas. Empty text gives none.

    Raises ValueError, naming the known kinds where the kind is unknown.
    """
    known = tuple(kinds)
    rules: list[Rule] = []
    for part in spec.split(","):
        if not part.strip():
            continue
        sign = "@" if "@" in part else "="
        kind, found, number = part.partition(sign)
        name, seconds = read_kind(kind, known)
        try:
            value = float(number) if sign == "=" else int(number)
        except ValueError:
            value = -1.0
        if not found or value < 0 or (sign == "=" and value > 1) or (sign == "@" and value < 1):
            raise ValueError(
                f"{part.strip()!r}: write kind=probability (0 to 1) or kind@count (1 or more), "
                f"as in {name}=0.02 or {name}@3"
            )
        if sign == "=":
            rules.append(Rule(name, probability=float(value), seconds=seconds))
        else:
            rules.append(Rule(name, left=int(value), seconds=seconds))
    return rules


def status_instead(fault: Fault | None) -> int | None:
    """The status that answers instead of the work, or None when the work is to be done."""
    return None if fault is None else _INSTEAD.get(fault.kind)


def status_afterwards(fault: Fault | None) -> int | None:
    """The status that answers although the work was done, or None."""
    return None if fault is None else _AFTERWARDS.get(fault.kind)


def before_work(fault: Fault | None, environ: Environ, sleep: Callable[[float], object]) -> bool:
    """Stall or reset as the fault says; true when the connection is gone and nothing must be done."""
    if fault is None:
        return False
    if fault.kind == "stall":
        sleep(fault.seconds)
    elif fault.kind == "reset-before":
        reset(environ)
        return True
    return False


def after_work(fault: Fault | None, environ: Environ, status: int, headers: list[tuple[str, str]], body: bytes) -> bool:
    """Reset or cut the answer of work that was done; true when the connection is gone."""
    if fault is None:
        return False
    if fault.kind == "reset-after" or (fault.kind == "truncate" and not body):
        reset(environ)
        return True
    if fault.kind == "truncate":
        send_truncated(environ, status, headers, body)
        return True
    return False
