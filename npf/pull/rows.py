"""Pulled orders as rows: whole ones by COPY, facts of BigCommerce alone where FM has the order already."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from npf.audit.notes import Note, Tag
from npf.bigcommerce.records import Consignment, OrderProduct
from npf.bigcommerce.records import Order as BcOrder
from npf.core import countries
from npf.orders import models
from npf.orders.bulk import upsert
from npf.orders.parcels import physical_lines
from npf.pull.decide import Decision, Pulled
from npf.stores.visit import Visit

Kept = tuple[Pulled, Decision]

_FACTS = ("status_id", "status_seen_at", "payment_status", "date_modified", "pulled_at")
_STAGE = ("stage", "stage_at", "reason", "reason_code", "field", "repair")
_DESCRIBED = (
    *("test", "gates", "gated_with", "channel_id", "date_created", "currency_code"),
    *("total_inc_tax", "shopper", "email", "country", "shipping_method", "attempts", "next_attempt_at"),
)
_UNTOUCHED = ("push_failures",)
_ORDER = ("store_id", "bc_order_id", *_FACTS, *_STAGE, *_DESCRIBED, *_UNTOUCHED)
_ADDRESS = (
    *("first_name", "last_name", "company", "street_1", "street_2", "city", "state", "zip"),
    *("country", "phone", "email", "shipping_method"),
)
_LINE = (
    *("order_address_id", "product_id", "variant_id", "sku", "name", "type", "quantity"),
    *("quantity_refunded", "quantity_shipped", "price_inc_tax", "parent_order_product_id"),
)


def write(at: Visit, kept: Sequence[Kept]) -> None:
    """Save decided orders in the open transaction."""
    whole = [(one, decision) for one, decision in kept if not decision.facts_only]
    if whole:
        _write_whole(at, whole)
    facts = [(one, decision) for one, decision in kept if decision.facts_only]
    if facts:
        _write_facts(at, facts)


def _write_whole(at: Visit, kept: Sequence[Kept]) -> None:
    now = at.clock.now()
    upsert(
        models.Order,
        _ORDER,
        ("store_id", "bc_order_id"),
        (*_FACTS, *_STAGE, *_DESCRIBED),
        [_order_row(at, one, decision, now) for one, decision in kept],
    )
    numbers = [one.bc_order_id for one, _ in kept]
    pks = dict(models.Order.objects.filter(store=at.store, bc_order_id__in=numbers).values_list("bc_order_id", "pk"))
    upsert(
        models.Record,
        ("order_id", "raw", "read_at"),
        ("order_id",),
        ("raw", "read_at"),
        [(pks[one.bc_order_id], one.raw, now) for one, _ in kept],
    )
    readable = [(pks[one.bc_order_id], one.order) for one, _ in kept if one.order]
    upsert(
        models.Address,
        ("order_id", "order_address_id", "position", *_ADDRESS),
        ("order_id", "order_address_id"),
        ("position", *_ADDRESS),
        [row for pk, order in readable for row in _address_rows(pk, order)],
    )
    upsert(
        models.Line,
        ("order_id", "order_product_id", *_LINE, "despatched"),
        ("order_id", "order_product_id"),
        _LINE,
        [row for pk, order in readable for row in _line_rows(pk, order)],
    )
    _drop_what_is_gone(
        [
            (pks[one.bc_order_id], one.order)
            for one, decision in kept
            if one.order and decision.known and decision.known.date_modified != one.order.date_modified
        ]
    )


def _order_row(at: Visit, one: Pulled, decision: Decision, now: datetime) -> tuple[Any, ...]:
    order = one.order
    first = order.shipping[0] if order and order.shipping else None
    return (
        at.store.pk,
        one.bc_order_id,
        order.status_id if order else None,
        now,
        order.payment_status[:40] if order else "",
        order.date_modified if order else None,
        now,
        decision.stage,
        decision.known.stage_at if decision.known and not decision.moved else now,
        _plain(decision.reason),
        decision.reason_code,
        decision.field[:80],
        _plain(decision.repair),
        one.judgement.test,
        _plain(msgspec.json.encode(one.judgement.verdicts).decode().replace("\\u0000", "")),
        at.store.settings_version,
        order.channel_id if order else None,
        order.date_created if order else None,
        order.currency_code[:3] if order else "",
        order.total_inc_tax if order else 0,
        _plain(_shopper(order))[:300] if order else "",
        _plain(order.billing_address.email)[:300] if order else "",
        (countries.iso2(first.country_iso2) or countries.iso2(first.country) or "") if first else "",
        _plain(first.shipping_method) if first else "",
        0,
        None,
        0,
    )


def _shopper(order: BcOrder) -> str:
    billed = order.billing_address
    name = f"{billed.first_name} {billed.last_name}".strip()
    return f"{name}, {billed.company}" if name and billed.company else name or billed.company


def _plain(text: str) -> str:
    """Postgres text holds no NUL; the record keeps the bytes as they came."""
    return text.replace("\0", "")


def _address_rows(pk: int, order: BcOrder) -> Iterator[tuple[Any, ...]]:
    for position, one in enumerate(_distinct(order.shipping), start=1):
        yield (pk, one.id, position, *(_plain(str(getattr(one, name))) for name in _ADDRESS))


def _distinct(addresses: Iterable[Consignment]) -> list[Consignment]:
    return list({one.id: one for one in addresses}.values())


def _line_rows(pk: int, order: BcOrder) -> Iterator[tuple[Any, ...]]:
    for line in {line.id: line for line in order.lines}.values():
        yield (
            pk,
            line.id,
            line.order_address_id,
            line.product_id,
            line.variant_id or 0,
            _plain(line.sku),
            _plain(line.name),
            line.type[:20],
            line.quantity,
            line.quantity_refunded,
            line.quantity_shipped,
            line.price_inc_tax,
            line.parent_order_product_id,
            0,
        )


def _drop_what_is_gone(orders: Sequence[tuple[int, BcOrder]]) -> None:
    """Lines and addresses that an edit took away (fact 56); FM was not asked for these orders yet."""
    for pk, order in orders:
        models.Line.objects.filter(order_id=pk).exclude(order_product_id__in=[line.id for line in order.lines]).delete()
        models.Address.objects.filter(order_id=pk).exclude(
            order_address_id__in=[one.id for one in order.shipping]
        ).delete()


def _write_facts(at: Visit, kept: Sequence[Kept]) -> None:
    now = at.clock.now()
    orders, notes = [], []
    lines = _lines_of([decision.known.pk for _, decision in kept if decision.known])
    changed_lines: list[models.Line] = []
    for one, decision in kept:
        if one.order is None or decision.known is None:
            continue
        order = models.Order(
            pk=decision.known.pk,
            status_id=one.order.status_id,
            status_seen_at=now,
            payment_status=one.order.payment_status[:40],
            date_modified=one.order.date_modified,
            pulled_at=now,
            stage=decision.stage,
            stage_at=now if decision.moved else decision.known.stage_at or now,
            reason=decision.reason,
            reason_code=decision.reason_code,
            field=decision.field,
            repair=decision.repair,
        )
        orders.append(order)
        ours = lines.get(decision.known.pk, {})
        changed_lines += _changed(ours, one.order)
        if edits := _edits(ours, physical_lines(one.order)):
            text = f"Changed in BigCommerce after FM had it: {'; '.join(edits)}. FM was not told."
            notes.append(Note(Tag.ORDER_CHANGED, text, one.bc_order_id))
    models.Order.objects.bulk_update(orders, [*_FACTS, *_STAGE])
    models.Line.objects.bulk_update(changed_lines, ["quantity_refunded", "quantity_shipped"])
    at.tell(notes)


def _lines_of(pks: list[int]) -> dict[int, dict[int, models.Line]]:
    found: dict[int, dict[int, models.Line]] = {}
    for line in models.Line.objects.filter(order_id__in=pks):
        found.setdefault(line.order_id, {})[line.order_product_id] = line
    return found


def _changed(ours: dict[int, models.Line], order: BcOrder) -> Iterator[models.Line]:
    for theirs in order.lines:
        mine = ours.get(theirs.id)
        if mine is None:
            continue
        now = (theirs.quantity_refunded, theirs.quantity_shipped)
        if (mine.quantity_refunded, mine.quantity_shipped) != now:
            mine.quantity_refunded, mine.quantity_shipped = now
            yield mine


def _edits(ours: dict[int, models.Line], theirs: Iterable[OrderProduct]) -> list[str]:
    now = {line.id: line for line in theirs}
    was = {number: line for number, line in ours.items() if line.type == "physical"}
    edits = [f"{line.sku or line.name} x {line.quantity} added" for number, line in now.items() if number not in was]
    edits += [f"{line.sku or line.name} removed" for number, line in was.items() if number not in now]
    edits += [
        f"{line.sku or line.name}: {was[number].quantity} -> {line.quantity}"
        for number, line in now.items()
        if number in was and was[number].quantity != line.quantity
    ]
    return edits
