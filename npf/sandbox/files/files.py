"""How the warehouse reads order files, which is strict, and writes its own: under another name, then renamed."""

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

NEEDED = ("ClientCode", "SalesOrderNo", "OrderDate", "CustomerNo", "DespatchDetails.DispatchMethod", "Totals.Total")


class Refused(Exception):
    """An order file that the warehouse cannot take."""


def read_order(name: str, raw: bytes) -> tuple[str, str, Counter[str]]:
    """(SalesOrderNo, ClientCode, units by code) of an order file. Raises Refused."""
    try:
        fields, products = _json(raw) if name.endswith(".json") else _csv(raw)
        units: Counter[str] = Counter()
        for product in products:
            if not product["Code"] or int(product["Quantity"]) < 1:
                raise Refused(f"{name}: a product without code or quantity")
            units[product["Code"]] += int(product["Quantity"])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise Refused(f"{name}: {error!r}") from None
    missing = [field for field in NEEDED if not fields.get(field)]
    missing += [] if fields.get("ShippingAddress.Address1") and fields.get("ShippingAddress.Country") else ["address"]
    if missing or not units:
        raise Refused(f"{name}: {', '.join(missing) or 'products'} missing")
    return fields["SalesOrderNo"], fields["ClientCode"], units


def _json(raw: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    document = json.loads(raw)
    products = document.pop("Products")
    flat = {key: value for key, value in document.items() if not isinstance(value, dict)}
    for key, inner in document.items():
        if isinstance(inner, dict):
            flat |= {f"{key}.{name}": value for name, value in inner.items()}
    return flat, products


def _csv(raw: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    rows = list(csv.DictReader(io.StringIO(raw.decode(), newline=""), strict=True))
    if any(None in row or None in row.values() for row in rows):
        raise ValueError("a row is not as long as the heading")
    heads = [{key: value for key, value in row.items() if key not in ("Line", *_PRODUCT)} for row in rows]
    if any(head != heads[0] for head in heads):
        raise ValueError("the rows are of several orders")
    return heads[0], rows


_PRODUCT = (
    *("Code", "Description", "BarCode", "Quantity", "SalesPrice", "GST", "SalesPricesIncludesGST", "Amount"),
)  # fmt: skip


def as_csv(rows: Sequence[Mapping[str, object]], delimiter: str = ",") -> bytes:
    """Rows under a heading of all their names."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter=delimiter, lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_json(rows: Iterable[Mapping[str, object]]) -> bytes:
    return json.dumps(list(rows), indent=1).encode()


def put(path: Path, content: bytes) -> None:
    """Write a whole file: under a name that nobody reads, then renamed."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)
