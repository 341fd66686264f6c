"""What a pulled order becomes, given what we hold of it. Pure.

not known, or not asked for in FM yet  -> the gates decide
held by a person                       -> stays held, whatever the gates say, until BigCommerce cancels it
FM was asked for it                    -> the gates have nothing to say; cancelled or refunded = a person decides
"""

import enum
from datetime import datetime, timedelta

import msgspec

from npf.audit.notes import Note, Tag
from npf.bigcommerce.records import Order as BcOrder
from npf.orders.gates import Judgement
from npf.orders.stages import STOPPED_STATUSES, Stage
from npf.stores.kinds import STATUSES

BY_HAND = "by_hand"
STOPPED_IN_BIGCOMMERCE = "stopped_in_bigcommerce"

# BigCommerce's reads may lag behind its writes by seconds, and by minutes on a bad day.
LAGS = timedelta(hours=1)

_AT_FM = frozenset({Stage.PENDING, Stage.PROCESSING, Stage.COMPLETE})
_STAGE_OF = {"skip": Stage.SKIPPED, "hold": Stage.HELD, "cancelled": Stage.CANCELLED}


class Pulled(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order as it came. `digest` stands for its text, so that two readings can be compared.

    `order` is None where it could not be read; `whole` is False where its lines could not. `again`: reading failed for
    a reason that passes, so it is tried at the next pull.
    """

    bc_order_id: int
    raw: bytes
    digest: str
    order: BcOrder | None
    judgement: Judgement
    whole: bool = True
    again: bool = False


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What we hold. `asked` = FM was asked for this order at least once, so it may be there."""

    pk: int = 0
    stage: str
    stage_at: datetime | None = None
    reason: str = ""
    reason_code: str = ""
    field: str = ""
    repair: str = ""
    digest: str = ""
    date_modified: datetime | None = None
    status_id: int | None = None
    gated_with: int = 0
    asked: bool = False


class Write(enum.Enum):
    """How much of an order is written."""

    NOTHING = enum.auto()
    VERDICTS = enum.auto()
    """Stage and verdicts: the order is as it was, the settings are not."""
    FACTS = enum.auto()
    """Stage and what BigCommerce says of the order: FM was asked for its lines as they were."""
    WHOLE = enum.auto()


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What to write. `moved`: the stage or its reason is another than before."""

    write: Write
    known: Known | None = None
    stage: str = Stage.NEW
    moved: bool = False
    reason: str = ""
    reason_code: str = ""
    field: str = ""
    repair: str = ""
    notes: list[Note] = []


def decide(pulled: Pulled, known: Known | None, version: int) -> Decision:
    """Decide one order; `version` is the store's settings_version that its judgement was made with."""
    if known is None:
        return _by_gates(pulled, None, Write.WHOLE)
    if _is_older(pulled, known):
        return Decision(write=Write.NOTHING)
    # Two changes within a second bear the same date_modified (fact 35); the text tells them apart.
    changed = known.digest != pulled.digest
    if known.asked or known.stage in _AT_FM:
        return _at_fm(pulled, known) if changed else Decision(write=Write.NOTHING)
    if not changed and known.gated_with == version:
        return Decision(write=Write.NOTHING)
    # gated_with 0 is somebody's wish that it be looked at from the beginning.
    write = Write.WHOLE if changed or not known.gated_with else Write.VERDICTS
    if known.stage == Stage.HELD and known.reason_code == BY_HAND and not _is_cancelled(pulled):
        return _as_it_is(known, write)
    return _by_gates(pulled, known, write)


def _is_older(pulled: Pulled, known: Known) -> bool:
    """Whether the order was read as it was before we read it last: lists and reads may lag (facts 92, 139).

    Taken over, such a reading would bring a cancelled order back to life. The overlap of the next walk reads it again.
    Beyond LAGS it is no lag: a date that was wrong once must not shut the order out for ever.
    """
    order, read_last = pulled.order, known.date_modified
    if order is None or read_last is None or known.digest == pulled.digest:
        return False
    return timedelta(0) < read_last - order.date_modified <= LAGS


def _is_cancelled(pulled: Pulled) -> bool:
    verdict = pulled.judgement.decides
    return verdict is not None and verdict.outcome == "cancelled"


def _by_gates(pulled: Pulled, known: Known | None, write: Write) -> Decision:
    verdict = pulled.judgement.decides
    stage = _STAGE_OF[verdict.outcome] if verdict else Stage.NEW
    reason = verdict.why if verdict else ""
    moved = known is None or (known.stage, known.reason) != (stage, reason)
    notes = []
    if moved:
        outcome = f"{stage.capitalize()} by the gate “{verdict.gate}”: {reason}" if verdict else "Passed every gate"
        notes.append(Note(Tag.ORDER_PULLED if known is None else Tag.ORDER_GATED, outcome, pulled.bc_order_id))
    return Decision(
        write=write,
        known=known,
        stage=stage,
        moved=moved,
        reason=reason,
        reason_code=f"gate:{verdict.gate}" if verdict else "",
        field=verdict.field if verdict else "",
        repair=verdict.repair if verdict else "",
        notes=notes,
    )


def _as_it_is(known: Known, write: Write) -> Decision:
    return Decision(
        write=write,
        known=known,
        stage=known.stage,
        reason=known.reason,
        reason_code=known.reason_code,
        field=known.field,
        repair=known.repair,
    )


def _at_fm(pulled: Pulled, known: Known) -> Decision:
    stays = _as_it_is(known, Write.FACTS)
    number, order = pulled.bc_order_id, pulled.order
    if order is None:
        verdict = pulled.judgement.decides
        text = f"BigCommerce changed it, and it cannot be read: {verdict.why if verdict else ''}"
        return msgspec.structs.replace(stays, notes=[Note(Tag.ORDER_CHANGED, text, number)])
    name = f"{order.status_id} {STATUSES.get(order.status_id, '')}".strip()
    notes = []
    if order.status_id != known.status_id:
        notes.append(Note(Tag.ORDER_CHANGED, f"BigCommerce shows status {name}", number))
    reason, repair = _stopped(order.status_id, name, known)
    if not reason:
        return msgspec.structs.replace(stays, notes=notes)
    return msgspec.structs.replace(
        stays,
        stage=Stage.HELD,
        moved=True,
        reason=reason,
        reason_code=STOPPED_IN_BIGCOMMERCE,
        field="status_id",
        repair=repair,
        notes=[*notes, Note(Tag.ORDER_HELD, f"Held: {reason}", number)],
    )


def _stopped(status_id: int, name: str, known: Known) -> tuple[str, str]:
    """Why it must be held because of its status in BigCommerce, and what to do; "" = it need not, or is already."""
    held_for_it = known.stage == Stage.HELD and known.reason_code == STOPPED_IN_BIGCOMMERCE
    if known.stage in (Stage.COMPLETE, Stage.CANCELLED) or (held_for_it and status_id == known.status_id):
        return "", ""
    if status_id in STOPPED_STATUSES:
        has = "FM was asked for it" if known.stage == Stage.NEW else "FM has the order"
        reason = f"BigCommerce shows {name}, and {has}: it may still be shipped"
        return reason, "ask NPF's floor to stop it, then release it: it becomes Cancelled"
    if held_for_it:
        reason = f"BigCommerce had stopped it, and shows {name} now"
        return reason, "retry it, and it goes on; if NPF's floor has stopped it, release it: it becomes Cancelled"
    return "", ""
