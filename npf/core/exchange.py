"""One question to an outer system and its answer, as the clients report it to whoever watches."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

System = Literal["bigcommerce", "fm"]
Outcome = Literal["done", "refused", "unclear", "failed"]


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked and what was answered.

    `asked` and `answered` are text with every secret already masked by the client. `status` is the HTTP status,
    0 where no answer came. `outcome`: done = it did what was asked; refused = it said no; failed = it did not do
    it and may be asked again; unclear = a write whose answer was lost. `took` is in seconds.
    """

    system: System
    what: str
    write: bool
    asked: str
    answered: str
    status: int
    outcome: Outcome
    started: datetime
    took: float


Watch = Callable[[Exchange], None]


def unwatched(exchange: Exchange) -> None:
    """The watch of a caller that keeps nothing."""
