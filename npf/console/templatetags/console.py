"""Times in the store's own zone, figures, stages, links."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from npf.console import sheet, state, words
from npf.console.words import STAGE_MEANS
from npf.core import countries
from npf.stores.models import Store
from npf.stores.parameters import parameters
from npf.stores.tables import TABLES

register = template.Library()

NOTHING = "\u2013"


@register.filter
def zone(store: Store) -> ZoneInfo:
    """The zone of a store's screens."""
    return parameters(store.parameters).zone


@register.simple_tag(takes_context=True)
def ago(context: dict[str, Any], at: datetime | None, zone: ZoneInfo) -> SafeString | str:
    """How long ago, with the exact time in the zone as its title."""
    if at is None:
        return "never"
    seconds = (context["now"] - at).total_seconds()
    words = f"{_long(seconds)} ago" if seconds >= 1 else "now" if seconds > -5 else f"in {_long(-seconds)}"
    return _time(at, zone, words)


@register.simple_tag(takes_context=True)
def at(context: dict[str, Any], value: datetime | None, zone: ZoneInfo, seconds: bool = False) -> SafeString | str:
    """The time in the zone, without the year where it is this one's."""
    if value is None:
        return NOTHING
    shown = value.astimezone(zone)
    year = "" if shown.year == context["now"].astimezone(zone).year else " %Y"
    return _time(value, zone, f"{shown:{'%d %b' + year + ' %H:%M' + (':%S' if seconds else '')}}")


@register.simple_tag
def day(at: datetime, zone: ZoneInfo) -> str:
    """The day in the zone, as plain text: in a drawing nothing else may stand."""
    return f"{at.astimezone(zone):%d %b}"


def _time(at: datetime, zone: ZoneInfo, words: str) -> SafeString:
    shown = at.astimezone(zone)
    exact = f"{shown:%A %d %B %Y, %H:%M:%S %Z} ({zone.key})"
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact, words)


def _long(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size * (2 if unit == "d" else 1):
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


@register.inclusion_tag("console/_stage.html")
def stage(name: str, test: bool = False) -> dict[str, Any]:
    """The badge of a stage."""
    return {"name": name, "means": STAGE_MEANS.get(name, ""), "test": test}  # type: ignore[call-overload]


@register.filter
def figure(number: Any) -> str:
    """A whole number with thousands apart; unknown is said, never zero."""
    return NOTHING if number is None else f"{number:,}"


@register.filter
def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


@register.filter
def country(code: str) -> str:
    """The name of an ISO2 code."""
    try:
        return countries.name(code) if code else ""
    except ValueError:
        return code


@register.simple_tag
def setting_url(name: str, setting: str) -> str:
    """Where a setting of a store is changed: its table, or its field on the page of parameters."""
    if setting in TABLES:
        return reverse("table", args=(name, setting))
    return f"{reverse('parameters', args=(name,))}#{state.anchor(setting)}"


@register.filter
def at_index(many: Sequence[Any], index: int) -> Any:
    return many[index]


@register.filter
def label(setting: str) -> str:
    """NPF's own word for a setting."""
    return sheet.LABELS.get(f"parameters.{setting}") or sheet.LABELS.get(setting, setting)


@register.filter
def web_address(text: str) -> str:
    """The text where it is an http or https address, "" where it is anything else: only those become links."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    return text.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


@register.filter
def arrows(text: str) -> str:
    """With arrows as people draw them."""
    return words.arrows(text)


@register.filter
def pretty(text: str) -> str:
    """JSON indented; anything else as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
