"""How long to wait before the next attempt."""

import random
from datetime import timedelta


def wait(failures: int, rng: random.Random, *, first: float = 30, longest: float = 3600) -> timedelta:
    """After the nth failure (counted from 1): `first` seconds doubled each time, up to `longest`, +-20 % by chance.

    The chance keeps stores that failed together from coming back together (fact 143).
    """
    seconds = min(longest, first * 2 ** min(max(failures, 1) - 1, 16))
    return timedelta(seconds=seconds * rng.uniform(0.8, 1.2))
