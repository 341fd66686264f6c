"""Are the credentials right? Asked of both systems before a store is saved, and by the doctor."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from npf.bigcommerce.client import BigCommerce
from npf.core.errors import FixSettings, GiveUp, NpfError
from npf.stores.draft import Draft, Problem, WrongSettings
from npf.stores.models import FmClient, Store
from npf.stores.outside import Outside
from npf.warehouse.port import Warehouse

WHERE = "BigCommerce: Settings > API accounts > Create V2/V3 API token"

NEW_TOKEN = (
    f"A token's scopes cannot be changed: make a new one ({WHERE}) with all four scopes and paste its access token"
)

# The control panel's name of a scope -> a call that needs it and changes nothing (facts 10, 12).
ORDERS = {"Orders: modify": ("/v2/orders", {"limit": 1})}
NEEDED = {
    **ORDERS,
    "Order Transactions: modify": ("/v3/orders/1/transactions", {}),
    "Customers: read-only": ("/v3/customers", {"limit": 1}),
    "Products: modify": ("/v3/catalog/products", {"limit": 1}),
}
USEFUL = {
    "Store Inventory: modify": ("/v3/inventory/items", {"limit": 1}),
    "Store Locations: read-only": ("/v3/inventory/locations", {"limit": 1}),
    "Information & Settings: read-only": ("/v2/store", {}),
    "Channel Settings: read-only": ("/v3/channels", {"limit": 1}),
}


class Scope(msgspec.Struct, frozen=True):
    """A scope by the control panel's name; `refusal` is BigCommerce's answer where it is not there."""

    name: str
    refusal: FixSettings | None = None

    @property
    def there(self) -> bool:
        return self.refusal is None


def scopes(client: BigCommerce, wanted: dict[str, tuple[str, dict[str, int]]]) -> Iterator[Scope]:
    """Try each scope. Modify and read-only cannot be told apart without writing. Raises TryLater."""
    for name, (path, params) in wanted.items():
        try:
            client.get(path, params=params)
        except FixSettings as refused:
            yield Scope(name, refused)
        except GiveUp:
            # It was let in and did not find what was asked for, which is all that this wants to know.
            yield Scope(name)
        else:
            yield Scope(name)


def prove(draft: Draft, outside: Outside) -> list[str]:
    """Prove a draft before it is saved. Returns what could not be asked now (no answer is not a refusal).

    Raises WrongSettings naming every parameter that an outer system refuses.
    """
    problems: list[Problem] = []
    unproved: list[str] = []
    store = Store(
        name=draft.name,
        store_hash=draft.store_hash,
        legacy_url=draft.legacy_url,
        client_id=draft.client_id,
        access_token=draft.access_token,
        api_url=draft.api_url,
        parameters=draft.parameters,
    )
    client = FmClient(
        base_url=draft.fm_base_url,
        client_code=draft.fm_client_code,
        username=draft.fm_username,
        password=draft.fm_password,
        private_key=draft.fm_private_key,
        options=draft.fm_options,
    )
    asked: tuple[tuple[str, Callable[[], list[Problem]]], ...] = (
        ("BigCommerce", lambda: _bigcommerce(outside.bigcommerce(store))),
        ("FM", lambda: _fm(outside.fm(client))),
    )
    for system, ask in asked:
        try:
            problems += ask()
        except FixSettings as wrong:
            problems.append(Problem(wrong.parameter, f"{wrong}. {wrong.cure}"))
        except NpfError as error:
            unproved.append(f"{system} could not be asked: {error}")
    if problems:
        raise WrongSettings(problems)
    return unproved


def _bigcommerce(client: BigCommerce) -> list[Problem]:
    try:
        found = list(scopes(client, ORDERS if client.legacy else NEEDED))
    finally:
        client.rest()
    if refusal := whole_token(found):
        raise refusal
    return [
        Problem("bigcommerce.access_token", f'the token lacks the scope "{scope.name}". {NEW_TOKEN}')
        for scope in found
        if not scope.there
    ]


def whole_token(found: Iterable[Scope]) -> FixSettings | None:
    """The refusal of a token that may do nothing at all: it is wrong, or of another store. None for any other."""
    refusals = [scope.refusal for scope in found]
    return refusals[0] if all(refusals) else None


def _fm(fm: Warehouse) -> list[Problem]:
    try:
        fm.prove()
    finally:
        fm.close()
    return []
