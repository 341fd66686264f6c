"""What of FM is unknown, or chance, or a matter of the client, is a switch here (WEBSERVICE.md, "Unknown")."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..switches import switch, switches_of


@dataclass(frozen=True, slots=True)
class Settings:
    """How one client's warehouse behaves. All delays in seconds, all shares from 0 to 1.

    Values are read as a person or JSON gives them; what makes no sense raises ValueError.
    """

    pick_delay: float = switch(3.0, "seconds from acceptance to despatch")
    split_share: float = switch(0.1, "share of the orders of several units that leave in two consignments", most=1)
    split_gap: float = switch(
        0.0, "seconds between the two consignments; meanwhile the order stands as PARTIAL BACKORDER"
    )
    backorder_share: float = switch(0.0, "share of the orders that become BACKORDER instead of being shipped", most=1)
    hold_share: float = switch(0.0, "share of the orders that become HOLD instead of being shipped", most=1)
    manual: bool = switch(False, "nothing ships by itself; what is overdue ships when this is switched off")
    visible_after: float = switch(0.0, "seconds for which the status service has no details of a new order")
    slow_day: float = switch(1.0, "every delay of the warehouse is so many times as long")
    picking_word: str = switch("PICKING", "OrderStatus of an order that is being picked; none is documented")
    zone: str = switch("Australia/Melbourne", "the zone of StatusTime and DespatchDate")
    stock_is: str = switch(
        "available", "what StockonHand tells: less what accepted orders will take, or not", "available", "on_hand"
    )
    domestic_countries: tuple[str, ...] = switch(
        ("Australia", "New Zealand"), "orders to other countries are international"
    )
    international_item: str = switch("line", "what 04001 counts for an international order", "line", "unit")
    post_code_checks_state: bool = switch(False, "04003 also for an Australian post code of another state")
    no_handling_cost: tuple[str, ...] = switch((), "dispatch methods that are refused with 02011")
    login_code: str = switch("01001", "the code of a wrong login", "01001", "02003")
    client_code_code: str = switch("02002", "the code of a wrong client code", "02002", "03001")
    duplicate_code: str = switch("02005", "the code of a number that is taken", "02005", "03003")
    dispatch_code: str = switch("02009", "the code of an unknown dispatch method", "02009", "04002")
    refusal_form: str = switch(
        "errors",
        "a refusal is a list of errors, or Invalid and messages behind pipes (with codes), or that without any XML",
        "errors",
        "invalid",
        "invalid-codes",
        "plain",
    )
    unknown_status: str = switch("absent", "OrderStatus of a number that FM does not know", "absent", "empty")
    fault_status: str = switch(
        "500", "the HTTP status of a SOAP fault; nuSOAP gives both; set it for every client", "500", "200"
    )
    stray_spaces: bool = switch(True, "a space stands before many texts")
    bare_ampersand: bool = switch(True, "TrackingLink holds &type= unescaped")
    status_batch: int = switch(0, "most numbers in one status call, more are refused with 02001; 0 = no limit")
    stock_batch: int = switch(0, "the same for product codes in a stock call")

    def __post_init__(self) -> None:
        for name, one in SETTINGS.items():
            object.__setattr__(self, name, one.read(getattr(self, name)))
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"zone is a name such as Australia/Melbourne, not {self.zone!r}") from None

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """A copy with these changes. Raises ValueError for an unknown name, with the nearest, or for a wrong value."""
        for name in changes:
            if name not in SETTINGS:
                near = difflib.get_close_matches(name, SETTINGS, n=1)
                raise ValueError(f"unknown setting {name!r}" + (f", did you mean {near[0]!r}?" if near else ""))
        return replace(self, **changes)


SETTINGS = switches_of(Settings)
"""Every setting, by name."""
