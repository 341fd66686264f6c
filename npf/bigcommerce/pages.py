"""Answers as rows, and lists over all their pages.

V2 gives bare arrays, without totals, and 204 for nothing (facts 17, 18); V3 wraps in data and meta. A page that is
short ends a list, but only where the server kept to the limit it was asked for (facts 27, 113).
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from npf.bigcommerce.client import Answer, BigCommerce
from npf.bigcommerce.tolerant import Malformed, record
from npf.core.errors import TryLater

T = TypeVar("T")

# The default page and round caps: a page of exactly so many rows may have been cut, whatever was asked for.
CUTS = frozenset({50, 100, 200})

# What a heavy list is asked for after trouble, one size after the other (fact 144). None is a cap in CUTS, and a list
# that fails with the last of them is not heavy but broken.
_LIGHTER = (125, 60, 30)
# So many whole pages, and the next larger size is tried again.
_GOOD = 4

_rows = msgspec.json.Decoder(list[msgspec.Raw])


class _Envelope(msgspec.Struct):
    data: msgspec.Raw
    meta: Any = None


_envelope = msgspec.json.Decoder(_Envelope)


class PageSize:
    """How many rows a walk asks for: fewer after trouble, more again after some whole pages. One walk's memory.

    A walk by id may change it at any page.
    """

    def __init__(self, most: int) -> None:
        self._steps = (most, *(size for size in _LIGHTER if size < most))
        self._step = 0
        self._good = 0

    @property
    def rows(self) -> int:
        return self._steps[self._step]

    def lower(self) -> None:
        """There was trouble with the last size."""
        self._step, self._good = min(self._step + 1, len(self._steps) - 1), 0

    def came(self) -> None:
        """A page came."""
        self._good += 1
        if self._step and self._good >= _GOOD:
            self._step, self._good = self._step - 1, 0


def may_have_more(count: int, limit: int) -> bool:
    """Whether rows may follow a page of `count` that was asked for with `limit` (fact 27)."""
    return count >= limit or count in CUTS


def rows(answer: Answer) -> list[msgspec.Raw]:
    """The rows of a V2 list; none for 204. Raises TryLater where the answer is no list."""
    if not answer.body:
        return []
    try:
        return _rows.decode(answer.body)
    except ValueError:
        raise TryLater(f"{answer.what}: the answer is not the list it should be", delay=60.0) from None


def one(answer: Answer, kind: type[T]) -> T:
    """A V2 answer as one record.

    Raises Malformed; for a write TryLater(unclear=True) instead, since it was done and only its answer is lost.
    """
    try:
        return record(answer.body, kind)
    except Malformed as error:
        if not answer.write:
            raise
        said = str(error)
    raise TryLater(f"{answer.what}: {said}", delay=60.0, unclear=True)


def data(answer: Answer) -> list[msgspec.Raw]:
    """The rows of a V3 list; none for 204. Raises TryLater where there are none to be found."""
    return _data(answer)[0]


def _data(answer: Answer) -> tuple[list[msgspec.Raw], Any]:
    if not answer.body:
        return [], None
    try:
        envelope = _envelope.decode(answer.body)
        return _rows.decode(envelope.data), envelope.meta
    except ValueError:
        raise TryLater(f"{answer.what}: the answer is not the list it should be", delay=60.0) from None


def every_v2(client: BigCommerce, path: str, limit: int = 250) -> Iterator[msgspec.Raw]:
    """All rows of a V2 list (order lines, shipments), page after page."""
    page, before = 1, b""
    while True:
        found = rows(client.get(path, params={"limit": limit, "page": page}))
        # A server that ignores `page` would give the same rows for ever.
        if not found or bytes(found[0]) == before:
            return
        yield from found
        if not may_have_more(len(found), limit):
            return
        page, before = page + 1, bytes(found[0])


def every_v3(
    client: BigCommerce, path: str, params: Mapping[str, str | int] | None = None, limit: int = 250
) -> Iterator[msgspec.Raw]:
    """All rows of a V3 list, page after page until one is empty, or short in every way of counting (fact 113)."""
    page, seen, before = 1, 0, b""
    while True:
        found, meta = _data(client.get(path, params={**(params or {}), "limit": limit, "page": page}))
        if not found or bytes(found[0]) == before:
            return
        yield from found
        seen += len(found)
        total, per_page = _pagination(meta)
        full = len(found) >= min(limit, per_page) if per_page else may_have_more(len(found), limit)
        if not full and seen >= (total or 0):
            return
        page, before = page + 1, bytes(found[0])


def _pagination(meta: Any) -> tuple[int | None, int | None]:
    found = meta.get("pagination") if isinstance(meta, dict) else None
    if not isinstance(found, dict):
        return None, None
    total, per_page = (value if isinstance(value := found.get(key), int) else None for key in ("total", "per_page"))
    return total, per_page if per_page and per_page > 0 else None
