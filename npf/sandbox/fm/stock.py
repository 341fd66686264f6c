"""The stock of one client: what lies on the shelves, what of it accepted orders will take, and how that was before."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from datetime import UTC, datetime

CATALOGUE: Mapping[str, int] = {
    "Test001": 1_000,
    "Test002": 1_000,
    "MUG-BLUE": 250,
    "MUG-RED": 180,
    "TEE-BLK-S": 60,
    "TEE-BLK-M": 85,
    "TEE-BLK-L": 70,
    "CANDLE-01": 40,
    "SOAP-LAV": 320,
    "SOAP-EUC": 300,
    "GIFT-BOX": 150,
    "TOTE-NAT": 95,
}
"""What a client sells when nothing else is said; contains NPF's two test items."""

ANY_STOCK = 100
"""On hand of a code that is first seen by a client that sells every code."""
LEVELS = 2_000
"""So many past levels of a code are kept, for the readings that are stale."""


class Stock(MutableMapping[str, int]):
    """On hand by product code: `stock["Test001"] = 5` counts the shelf anew. Never below zero.

    `products` None = every code is sold, each with ANY_STOCK at first. `now` gives the time of a change.
    """

    def __init__(self, products: Mapping[str, int] | None, now: Callable[[], datetime]) -> None:
        self._any = products is None
        self._now = now
        self._on_hand: dict[str, int] = {}
        self._reserved: dict[str, int] = {}
        self._levels: dict[str, list[tuple[datetime, int, int]]] = {}
        self.words: dict[str, str] = {}
        """What FM tells of a code instead of its figure, by code; see `tell`."""
        for code, quantity in (products or {}).items():
            if quantity < 0:
                raise ValueError(f"{code}: stock cannot be negative")
            self._on_hand[code] = quantity

    def __getitem__(self, code: str) -> int:
        if self._any:
            return self._on_hand.get(code, ANY_STOCK)
        return self._on_hand[code]

    def __setitem__(self, code: str, quantity: int) -> None:
        if quantity < 0:
            raise ValueError(f"{code}: stock cannot be negative")
        self._change(code, quantity, self.reserved(code), self._now())

    def __delitem__(self, code: str) -> None:
        del self._on_hand[code]

    def __contains__(self, code: object) -> bool:
        return code in self._on_hand

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._on_hand))

    def __len__(self) -> int:
        return len(self._on_hand)

    def tell(self, code: str, words: str | None) -> None:
        """Let FM tell words of a code instead of its figure; None = its figure again. Such a code is sold."""
        if words is None:
            self.words.pop(code, None)
            return
        if not self.sold(code):
            self[code] = 0
        self.words[code] = words

    def sold(self, code: object) -> bool:
        """Whether FM knows the code."""
        return self._any or code in self._on_hand

    def reserved(self, code: str) -> int:
        """Units that accepted, unshipped orders will take."""
        return self._reserved.get(code, 0)

    def available(self, code: str) -> int:
        """On hand less reserved, at least 0. Raises KeyError for an unknown code."""
        return max(0, self[code] - self.reserved(code))

    def level(self, code: str, moment: datetime | None = None) -> tuple[int, int]:
        """(on hand, available) of a code, now or as they were at a moment. Raises KeyError for an unknown code."""
        levels = self._levels.get(code, []) if moment is not None else []
        found = next((level for level in reversed(levels) if moment is not None and level[0] <= moment), None)
        _, on_hand, reserved = found or (levels[0] if levels else (None, self[code], self.reserved(code)))
        return on_hand, max(0, on_hand - reserved)

    def reserve(self, quantities: Mapping[str, int], times: int = 1) -> None:
        """Put units aside for an order; `times=-1` gives them back."""
        for code, quantity in quantities.items():
            if self.sold(code):
                self._change(code, self[code], max(0, self.reserved(code) + quantity * times), self._now())

    def despatch(self, quantities: Mapping[str, int], at: datetime) -> None:
        """Units leave the building: both the shelf and what was put aside fall."""
        for code, quantity in quantities.items():
            if self.sold(code):
                self._change(code, max(0, self[code] - quantity), max(0, self.reserved(code) - quantity), at)

    def _change(self, code: str, on_hand: int, reserved: int, at: datetime) -> None:
        levels = self._levels.setdefault(code, [])
        if not levels and self.sold(code):
            levels.append((datetime.min.replace(tzinfo=UTC), self[code], self.reserved(code)))
        levels.append((at, on_hand, reserved))
        if len(levels) > LEVELS:
            del levels[: LEVELS // 2]
        self._on_hand[code], self._reserved[code] = on_hand, reserved
