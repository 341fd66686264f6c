"""What a pulled order becomes, given what we hold of it. Pure.

not known, or not asked for in FM yet  -> the gates decide
held by a person                       -> stays held, whatever the gates say, until BigCommerce cancels it
FM was asked for it                    -> the gates have nothing to say. Where BigCommerce shows it cancelled or
                                          refunded, archived or no more, or otherwise than FM was asked for it, a
                                          person decides; until somebody has, it goes on by itself when BigCommerce
                                          shows it as FM has it
"""

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from npf.audit.notes import Note, Tag
from npf.bigcommerce.records import Order as BcOrder
from npf.orders.changes import CHOOSE, IS_ARCHIVED, IS_GONE, PLACE, Change, words
from npf.orders.changes import reason as reason_of
from npf.orders.gates import Judgement
from npf.orders.stages import BY_HAND, CHANGED, SENT_TWICE, STOPPED, STOPPED_STATUSES, Stage
from npf.pull.edits import Had, differences, holding
from npf.stores.kinds import STATUSES

_STOP = "hand the text on the order's page to NPF's floor; release it once it is stopped: it becomes Cancelled"
_MEND = "mend it in BigCommerce or in the setting; it is judged again then"
# Holds whose end hangs on why it was held: changes wait until a person has ended them.
_NOT_HIDDEN = frozenset({BY_HAND, SENT_TWICE, "fm_has_it", "fm_differs", "fm_cancel"})

# BigCommerce's reads may lag behind its writes by seconds, and by minutes on a bad day.
LAGS = timedelta(hours=1)

# In the place of a digest: equal to no text's, so that an order which comes back is read anew.
GONE = "gone"

_AT_FM = frozenset({Stage.PENDING, Stage.PROCESSING, Stage.COMPLETE})
_STAGE_OF = {"skip": Stage.SKIPPED, "hold": Stage.HELD, "cancelled": Stage.CANCELLED}


class Pulled(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order as it came. `digest` stands for its text, so that two readings can be compared.

    `order` is None where it could not be read; `whole` is False where its lines could not. `again`: reading failed for
    a reason that passes, so it is tried at the next pull. `resent`: how often a person had it
    sent again, as its judgement has it.
    """

    bc_order_id: int
    raw: bytes
    digest: str
    order: BcOrder | None
    judgement: Judgement
    whole: bool = True
    again: bool = False
    resent: int = 0


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What we hold. `asked` = FM was asked for this order under a live number, so it may be there.

    Of an order that was asked for: `had` = as FM was asked for it, None = it need not be compared; `changes`,
    `accepted`, `holds` and `status_accepted` as in models.Difference; `stands` = where it goes on when a hold ends.
    """

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
    resent: int = 0
    had: Had | None = None
    changes: list[Change] = []
    accepted: list[Change] = []
    holds: str = ""
    status_accepted: int | None = None
    stands: str = Stage.PENDING


class Write(enum.Enum):
    """How much of an order is written."""

    NOTHING = enum.auto()
    VERDICTS = enum.auto()
    """Stage and verdicts: the order is as it was, the settings are not."""
    FACTS = enum.auto()
    """Stage and what BigCommerce says of the order: FM was asked for its lines as they were."""
    WHOLE = enum.auto()


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What to write. `moved`: the stage or its reason is another than before.

    `changes` and `holds` as in models.Difference. `awake`: follow and push are to look at it at once.
    """

    write: Write
    known: Known | None = None
    stage: str = Stage.NEW
    moved: bool = False
    reason: str = ""
    reason_code: str = ""
    field: str = ""
    repair: str = ""
    notes: list[Note] = []
    changes: list[Change] = []
    holds: str = ""
    awake: bool = False


def decide(pulled: Pulled, known: Known | None, version: int) -> Decision:
    """Decide one order; `version` is the store's settings_version that its judgement was made with."""
    if known is None:
        return _by_gates(pulled, None, Write.WHOLE)
    if _is_older(pulled, known):
        return Decision(write=Write.NOTHING)
    # Two changes within a second bear the same date_modified (fact 35); the text tells them apart.
    changed = known.digest != pulled.digest
    if known.asked or known.stage in _AT_FM:
        # Push may have held it for a status that is gone again.
        changed = changed or (known.reason_code == STOPPED and _status(pulled) != known.status_id)
        return _at_fm(pulled, known) if changed else Decision(write=Write.NOTHING)
    if pulled.resent != known.resent:
        # It was judged before a person had it sent again: the next pull judges it anew.
        return Decision(write=Write.NOTHING)
    if not changed and known.gated_with == version:
        return Decision(write=Write.NOTHING)
    # gated_with 0 is somebody's wish that it be looked at from the beginning.
    write = Write.WHOLE if changed or not known.gated_with else Write.VERDICTS
    if known.stage == Stage.HELD and known.reason_code in (BY_HAND, SENT_TWICE) and not _is_cancelled(pulled):
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


def _status(pulled: Pulled) -> int | None:
    return pulled.order.status_id if pulled.order else None


def _by_gates(pulled: Pulled, known: Known | None, write: Write) -> Decision:
    verdict = pulled.judgement.decides
    stage = _STAGE_OF[verdict.outcome] if verdict else Stage.NEW
    reason, repair = (verdict.why, verdict.repair) if verdict else ("", "")
    if stage == Stage.SKIPPED and pulled.resent and _status(pulled) not in STOPPED_STATUSES:
        # A person wanted it sent again: what keeps it from FM must be seen.
        stage, repair = Stage.HELD, repair or _MEND
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
        repair=repair,
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
    if order is None and pulled.digest != GONE:
        verdict = pulled.judgement.decides
        text = f"BigCommerce changed it, and it cannot be read: {verdict.why if verdict else ''}"
        return msgspec.structs.replace(stays, changes=known.changes, holds=known.holds, notes=[_note(text, number)])
    changes = _changes(pulled, known)
    status_id = order.status_id if order else known.status_id
    notes = []
    if status_id != known.status_id:
        notes.append(_note(f"BigCommerce shows status {_named(status_id)}", number))
    if changes != known.changes:
        notes.append(_note(_told(changes), number))
    stays = msgspec.structs.replace(stays, changes=changes, notes=notes)
    return _held_or_not(stays, known, status_id, number)


def _note(text: str, number: int) -> Note:
    return Note(Tag.ORDER_CHANGED, text, number)


def _changes(pulled: Pulled, known: Known) -> list[Change]:
    """What differs now; what cannot be read now is as it was at the last look."""
    order = pulled.order
    if order is None:
        return [*(one for one in known.changes if one.field != PLACE), IS_GONE]
    if not pulled.whole or known.had is None:
        return [one for one in known.changes if one != IS_GONE]
    found = differences(known.had, order)
    if known.stage in (Stage.COMPLETE, Stage.CANCELLED):
        # Archiving what is done tidies a list.
        return [one for one in found if one != IS_ARCHIVED]
    return found


def _held_or_not(stays: Decision, known: Known, status_id: int | None, number: int) -> Decision:
    """Hold it, leave it, or let it go on: by what BigCommerce shows now, whatever it showed in between."""
    if known.stage in (Stage.COMPLETE, Stage.CANCELLED):
        return stays
    held_for = known.reason_code if known.stage == Stage.HELD else ""
    reason = _changed(stays.changes, known, held=held_for == CHANGED)
    stays = msgspec.structs.replace(stays, holds=reason)
    if status_id in STOPPED_STATUSES and status_id != known.status_accepted:
        return _hold(stays, known, number, STOPPED, _stopped(status_id, known), "status_id", _STOP)
    if status_id in STOPPED_STATUSES:
        # A person lets it ship although BigCommerce stopped it: what else changes there changes nothing.
        reason = ""
    if reason and held_for not in _NOT_HIDDEN:
        return _hold(stays, known, number, CHANGED, reason, "", CHOOSE)
    if not reason and held_for in (STOPPED, CHANGED):
        text = f"Held no more: BigCommerce shows {_named(status_id)}, and the order as FM has it"
        notes = [*stays.notes, Note(Tag.ORDER_STAGE, text, number)]
        free = {"reason": "", "reason_code": "", "field": "", "repair": ""}
        return msgspec.structs.replace(stays, stage=known.stands, moved=True, notes=notes, awake=True, **free)
    goes_on = known.status_accepted is not None and known.status_id in STOPPED_STATUSES
    return msgspec.structs.replace(stays, awake=goes_on and status_id not in STOPPED_STATUSES)


def _hold(stays: Decision, known: Known, number: int, code: str, reason: str, field: str, repair: str) -> Decision:
    if (known.stage, known.reason_code, known.reason) == (Stage.HELD, code, reason):
        return stays
    return msgspec.structs.replace(
        stays,
        stage=Stage.HELD,
        moved=True,
        reason=reason,
        reason_code=code,
        field=field,
        repair=repair,
        notes=[*stays.notes, Note(Tag.ORDER_HELD, f"Held: {reason}", number)],
    )


def _named(status_id: int | None) -> str:
    return "unknown" if status_id is None else f"{status_id} {STATUSES.get(status_id, '')}".strip()


def _told(changes: Sequence[Change]) -> str:
    if not changes:
        return "BigCommerce shows it again as FM was asked for it"
    return f"Changed in BigCommerce after FM had it: {'; '.join(map(words, changes))}. FM was not told."


def _stopped(status_id: int | None, known: Known) -> str:
    has = "FM was asked for it" if known.stands == Stage.NEW else "FM has the order"
    return f"BigCommerce shows {_named(status_id)}, and {has}: it may still be shipped"


def _changed(changes: Sequence[Change], known: Known, *, held: bool) -> str:
    if known.had is None:
        return known.holds
    return reason_of(holding(known.had, changes, known.accepted, held=held))
