"""Domains that answer too few webhooks are left alone for a while (fact 136)."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

WINDOW = 120
SENT = 100
SHARE = 0.9
BLOCKED_FOR = 180


def domain_of(destination: str) -> str:
    """`https://npf.example/hooks/acme` -> `https://npf.example`, as /hooks/admin names domains."""
    parts = urlsplit(destination)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(slots=True)
class _Domain:
    """What one account's requests to a domain came to: (when, answer, whether it was taken)."""

    answers: deque[tuple[float, str, bool]] = field(default_factory=deque)
    until: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    last: float = 0.0


@dataclass(slots=True)
class Blocklist:
    """By account and domain: one bad path harms all paths of the domain, for this client_id alone."""

    _domains: dict[tuple[str, str], _Domain] = field(default_factory=dict)

    def holds(self, client_id: str, destination: str, now: float) -> bool:
        """Whether nothing is sent there now."""
        found = self._domains.get((client_id, domain_of(destination)))
        return found is not None and now < found.until

    def note(self, client_id: str, destination: str, answer: str, taken: bool, now: float) -> bool:
        """Count one request; true when it was the one that gets the domain blocked."""
        domain = self._domains.setdefault((client_id, domain_of(destination)), _Domain())
        answers = domain.answers
        answers.append((now, answer, taken))
        while answers[0][0] <= now - WINDOW:
            answers.popleft()
        good = sum(taken for _, _, taken in answers)
        if len(answers) < SENT or good >= SHARE * len(answers):
            return False
        domain.until, domain.last = now + BLOCKED_FOR, now
        domain.reasons = Counter(said for _, said, taken in answers if not taken)
        answers.clear()
        return True

    def bodies(self, client_id: str, now: float) -> list[dict[str, Any]]:
        """The account's blocked domains, as /hooks/admin shows them (examples/webhook_hook.json)."""
        return [
            {
                "destination": name,
                "time_left": int(domain.until - now),
                "reasons": [
                    {"failure_description": said, "count": count, "timestamp": int(domain.last)}
                    for said, count in domain.reasons.most_common()
                ],
            }
            for (owner, name), domain in self._domains.items()
            if owner == client_id and now < domain.until
        ]
