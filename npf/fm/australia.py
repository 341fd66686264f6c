"""Australia's states, and the post codes of each: Australia Post's ranges, those of PO boxes and large receivers too.

A state is its abbreviation here (`VIC`). Pure.
"""

import re

NAMES = {
    "ACT": "Australian Capital Territory",
    "NSW": "New South Wales",
    "NT": "Northern Territory",
    "QLD": "Queensland",
    "SA": "South Australia",
    "TAS": "Tasmania",
    "VIC": "Victoria",
    "WA": "Western Australia",
}

_RANGES = (
    (200, 299, "ACT"),
    (800, 999, "NT"),
    (1000, 2599, "NSW"),
    (2600, 2618, "ACT"),
    (2619, 2899, "NSW"),
    (2900, 2920, "ACT"),
    (2921, 2999, "NSW"),
    (3000, 3999, "VIC"),
    (4000, 4999, "QLD"),
    (5000, 5999, "SA"),
    (6000, 6999, "WA"),
    (7000, 7999, "TAS"),
    (8000, 8999, "VIC"),
    (9000, 9999, "QLD"),
)
# Post codes whose localities lie on both sides of a border: the other states.
_BEYOND_THE_BORDER = {
    872: ("SA", "WA"),  # the lands around Uluru
    2406: ("QLD",),  # Mungindi
    2540: ("ACT",),  # Jervis Bay Territory is addressed as ACT
    2611: ("NSW",),  # Brindabella
    2618: ("NSW",),  # Hall, Springrange
    2619: ("ACT",),
    2620: ("ACT",),  # Queanbeyan, Hume
    3500: ("NSW",),  # Mildura, Paringi
    3585: ("NSW",),  # Swan Hill, Murray Downs
    3586: ("NSW",),
    3644: ("NSW",),  # Cobram, Barooga
    3691: ("NSW",),  # Lake Hume
    3707: ("NSW",),  # Bringenbrong
    4375: ("NSW",),
    4377: ("NSW",),  # Maryland
    4380: ("NSW",),  # Stanthorpe, Mingoola
    4383: ("NSW",),  # Wallangarra, Jennings
    4385: ("NSW",),  # Texas
    4825: ("NT",),  # Mount Isa, Alpurrurulam
}
_BY_WORD = {**{key.casefold(): key for key in NAMES}, **{name.casefold(): key for key, name in NAMES.items()}}


def state(text: str) -> str | None:
    """The state that a text names in full or for short (`Victoria`, `vic`, `N.S.W.`, `AU-VIC`); None for none."""
    word = " ".join(text.replace(".", "").split()).casefold()
    return _BY_WORD.get(re.sub(r"^au[- ]", "", word))


def states_of(postcode: str) -> tuple[str, ...]:
    """The states that a post code of four digits belongs to, the main one first; none where no post code is so."""
    if not re.fullmatch(r"[0-9]{4}", postcode):
        return ()
    number = int(postcode)
    main = next((state for first, last, state in _RANGES if first <= number <= last), None)
    return (main, *_BEYOND_THE_BORDER.get(number, ())) if main else ()


def written(state: str, like: str) -> str:
    """The state as the other text writes states: for short after something short, else in full."""
    return state if 0 < len(like.replace(".", "").strip()) <= 3 else NAMES[state]
