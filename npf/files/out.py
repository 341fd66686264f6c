"""One order as a file: CSV with a row for each product, or JSON as FM's own document is built. Pure.

The same order makes the same bytes, and its name comes from its number alone.
"""

import csv
import hashlib
import io
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from npf.warehouse.records import SalesOrder

Format = Literal["csv", "json"]


def name(number: str, form: Format) -> str:
    """The name of the file of an order; what a file system may not take in a number is written as %2F is."""
    safe = quote(number.strip(), safe="")
    return f"{'%2E' + safe[1:] if safe.startswith('.') else safe}.{form}"


def content(order: SalesOrder, client_code: str, form: Format) -> bytes:
    """The file of an order, in UTF-8."""
    fields = {"ClientCode": client_code, **_plain(msgspec.structs.asdict(order))}
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(fields), indent=1) + b"\n"
    products = fields.pop("Products")
    head = _flat(fields)
    rows = [{**head, "Line": line, **product} for line, product in enumerate(products, 1)]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else list(head), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def digest(raw: bytes) -> str:
    """The hash by which content is known."""
    return hashlib.sha256(raw).hexdigest()


def _plain(value: Any) -> Any:
    """The value in types that both formats know: money as text to the cent, days as 2026-11-25, Yes and No."""
    if isinstance(value, msgspec.Struct):
        return _plain(msgspec.structs.asdict(value))
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else value


def _flat(fields: dict[str, Any], where: str = "") -> dict[str, Any]:
    """Nested fields under names with dots: ShippingAddress.City."""
    flat: dict[str, Any] = {}
    for key, value in fields.items():
        flat |= _flat(value, f"{where}{key}.") if isinstance(value, dict) else {f"{where}{key}": value}
    return flat
