"""Does a draft fit beside what is there? The rules that look at other stores, asked in the saving transaction."""

from typing import Any

from django.db.models import Q

from npf.bigcommerce.address import legacy_hash
from npf.stores import numbers
from npf.stores.draft import Draft, Problem, WrongSettings
from npf.stores.fm_parameters import fm_options
from npf.stores.models import Cursor, FmClient, Store
from npf.stores.parameters import parameters


def beside_the_others(draft: Draft, before: Store | None, client: FmClient, options: dict[str, Any]) -> None:
    """`before`: the store of that name, removed ones too. `options`: what the FM client will have.

    Raises WrongSettings with every problem.
    """
    problems = (
        _same_shop(draft, before) + _numbers(draft) + _shared_options(draft, client, options) + _own_folder(draft)
    )
    if problems:
        raise WrongSettings(problems)


def _same_shop(draft: Draft, before: Store | None) -> list[Problem]:
    """One row per BigCommerce store, for ever: another row would pull each order again and send it again."""
    if (
        before is not None
        and before.store_hash.casefold() != draft.store_hash.casefold()
        and not _hash_found_out(before, draft)
        and Cursor.objects.filter(store=before).exists()
    ):
        says = (
            f"{before.name} holds orders of {before.store_hash}, and {draft.store_hash} counts its own from the same "
            "numbers on; add it as a store with a name of its own"
        )
        return [Problem("bigcommerce.store_id", says)]
    other = (
        Store.objects.filter(
            Q(api_url=draft.api_url, store_hash__iexact=draft.store_hash)
            | (Q(legacy_url=draft.legacy_url) & ~Q(legacy_url=""))
        )
        .exclude(name=draft.name)
        .order_by("-removed_at")
        .first()
    )
    if other is None:
        return []
    if other.removed_at is None:
        says = f"{other.name} pulls this BigCommerce store already: npf store set {other.name} KEY=VALUE changes it"
    elif not Cursor.objects.filter(store=other).exists():
        return []
    else:
        says = f"its orders were pulled as {other.name}, which was removed; add it under that name, or they go twice"
    return [Problem("bigcommerce.store_id", says)]


def _hash_found_out(before: Store, draft: Draft) -> bool:
    """A legacy account by the store's own domain gives way to one with a token: only that tells the store's hash."""
    return bool(before.legacy_url) and not legacy_hash(before.legacy_url) and not draft.legacy_url


def _numbers(draft: Draft) -> list[Problem]:
    prefix = parameters(draft.parameters).prefix
    others = Store.objects.exclude(name=draft.name).filter(
        removed_at__isnull=True, fm__base_url=draft.fm_base_url, fm__client_code__iexact=draft.fm_client_code
    )
    for other in others.order_by("name"):
        theirs = parameters(other.parameters).prefix
        if numbers.collide(prefix, theirs):
            says = (
                f'"{prefix}" can yield the same FM numbers as "{theirs}" of store {other.name}, which sends to the '
                "same FM client; choose one that differs by more than digits at its end"
            )
            return [Problem("parameters.prefix", says)]
    return []


def _shared_options(draft: Draft, client: FmClient, options: dict[str, Any]) -> list[Problem]:
    if fm_options(options).stock_is == "on_hand":
        return []
    for other in Store.objects.filter(fm=client, removed_at__isnull=True).exclude(name=draft.name).order_by("name"):
        if parameters(other.parameters).stock_basis == "on_hand":
            says = f"must be on_hand while {other.name}, which sends to the same FM client, has stock_basis = on_hand"
            return [Problem("fm.stock_is", says)]
    return []


def _own_folder(draft: Draft) -> list[Problem]:
    """A folder is one client's: of two, each would take in the other's files."""
    if fm_options(draft.fm_options).kind != "files":
        return []
    others = Store.objects.filter(fm__base_url=draft.fm_base_url, removed_at__isnull=True).exclude(name=draft.name)
    other = others.exclude(fm__client_code=draft.fm_client_code).select_related("fm").order_by("name").first()
    if other is None:
        return []
    says = f"is the folder of client {other.fm.client_code} (store {other.name}); each client needs a folder of its own"
    return [Problem("fm.base_url", says)]
