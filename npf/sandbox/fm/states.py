"""Which Australian post codes lie in which state: for the switch that lets FM check it (04003).

By Australia Post's blocks of first digits. Towns at a border may have a post code of the other side: those too.
"""

_BLOCKS = {
    "NSW": ("1", "2"),
    "ACT": ("02", "26", "29"),
    "VIC": ("3", "8"),
    "QLD": ("4", "9"),
    "SA": ("5",),
    "WA": ("6",),
    "TAS": ("7",),
    "NT": ("08", "09"),
}
_ACROSS = {
    "0872": ("NT", "SA", "WA"),
    "2406": ("NSW", "QLD"),
    "2540": ("NSW", "ACT"),
    "3585": ("VIC", "NSW"),
    "3644": ("VIC", "NSW"),
    "3691": ("VIC", "NSW"),
    "3707": ("VIC", "NSW"),
    "4375": ("QLD", "NSW"),
    "4377": ("QLD", "NSW"),
    "4380": ("QLD", "NSW"),
    "4383": ("QLD", "NSW"),
    "4385": ("QLD", "NSW"),
    "4825": ("QLD", "NT"),
}
_NAMES = {
    "NEW SOUTH WALES": "NSW",
    "AUSTRALIAN CAPITAL TERRITORY": "ACT",
    "VICTORIA": "VIC",
    "QUEENSLAND": "QLD",
    "SOUTH AUSTRALIA": "SA",
    "WESTERN AUSTRALIA": "WA",
    "TASMANIA": "TAS",
    "NORTHERN TERRITORY": "NT",
}


def lies_in(post_code: str, state: str) -> bool:
    """Whether a four-digit post code can be one of that state; true for a state that nobody knows."""
    name = state.strip().upper().rstrip(".")
    name = _NAMES.get(name, name)
    if name not in _BLOCKS:
        return True
    return post_code.startswith(_BLOCKS[name]) or name in _ACROSS.get(post_code, ())
