"""The one place that lists and sets the switches of a store, the scopes of its token among them."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.switches import read_scopes


def switch_values(store: Store) -> dict[str, Any]:
    """Every switch by name; `scopes` are those of the store's first API account."""
    account = next(iter(store.accounts.values()), None)
    return {**asdict(store.switches), "scopes": sorted(account.scopes) if account else []}


def set_switches(store: Store, words: Mapping[str, Any]) -> None:
    """Set the switches that are named; `scopes` is a list of scope names, `store_inventory` with or without.

    Raises ValueError naming the switch and what it may be; the ones before it are set by then.
    """
    for name, value in words.items():
        if name != "scopes":
            setattr(store.switches, name, value)
            continue
        if not isinstance(value, list | set | frozenset | tuple):
            raise ValueError("scopes is a list of scope names")
        token, account = next(iter(store.accounts.items()), ("", None))
        if account is None:
            raise ValueError("scopes: the store has no API account")
        store.accounts[token] = replace(account, scopes=read_scopes(value))
