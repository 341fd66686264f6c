"""The book of stores: adding, changing, pausing, removing.

Each whole or not at all, each with a name in the journal.
"""

from collections.abc import Iterable
from copy import deepcopy
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F

from npf.audit.journal import write
from npf.audit.notes import Note, Tag
from npf.core.clock import Clock
from npf.core.errors import FixSettings
from npf.core.suggest import did_you_mean
from npf.stores import fits, former
from npf.stores.draft import Draft, Problem, WrongSettings
from npf.stores.fm_parameters import fm_options
from npf.stores.maps import Settings
from npf.stores.models import FmClient, Store
from npf.stores.parameters import Parameters, parameters
from npf.stores.rows import compare
from npf.stores.secret import masked
from npf.stores.tables import TABLES

# So many changed rows of a table are told one by one.
MOST_TOLD = 30
SECRETS = (("bigcommerce", "access_token"), ("bigcommerce", "client_secret"), ("fm", "password"), ("fm", "private_key"))
_RESUMED: dict[str, Any] = {"paused_at": None, "paused_reason": "", "paused_parameter": ""}


def find(name: str) -> Store:
    """The store of that name, removed ones left out. Raises FixSettings naming the nearest known one."""
    store = Store.objects.select_related("fm").filter(name=name, removed_at__isnull=True).first()
    if store is None:
        known = Store.objects.filter(removed_at__isnull=True).values_list("name", flat=True)
        raise FixSettings(
            f'there is no store "{name}"{did_you_mean(name, known)}',
            parameter="NAME",
            cure="npf store list shows the names",
        )
    return store


def settings_of(store: Store) -> Settings:
    """What the store's rules look at."""
    return Settings(
        name=store.name,
        parameters=parameters(store.parameters),
        fm=fm_options(store.fm.options),
        **{key: getattr(store, key) for key in TABLES},
    )


def nested(store: Store, *, secrets: bool = False) -> dict[str, Any]:
    """The store as the tables of a store file; secrets masked unless asked for."""
    show = str if secrets else masked
    tables: dict[str, Any] = {
        "name": store.name,
        "merchant": store.merchant,
        "bigcommerce": {
            "store_id": store.legacy_url or store.store_hash,
            "client_id": store.client_id,
            "client_secret": show(store.client_secret),
            "access_token": show(store.access_token),
            "api_url": store.api_url,
        },
        "fm": {
            "base_url": store.fm.base_url,
            "username": store.fm.username,
            "password": show(store.fm.password),
            **({"private_key": show(store.fm.private_key)} if store.fm.private_key else {}),
            "client_code": store.fm.client_code,
            **store.fm.options,
        },
        "parameters": written(store.parameters),
        **{key: deepcopy(getattr(store, key)) for key in TABLES},
    }
    return tables


def written(kept: dict[str, Any]) -> dict[str, Any]:
    """Kept parameters as a person writes them: days as dd/MM/yyyy, the rest as it stands."""
    shown = dict(kept)
    if day := kept.get("start_date"):
        shown["start_date"] = _day(day)
    if days := kept.get("promise_closed"):
        shown["promise_closed"] = [_day(day) for day in days]
    return shown


def _day(kept: str) -> str:
    return f"{date.fromisoformat(kept):%d/%m/%Y}"


def save(draft: Draft, by: str, clock: Clock) -> tuple[Store, list[str]]:
    """Add the store or change it. Returns the row and sentences worth saying (a start date in the future, say).

    What a setting had paused works again: the store, and for its FM client every store that sends to it. Raises
    WrongSettings where the draft does not fit beside what is there; then nothing has changed.
    """
    now = clock.now()
    with transaction.atomic():
        # Locked before anything is looked at: two stores saved at once for one FM client must see each other.
        client, first = FmClient.objects.select_for_update().get_or_create(
            base_url=draft.fm_base_url, client_code=draft.fm_client_code
        )
        before = Store.objects.select_for_update(of=("self",)).select_related("fm").filter(name=draft.name).first()
        options = draft.fm_options
        if before is None or before.fm_id != client.pk:
            # A store that joins says only what it needs; what the others have set for their client stays.
            options = {**client.options, **options}
        fits.beside_the_others(draft, before, client, options)
        was = nested(before) if before else {}
        secrets = _secrets(before, draft)
        others = _change_client(client, draft, options, by, now, first=first)
        store = before or Store(name=draft.name, added_at=now)
        new = before is None or before.removed_at is not None
        _fill(store, draft, client, now, new=new)
        changes = _changes(was, nested(store)) + secrets
        for key in _different_tables(was, store):
            former.keep(store, key, was[key], by, now)
        if new or changes:
            store.settings_version += 1
        _write(store)
        if new or changes:
            tag = Tag.STORE_ADDED if new else Tag.STORE_CHANGED
            text = f"{'Added' if new else 'Changed'}: {'; '.join(changes)}" if changes else "Added"
            write(store.pk, by, now, [Note(tag, text, data={"changes": changes})])
    said = [f"the settings of FM client {client.client_code} are also those of {', '.join(others)}"] if others else []
    return store, _worth_saying(store, now) + said


def _fill(store: Store, draft: Draft, client: FmClient, now: datetime, *, new: bool) -> None:
    kept = dict(draft.parameters)
    if "start_date" not in kept:
        # Never without a date: the whole history would go to FM and be shipped again. Nor with another one than
        # before: what was placed between the two would be left out.
        today = now.astimezone(parameters(kept).zone).date().isoformat()
        kept["start_date"] = store.parameters.get("start_date", today)
    values = parameters(kept)
    if new or _stock_times(values) != _stock_times(parameters(store.parameters)):
        store.next_stock_at = values.stock_due_after(now)
    if new or values.stock_every != parameters(store.parameters).stock_every:
        store.next_change_at = values.change_due_after(now)
    store.merchant = draft.merchant or draft.name
    store.store_hash, store.legacy_url = draft.store_hash, draft.legacy_url
    store.client_id = draft.client_id
    store.access_token = draft.access_token
    store.client_secret = draft.client_secret
    store.api_url = draft.api_url
    store.fm = client
    store.parameters = kept
    for key in TABLES:
        setattr(store, key, getattr(draft, key))
    store.removed_at = None
    if new or store.paused_parameter:
        # What paused it was a setting; the settings are new. If it is still wrong, it pauses and tells again.
        store.paused_at, store.paused_reason, store.paused_parameter = None, "", ""
    store.next_look_at = now


def _stock_times(values: Parameters) -> tuple[str, str]:
    return values.stock_time, values.timezone


def _write(store: Store) -> None:
    try:
        with transaction.atomic():
            store.save()
    except IntegrityError:
        # fits.py looked; only another save in the same moment can still be in the way.
        raise WrongSettings(
            [Problem("bigcommerce.store_id", "another store here was given this BigCommerce store just now")]
        ) from None


def _change_client(
    client: FmClient, draft: Draft, options: dict[str, Any], by: str, now: datetime, *, first: bool
) -> list[str]:
    """Write what the draft says of its FM client. Gives the names of the other stores that this changes."""
    others = Store.objects.filter(fm=client, removed_at__isnull=True).exclude(name=draft.name)
    was = {"username": client.username, **client.options}
    secrets = {"password": draft.fm_password, "private_key": draft.fm_private_key}
    replaced = [f"fm.{key}: replaced" for key, new in secrets.items() if getattr(client, key) != new]
    client.username, client.options = draft.fm_username, options
    client.password, client.private_key = draft.fm_password, draft.fm_private_key
    client.save()
    changes = _changes(was, {"username": client.username, **options}, "fm.")
    changes += replaced
    changed: list[str] = []
    for other in others.order_by("name"):
        notes = []
        if changes and not first:
            Store.objects.filter(pk=other.pk).update(settings_version=F("settings_version") + 1, next_look_at=now)
            text = f"Changed with {draft.name}, which sends to the same FM client: {'; '.join(changes)}"
            notes.append(Note(Tag.STORE_CHANGED, text, data={"changes": changes}))
            changed.append(other.name)
        if other.paused_parameter.startswith("fm."):
            Store.objects.filter(pk=other.pk).update(**_RESUMED, next_look_at=now)
            notes.append(Note(Tag.STORE_RESUMED, f"Resumed: {draft.name} has given FM a login that may work"))
        write(other.pk, by, now, notes)
    return changed


def _secrets(before: Store | None, draft: Draft) -> list[str]:
    """What to say of the secrets, which are never shown: that they were set or replaced."""
    kept = {
        "bigcommerce.access_token": (before.access_token if before else "", draft.access_token),
        "bigcommerce.client_secret": (before.client_secret if before else "", draft.client_secret),
        "fm.password": (before.fm.password if before else "", draft.fm_password),
        "fm.private_key": (before.fm.private_key if before else "", draft.fm_private_key),
    }
    return [
        f"{key}: {'set' if not was else 'replaced' if now else 'taken away'}"
        for key, (was, now) in kept.items()
        if was != now
    ]


def _worth_saying(store: Store, now: datetime) -> list[str]:
    begins = parameters(store.parameters).starts_at()
    if begins and begins > now:
        return [f"the start date is in the future: {in_words(store)}"]
    return []


def in_words(store: Store) -> str:
    """The start date as a sentence: 'orders placed from Sunday 1 November 2026, 00:00 in Australia/Melbourne'."""
    values = parameters(store.parameters)
    if values.start_date is None:
        return "orders of any date"
    day = values.start_date
    return f"orders placed from {day:%A} {day.day} {day:%B %Y}, 00:00 in {values.timezone}"


def _changes(was: dict[str, Any], now: dict[str, Any], where: str = "") -> list[str]:
    lines: list[str] = []
    for key in sorted(was.keys() | now.keys()):
        old, new, path = was.get(key), now.get(key), f"{where}{key}"
        if not where and key in TABLES:
            lines += _table_changes(old or {}, new or {}, key)
        elif isinstance(old, dict) or isinstance(new, dict):
            lines += _changes(old or {}, new or {}, f"{path}.")
        elif old != new and (where.rstrip("."), key) not in SECRETS:
            lines.append(f"{path}: {_shown(old)} -> {_shown(new)}")
    return lines


def _table_changes(was: dict[str, Any], now: dict[str, Any], key: str) -> list[str]:
    """The changes of a table, row by row; counted where they are too many to be read."""
    lines = _changes(was, now, f"{key}.")
    return lines if len(lines) <= MOST_TOLD else [f"{key}: {compare(TABLES[key], was, now).in_words}"]


def _different_tables(was: dict[str, Any], store: Store) -> list[str]:
    return [key for key in TABLES if was and was[key] != getattr(store, key)]


def _shown(value: Any) -> str:
    return "(none)" if value in (None, "") else msgspec.json.encode(value).decode()


def pause(store: Store, by: str, clock: Clock, reason: str, parameter: str = "") -> bool:
    """Stop the stations of a store until somebody resumes it. False where it was paused already."""
    now = clock.now()
    with transaction.atomic():
        changed = Store.objects.filter(pk=store.pk, paused_at__isnull=True).update(
            paused_at=now, paused_reason=reason, paused_parameter=parameter
        )
        if changed:
            tag = Tag.STORE_STOPPED if parameter else Tag.STORE_PAUSED
            write(store.pk, by, now, [Note(tag, f"Paused: {reason}", data={"parameter": parameter})])
    return bool(changed)


def pause_for(store: Store, by: str, clock: Clock, wrong: FixSettings) -> None:
    """Pause what a wrong setting stops: the store, or for a wrong FM login every store of that FM client, all at once.

    A login that somebody has mended while `store` was asking with the old one stops nobody.
    """
    reason = f"{wrong} — {wrong.cure}"
    with transaction.atomic():
        touched: Iterable[Store] = [store]
        if wrong.parameter.startswith("fm."):
            client = FmClient.objects.select_for_update().get(pk=store.fm_id)
            if _login(client) != _login(store.fm):
                return
            touched = Store.objects.filter(fm=client, removed_at__isnull=True).order_by("pk")
        for one in touched:
            pause(one, by, clock, reason, wrong.parameter)


def _login(client: FmClient) -> tuple[object, ...]:
    return client.username, client.password, client.options


def resume(store: Store, by: str, clock: Clock) -> bool:
    """Let the stations work again, at once; where FM's login stopped it, those of every store that this has stopped.

    False where it was not paused.
    """
    now = clock.now()
    with transaction.atomic():
        paused = Store.objects.select_for_update().filter(paused_at__isnull=False, removed_at__isnull=True)
        mine = paused.filter(pk=store.pk).first()
        if mine is None:
            return False
        with_it = paused.filter(fm=mine.fm_id, paused_parameter__startswith="fm.").exclude(pk=mine.pk)
        others = list(with_it.order_by("pk")) if mine.paused_parameter.startswith("fm.") else []
        for one in [mine, *others]:
            Store.objects.filter(pk=one.pk).update(**_RESUMED, next_look_at=now)
            text = "Resumed" if one is mine else f"Resumed with {mine.name}, which sends to the same FM client"
            write(one.pk, by, now, [Note(Tag.STORE_RESUMED, text)])
    return True


def remove(store: Store, by: str, clock: Clock) -> None:
    """Forget the credentials and stop for good. Orders stay, so that adding the store again sends none twice."""
    now = clock.now()
    with transaction.atomic():
        Store.objects.filter(pk=store.pk).update(
            removed_at=now,
            access_token="",
            client_secret="",
            next_look_at=None,
            next_stock_at=None,
            next_change_at=None,
        )
        if not Store.objects.filter(fm=store.fm, removed_at__isnull=True).exists():
            FmClient.objects.filter(pk=store.fm_id).update(password="", private_key="")
        write(store.pk, by, now, [Note(Tag.STORE_REMOVED, "Removed; its orders are kept, its credentials are not")])
