"""What BigCommerce may be given. Pure."""

from collections.abc import Iterable

import msgspec

from npf.bigcommerce.shipments import NewItem, NewShipment
from npf.bigcommerce.shipments import Shipment as Theirs
from npf.stores.maps import Settings

# Another hand decides over these: nothing is written onto them (DESIGN rule 3, facts 71-74).
NEVER_OVER = frozenset({4, 5, 6, 12, 13})
# Shipments may be written, the status stays: Partially Refunded says something that Completed would wipe out.
STATUS_STAYS = NEVER_OVER | {0, 14}
# How far on a status is. BigCommerce itself lets any follow any (fact 73).
RANK = {0: 0, 1: 1, 7: 1, 11: 2, 8: 3, 9: 3, 3: 4, 2: 5, 10: 6}


class Parcel(msgspec.Struct, frozen=True):
    """A shipment of ours as push sees it: values of the row, and what its comment should add.

    `doubtful`: with it, BigCommerce would show more shipped than there is to ship.
    """

    pk: int
    order_address_id: int
    tracking_number: str
    tracking_link: str
    dispatch_code: str
    items: dict[int, int]
    asked_before: bool
    doubtful: bool = False
    also: tuple[str, ...] = ()


def status_to_set(current: int | None, wanted: int | None) -> int | None:
    """The status to write, or None: there already, further on already, or not ours to change."""
    if wanted is None or current is None or current == wanted or current in STATUS_STAYS:
        return None
    return wanted if RANK.get(wanted, 0) > RANK.get(current, 0) else None


def new_shipment(parcel: Parcel, settings: Settings) -> NewShipment:
    """What BigCommerce is asked to write for a parcel (facts 75-82)."""
    provider, carrier = settings.carrier(parcel.dispatch_code)
    link = web_address(parcel.tracking_link) if settings.parameters.update_tracking_url else ""
    also = f"Further consignments: {', '.join(parcel.also)}" if parcel.also else ""
    return NewShipment(
        order_address_id=parcel.order_address_id,
        items=[NewItem(order_product_id=line, quantity=units) for line, units in sorted(parcel.items.items())],
        tracking_number=parcel.tracking_number[:50],
        shipping_provider=provider,
        tracking_carrier=carrier,
        # A cut link leads nowhere; without it, number and carrier still do.
        tracking_link=link if len(link) <= 500 else "",
        comments=also,
    )


def web_address(link: str) -> str:
    """FM's link, often without a scheme (`www.…`), as BigCommerce takes it (fact 77)."""
    link = "".join(link.split())
    if not link or link.casefold().startswith(("http://", "https://")):
        return link
    return "https://" + link.lstrip("/")


def matching(parcel: Parcel, theirs: Iterable[Theirs], bound: Iterable[int]) -> Theirs | None:
    """The shipment in BigCommerce that an earlier try of this parcel wrote.

    Same address, number and lines (fact 86).
    """
    taken = set(bound)
    for one in theirs:
        lines = {item.order_product_id: item.quantity for item in one.items}
        same_number = one.tracking_number.casefold() == parcel.tracking_number[:50].casefold()
        if one.id not in taken and same_number and lines == parcel.items:
            return one
    return None
