"""Pulled orders as rows: tuples of column values. Pure; write.py writes them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from npf.bigcommerce.records import Consignment
from npf.bigcommerce.records import Order as BcOrder
from npf.core import countries
from npf.orders.changes import ADDRESS_FIELDS
from npf.orders.parcels import is_physical
from npf.pull.decide import Decision, Pulled

Row = tuple[Any, ...]

SEEN = ("digest", "pulled_at")
FACTS = ("status_id", "status_seen_at", "payment_status", "date_modified")
DESCRIBED = (
    *("test", "channel_id", "date_created", "currency_code", "total_inc_tax"),
    *("shopper", "email", "country", "shipping_method"),
)
STAGE = ("stage", "stage_at", "reason", "reason_code", "field", "repair")
JUDGED = ("gates", "gated_with")
# The next try belongs to what the order was: changed, it is tried at once.
TRIES = ("attempts", "next_attempt_at")
ADDRESS = ("order_id", "order_address_id", "position", *ADDRESS_FIELDS)
_LINE_FIELDS = (
    *("order_address_id", "product_id", "sku", "name", "quantity", "quantity_refunded", "quantity_shipped"),
    *("price_inc_tax", "parent_order_product_id"),
)
LINE = ("order_id", "order_product_id", "variant_id", "type", *_LINE_FIELDS)


def seen(one: Pulled, now: datetime) -> Row:
    """SEEN."""
    return (one.digest, now)


def facts(order: BcOrder | None, now: datetime) -> Row:
    """FACTS; blank for an order that cannot be read."""
    if order is None:
        return (None, None, "", None)
    return (order.status_id, now, order.payment_status[:40], order.date_modified)


def described(one: Pulled) -> Row:
    """DESCRIBED; blank for an order that cannot be read."""
    order = one.order
    if order is None:
        return (False, None, None, "", 0, "", "", "", "")
    first = order.shipping[0] if order.shipping else None
    return (
        one.judgement.test,
        order.channel_id,
        order.date_created,
        order.currency_code[:3],
        order.total_inc_tax,
        _shopper(order)[:300],
        order.billing_address.email[:300],
        (countries.iso2(first.country_iso2) or countries.iso2(first.country) or "") if first else "",
        first.shipping_method if first else "",
    )


def stage(decision: Decision, now: datetime) -> Row:
    """STAGE."""
    since = now if decision.moved or decision.known is None else decision.known.stage_at
    return (decision.stage, since, decision.reason, decision.reason_code, decision.field[:80], decision.repair)


def judged(one: Pulled, version: int) -> Row:
    """JUDGED; gated_with 0 where the order is to be judged again at the next pull."""
    return (msgspec.json.encode(one.judgement.verdicts).decode(), 0 if one.again else version)


def _shopper(order: BcOrder) -> str:
    billed = order.billing_address
    name = f"{billed.first_name} {billed.last_name}".strip()
    return f"{name}, {billed.company}" if name and billed.company else name or billed.company


def addresses(pk: int, order: BcOrder) -> Iterator[Row]:
    """ADDRESS of each shipping address; `position` counts them from 1, as parcels are numbered."""
    for position, one in enumerate(_distinct(order.shipping), start=1):
        yield (pk, one.id, position, *(getattr(one, name) for name in ADDRESS_FIELDS))


def _distinct(several: Iterable[Consignment]) -> list[Consignment]:
    return list({one.id: one for one in several}.values())


def lines(pk: int, order: BcOrder) -> Iterator[Row]:
    """LINE of each line, of every kind."""
    for line in {line.id: line for line in order.lines}.values():
        values = (getattr(line, name) for name in _LINE_FIELDS)
        yield (pk, line.id, line.variant_id or 0, "physical" if is_physical(line) else line.type, *values)
