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

# What letting go of a hold does, by its reason code (npf/desk/decisions.py).
_RELEASE = {
    "by_hand": "It goes on where it stood; if FM was not asked yet, it passes the gates again.",
    "fm_has_it": "FM's order is taken as this one; nothing is sent again.",
    "stopped_in_bigcommerce": "It becomes Cancelled. Release it once NPF's floor has stopped it.",
    "fm_cancel": "It goes on with what FM has not cancelled.",
    "fm_short": "It is completed with what has left; nothing more is awaited.",
    "shipped_by_others": "It is completed; the rest is not written to BigCommerce.",
}
# Where a retry would do the same as the release.
_RELEASE_ONLY = frozenset({"by_hand", "fm_cancel"})

_RETRY = {
    "gate:again": "It waits for the next pull, which judges it again.",
    "fm_has_it": "FM's order counts as another one, and this one is sent as new.",
    "fm_differs": "FM's order counts as another one, and this one is sent as new.",
    "fm_hold": "FM is asked again at once.",
    "fm_error": "FM is asked again at once.",
    "fm_lost": "FM is asked once more; if it still does not know the order, it is sent again.",
    "fm_unclear": "FM is asked for the number first; it is sent only if FM does not have it.",
    "stopped_in_bigcommerce": "It goes on, once BigCommerce shows another status.",
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
