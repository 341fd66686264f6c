"""The filters and sorts of V2 order lists (facts 29-35)."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from npf.sandbox.bigcommerce.answers import Request, v2_error
from npf.sandbox.bigcommerce.orderbook import Wish
from npf.sandbox.bigcommerce.record import Order

FILTERS = {
    "min_id",
    "max_id",
    "min_date_modified",
    "max_date_modified",
    "min_total",
    "max_total",
    "customer_id",
    "email",
    "status_id",
    "cart_id",
    "payment_method",
    "min_date_created",
    "max_date_created",
    "channel_id",
    "external_order_id",
}
SORTS: dict[str, Callable[[Order], int | str] | None] = {
    "id": None,
    "customer_id": lambda order: order.customer_id,
    "date_created": lambda order: order.created,
    "date_modified": lambda order: order.modified,
    "status_id": lambda order: order.status_id,
    "channel_id": lambda order: order.channel_id,
    "external_id": lambda order: order.external_id or "",
}


def wish_of(request: Request) -> Wish:
    """The filters of fact 29; bounds are inclusive."""
    query, wish = request.query, Wish()
    if not request.store.switches.lists_archived:
        wish.checks.append(lambda order: not order.is_deleted)
    if "min_id" in query:
        wish.min_id = _whole(query, "min_id")
    if "max_id" in query:
        wish.max_id = _whole(query, "max_id")
    if (since := _date(request, "min_date_modified")) is not None:
        wish.min_modified = since if request.store.switches.min_date_inclusive else since + 1
    if (until := _date(request, "max_date_modified")) is not None:
        wish.max_modified = until
    if (first := _date(request, "min_date_created")) is not None:
        wish.checks.append(lambda order: order.created >= first)
    if (last := _date(request, "max_date_created")) is not None:
        wish.checks.append(lambda order: order.created <= last)
    for name in ("customer_id", "status_id", "channel_id"):
        if name in query:
            wish.checks.append(_equal(name, _whole(query, name)))
    for name in ("cart_id", "payment_method", "external_order_id"):
        if name in query:
            wish.checks.append(_equal(name, query[name]))
    if "email" in query:
        wish.checks.append(lambda order: order.billing.email == query["email"])
    if "min_total" in query:
        least = _amount(query, "min_total")
        wish.checks.append(lambda order: order.total >= least)
    if "max_total" in query:
        most = _amount(query, "max_total")
        wish.checks.append(lambda order: order.total <= most)
    return wish


def _equal(name: str, value: int | str) -> Callable[[Order], bool]:
    return lambda order: bool(getattr(order, name) == value)


def _whole(query: dict[str, str], name: str) -> int:
    text = query[name]
    if not text.isdecimal():
        raise v2_error(400, f"The field '{name}' is invalid.")
    return int(text)


def _amount(query: dict[str, str], name: str) -> int:
    try:
        return round(float(query[name]) * 100)
    except ValueError:
        raise v2_error(400, f"The field '{name}' is invalid.") from None


def _date(request: Request, name: str) -> int | None:
    """Unix seconds of an RFC-2822 or ISO-8601 date (fact 33); None where it is absent.

    Without an offset it is read in the store's zone, which a caller should not rely on (fact 34). An unreadable one,
    such as one with an unescaped +, is refused or dropped by the switch `bad_dates`.
    """
    text = request.query.get(name, "").strip()
    if not text:
        return None
    found: datetime | None = None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            break
        except (ValueError, TypeError):
            continue
    if found is None:
        if request.store.switches.bad_dates == "ignore":
            return None
        raise v2_error(400, f"The field '{name}' is invalid.")
    if found.tzinfo is None:
        zone = UTC if text.endswith("-0000") else ZoneInfo(request.store.timezone)
        found = found.replace(tzinfo=zone)
    return int(found.timestamp())
