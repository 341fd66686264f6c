"""Are the credentials right? Asked of both systems before a store is saved, and by the doctor."""

from collections.abc import Iterator

import msgspec

from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce.client import BigCommerce
from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.fm.client import FM
from npf.stores.draft import Draft, Problem, WrongSettings
from npf.stores.models import FmClient, Store
from npf.stores.outside import Outside

WHERE = "BigCommerce: Settings > API accounts > Create V2/V3 API token"

_NEW_TOKEN = (
    f"A token's scopes cannot be changed: make a new one ({WHERE}) with all four scopes and paste its access token"
)

# The control panel's name of a scope -> a call that needs it and changes nothing (facts 10, 12).
NEEDED = {
    "Orders: modify": ("/v2/orders", {"limit": 1}),
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
    """Whether a scope is there; `says` is BigCommerce's answer where it is not."""

    name: str
    there: bool
    says: str = ""


def scopes(client: BigCommerce, wanted: dict[str, tuple[str, dict[str, int]]]) -> Iterator[Scope]:
    """Try each scope. Modify and read-only cannot be told apart without writing. Raises TryLater."""
    for name, (path, params) in wanted.items():
        try:
            client.get(path, params=params)
        except FixSettings as refused:
            yield Scope(name, False, str(refused))
        except GiveUp:
            # It was let in and did not find what was asked for, which is all that this wants to know.
            yield Scope(name, True)
        else:
            yield Scope(name, True)


def fm_knows_us(fm: FM) -> None:
    """Ask FM for a number that cannot exist. Raises FixSettings where it refuses the login or the client code."""
    fm.statuses(["NPF-CONNECT-CHECK"])


def prove(draft: Draft, outside: Outside) -> list[str]:
    """Prove a draft before it is saved. Returns what could not be asked now (no answer is not a refusal).

    Raises WrongSettings naming every parameter that an outer system refuses.
    """
    problems: list[Problem] = []
    unproved: list[str] = []
    store = Store(
        name=draft.name,
        store_hash=draft.store_hash,
        client_id=draft.client_id,
        access_token=draft.access_token,
        api_url=draft.api_url,
        parameters=draft.parameters,
    )
    try:
        problems += _bigcommerce(outside.bigcommerce(store))
    except NpfError as error:
        unproved.append(f"BigCommerce could not be asked: {error}")
    client = FmClient(
        base_url=draft.fm_base_url,
        client_code=draft.fm_client_code,
        username=draft.fm_username,
        password=draft.fm_password,
        options=draft.fm_options,
    )
    try:
        fm_knows_us(outside.fm(client))
    except FixSettings as wrong:
        problems.append(Problem(wrong.parameter, f"{wrong}. {wrong.cure}"))
    except TryLater as error:
        unproved.append(f"FM could not be asked: {error}")
    if problems:
        raise WrongSettings(problems)
    return unproved


def _bigcommerce(client: BigCommerce) -> list[Problem]:
    try:
        bc_orders.statuses(client)
    except FixSettings as wrong:
        return [Problem(wrong.parameter, f"{wrong}. {wrong.cure}")]
    lacking = [scope.name for scope in scopes(client, NEEDED) if not scope.there]
    return [
        Problem("bigcommerce.access_token", f'the token lacks the scope "{name}". {_NEW_TOKEN}') for name in lacking
    ]
