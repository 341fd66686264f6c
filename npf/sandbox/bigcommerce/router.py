"""Which function answers a path, and which scope guards it (fact 10)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from npf.sandbox.bigcommerce.answers import Answer, Request

Endpoint = Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """`template` holds `{}` for each number: `/v2/orders/{}/shipments`.

    `scope` None: every token may; several with `|` between them: any of them will do.
    """

    method: str
    template: str
    endpoint: Endpoint
    scope: str | None

    def allows(self, scopes: frozenset[str]) -> bool:
        """Reading is covered by the read-only scope too."""
        if self.scope is None:
            return True
        names = self.scope.split("|")
        return any(name in scopes or (self.method == "GET" and f"{name}_read_only" in scopes) for name in names)


class Router:
    """Finds routes by the shape of a path: numbers stand for `{}`."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_shape: dict[str, dict[str, Route]] = {}
        for route in routes:
            self._by_shape.setdefault(route.template, {})[route.method] = route

    def find(self, path: str) -> tuple[dict[str, Route], tuple[int, ...]]:
        """(routes by method, numbers of the path); no routes when nothing is there."""
        parts = path.split("/")
        numbers: list[int] = []
        for at, part in enumerate(parts):
            if part.isdecimal() and len(part) < 19:
                numbers.append(int(part))
                parts[at] = "{}"
        return self._by_shape.get("/".join(parts), {}), tuple(numbers)
