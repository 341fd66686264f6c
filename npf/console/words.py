"""The console's words for stages, stations and decisions."""

from npf.orders.stages import Stage

# In the order of the overview's columns.
STAGES = (
    Stage.NEW,
    Stage.HELD,
    Stage.PENDING,
    Stage.PROCESSING,
    Stage.COMPLETE,
    Stage.SKIPPED,
    Stage.CANCELLED,
)

STAGE_MEANS = {
    Stage.NEW: "passed the gates, not yet in FM",
    Stage.HELD: "a person must decide",
    Stage.PENDING: "created in FM",
    Stage.PROCESSING: "part of it has moved on",
    Stage.COMPLETE: "all of it has left, and BigCommerce shows it",
    Stage.SKIPPED: "not for FM",
    Stage.CANCELLED: "cancelled in BigCommerce or in FM",
}

# station -> (its name, what it does). The beats of other visits (explain) say nothing about a store's health.
STATIONS = {
    "pull": ("Pull", "orders from BigCommerce"),
    "send": ("Send", "orders to FM"),
    "follow": ("Follow", "orders at FM"),
    "push": ("Push", "tracking and status to BigCommerce"),
    "count": ("Count", "stock at FM"),
    "stock": ("Stock", "levels to BigCommerce"),
}

# What each answer of NPF's floor does (npf/desk/outcomes.py): outcome -> its button, by code its sentence.
OUTCOMES = {
    "stopped": "Stopped at NPF",
    "ship": "Too late, it ships",
    "resend": "Send again under a new number",
}
_OUTCOME_DOES = {
    ("stopped_in_bigcommerce", "stopped"): "It becomes Cancelled, and FM is asked about it no more.",
    ("stopped_in_bigcommerce", "ship"): "It is followed until it has left, and ends as Cancelled. BigCommerce is told "
    "nothing: neither its tracking nor a status, unless it goes on there after all.",
    ("changed_in_bigcommerce", "stopped"): "It becomes Cancelled, for good. If the shopper is still to have it, send "
    "it again instead.",
    ("changed_in_bigcommerce", "ship"): "It goes on as FM has it, and this change does not hold it again. Choose this "
    "too where NPF's floor has made the change by hand.",
    ("changed_in_bigcommerce", "resend"): "The old number is void. The order is read anew from BigCommerce, passes the "
    "gates, and what has not left yet goes to FM under a new number. Only once NPF's floor has stopped the old one.",
    ("fm_sent_twice", "stopped"): "What was sent in its place is stopped: the order becomes Cancelled. BigCommerce is "
    "not told of the parcel that left; write it there by hand.",
    ("fm_sent_twice", "ship"): "Both go out. BigCommerce is told of the new number's parcels only.",
}
# Holds that are decided order by order, each on its own page: what they have in common, on the page of what is held.
ONE_BY_ONE = {
    "changed_in_bigcommerce": "BigCommerce was changed after FM had it",
    "fm_sent_twice": "FM despatched a number that NPF was to stop",
}
_CANNOT_BE_UNDONE = {
    "stopped": "The order becomes Cancelled, and that cannot be undone. Has NPF's floor stopped it?",
    "ship": "It goes out as FM has it, and that cannot be undone. Go on?",
    "resend": "Has NPF's floor stopped the old number? If not, the goods leave twice.",
}

# What letting go of a hold does, by its reason code (npf/desk/decisions.py).
_RELEASE = {
    "by_hand": "It goes on where it stood; if FM was not asked yet, it passes the gates again.",
    "fm_has_it": "FM's order is taken as this one; nothing is sent again.",
    "stopped_in_bigcommerce": "It becomes Cancelled. Release it once NPF's floor has stopped it.",
    "changed_in_bigcommerce": "It goes on as FM has it, and this change does not hold it again.",
    "fm_sent_twice": "Both numbers go out. BigCommerce is told of the new one's parcels only.",
    "fm_cancel": "It goes on with what FM has not cancelled.",
    "fm_short": "It is completed with what has left; nothing more is awaited.",
    "shipped_by_others": "It is completed; the rest is not written to BigCommerce.",
}
# Where a retry would do the same as the release.
_RELEASE_ONLY = frozenset({"by_hand", "fm_cancel", "stopped_in_bigcommerce", "changed_in_bigcommerce", "fm_sent_twice"})

_RETRY = {
    "gate:again": "It waits for the next pull, which judges it again.",
    "fm_has_it": "FM's order counts as another one, and this one is sent as new.",
    "fm_differs": "FM's order counts as another one, and this one is sent as new.",
    "fm_hold": "FM is asked again at once.",
    "fm_error": "FM is asked again at once.",
    "fm_lost": "FM is asked once more; if it still does not know the order, it is sent again.",
    "fm_unclear": "FM is asked for the number first; it is sent only if FM does not have it.",
    "fm_short": "FM is asked again for what is missing.",
    "shipped_by_others": "BigCommerce is looked at again before anything is written.",
}


def sentence(text: str) -> str:
    """The text as a sentence: a capital first, a full stop last; the rest as it is."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def arrows(text: str) -> str:
    """The text of an event with arrows as people draw them."""
    return text.replace(" -> ", " \u2192 ")


def outcome_does(reason_code: str, outcome: str) -> str:
    """What an outcome does for a hold with this code; "" where it is none of its outcomes."""
    return _OUTCOME_DOES.get((reason_code, outcome), "")


def outcome_asks(outcome: str) -> str:
    """What a person is asked before an outcome that cannot be undone."""
    return _CANNOT_BE_UNDONE[outcome]


def release_does(reason_code: str) -> str:
    """What a release of a hold with this code does; "" where it would be the same as a retry."""
    return _RELEASE.get(reason_code, "")


def retry_does(reason_code: str) -> str:
    """What a retry of a hold with this code does; "" where it would be the same as a release."""
    if reason_code in _RELEASE_ONLY:
        return ""
    if reason_code.startswith("gate:") and reason_code not in _RETRY:
        return "It is judged again with today's settings. Mend the cause first, or it is held again."
    return _RETRY.get(reason_code, "It is tried again at once.")
