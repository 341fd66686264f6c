"""One page of orders: read, judged, saved."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from django.db.models import Exists, OuterRef, Q

from npf.audit.notes import Note, Tag
from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce.records import order_id_of, read_order
from npf.core.errors import GiveUp, TryLater
from npf.orders import changes, gates
from npf.orders.models import Difference, Line, Order, SalesOrder
from npf.orders.parcels import FIRST_TIME, Before
from npf.orders.repairing import drop, of_orders
from npf.orders.stages import STOPPED, Stage
from npf.pull import sane, write
from npf.pull.decide import GONE, Decision, Known, Pulled, Write, decide
from npf.pull.had import had
from npf.shipments.standing import stands
from npf.stores.visit import Visit

_OF_ORDER = (
    *("pk", "stage", "stage_at", "reason", "reason_code", "field", "repair", "digest", "date_modified"),
    *("status_id", "gated_with", "resent"),
)

NO_NUMBER = "BigCommerce listed an order without a number"


def read(at: Visit, raws: Sequence[msgspec.Raw | bytes]) -> list[Pulled]:
    """Read and judge the orders of a page, by number. One without even a number goes to the store's journal, whole."""
    found: dict[int, Pulled] = {}
    # Of what FM has, no gate is asked.
    again = decided_before(at, ~Q(stage__in=(Stage.PENDING, Stage.PROCESSING, Stage.COMPLETE)))
    for raw in map(bytes, raws):
        try:
            one = read_one(at, raw, again)
        except GiveUp as malformed:
            text = raw.decode(errors="replace").replace("\0", "")
            at.tell([Note(Tag.ORDER_PULLED, f"{NO_NUMBER}: {malformed}", data={"raw": text})])
            at.count("failed")
            continue
        # Of two rows with one number the later is taken; a statement takes one row per key.
        found[one.bc_order_id] = one
    return [found[number] for number in sorted(found)]


def decided_before(at: Visit, which: Q) -> dict[int, Before]:
    """BigCommerce number -> what people decided of it, for those of the store's orders that have any such decision."""
    repairs = of_orders(at.store, which)
    orders = Order.objects.filter(which, store=at.store, resent__gt=0).values_list("bc_order_id", "resent")
    found: dict[int, dict[int, int]] = {number: {} for number, _ in orders}
    left = Line.objects.filter(order__store=at.store, order__bc_order_id__in=found, left_before__gt=0)
    for number, line, units in left.values_list("order__bc_order_id", "order_product_id", "left_before"):
        found[number][line] = units
    again = {number: Before(resent, found[number], repairs.pop(number, ())) for number, resent in orders}
    return again | {number: Before(repairs=some) for number, some in repairs.items()}


def read_one(at: Visit, raw: bytes, again: Mapping[int, Before] | None = None) -> Pulled:
    """Read and judge one order. One that cannot be read is held; one without even a number raises GiveUp.

    `again` as from `decided_before`, None = it is looked up.
    """
    digest = hashlib.blake2b(raw, digest_size=16).hexdigest()
    try:
        order = read_order(raw)
        sane.check(order)
    except GiveUp as malformed:
        bc_order_id = order_id_of(raw)
        if bc_order_id is None:
            raise
        judgement = gates.unreadable(malformed)
        return Pulled(bc_order_id=bc_order_id, raw=raw, digest=digest, order=None, judgement=judgement, whole=False)
    before = (decided_before(at, Q(bc_order_id=order.id)) if again is None else again).get(order.id, FIRST_TIME)
    of_order = Pulled(
        bc_order_id=order.id,
        raw=raw,
        digest=digest,
        order=order,
        judgement=gates.Judgement([]),
        resent=before.resent,
    )
    try:
        with_lines = bc_orders.completed(at.bigcommerce, order)
        if with_lines is not order:
            sane.check(with_lines)
    except GiveUp as malformed:
        repair = "compare its lines in BigCommerce; it is read again when it is changed there"
        judgement = gates.without_lines(order, at.settings, str(malformed), field=malformed.field, repair=repair)
        return msgspec.structs.replace(of_order, judgement=judgement, whole=False)
    except TryLater as later:
        # One order whose lines cannot be had now must not keep back the others.
        judgement = gates.without_lines(order, at.settings, str(later), repair="wait: they are asked for at each pull")
        return msgspec.structs.replace(of_order, judgement=judgement, whole=False, again=True)
    judgement = gates.judge(with_lines, at.settings, before)
    return msgspec.structs.replace(of_order, order=with_lines, judgement=judgement)


def gone(bc_order_id: int, raw: bytes) -> Pulled:
    """An order that BigCommerce has no more; `raw` is what we hold of it."""
    return Pulled(bc_order_id=bc_order_id, raw=raw, digest=GONE, order=None, judgement=gates.gone(), whole=False)


def save(at: Visit, pulled: Iterable[Pulled]) -> None:
    """Save a page in the open transaction: new orders, changed orders; what did not change is not written.

    Counts `pulled` (new or changed), `judged` (again, because a setting changed), `held` and `skipped`.
    """
    page = {one.bc_order_id: one for one in pulled}
    known = _known(at, page)
    kept: list[tuple[Pulled, Decision]] = []
    for number, one in sorted(page.items()):
        decision = decide(one, known.get(number), at.store.settings_version)
        if decision.write is not Write.NOTHING:
            kept.append((one, decision))
            at.count("judged" if decision.write is Write.VERDICTS else "pulled")
            if decision.moved and decision.stage in (Stage.HELD, Stage.SKIPPED):
                at.count(decision.stage)
    write.write(at, kept)
    drop(at.store, {one.bc_order_id: one.judgement.stale for one, decision in kept if _by_gates(decision)})
    at.tell(
        note for one, decision in kept for note in (*decision.notes, *(_dropped(one) if _by_gates(decision) else ()))
    )


def _by_gates(decision: Decision) -> bool:
    """Whether FM was not asked for the order: what it was asked for stays on record with its repairs."""
    return decision.known is None or not decision.known.asked


def _dropped(one: Pulled) -> Iterator[Note]:
    for repair in one.judgement.stale:
        text = f"The repair of {repair.field}, “{repair.value}”, is dropped: BigCommerce has another value there now"
        yield Note(Tag.REPAIR_DROPPED, text, one.bc_order_id)


def _known(at: Visit, page: Mapping[int, Pulled]) -> dict[int, Known]:
    """What we hold of these orders, locked until the page is saved so that send cannot claim one meanwhile."""
    asked = SalesOrder.objects.filter(order=OuterRef("pk"), asked_at__isnull=False, voided_at__isnull=True)
    found = write.of_numbers(at, list(page)).select_for_update().order_by("bc_order_id")
    rows = found.values("bc_order_id", *_OF_ORDER, asked=Exists(asked))
    known = {row.pop("bc_order_id"): Known(**row) for row in rows}
    at_fm = [one.pk for number, one in known.items() if one.asked and _may_differ(page[number], one)]
    return known | _with_what_fm_was_asked(known, at_fm)


def _may_differ(pulled: Pulled, known: Known) -> bool:
    return pulled.digest != known.digest or known.reason_code == STOPPED


def _with_what_fm_was_asked(known: Mapping[int, Known], at_fm: Sequence[int]) -> dict[int, Known]:
    if not at_fm:
        return {}
    asked, where = had(at_fm), stands(at_fm)
    rows = {row.pk: row for row in Difference.objects.filter(pk__in=at_fm)}
    found: dict[int, Known] = {}
    for number, one in known.items():
        if one.pk not in asked:
            continue
        row = rows.get(one.pk) or Difference()
        found[number] = msgspec.structs.replace(
            one,
            had=asked[one.pk],
            stands=where[one.pk],
            changes=changes.read(row.changes),
            accepted=changes.read(row.accepted),
            holds=row.reason,
            status_accepted=row.status_accepted,
        )
    return found
