"""The stages of an order (DESIGN section 2) and the one table of allowed moves. Pure; move.py makes a move.

new -> pending -> processing -> complete
 |        |            |
 +-- skipped / held / cancelled --+
"""

import enum

# BigCommerce statuses by which another hand stopped an order: Refunded, Cancelled, Declined, Manual Verification
# Required, Disputed.
# Nothing is written over them, and shipping on could be wrong (DESIGN rule 3, facts 71-74).
STOPPED_STATUSES = frozenset({4, 5, 6, 12, 13})

# Codes of holds that more than one station must know.
BY_HAND = "by_hand"
STOPPED = "stopped_in_bigcommerce"
CHANGED = "changed_in_bigcommerce"
SENT_TWICE = "fm_sent_twice"


class Stage(enum.StrEnum):
    """Where an order stands."""

    NEW = "new"
    SKIPPED = "skipped"
    HELD = "held"
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


MOVES: dict[str, frozenset[str]] = {
    Stage.NEW: frozenset({Stage.SKIPPED, Stage.HELD, Stage.PENDING, Stage.CANCELLED}),
    Stage.SKIPPED: frozenset({Stage.NEW, Stage.HELD, Stage.CANCELLED}),
    Stage.HELD: frozenset({Stage.NEW, Stage.SKIPPED, Stage.PENDING, Stage.PROCESSING, Stage.COMPLETE, Stage.CANCELLED}),
    # Back to new only where FM took one of its numbers and never had it (follow/standing.py).
    Stage.PENDING: frozenset({Stage.PROCESSING, Stage.COMPLETE, Stage.HELD, Stage.CANCELLED, Stage.NEW}),
    Stage.PROCESSING: frozenset({Stage.COMPLETE, Stage.HELD, Stage.CANCELLED, Stage.NEW}),
    # Only where FM despatches a number after all that was void (SENT_TWICE).
    Stage.COMPLETE: frozenset({Stage.HELD}),
    Stage.CANCELLED: frozenset({Stage.NEW, Stage.SKIPPED, Stage.HELD}),
}

# Stages whose orders NPF has still something to do with.
UNFINISHED = frozenset({Stage.NEW, Stage.HELD, Stage.PENDING, Stage.PROCESSING})

# Stages whose orders another setting can move, unless FM was asked for them. Cancelled orders hang on no setting.
GATED = frozenset({Stage.NEW, Stage.SKIPPED, Stage.HELD})


def may_move(before: str, after: str) -> bool:
    """Whether the table allows the move; staying is always allowed."""
    return before == after or after in MOVES[before]


def may_be_told(stage: str, code: str) -> bool:
    """Whether BigCommerce may be told of an order that stands so: what left NPF has left it, also where FM holds the
    rest or it was changed since. Any other hold is a person's to end first.
    """
    if stage == Stage.HELD:
        return code == CHANGED or code.startswith("fm_")
    return stage in (Stage.PENDING, Stage.PROCESSING)
