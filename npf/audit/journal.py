"""Writing the journal: events of people and stations, exchanges of the clients.

A station hands a `Notebook` to its clients as their watch and files what it holds when it settles, so that an
exchange is saved in the same transaction as what it changed.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime

from npf.audit import models
from npf.audit.notes import Note
from npf.core.exchange import Exchange


def write(store_id: int | None, by: str, at: datetime, notes: Iterable[Note]) -> None:
    """Write the notes of one store, made at `at` by `by` (a person's name, "schedule", "command", "webhook")."""
    models.Event.objects.bulk_create(
        [
            models.Event(
                at=at,
                store_id=store_id,
                bc_order_id=note.bc_order_id,
                tag=note.tag.value,
                by=by,
                text=note.text.replace("\0", ""),
                data=note.data,
            )
            for note in notes
        ],
        batch_size=1000,
    )


class Notebook:
    """Collects the exchanges of the clients it watches until they are filed; safe to use from threads."""

    def __init__(self, store_id: int, by: str) -> None:
        self.store_id = store_id
        self.by = by
        self._exchanges: list[Exchange] = []
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        if exchange.write:
            with self._lock:
                self._exchanges.append(exchange)

    def file(self, order_of: Callable[[Exchange], int | None] = lambda exchange: None) -> None:
        """Save and forget what was collected; `order_of` gives the BigCommerce number an exchange belongs to."""
        with self._lock:
            exchanges, self._exchanges = self._exchanges, []
        models.Exchange.objects.bulk_create(
            [
                models.Exchange(
                    at=one.started,
                    store_id=self.store_id,
                    bc_order_id=order_of(one),
                    by=self.by,
                    system=one.system,
                    what=one.what[:300],
                    asked=one.asked.replace("\0", ""),
                    answered=one.answered.replace("\0", ""),
                    status=one.status,
                    outcome=one.outcome,
                    took_ms=round(one.took * 1000),
                )
                for one in exchanges
            ]
        )
