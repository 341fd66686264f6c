"""A store file that is right, to be made wrong in one place."""

from typing import Any

DESIGNED = """
name = "acme-au"
merchant = "Acme Pty Ltd"
[bigcommerce]
store_id = "abc123"
client_id = "…"
access_token = "…"
api_url = "https://api.bigcommerce.com"     # a sandbox gives its own
[fm]
base_url = "https://npfulfilmentapi.com"
username = "…"
password = "…"
client_code = "…"
[parameters]
update_soh = "Yes"
start_date = "01/11/2026"
prefix = "MG"
order_status = [11]
countries = ["Australia", "New Zealand"]
timezone = "Australia/Melbourne"
[dispatch]
default = "AP"
"*express*" = "EP EXP"
[carriers]
"AP" = "auspost"
[sku_map]
"SHOP-1" = "FM-1"
[bundles."KIT-HOME"]
"FM-1" = 2
"FM-2" = 1
"""
"""The store file of DESIGN section 6, letter for letter."""


def right(**tables: Any) -> dict[str, Any]:
    """A store file without a fault; `tables` are laid over its tables, key by key: `right(fm={"timeout": 3})`."""
    nested: dict[str, Any] = {
        "name": "acme",
        "merchant": "Acme Pty Ltd",
        "bigcommerce": {"store_id": "abc123", "access_token": "token-of-acme", "client_id": "client-of-acme"},
        "fm": {"username": "npf", "password": "secret-of-fm", "client_code": "ACME"},
        "parameters": {"start_date": "01/11/2026"},
        "dispatch": {"default": "AP"},
    }
    for table, values in tables.items():
        if isinstance(values, dict):
            nested[table] = {**nested.get(table, {}), **values}
        else:
            nested[table] = values
    return nested
