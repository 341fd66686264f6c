"""A store that NPF reaches by a legacy account."""

from typing import Any

from npf.sandbox import bigcommerce as bc
from tests.connected import Connected, Sandboxes

KEY = "key-of-acme-0123456789"


def tables(sandboxes: Sandboxes, name: str = "acme") -> dict[str, str]:
    """The [bigcommerce] table of a legacy account."""
    url = f"{sandboxes.bc_server.url}/store-{name}/api/v2/"
    return {"store_id": url, "client_id": "npf", "access_token": KEY}


def connect_legacy(sandboxes: Sandboxes, **more: Any) -> Connected:
    """A store with a legacy account and without a token."""
    shop = sandboxes.connect(tables={"bigcommerce": tables(sandboxes)}, **more)
    bc.add_legacy_account(shop.bc, "npf", KEY)
    shop.bc.accounts.clear()
    return shop
