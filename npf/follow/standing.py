"""Where an order stands by what FM says of all its sales orders together, one an address. Pure.

FM cancelled all of it, and nothing has left       cancelled
FM cancelled one of them, or what has not left     held: a person decides over the rest
FM took one and never had it                       new: sent again, once; then held
FM does not know one, cannot ship it, holds it     held, until FM goes on with it
FM says shipped, and units are missing             held
all of it has left                                 processing; push completes it
some of it has left, or is back-ordered            processing
any other word of FM                               pending; it ends a hold that FM caused
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from npf.orders.stages import Stage
from npf.warehouse.records import OrderStatus

# FM may not show an order at once; one that it took and then does not know for this long is a matter for a person.
MISSES = 5
LOST_AFTER = timedelta(hours=2)

# Age since FM took the order -> how often it is asked for. The last row holds for ever.
PACE = (
    (timedelta(hours=2), timedelta(0)),
    (timedelta(days=1), timedelta(minutes=10)),
    (timedelta(days=7), timedelta(hours=1)),
    (timedelta.max, timedelta(hours=6)),
)

# Holds that FM caused and that end when FM goes on. A person ends any other.
ENDS_BY_ITSELF = frozenset({"fm_lost", "fm_error", "fm_hold", "fm_short"})


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one sales order after a look. `status` is FM's word, `said` the reason that it gave.

    `shipped`: some of it has left. `waits`: FM tells of a shipment without its number or its units. `complete`: all of
    it has left. `cancelled`: FM has cancelled the rest of it. `owed`: back-ordered units by code. `missing`: the units,
    in words, that have not left. `lost`: FM took it and does not know it any more; `again`: it was sent twice.
    """

    number: str
    status: str = ""
    said: str = ""
    shipped: bool = False
    waits: bool = False
    complete: bool = False
    cancelled: bool = False
    owed: tuple[tuple[str, int], ...] = ()
    missing: str = ""
    lost: bool = False
    again: bool = False


class Standing(msgspec.Struct, frozen=True):
    """The stage that follows, with its reason; `code` and `repair` where it is held."""

    stage: Stage
    reason: str
    code: str = ""
    repair: str = ""


def standing(states: Sequence[State], *, others: int = 0, shipped: bool = False) -> Standing:
    """Where an order stands by the sales orders that FM was asked for.

    `others`: how many it has beside them that FM has not cancelled; `shipped`: some of theirs has left.
    """
    several = len(states) + others > 1
    shipped = shipped or any(state.shipped for state in states)
    for state in states:
        if state.cancelled:
            return _cancelled(state, states, others=others, shipped=shipped)
    for held in (_lost, _error, _hold, _short):
        for state in states:
            found = held(state)
            if found is not None:
                return msgspec.structs.replace(found, reason=f"{state.number}: {found.reason}") if several else found
    if all(state.complete for state in states):
        return Standing(Stage.PROCESSING, "all of it has left NPF")
    owed = ", ".join(f"{units} x {code}" for state in states for code, units in state.owed)
    if owed or any("BACKORDER" in state.status for state in states):
        return Standing(Stage.PROCESSING, f"back-ordered: {owed or 'not said which'}")
    for state in states:
        if state.status == "SHIPPED" and not state.complete:
            return Standing(Stage.PROCESSING, "FM says shipped and has not given every number and quantity yet")
    if shipped:
        return Standing(Stage.PROCESSING, "part of it has left NPF")
    return Standing(Stage.PENDING, "FM goes on with it")


def _cancelled(state: State, states: Sequence[State], *, others: int, shipped: bool) -> Standing:
    reason = f"FM cancelled it: {state.said or 'no reason given'}"
    if not shipped and not others and all(one.cancelled for one in states):
        return Standing(Stage.CANCELLED, reason, "fm_cancel")
    return Standing(
        Stage.HELD,
        f"{state.number}: {reason}" + ("; part of the order has left NPF" if shipped else ""),
        "fm_cancel",
        "ask NPF; release it to go on with what is not cancelled",
    )


def _lost(state: State) -> Standing | None:
    if not state.lost:
        return None
    return Standing(
        Stage.HELD,
        f"FM took it{' twice' if state.again else ''} and has not known it in {MISSES} looks or more",
        "fm_lost",
        "ask NPF whether it arrived; a retry asks FM, then sends it again",
    )


def _error(state: State) -> Standing | None:
    if state.status != "ERROR":
        return None
    reason = f"FM cannot ship it: {state.said or 'no reason given'}"
    return Standing(Stage.HELD, reason, "fm_error", "mend it at NPF, then retry")


def _hold(state: State) -> Standing | None:
    if state.status != "HOLD":
        return None
    reason = f"FM holds it: {state.said or 'no reason given'}"
    return Standing(Stage.HELD, reason, "fm_hold", "ask NPF; it goes on by itself when FM lets go of it")


def _short(state: State) -> Standing | None:
    if state.status != "SHIPPED" or state.complete or state.waits or not state.shipped:
        return None
    reason = f"FM says shipped, but {state.missing or 'some of it'} has not left"
    return Standing(Stage.HELD, reason, "fm_short", "ask NPF; release it if nothing more will come")


def said(status: OrderStatus) -> str:
    """FM's reason in words: its message, its errors, and what of its answer could not be read."""
    errors = "; ".join(": ".join(filter(None, (error.code, error.detail))) for error in status.errors)
    unread = f"could not be read: {'; '.join(status.unread)}" if status.unread else ""
    return "; ".join(filter(None, (status.message, errors, unread)))


def is_lost(misses: int, age: timedelta) -> bool:
    """Whether a sales order of that age that FM did not know in so many looks in a row is a matter for a person."""
    return misses >= MISSES and age >= LOST_AFTER


def may_be_sent_again(status: OrderStatus | None, *, lost: bool, shown: bool, left: bool, again: bool) -> bool:
    """Whether what FM took and does not know goes to it once more, under the same number, without a person.

    Only where FM says itself that it does not know it (`status`, None = left out of the answer, which says nothing),
    after as long as makes it `lost`, and where it never `shown` it, nothing has `left` and it was not sent `again` yet.
    FM refuses a double by its number. What it showed once may have been shipped and put away.
    """
    return lost and status is not None and not status.known and not (shown or left or again)


def next_turn(age: timedelta) -> timedelta:
    """How long until a sales order is asked for again: at each look while it is young, slower with age."""
    return next(pace for until, pace in PACE if age < until)
