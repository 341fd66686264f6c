"""Stock by location (facts 95-109). Writes set or move what is ON HAND: a figure may be repeated, a difference never.

A 200 means accepted, not done: a read right after may show the old figure (fact 96). One write of a store at a time,
none beside bulk writes of the catalogue (fact 102).
"""

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from npf.bigcommerce.catalog import check_level
from npf.bigcommerce.client import Answer, BigCommerce
from npf.bigcommerce.pages import every_v3, one
from npf.bigcommerce.refusals import Refused, RefusedItems
from npf.bigcommerce.tolerant import Flag, Id, Signed, Text, Whole, record

ITEMS_A_CALL = 2000
_READ_A_CALL = 1000
# So many ids keep the URL under 4 kB (fact 106).
_ASKED_A_CALL = 250
# Four calls by ids bring what one of the whole location does.
_WHOLE_ABOVE = 2000


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """A place that holds stock. A disabled one cannot be written to (fact 107)."""

    id: Id
    code: Text = ""
    label: Text = ""
    type_id: Text = ""
    enabled: Flag = True
    managed_by_external_source: Flag = False
    storefront_visibility: Flag = False


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    sku: Text = ""
    variant_id: Whole = 0
    product_id: Whole = 0


class AtLocation(msgspec.Struct, frozen=True, kw_only=True):
    """available_to_sell = total_inventory_onhand - safety stock (fact 104)."""

    location_id: Whole = 0
    available_to_sell: Signed = None
    total_inventory_onhand: Signed = None
    location_enabled: Flag = True


class InventoryItem(msgspec.Struct, frozen=True, kw_only=True):
    identity: Identity
    locations: list[AtLocation] = []


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """What shall be on hand, or by how much it shall differ: of a variant where stock is tracked by variant, of a
    product otherwise (fact 99).
    """

    quantity: int
    variant_id: int | None = None
    product_id: int | None = None


def locations(client: BigCommerce) -> list[Location]:
    """All locations. FixSettings where the token lacks Store Locations."""
    return [record(row, Location, what="location") for row in every_v3(client, "/v3/inventory/locations")]


def items(
    client: BigCommerce, *, location_id: int, variant_ids: Sequence[int] = (), product_ids: Sequence[int] = ()
) -> Iterator[InventoryItem]:
    """The stock at a location of some variants and products; those unknown are missing.

    Where many are wanted the whole location is listed, in fewer calls: then rows of others come too.
    """
    asked = [("variant_id:in", variant_ids), ("product_id:in", product_ids)]
    if len(variant_ids) + len(product_ids) > _WHOLE_ABOVE:
        yield from _items(client, {"location_id:in": location_id})
        return
    for name, ids in asked:
        for start in range(0, len(ids), _ASKED_A_CALL):
            some = ",".join(map(str, ids[start : start + _ASKED_A_CALL]))
            yield from _items(client, {"location_id:in": location_id, name: some})


def _items(client: BigCommerce, params: dict[str, str | int]) -> Iterator[InventoryItem]:
    for row in every_v3(client, "/v3/inventory/items", params, limit=_READ_A_CALL):
        yield record(row, InventoryItem, what="inventory item")


class _Accepted(msgspec.Struct):
    transaction_id: Text = ""


def set_absolute(client: BigCommerce, *, location_id: int, items: Sequence[Adjustment], reason: str) -> str:
    """Set what is on hand of at most 2000 items at a location; gives BigCommerce's transaction id.

    Raises GiveUp for a quantity out of bounds, and RefusedItems: then take the whole call for refused (fact 98).
    """
    for item in items:
        check_level(item.quantity)
    return _write(client.put, "/v3/inventory/adjustments/absolute", location_id, items, reason)


def adjust(client: BigCommerce, *, location_id: int, items: Sequence[Adjustment], reason: str) -> str:
    """Add to what is on hand of at most 2000 items, or subtract; gives BigCommerce's transaction id.

    Asked twice it is done twice: after a lost answer, look. Raises RefusedItems too where an item was never set
    absolutely, or would fall below its safety stock (fact 101); none of the call is done then (fact 98).
    """
    return _write(client.post, "/v3/inventory/adjustments/relative", location_id, items, reason)


def _write(ask: Callable[..., Answer], path: str, location_id: int, items: Sequence[Adjustment], reason: str) -> str:
    if not 0 < len(items) <= ITEMS_A_CALL:
        raise ValueError(f"{len(items)} items in one call of 1 to {ITEMS_A_CALL}")
    rows = [_row(location_id, item) for item in items]
    try:
        answer = ask(path, body={"reason": reason, "items": rows})
    except Refused as refusal:
        if refusal.code == "not_found":
            raise
        raise RefusedItems(
            refusal,
            variant_ids=_named("variant_id", refusal.body) & {item.variant_id or 0 for item in items},
            product_ids=_named("product_id", refusal.body) & {item.product_id or 0 for item in items},
        ) from None
    return one(answer, _Accepted).transaction_id


def _row(location_id: int, item: Adjustment) -> dict[str, int]:
    if item.variant_id and not item.product_id:
        return {"location_id": location_id, "variant_id": item.variant_id, "quantity": item.quantity}
    if item.product_id and not item.variant_id:
        return {"location_id": location_id, "product_id": item.product_id, "quantity": item.quantity}
    raise ValueError("an item has either a variant_id or a product_id")


def _named(kind: str, body: bytes) -> set[int]:
    """The ids that the one sentence of a 422 names: "[Item with variant_id 106 is tracked by product, …]" (fact 97)."""
    said = re.findall(rf"{kind}\W{{1,4}}(\d{{1,18}}(?:\s*,\s*\d{{1,18}})*)", body.decode("utf-8", "replace"))
    return {int(number) for numbers in said for number in re.findall(r"\d+", numbers)}
