"""The tables of a store in the database: one changed, its former states, and a change undone."""

from typing import Any

from django.db import transaction

from npf.core.clock import Clock
from npf.core.errors import FixSettings
from npf.core.suggest import did_you_mean
from npf.stores import book, draft, former
from npf.stores.models import FmClient, FormerTable, Store
from npf.stores.tables import TABLES, Codes, Table, known_codes


class Meanwhile(FixSettings):
    """Somebody else changed the store's settings between the look and the save: nothing was saved."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the settings of {name} were changed meanwhile, so nothing was saved",
            parameter="NAME",
            cure="look at the table as it stands now, then do it again",
        )


def named(key: str) -> Table:
    """The table of that key. Raises FixSettings with the nearest known one."""
    if key not in TABLES:
        cure = f"use one of {', '.join(TABLES)}"
        raise FixSettings(f'there is no table "{key}"{did_you_mean(key, TABLES)}', parameter="TABLE", cure=cure)
    return TABLES[key]


def codes_of(store: Store) -> Codes:
    """FM's dispatch codes for this store's client."""
    return known_codes(store.fm.options.get("dispatch_codes") or [])


def change(store: Store, key: str, kept: dict[str, Any], by: str, clock: Clock, *, version: int | None = None) -> Store:
    """Put another state of a table in its place, journalled, the former one kept. Returns the store as it is now.

    `version`: the settings_version that somebody looked at. Raises Meanwhile where the store has another by now, and
    WrongSettings where the table does not fit into the store.
    """
    with transaction.atomic():
        # In book.save's own sequence, so that two of them never wait for each other in a ring.
        FmClient.objects.select_for_update().get(pk=store.fm_id)
        now = Store.objects.select_for_update(of=("self",)).select_related("fm").get(pk=store.pk)
        if version is not None and now.settings_version != version:
            raise Meanwhile(store.name)
        read = draft.read(book.nested(now, secrets=True) | {key: kept})
        changed, _ = book.save(read, by, clock)
    return changed


def undo(store: Store, key: str, by: str, clock: Clock, *, version: int | None = None) -> FormerTable:
    """Put the former state of a table back. What it replaces is the former one then: undone again, it comes back.

    Raises FixSettings where there is none, and what `change` raises.
    """
    was = former.last(store, key)
    if was is None:
        raise FixSettings(f"nothing of {key} was changed yet", parameter="TABLE", cure="there is nothing to undo")
    change(store, key, was.rows, by, clock, version=version)
    return was
