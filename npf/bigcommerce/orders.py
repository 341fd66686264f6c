"""Orders: the walk over what was modified, one order, its sub-resources, its status (facts 29-47, 64-74)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from npf.bigcommerce.client import Answer, BigCommerce, Params
from npf.bigcommerce.pages import PageSize, every_v2, may_have_more, rows
from npf.bigcommerce.records import Consignment, Order, OrderProduct, assembled, order_id_of, read_products
from npf.bigcommerce.refusals import Refused
from npf.bigcommerce.tolerant import Count, Id, Malformed, MaybeMoment, Text, Whole, moment, record
from npf.core.errors import GiveUp, TryLater

LIMIT = 250

# One call brings the orders with their addresses and lines (fact 42).
_WITH_LINES = {"include": "consignments,consignments.line_items", "consignment_structure": "object"}

# Incomplete; Refunded, Declined, Disputed and Partially Refunded, which say that money moved (fact 71).
NEVER_WRITTEN = frozenset({0, 4, 6, 13, 14})


class OrderPage(msgspec.Struct, frozen=True):
    """One page of the walk: `rows` are the orders' own JSON, for `records.read_order`.

    `server_time` is BigCommerce's clock, None where it did not say. `full`: go on with min_id = the last row's id
    + 1. `unfiltered`: the first row is far older than was asked for, so the date was ignored (fact 33).
    """

    rows: list[bytes]
    server_time: datetime | None
    full: bool
    unfiltered: bool = False


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order stands. `items_shipped`: units that its shipments carry, over all lines (fact 92)."""

    id: Id
    status_id: Count
    items_shipped: Whole = 0
    date_modified: MaybeMoment = None


class Standings(msgspec.Struct, frozen=True):
    """`by_id`: bc_order_id -> where it stands. `server_time`: BigCommerce's clock at the first page, where it said."""

    by_id: dict[int, Standing]
    server_time: datetime | None


class OrderStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A status: `id` is fixed, `name` is BigCommerce's, `custom_label` what the merchant calls it (fact 65)."""

    id: Count
    name: Text = ""
    custom_label: Text = ""
    system_label: Text = ""


class _Modified(msgspec.Struct):
    date_modified: MaybeMoment = None


def walk(
    client: BigCommerce, *, min_id: int, modified_since: datetime, limit: int = LIMIT, size: PageSize | None = None
) -> OrderPage:
    """The orders with an id of `min_id` or more that were modified since (aware; inclusive by all we know, fact 35).

    In the order of their ids, always page 1: rows that are modified meanwhile move no other row (fact 36). What is
    modified behind the walk's back comes with the next one, which asks from this one's first `server_time`, less an
    overlap (fact 35). At most `limit` rows; a walk of many pages gives its `size` instead, and after a 5xx fewer are
    asked for.
    """
    size = size or PageSize(limit)

    def asked() -> Params:
        return _asked(min_id, modified_since, size.rows, _WITH_LINES)

    def lighter() -> Params:
        size.lower()
        return asked()

    answer = client.get("/v2/orders", params=asked(), lighter=lighter)
    found, limit = rows(answer), size.rows
    size.came()
    return OrderPage(
        rows=[bytes(row) for row in found],
        server_time=_server_time(answer),
        full=may_have_more(len(found), limit),
        unfiltered=bool(found) and _is_older(found[0], modified_since - timedelta(days=1)),
    )


def standings_since(client: BigCommerce, *, modified_since: datetime, min_id: int = 1) -> Standings:
    """Where every order from `min_id` on stands that was modified since; a row without readable ids is left out."""
    found: dict[int, Standing] = {}
    first: Answer | None = None
    while True:
        answer = client.get("/v2/orders", params=_asked(min_id, modified_since, LIMIT, {}))
        # What is modified behind the first page's back belongs to the next look.
        first = first or answer
        page = rows(answer)
        found.update((one.id, one) for row in page if (one := _standing(row)))
        if not may_have_more(len(page), LIMIT):
            return Standings(found, _server_time(first))
        last = max((order_id_of(row) or 0 for row in page), default=0)
        if last < min_id:
            raise TryLater(f"{answer.what}: a page from order {min_id} on holds no order from there on", delay=60.0)
        min_id = last + 1


def read(client: BigCommerce, bc_order_id: int) -> bytes:
    """One order with its addresses and lines, as JSON for `records.read_order`. GiveUp "not_found" for none."""
    answer = client.get(f"/v2/orders/{bc_order_id}", params=_WITH_LINES)
    if not answer.body:
        raise Refused(f"{answer.what}: BigCommerce has no such order", status=404)
    return answer.body


def products(client: BigCommerce, bc_order_id: int) -> list[OrderProduct]:
    """All lines of an order, over all pages (fact 47). Raises Malformed."""
    return read_products(every_v2(client, f"/v2/orders/{bc_order_id}/products"))


def shipping_addresses(client: BigCommerce, bc_order_id: int) -> list[Consignment]:
    """The addresses of an order, without lines; none for an order without goods (fact 50). Raises Malformed."""
    found = every_v2(client, f"/v2/orders/{bc_order_id}/shipping_addresses")
    return [record(row, Consignment, code="malformed_order", what="shipping address") for row in found]


def completed(client: BigCommerce, order: Order) -> Order:
    """The order itself where the include brought every line, else with lines (and addresses) read apart (fact 46)."""
    if order.is_whole:
        return order
    lines = products(client, order.id)
    goods = any(line.order_address_id for line in lines)
    addresses: Sequence[Consignment] = () if order.shipping or not goods else shipping_addresses(client, order.id)
    return assembled(order, lines, addresses)


def statuses(client: BigCommerce) -> list[OrderStatus]:
    """All order statuses with the merchant's names for them."""
    return [record(row, OrderStatus) for row in rows(client.get("/v2/order_statuses"))]


def set_status(client: BigCommerce, bc_order_id: int, status_id: int) -> None:
    """Give the order a status, and nothing else (fact 67). GiveUp for one that a connector must not write."""
    if status_id in NEVER_WRITTEN or not 0 < status_id <= 14:
        raise GiveUp(f"status {status_id} is never written", code="forbidden_status", field="status_id")
    client.put(f"/v2/orders/{bc_order_id}", body={"status_id": status_id})


def _asked(min_id: int, since: datetime, limit: int, include: dict[str, str]) -> Params:
    if since.tzinfo is None:
        raise ValueError("modified_since must be aware")
    return {
        "min_id": min_id,
        # Whole and in UTC: a date without time or zone is read at will (fact 34).
        "min_date_modified": since.astimezone(UTC).isoformat(timespec="seconds"),
        "sort": "id:asc",
        "limit": limit,
        "page": 1,
        **include,
    }


def _server_time(answer: Answer) -> datetime | None:
    try:
        return moment(answer.headers.get("date", ""))
    except ValueError:
        return None


def _is_older(row: msgspec.Raw, than: datetime) -> bool:
    try:
        modified = record(row, _Modified).date_modified
    except Malformed:
        return False
    return modified is not None and modified < than


def _standing(row: msgspec.Raw) -> Standing | None:
    try:
        return record(row, Standing)
    except Malformed:
        return None
