"""What NPF's floor may answer of an order that is stopped, changed or sent twice. Pure; outcomes.py carries it out."""

from npf.audit.notes import Tag
from npf.orders.stages import CHANGED, SENT_TWICE, STOPPED

# outcome -> the tag of its event.
OUTCOMES = {"stopped": Tag.PERSON_STOPPED, "ship": Tag.PERSON_LET_SHIP, "resend": Tag.PERSON_SENT_AGAIN}
# The holds that ask for an outcome, and what a plain release of each means: that its cause is accepted.
ASK_FOR_ONE = {STOPPED: "stopped", CHANGED: "ship", SENT_TWICE: "ship"}
