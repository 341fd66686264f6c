"""What was typed into a form, read; a FormError names the field that cannot be."""

from collections.abc import Iterable, Mapping
from typing import Any

from npf.sandbox.faults import SECONDS, Faults
from npf.sandbox.page.markup import FormError
from npf.sandbox.switches import Switch

Typed = dict[str, str]


def whole(typed: Typed, name: str, least: int, most: int) -> int:
    """A whole number."""
    text = typed.get(name, "").strip()
    if not text.isdecimal() or len(text) > 9 or not least <= int(text) <= most:
        raise FormError(name, f"a whole number from {least} to {most}, not {text!r}")
    return int(text)


def number(typed: Typed, name: str, least: float, most: float) -> float:
    """A number."""
    text = typed.get(name, "").strip()
    try:
        value = float(text)
    except ValueError:
        value = most + 1
    if not least <= value <= most:
        raise FormError(name, f"a number from {least:g} to {most:g}, not {text!r}")
    return value


def one_of(typed: Typed, name: str, allowed: Iterable[str]) -> str:
    """One of the words that a field offers."""
    word = typed.get(name, "")
    if word not in (known := list(allowed)):
        raise FormError(name, f"one of {', '.join(known)}, not {word!r}")
    return word


def switches(typed: Typed, known: Mapping[str, Switch]) -> dict[str, Any]:
    """The switches that the form has, each read."""
    wanted: dict[str, Any] = {}
    for name, one in known.items():
        if name in typed:
            try:
                wanted[name] = one.read(typed[name])
            except ValueError as error:
                raise FormError(name, str(error)) from None
    return wanted


def add_fault(faults: Faults, typed: Typed) -> str:
    """Add the rule of the form of `page.behaviour.fault_form`; gives the sentence that says so."""
    kind = typed.get("kind", "")
    if seconds := typed.get("seconds", "").strip():
        if kind not in SECONDS:
            takers = ", ".join(one for one in SECONDS if one in faults.kinds)
            raise FormError("seconds", f"only {takers} take seconds; leave it empty")
        kind = f"{kind}:{seconds}"
    narrow = {name: typed[name].strip() for name in ("method", "path") if typed.get(name, "").strip()}
    try:
        if typed.get("how") == "percent":
            faults.add(kind, number(typed, "number", 0, 100) / 100, **narrow)
        else:
            faults.next(kind, whole(typed, "number", 1, 1_000_000), **narrow)
    except FormError:
        raise
    except ValueError as error:
        raise FormError("seconds" if seconds else "kind", str(error)) from None
    return f"{kind} is in force."
