"""The former states of a store's tables: kept with each change, so that it can be undone."""

from datetime import datetime
from typing import Any

from npf.stores.models import FormerTable, Store

# Of each table, so many former states are kept.
KEPT = 20


def last(store: Store, key: str) -> FormerTable | None:
    """The state that stood before the last change of a table."""
    return FormerTable.objects.filter(store=store, table=key).order_by("-pk").first()


def keep(store: Store, key: str, rows: dict[str, Any], by: str, now: datetime) -> None:
    """Remember what is replaced now, and forget the oldest. Inside the transaction that replaces it."""
    FormerTable.objects.create(store=store, table=key, rows=rows, replaced_at=now, replaced_by=by)
    old = FormerTable.objects.filter(store=store, table=key).order_by("-pk").values_list("pk", flat=True)[KEPT:]
    FormerTable.objects.filter(pk__in=list(old)).delete()
