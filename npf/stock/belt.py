"""The seat belt: what stops a push of stock before anything is written (DESIGN rule 4). Pure.

Each belt looks for the mark of one accident, and names it. A few SKUs may always sell out or fall: the belts hold only
where more than two do.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

# So many SKUs may do anything at once; a small shop would otherwise stop every evening.
A_FEW = 2


class Limits(msgspec.Struct, frozen=True):
    """The shares, 0 to 1, that may fall to zero, of the total that may go, of the SKUs that may become unknown; and
    how old a count may be.
    """

    zeros: float
    fall: float
    unknown: float
    age: timedelta


class Change(msgspec.Struct, frozen=True):
    """One SKU: what stands in BigCommerce, None = nobody knows; what is to be published, None = unknown to FM; whether
    FM knew it a few days ago.
    """

    was: int | None
    publish: int | None
    known_lately: bool = False


def belt(changes: Sequence[Change], age: timedelta, limits: Limits) -> str:
    """Why the push must stop, "" = it may go on. `age`: of the count."""
    found = (
        too_old(age, limits.age),
        nothing_known(changes),
        wave_of_zeros(changes, limits.zeros),
        great_fall(changes, limits.fall),
        many_unknown(changes, limits.unknown),
    )
    return "; ".join(said for said in found if said)


def too_old(age: timedelta, most: timedelta) -> str:
    """What was sold and shipped since an old count is known, what came in or went missing is not."""
    if age <= most:
        return ""
    return f"the count is {age.total_seconds() / 60:.0f} minutes old, {most.total_seconds() / 60:.0f} may be"


def nothing_known(changes: Sequence[Change]) -> str:
    if not changes or any(one.publish is not None for one in changes):
        return ""
    return f"FM knows none of the {len(changes)} SKUs: it may have answered for another client"


def wave_of_zeros(changes: Sequence[Change], share: float) -> str:
    """FM that is down or reads an empty table says 0 of everything."""
    in_stock = [one for one in changes if one.publish is not None and one.was and one.was > 0]
    falling = sum(one.publish == 0 for one in in_stock)
    several = falling > A_FEW or 1 < falling == len(in_stock)
    if not several or falling <= share * len(in_stock):
        return ""
    return (
        f"{falling} of {len(in_stock)} SKUs in stock would fall to zero, more than the {share:.0%} that may: "
        "FM may be down or may have answered for another client"
    )


def great_fall(changes: Sequence[Change], share: float) -> str:
    """Figures of another unit, warehouse or client are small without being zero."""
    known = [(one.was, one.publish) for one in changes if one.publish is not None and one.was and one.was > 0]
    before, after = sum(was for was, _ in known), sum(publish for _, publish in known)
    falling = sum(publish < was for was, publish in known)
    if falling <= A_FEW or before - after <= share * before:
        return ""
    return f"the total would fall from {before:,} to {after:,}, by more than the {share:.0%} that may"


def many_unknown(changes: Sequence[Change], share: float) -> str:
    """Of what FM knew a few days ago. What it never knew is sold from elsewhere, and says nothing."""
    lost = sum(one.publish is None and one.known_lately for one in changes)
    known = sum(one.publish is not None for one in changes)
    if not known or lost <= A_FEW or lost <= share * (known + lost):
        return ""
    return f"FM has lost {lost} of the {known + lost} SKUs that it knew lately, more than the {share:.0%} that may be"
