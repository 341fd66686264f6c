"""One page of orders: read, judged, saved."""

import hashlib
from collections.abc import Iterable, Sequence

import msgspec
from django.db.models import Exists, OuterRef

from npf.audit.notes import Note, Tag
from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce.records import order_id_of, read_order
from npf.core.errors import GiveUp, TryLater
from npf.orders import gates
from npf.orders.models import SalesOrder
from npf.orders.stages import Stage
from npf.pull import sane, write
from npf.pull.decide import Decision, Known, Pulled, Write, decide
from npf.stores.visit import Visit

# In the place of a digest: equal to no text's, so that an order which comes back is read anew.
GONE = "gone"
NO_NUMBER = "BigCommerce listed an order without a number"


def read(at: Visit, raws: Sequence[msgspec.Raw | bytes]) -> list[Pulled]:
    """Read and judge the orders of a page, by number. One without even a number goes to the store's journal, whole."""
    found: dict[int, Pulled] = {}
    for raw in map(bytes, raws):
        try:
            one = read_one(at, raw)
        except GiveUp as malformed:
            text = raw.decode(errors="replace").replace("\0", "")
            at.tell([Note(Tag.ORDER_PULLED, f"{NO_NUMBER}: {malformed}", data={"raw": text})])
            at.count("failed")
            continue
        # Of two rows with one number the later is taken; a statement takes one row per key.
        found[one.bc_order_id] = one
    return [found[number] for number in sorted(found)]


def read_one(at: Visit, raw: bytes) -> Pulled:
    """Read and judge one order. One that cannot be read is held; one without even a number raises GiveUp."""
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
    of_order = Pulled(bc_order_id=order.id, raw=raw, digest=digest, order=order, judgement=gates.Judgement([]))
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
    judgement = gates.judge(with_lines, at.settings)
    return msgspec.structs.replace(of_order, order=with_lines, judgement=judgement)


def gone(bc_order_id: int, raw: bytes) -> Pulled:
    """An order that BigCommerce has no more; `raw` is what we hold of it."""
    return Pulled(bc_order_id=bc_order_id, raw=raw, digest=GONE, order=None, judgement=gates.gone(), whole=False)


def save(at: Visit, pulled: Iterable[Pulled]) -> None:
    """Save a page in the open transaction: new orders, changed orders; what did not change is not written.

    Counts `pulled` (new or changed), `judged` (again, because a setting changed), `held` and `skipped`.
    """
    page = {one.bc_order_id: one for one in pulled}
    known = _known(at, list(page))
    kept: list[tuple[Pulled, Decision]] = []
    for number, one in sorted(page.items()):
        decision = decide(one, known.get(number), at.store.settings_version)
        if decision.write is not Write.NOTHING:
            kept.append((one, decision))
            at.count("judged" if decision.write is Write.VERDICTS else "pulled")
            if decision.moved and decision.stage in (Stage.HELD, Stage.SKIPPED):
                at.count(decision.stage)
    write.write(at, kept)
    at.tell(note for _, decision in kept for note in decision.notes)


def _known(at: Visit, numbers: list[int]) -> dict[int, Known]:
    """What we hold of these orders, locked until the page is saved so that send cannot claim one meanwhile."""
    columns = [name for name in Known.__struct_fields__ if name != "asked"]
    asked = SalesOrder.objects.filter(order=OuterRef("pk"), asked_at__isnull=False)
    found = write.of_numbers(at, numbers).select_for_update().order_by("bc_order_id")
    rows = found.values("bc_order_id", *columns, asked=Exists(asked))
    return {row.pop("bc_order_id"): Known(**row) for row in rows}
