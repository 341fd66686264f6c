"""A small chart of figures over time as lines of SVG: each figure holds until the next one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 22
_STEPS = (1, 2, 5)


class Line(msgspec.Struct, frozen=True):
    """`path` is the d of an SVG path; `dots` are the places at which a figure was read."""

    name: str
    path: str
    dots: list[tuple[float, float]]


class Chart(msgspec.Struct, frozen=True):
    """`rows`: (y, figure) of the lines across; `times`: (x, moment, anchor) of the words below."""

    width: int
    height: int
    lines: list[Line]
    rows: list[tuple[float, int]]
    times: list[tuple[float, datetime, str]]


def draw(times: Sequence[datetime], series: Mapping[str, Sequence[int | None]]) -> Chart | None:
    """A chart of the series, each as long as `times`, which rise; None = a gap. None where there is nothing to draw."""
    values = [value for some in series.values() for value in some if value is not None]
    if len(times) < 2 or not values:
        return None
    low, high, step = _bounds(min(0, *values), max(*values, 1))
    begin, span = times[0], (times[-1] - times[0]).total_seconds() or 1.0

    def x(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (at - begin).total_seconds() / span, 1)

    def y(value: int) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low), 1)

    lines = []
    for name, some in series.items():
        points = [(x(at), None if value is None else y(value)) for at, value in zip(times, some, strict=True)]
        lines.append(Line(name, _steps(points), [(at, value) for at, value in points if value is not None]))
    return Chart(
        WIDTH,
        HEIGHT,
        lines,
        [(y(figure), figure) for figure in range(low, high + 1, step)],
        [(x(times[0]), times[0], "start"), (x(times[-1]), times[-1], "end")],
    )


def _steps(points: Iterable[tuple[float, float | None]]) -> str:
    said: list[str] = []
    pen = False
    for x, y in points:
        if pen:
            said.append(f"H{x:g}")
        if y is not None:
            said.append(f"V{y:g}" if pen else f"M{x:g} {y:g}")
        pen = y is not None
    return "".join(said)


def _bounds(least: int, most: int) -> tuple[int, int, int]:
    """(lowest, highest, step) of about four rows of round figures."""
    size = 1
    while True:
        for step in (size * part for part in _STEPS):
            low, high = -(-least // step) * step, -(-most // step) * step
            low -= step if low > least else 0
            if (high - low) // step <= 4:
                return low, high, step
        size *= 10
