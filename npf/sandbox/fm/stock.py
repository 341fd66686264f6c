"""The stock of one client: what lies on the shelves, and what of it accepted orders will take."""

from collections.abc import Iterator, Mapping, MutableMapping

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


class Stock(MutableMapping[str, int]):
    """On hand by product code: `stock["Test001"] = 5` counts the shelf anew. Never below zero.

    `products` None = every code is sold, each with ANY_STOCK at first.
    """

    def __init__(self, products: Mapping[str, int] | None) -> None:
        self._any = products is None
        self._on_hand: dict[str, int] = {}
        self._reserved: dict[str, int] = {}
        for code, quantity in (products or {}).items():
            self[code] = quantity

    def __getitem__(self, code: str) -> int:
        if self._any:
            return self._on_hand.get(code, ANY_STOCK)
        return self._on_hand[code]

    def __setitem__(self, code: str, quantity: int) -> None:
        if quantity < 0:
            raise ValueError(f"{code}: stock cannot be negative")
        self._on_hand[code] = quantity

    def __delitem__(self, code: str) -> None:
        del self._on_hand[code]

    def __contains__(self, code: object) -> bool:
        return code in self._on_hand

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._on_hand))

    def __len__(self) -> int:
        return len(self._on_hand)

    def sold(self, code: object) -> bool:
        """Whether FM knows the code."""
        return self._any or code in self._on_hand

    def reserved(self, code: str) -> int:
        """Units that accepted, unshipped orders will take."""
        return self._reserved.get(code, 0)

    def available(self, code: str) -> int:
        """On hand less reserved, at least 0. Raises KeyError for an unknown code."""
        return max(0, self[code] - self.reserved(code))

    def reserve(self, quantities: Mapping[str, int], times: int = 1) -> None:
        """Put units aside for an order; `times=-1` gives them back."""
        for code, quantity in quantities.items():
            self._reserved[code] = max(0, self.reserved(code) + quantity * times)

    def despatch(self, quantities: Mapping[str, int]) -> None:
        """Units leave the building: both the shelf and what was put aside fall."""
        for code, quantity in quantities.items():
            if self.sold(code):
                self._on_hand[code] = max(0, self[code] - quantity)
        self.reserve(quantities, -1)
