"""How an order in BigCommerce differs from what FM was asked for: single changes, and their words. Pure.

A change of what goes into the parcel or where it goes matters: while that has not left, it holds the order. So does an
order that was archived there, or is there no more. A change of what FM has only for its papers or the packer's eyes is
told on the timeline and holds nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

# Fields of an address that lead the parcel, in the order of a label.
WHERE_FIELDS = (
    *("first_name", "last_name", "company", "street_1", "street_2", "city", "state", "zip"),
    *("country", "shipping_method"),
)
# Whether the order itself is there.
PLACE = "place"
ADDRESS_FIELDS = (*WHERE_FIELDS[:-1], "phone", "email", "shipping_method")

_LABELS = {
    "first_name": "first name",
    "last_name": "last name",
    "street_1": "street",
    "street_2": "street, second line",
    "zip": "postcode",
    "email": "e-mail",
    "shipping_method": "shipping method",
    "sku": "SKU",
    "remarks": "for the packer",
    "address": "goes to",
    "message": "message of the shopper",
    PLACE: "in BigCommerce",
}
# The next step of an order that is held for its changes.
CHOOSE = "hand the text on the order's page to NPF's floor, then choose what it answers"
# A held order's reason names so many changes; its page shows all.
_IN_A_REASON = 4


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change: `had` is what FM was asked for, `now` what BigCommerce shows.

    `id` is the order_product_id of a line, the order_address_id of an address, 0 for the order; `name` is how people
    know it. Of a line the `field` is units, sku, remarks or address; of an address one of ADDRESS_FIELDS, or "" where
    all of it came or went; of the order message, place, or billing and a field. `why` explains the figure.
    """

    about: Literal["line", "address", "order"]
    id: int
    name: str
    field: str
    had: str
    now: str
    why: str = ""

    @property
    def matters(self) -> bool:
        """Whether it changes what goes into the parcel or where it goes, or whether anybody awaits it."""
        if self.about == "address":
            return self.field in ("", *WHERE_FIELDS)
        return self.about == "line" or self.field == PLACE

    @property
    def adds(self) -> bool:
        """Whether it asks for units that FM was not asked for."""
        return self.field == "units" and int(self.now) > int(self.had)


IS_ARCHIVED = Change("order", 0, "", PLACE, "there", "archived")
IS_GONE = Change("order", 0, "", PLACE, "there", "gone")


def label(field: str) -> str:
    """A field as people call it."""
    of, _, plain = field.rpartition(" ")
    return f"{of} {_LABELS.get(plain, plain)}".strip()


def words(change: Change) -> str:
    """A change in a few words: "CUP: 2 -> 5", "postcode “3000” -> “3001”"."""
    if change.about == "line":
        return _of_line(change)
    if change.field == PLACE:
        return "the order is there no more" if change == IS_GONE else "the order was archived there"
    if change.field:
        return f"{label(change.field)} “{change.had}” -> “{change.now}”"
    return f"address {change.now} added" if change.now else f"address {change.had} removed"


def _of_line(change: Change) -> str:
    why = f" ({change.why})" if change.why else ""
    if change.field == "units":
        if change.had == "0":
            return f"{change.name} x {change.now} added"
        if change.now == "0" and not change.why:
            return f"{change.name} removed"
        return f"{change.name}: {change.had} -> {change.now}{why}"
    return f"{change.name}: {label(change.field)} “{change.had}” -> “{change.now}”"


def reason(changes: Sequence[Change]) -> str:
    """Why changes hold an order, in plain words; "" for none."""
    if not changes:
        return ""
    more = f"; and {len(changes) - _IN_A_REASON} more" if len(changes) > _IN_A_REASON else ""
    return f"BigCommerce was changed after FM had it: {'; '.join(map(words, changes[:_IN_A_REASON]))}{more}"


def read(rows: Iterable[Any] | None) -> list[Change]:
    """Changes out of the JSON of a row."""
    return msgspec.convert(list(rows or []), list[Change])


def write(changes: Iterable[Change]) -> list[Any]:
    """Changes as the JSON of a row."""
    found: list[Any] = msgspec.to_builtins(list(changes))
    return found
