"""What of FM is unknown or chance is a setting here, each with its default (WEBSERVICE.md, "Unknown")."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from zoneinfo import ZoneInfo

_CHOICES: dict[str, tuple[str, ...]] = {
    "login_code": ("01001", "02003"),
    "client_code_code": ("02002", "03001"),
    "duplicate_code": ("02005", "03003"),
    "dispatch_code": ("02009", "04002"),
    "refusal_form": ("errors", "invalid", "invalid-codes"),
    "unknown_status": ("absent", "empty"),
    "international_item": ("line", "unit"),
    "stock_is": ("available", "on_hand"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How one client's warehouse behaves. All delays in seconds, all shares from 0 to 1."""

    pick_delay: float = 3.0
    """From acceptance to despatch."""
    split_share: float = 0.1
    """Share of the orders of more than one unit that leave in two consignments."""
    split_gap: float = 0.0
    """Between the two consignments; meanwhile the order stands as PARTIAL BACKORDER."""
    backorder_share: float = 0.0
    hold_share: float = 0.0
    manual: bool = False
    """Nothing ships by itself; what is overdue ships when this is switched off."""
    visible_after: float = 0.0
    """So long after acceptance the status service still says that it has no details."""
    picking_word: str = "PICKING"
    """OrderStatus of an accepted order that is being picked; none is documented."""
    zone: str = "Australia/Melbourne"
    """The zone of StatusTime and DespatchDate."""
    stock_is: str = "available"
    """What StockonHand tells: `available` (less what accepted orders will take) or `on_hand`."""
    domestic_countries: tuple[str, ...] = ("Australia", "New Zealand")
    international_item: str = "line"
    """What 04001 counts for an international order: `line` or `unit`."""
    login_code: str = "01001"
    client_code_code: str = "02002"
    duplicate_code: str = "02005"
    dispatch_code: str = "02009"
    refusal_form: str = "errors"
    """`errors` = Response > Errors > Error; `invalid` = Status `Invalid|message|…`; `invalid-codes` = with codes."""
    unknown_status: str = "absent"
    """OrderStatus of a number that FM does not know: `absent` or `empty`."""
    stray_spaces: bool = True
    bare_ampersand: bool = True
    """TrackingLink holds `&type=` unescaped inside the answer document."""
    status_batch: int = 0
    """Most numbers in one status call, more is refused with 02001; 0 = no limit."""
    stock_batch: int = 0
    """The same for product codes in a stock call."""

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {getattr(self, name)!r}")
        for name in ("split_share", "backorder_share", "hold_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must lie between 0 and 1, not {getattr(self, name)!r}")
        ZoneInfo(self.zone)

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """A copy with these changes. Raises ValueError for an unknown name, with the nearest, or a wrong type."""
        known = {field.name: field for field in fields(self)}
        clean: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                raise ValueError(f"unknown setting {name!r}" + (f", did you mean {near[0]!r}?" if near else ""))
            clean[name] = _typed(name, value, getattr(self, name))
        return replace(self, **clean)


def _typed(name: str, value: Any, like: Any) -> Any:
    """`value` in the type of the setting's present value; JSON's lists and whole numbers are understood."""
    if isinstance(like, tuple) and isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if isinstance(like, float) and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if type(value) is type(like):
        return value
    raise ValueError(f"{name} must be {type(like).__name__}, not {value!r}")
