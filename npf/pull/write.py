"""Decided orders written, many at once, by how much of each is to be written (decide.Write)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from npf.bigcommerce.records import Order as BcOrder
from npf.orders import changes, models
from npf.orders.bulk import change, upsert
from npf.orders.stages import Stage
from npf.pull import rows
from npf.pull.decide import Decision, Pulled, Write
from npf.stores.visit import Visit

Kept = tuple[Pulled, Decision]

_ALL = (*rows.SEEN, *rows.FACTS, *rows.DESCRIBED, *rows.STAGE, *rows.JUDGED, *rows.TRIES)


def of_numbers(at: Visit, numbers: list[int]) -> QuerySet[models.Order]:
    """The store's orders of these numbers: an array, because 250 parameters cost more than the query."""
    return models.Order.objects.filter(store=at.store).extra(where=["bc_order_id = any(%s)"], params=[numbers])


def write(at: Visit, kept: Sequence[Kept]) -> None:
    """Save decided orders in the open transaction."""
    by_way: dict[Write, list[Kept]] = {way: [] for way in Write}
    blank: list[Kept] = []
    for one, decision in kept:
        if decision.write is Write.WHOLE and one.order is None and decision.known:
            blank.append((one, decision))
        else:
            by_way[decision.write].append((one, decision))
    _write_whole(at, by_way[Write.WHOLE])
    _write_blank(at, blank)
    _write_facts(at, by_way[Write.FACTS])
    _write_verdicts(at, by_way[Write.VERDICTS])


def _write_whole(at: Visit, kept: Sequence[Kept]) -> None:
    if not kept:
        return
    now, version = at.clock.now(), at.store.settings_version
    upsert(
        models.Order,
        # push_failures has no default in the database, and is not ours to change.
        ("store_id", "bc_order_id", *_ALL, "push_failures"),
        ("store_id", "bc_order_id"),
        _ALL,
        (
            (
                *(at.store.pk, one.bc_order_id),
                *(*rows.seen(one, now), *rows.facts(one.order, now), *rows.described(one)),
                *(*rows.stage(decision, now), *rows.judged(one, version), 0, None, 0),
            )
            for one, decision in kept
        ),
    )
    numbers = [one.bc_order_id for one, _ in kept]
    pks = dict(of_numbers(at, numbers).values_list("bc_order_id", "pk"))
    _write_records(at, [(pks[one.bc_order_id], one) for one, _ in kept])
    _write_goods([(pks[one.bc_order_id], one.order) for one, _ in kept if one.order and one.whole])
    _drop_what_is_gone(
        {decision.known.pk: one.order for one, decision in kept if one.order and one.whole and decision.known}
    )


def _write_records(at: Visit, pulled: Iterable[tuple[int, Pulled]]) -> None:
    now = at.clock.now()
    raws = [(pk, one.raw, now) for pk, one in pulled]
    upsert(models.Record, ("order_id", "raw", "read_at"), ("order_id",), ("raw", "read_at"), raws)


def _write_goods(orders: Sequence[tuple[int, BcOrder]]) -> None:
    key = ("order_id", "order_address_id")
    addresses = [row for pk, order in orders for row in rows.addresses(pk, order)]
    if addresses:
        upsert(models.Address, rows.ADDRESS, key, rows.ADDRESS[2:], addresses)
    key = ("order_id", "order_product_id")
    # Nothing has left yet of an order that FM was not asked for; what has is follow's to say.
    lines = [(*row, 0) for pk, order in orders for row in rows.lines(pk, order)]
    if lines:
        upsert(models.Line, (*rows.LINE, "despatched"), key, rows.LINE[2:], lines)


def _drop_what_is_gone(orders: dict[int, BcOrder]) -> None:
    """Lines and addresses that an edit took away (fact 56); FM was not asked for these orders yet.

    A line that FM was asked for under a number that is void now stays, with nothing ordered of it.
    """
    if not orders:
        return
    lines = {(pk, line.id) for pk, order in orders.items() for line in order.lines}
    ours = models.Line.objects.filter(order_id__in=orders).values_list("pk", "order_id", "order_product_id")
    if gone := [pk for pk, order_id, number in ours if (order_id, number) not in lines]:
        asked_for = models.SalesLine.objects.filter(line__in=gone).values("line")
        kept = models.Line.objects.filter(Q(pk__in=asked_for) | Q(left_before__gt=0), pk__in=gone)
        kept.update(quantity=0, quantity_refunded=0, quantity_shipped=0)
        models.Line.objects.filter(pk__in=gone).exclude(pk__in=kept).delete()
    addresses = {(pk, one.id) for pk, order in orders.items() for one in order.shipping}
    places = models.Address.objects.filter(order_id__in=orders).values_list("pk", "order_id", "order_address_id")
    if gone := [pk for pk, order_id, number in places if (order_id, number) not in addresses]:
        models.Address.objects.filter(pk__in=gone).delete()


def _write_blank(at: Visit, kept: Sequence[Kept]) -> None:
    """Orders that can be read no longer: what was read of them before is kept, for whoever looks what is wrong."""
    if not kept:
        return
    now, version = at.clock.now(), at.store.settings_version
    known = [(decision.known.pk, one, decision) for one, decision in kept if decision.known]
    change(
        models.Order,
        ("id", *rows.SEEN, *rows.STAGE, *rows.JUDGED),
        ("id",),
        [
            (pk, *rows.seen(one, now), *rows.stage(decision, now), *rows.judged(one, version))
            for pk, one, decision in known
        ],
    )
    _write_records(at, [(pk, one) for pk, one, _ in known])


def _write_verdicts(at: Visit, kept: Sequence[Kept]) -> None:
    if not kept:
        return
    now, version = at.clock.now(), at.store.settings_version
    change(
        models.Order,
        ("id", "test", *rows.STAGE, *rows.JUDGED),
        ("id",),
        [
            (decision.known.pk, one.judgement.test, *rows.stage(decision, now), *rows.judged(one, version))
            for one, decision in kept
            if decision.known
        ],
    )


def _write_facts(at: Visit, kept: Sequence[Kept]) -> None:
    if not kept:
        return
    now = at.clock.now()
    known = [(decision.known.pk, one, decision) for one, decision in kept if decision.known]
    readable = [(pk, one, decision, one.order) for pk, one, decision in known if one.order]
    change(
        models.Order,
        ("id", *rows.SEEN, *rows.FACTS, *rows.STAGE),
        ("id",),
        [
            (pk, *rows.seen(one, now), *rows.facts(order, now), *rows.stage(decision, now))
            for pk, one, decision, order in readable
        ],
    )
    blank = [(pk, *rows.seen(one, now), *rows.stage(decision, now)) for pk, one, decision in known if one.order is None]
    if blank:
        change(models.Order, ("id", *rows.SEEN, *rows.STAGE), ("id",), blank)
    _write_progress({pk: order for pk, one, _, order in readable if one.whole})
    _write_differences([(pk, decision) for pk, _, decision in known], now)
    _awaken([pk for pk, _, decision in known if decision.awake], now)


def _write_progress(orders: dict[int, BcOrder]) -> None:
    """What BigCommerce shows as shipped and refunded; other changes of lines and addresses are not taken over.

    FM has no call to change an order, and rows must say what it was asked for.
    """
    if not orders:
        return
    change(
        models.Line,
        ("order_id", "order_product_id", "quantity_refunded", "quantity_shipped"),
        ("order_id", "order_product_id"),
        [
            (pk, line.id, line.quantity_refunded, line.quantity_shipped)
            for pk, order in orders.items()
            for line in {line.id: line for line in order.lines}.values()
        ],
    )


def _write_differences(decided: Iterable[tuple[int, Decision]], now: datetime) -> None:
    """Where BigCommerce shows orders otherwise than FM was asked for them: the few of which that has changed."""
    changed = [
        models.Difference(order_id=pk, changes=changes.write(one.changes), reason=one.holds, seen_at=now)
        for pk, one in decided
        if one.known and (one.changes, one.holds) != (one.known.changes, one.known.holds)
    ]
    models.Difference.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["order"], update_fields=["changes", "reason", "seen_at"]
    )


def _awaken(orders: Sequence[int], now: datetime) -> None:
    """Let follow and push look at orders whose hold has ended: they have waited."""
    if not orders:
        return
    models.SalesOrder.objects.filter(order__in=orders, finished_at__isnull=True).update(follow_at=now)
    models.Order.objects.filter(pk__in=orders, stage__in=(Stage.PENDING, Stage.PROCESSING)).update(next_push_at=now)
