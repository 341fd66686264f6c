"""The catalogue: SKUs, levels, and stock written the old way, for tokens without Store Inventory (facts 11, 110-116).

Reads and writes concern the default location only. Bulk writes are serial, never beside those of `inventory`
(fact 102).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from npf.bigcommerce.client import Answer, BigCommerce
from npf.bigcommerce.pages import data, every_v3
from npf.bigcommerce.refusals import Refused, RefusedItems, words_of
from npf.bigcommerce.tolerant import Flag, Id, Reference, Signed, Text, Whole, record
from npf.core.errors import GiveUp, NpfError

VARIANTS_A_CALL = 50
PRODUCTS_A_CALL = 10
MOST = 2**31 - 1
# So many ids keep the URL under 4 kB (fact 106); of more than the second, everything is listed.
_ASKED_A_CALL = 250
_WHOLE_ABOVE = 5000

_PRODUCT_FIELDS = "name,sku,type,inventory_tracking,inventory_level,is_visible,base_variant_id"


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """What is sold: also the only variant of a product without options (fact 112). `sku` may be blank or shared.

    `inventory_level` may be below 0 (fact 116); None where BigCommerce keeps none.
    """

    id: Id
    product_id: Whole = 0
    sku: Text = ""
    inventory_level: Signed = None
    purchasing_disabled: Flag = False


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product. `inventory_tracking` is none, product or variant (fact 99); `type` physical or digital."""

    id: Id
    name: Text = ""
    sku: Text = ""
    type: Text = ""
    inventory_tracking: Text = ""
    inventory_level: Signed = None
    is_visible: Flag = False
    base_variant_id: Reference = None


def variants(client: BigCommerce, product_ids: Sequence[int] = ()) -> Iterator[Variant]:
    """Every variant of the store or of some products, 250 a call. Raises Malformed."""
    for params in _some("product_id:in", product_ids):
        for row in every_v3(client, "/v3/catalog/variants", params):
            yield record(row, Variant, what="variant")


def products(client: BigCommerce, ids: Sequence[int] = ()) -> Iterator[Product]:
    """Every product of the store, or some, with the fields of `Product`, 250 a call. Raises Malformed."""
    for params in _some("id:in", ids):
        for row in every_v3(client, "/v3/catalog/products", {"include_fields": _PRODUCT_FIELDS, **params}):
            yield record(row, Product, what="product")


def _some(name: str, ids: Sequence[int]) -> list[dict[str, str]]:
    """The filters of the calls that bring all of `ids`; without ids one call without a filter."""
    if not 0 < len(ids) <= _WHOLE_ABOVE:
        return [{}]
    starts = range(0, len(ids), _ASKED_A_CALL)
    return [{name: ",".join(map(str, ids[start : start + _ASKED_A_CALL]))} for start in starts]


def write_variant_levels(client: BigCommerce, levels: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Set the level of at most 50 (variant_id, level); gives the levels that the answer shows, by id.

    Raises RefusedItems, and GiveUp for a level out of bounds.
    """
    answer = _write(client, "/v3/catalog/variants", levels, VARIANTS_A_CALL)
    if isinstance(answer, Refused):
        raise RefusedItems(answer, variant_ids=_named(answer.body, {one for one, _ in levels}), product_ids=set())
    return _shown(answer)


def write_product_levels(client: BigCommerce, levels: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The same for at most 10 (product_id, level). Raises RefusedItems, also for a part of them (207)."""
    answer = _write(client, "/v3/catalog/products", levels, PRODUCTS_A_CALL)
    if isinstance(answer, Refused):
        raise RefusedItems(answer, variant_ids=set(), product_ids=_named(answer.body, {one for one, _ in levels}))
    return _shown(answer)


class _Shown(msgspec.Struct):
    id: Id
    inventory_level: Signed = None


def _shown(answer: Answer) -> dict[int, int]:
    """The levels in the answer to a write that was done, whatever shape the answer has."""
    try:
        rows = [record(row, _Shown, what="level") for row in data(answer)]
    except NpfError:
        return {}
    return {row.id: row.inventory_level for row in rows if row.inventory_level is not None}


def check_level(level: object, field: str = "quantity") -> None:
    """Raises GiveUp "invalid_level" for what is no level: whole pieces from 0 to 2147483647 (facts 25, 100)."""
    if type(level) is not int or not 0 <= level <= MOST:
        raise GiveUp(f"{level!r} is no stock level", code="invalid_level", field=field)


def _write(client: BigCommerce, path: str, levels: Sequence[tuple[int, int]], most: int) -> Answer | Refused:
    if not 0 < len(levels) <= most:
        raise ValueError(f"{len(levels)} items in one call of 1 to {most}")
    for _, level in levels:
        check_level(level, "inventory_level")
    try:
        answer = client.put(path, body=[{"id": one, "inventory_level": level} for one, level in levels])
    except Refused as refusal:
        if refusal.code == "not_found":
            raise
        return refusal
    if answer.status == 207:
        words = words_of(answer.body) or "a part of them was not written"
        return Refused(f"{answer.what}: BigCommerce answered 207: {words}", status=207, body=answer.body)
    return answer


def _named(body: bytes, asked: set[int]) -> set[int]:
    """Those of the ids asked for that BigCommerce's errors name, wherever in them (batch_errors, errors)."""
    try:
        found = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return set()
    if not isinstance(found, dict):
        return set()
    return {number for part in ("batch_errors", "errors") for number in _ids(found.get(part))} & asked


def _ids(found: Any) -> set[int]:
    if isinstance(found, list):
        return {number for one in found for number in _ids(one)}
    if not isinstance(found, dict):
        return set()
    named = {
        int(value)
        for key, value in found.items()
        if key in ("id", "variant_id", "product_id") and re.fullmatch(r"\d{1,18}", str(value))
    }
    return named | {number for value in found.values() if isinstance(value, dict | list) for number in _ids(value)}
