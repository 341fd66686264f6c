"""What a pulled order becomes, given what we hold of it. Pure.

not known, or not asked for in FM yet  -> the gates decide
held by a person                       -> stays held, whatever the gates say
FM was asked for it                    -> the gates have nothing to say; cancelled or refunded = a person decides
"""

from datetime import datetime

import msgspec

from npf.audit.notes import Note, Tag
from npf.bigcommerce.records import Order as BcOrder
from npf.orders.gates import Judgement
from npf.orders.stages import Stage
from npf.stores.kinds import STATUSES

# Statuses that another hand gave to an order which FM has: shipping on could be wrong (rule 3).
STOPPING = frozenset({4, 5, 6, 12, 13})
BY_HAND = "by_hand"
STOPPED_IN_BIGCOMMERCE = "stopped_in_bigcommerce"

_STAGE_OF = {"skip": Stage.SKIPPED, "hold": Stage.HELD, "cancelled": Stage.CANCELLED}


class Pulled(msgspec.Struct, frozen=True):
    """An order as it came: `order` is None where it could not be read."""

    bc_order_id: int
    raw: bytes
    order: BcOrder | None
    judgement: Judgement


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What we hold. `asked` = FM was asked for this order at least once, so it may be there."""

    pk: int = 0
    stage: str
    reason: str = ""
    reason_code: str = ""
    field: str = ""
    repair: str = ""
    date_modified: datetime | None = None
    status_id: int | None = None
    gated_with: int = 0
    stage_at: datetime | None = None
    asked: bool = False


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What to write; `write` False = nothing has changed.

    `facts_only` = keep stage and lines, note BigCommerce's side.
    """

    write: bool
    known: Known | None = None
    stage: str = Stage.NEW
    moved: bool = False
    facts_only: bool = False
    reason: str = ""
    reason_code: str = ""
    field: str = ""
    repair: str = ""
    notes: list[Note] = []


def decide(number: int, order: BcOrder | None, judgement: Judgement, known: Known | None, version: int) -> Decision:
    """Decide one order; `version` is the store's settings_version that the judgement was made with."""
    if known is None:
        return _by_gates(number, judgement, None)
    if order is None:
        verdict = judgement.decides
        changed = verdict is None or known.reason != verdict.why
    else:
        changed = known.date_modified != order.date_modified
    if known.asked or known.stage in (Stage.PENDING, Stage.PROCESSING, Stage.COMPLETE):
        return _in_fm(number, order, known) if changed else Decision(write=False)
    if not changed and known.gated_with == version:
        return Decision(write=False)
    if known.stage == Stage.HELD and known.reason_code == BY_HAND:
        return _as_it_is(known)
    return _by_gates(number, judgement, known)


def _by_gates(number: int, judgement: Judgement, known: Known | None) -> Decision:
    verdict = judgement.decides
    stage = _STAGE_OF[verdict.outcome] if verdict else Stage.NEW
    reason = verdict.why if verdict else ""
    moved = known is None or known.stage != stage or known.reason != reason
    notes = []
    if moved:
        outcome = f"{stage.capitalize()} by the gate “{verdict.gate}”: {reason}" if verdict else "Passed every gate"
        notes.append(Note(Tag.ORDER_PULLED if known is None else Tag.ORDER_GATED, outcome, number))
    return Decision(
        write=True,
        known=known,
        stage=stage,
        moved=moved,
        reason=reason,
        reason_code=f"gate:{verdict.gate}" if verdict else "",
        field=verdict.field if verdict else "",
        repair=verdict.repair if verdict else "",
        notes=notes,
    )


def _as_it_is(known: Known) -> Decision:
    return Decision(
        write=True,
        known=known,
        stage=known.stage,
        reason=known.reason,
        reason_code=known.reason_code,
        field=known.field,
        repair=known.repair,
    )


def _in_fm(number: int, order: BcOrder | None, known: Known) -> Decision:
    stays = msgspec.structs.replace(_as_it_is(known), facts_only=True)
    if order is None:
        return stays
    name = f"{order.status_id} {STATUSES.get(order.status_id, '')}".strip()
    notes = []
    if order.status_id != known.status_id:
        notes.append(Note(Tag.ORDER_CHANGED, f"BigCommerce shows status {name}", number))
    going = known.stage in (Stage.NEW, Stage.PENDING, Stage.PROCESSING, Stage.HELD)
    if not going or order.status_id not in STOPPING or known.reason_code == STOPPED_IN_BIGCOMMERCE:
        return msgspec.structs.replace(stays, notes=notes)
    reason = f"BigCommerce shows {name}, and FM has the order: it may still be shipped"
    notes.append(Note(Tag.ORDER_HELD, f"Held: {reason}", number))
    return msgspec.structs.replace(
        stays,
        stage=Stage.HELD,
        moved=True,
        reason=reason,
        reason_code=STOPPED_IN_BIGCOMMERCE,
        field="status_id",
        repair="ask NPF's floor to stop it, then release it: it becomes Cancelled",
        notes=notes,
    )
