"""What BigCommerce may be given. Pure."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from npf.bigcommerce.shipments import NewItem, NewShipment
from npf.bigcommerce.shipments import Shipment as Theirs
from npf.core.errors import GiveUp
from npf.orders.stages import STOPPED_STATUSES
from npf.stores.kinds import STATUSES
from npf.stores.maps import Settings

# Shipments may be written, the status stays: Partially Refunded says something that Completed would wipe out.
STATUS_STAYS = STOPPED_STATUSES | {0, 14}
# How far on a status is. BigCommerce itself lets any follow any (fact 73).
RANK = {1: 1, 7: 1, 11: 2, 8: 3, 9: 3, 3: 4, 2: 5, 10: 6}
_SHIPPED = 2
LONGEST_NUMBER = 50
LONGEST_LINK = 500


Units = dict[int, int]
"""order_product_id -> units."""


class Parcel(msgspec.Struct, frozen=True):
    """A shipment of ours as push sees it.

    `asked_at`: when BigCommerce was last asked to take it, None = never. `doubtful`: with it BigCommerce may show more
    shipped than there is to ship, so look first.
    `also`: consignments that completed no line of their own; this parcel's comment bears their numbers.
    """

    pk: int
    order_address_id: int
    tracking_number: str
    tracking_link: str
    dispatch_code: str
    items: Units
    asked_at: datetime | None = None
    doubtful: bool = False
    also: tuple[str, ...] = ()


def named(status_id: int | None) -> str:
    """A status as people read it: `5 Cancelled`."""
    return f"{status_id} {STATUSES.get(status_id, '')}".strip() if status_id is not None else "unknown"


def status_stays(current: int | None) -> bool:
    """Whether a status is not ours to change: it says something of its own, or nobody knows what it says (rule 3)."""
    return current in STATUS_STAYS or current not in RANK


def status_to_set(current: int | None, wanted: int | None) -> int | None:
    """The status to write, or None: there already, further on already, or not ours to change."""
    if wanted is None or current is None or status_stays(current) or wanted not in RANK:
        return None
    return wanted if RANK[wanted] > RANK[current] else None


def may_be_there_by_itself(wanted: int) -> bool:
    """Whether a shipment may have moved the order to this status or past it: BigCommerce does that itself, in some
    stores (fact 85), so that writing the status could move it backwards.
    """
    return RANK.get(wanted, 0) <= RANK[_SHIPPED]


def stopped(status_id: int) -> GiveUp:
    """Why nothing is written onto a cancelled, refunded, declined or disputed order."""
    return GiveUp(
        f"BigCommerce shows {named(status_id)}, and FM has the order: it may still be shipped",
        code="stopped_in_bigcommerce",
        field="status_id",
        repair="hand the text on the order's page to NPF's floor; release it once it is stopped: it becomes Cancelled",
    )


def shipped_by_others(parcel: Parcel) -> GiveUp:
    """Why a parcel is not written that would make more units shipped than there are to ship (fact 87)."""
    return GiveUp(
        f"consignment {parcel.tracking_number} would make more units shipped than BigCommerce has left to ship: "
        "somebody shipped or refunded them there",
        code="shipped_by_others",
        field="items",
        repair="compare the shipments in BigCommerce; release it to complete it without writing this one",
    )


def new_shipment(parcel: Parcel, settings: Settings) -> NewShipment:
    """What BigCommerce is asked to write for a parcel (facts 75-82).

    Raises GiveUp for a tracking number that BigCommerce has no room for: cut, it would be the number of another parcel
    or of none, and nobody would notice.
    """
    number = parcel.tracking_number
    if len(number) > LONGEST_NUMBER:
        raise GiveUp(
            f"FM's tracking number {number} has {len(number)} characters, and BigCommerce takes {LONGEST_NUMBER}",
            code="tracking_number_too_long",
            field="tracking_number",
            repair="ask NPF for the carrier's own number, write the shipment in BigCommerce by hand, then retry",
        )
    provider, carrier = settings.carrier(parcel.dispatch_code)
    return NewShipment(
        order_address_id=parcel.order_address_id,
        items=[NewItem(order_product_id=line, quantity=units) for line, units in sorted(parcel.items.items())],
        tracking_number=number,
        shipping_provider=provider,
        tracking_carrier=carrier,
        tracking_link=web_address(parcel.tracking_link) if settings.parameters.update_tracking_url else "",
        comments=f"Further consignments: {', '.join(parcel.also)}" if parcel.also else "",
    )


def web_address(link: str) -> str:
    """FM's link, often without a scheme (`www.…`), as BigCommerce takes it (fact 77); "" for what is no link.

    Also for one that is too long: cut, it would lead nowhere. Without it, number and carrier still do.
    """
    link = "".join(link.split())
    if link and not link.casefold().startswith(("http://", "https://")):
        link = "https://" + link.lstrip("/")
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return ""
    return link if "." in host.strip(".") and len(link) <= LONGEST_LINK else ""


def matching(parcel: Parcel, theirs: Iterable[Theirs], bound: Iterable[int]) -> Theirs | None:
    """The shipment in BigCommerce that an earlier try of this parcel wrote: same number, lines and address (fact 86).

    Two parcels may bear one number: `bound` are the ids that are another parcel's already.
    """
    taken = set(bound)
    wanted = _plain(parcel.tracking_number)
    for one in theirs:
        same_number = _plain(one.tracking_number) == wanted
        same_address = one.order_address_id in (0, parcel.order_address_id)
        if one.id not in taken and same_number and same_address and units([one]) == parcel.items:
            return one
    return None


def units(theirs: Iterable[Theirs]) -> Units:
    """What these shipments carry."""
    total: Units = {}
    for one in theirs:
        for item in one.items:
            total = plus(total, {item.order_product_id: item.quantity})
    return total


def plus(some: Units, more: Units) -> Units:
    """Both together."""
    return some | {line: some.get(line, 0) + number for line, number in more.items()}


def fits(items: Units, shipped: Units, to_ship: Units) -> bool:
    """Whether `items` can be shipped beside what is `shipped` already, out of all that is `to_ship`."""
    return all(shipped.get(line, 0) + number <= to_ship.get(line, 0) for line, number in items.items())


def _plain(number: str) -> str:
    """BigCommerce may change the case of a number, or trim it."""
    return number.strip().casefold()
