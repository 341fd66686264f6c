"""A store's settings for stock and orders: global values, and what a channel overrides (fact 69).

The two that move stock are the switches `stock_behaviour` and `returns_stock`; the API reads and writes those.
"""

from typing import Any

from npf.sandbox.bigcommerce.answers import v3_error
from npf.sandbox.bigcommerce.switches import Switches

_CHOICES: dict[str, tuple[str, ...]] = {
    "product_out_of_stock_behavior": (
        "do_nothing",
        "hide_product",
        "hide_product_and_accessible",
        "hide_product_and_redirect",
    ),
    "option_out_of_stock_behavior": ("do_nothing", "hide_option", "label_option"),
    "update_stock_behavior": ("order_placed", "order_completed_or_shipped"),
    "stock_level_display": ("dont_show", "show", "show_when_low"),
}
_SWITCHES = {"update_stock_behavior": "stock_behaviour", "refund_order_stock_adjustment": "returns_stock"}
_MAILS = ("low_stock_notification_address", "out_of_stock_notification_address")
_NOTICES = ("order_placed", "forward_invoice")

Addresses = dict[str, list[str] | None]


class Settings:
    """Channel 0 stands for all: what no channel overrides."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._inventory: dict[str, Any] = {
            "product_out_of_stock_behavior": "do_nothing",
            "option_out_of_stock_behavior": "do_nothing",
            "update_stock_behavior": "",
            "edit_order_stock_adjustment": True,
            "refund_order_stock_adjustment": True,
            "stock_level_display": "dont_show",
            "default_out_of_stock_message": "Currently out of stock",
            "hide_in_product_filtering": False,
            "show_pre_order_stock_levels": False,
            "show_out_of_stock_message": False,
        }
        self._overrides: dict[int, dict[str, Any]] = {}
        self._mails: dict[int, Addresses] = {0: {name: ["stock@example.com"] for name in _MAILS}}
        self._notices: dict[int, Addresses] = {0: {"order_placed": ["orders@example.com"], "forward_invoice": []}}

    def inventory(self, channel_id: int | None = None) -> dict[str, Any]:
        """The inventory settings; for a channel its overrides alone, the others null."""
        if channel_id is not None:
            return dict.fromkeys(self._inventory) | self._overrides.get(channel_id, {})
        of_switches = {name: getattr(self._switches, switch) for name, switch in _SWITCHES.items()}
        return self._inventory | of_switches

    def set_inventory(self, body: Any, channel_id: int | None = None) -> None:
        """Check a body and apply it; null takes a channel's override away. Raises Refusal 422."""
        if not isinstance(body, dict):
            raise v3_error(422, "JSON data is missing or invalid")
        for name, value in body.items():
            if not self._may_be(name, value, null=channel_id is not None):
                raise v3_error(422, "JSON data is missing or invalid", {name: "is invalid"})
        if channel_id is not None:
            merged = {**self._overrides.get(channel_id, {}), **body}
            self._overrides[channel_id] = {name: value for name, value in merged.items() if value is not None}
            return
        for name, value in body.items():
            if name in _SWITCHES:
                setattr(self._switches, _SWITCHES[name], value)
            else:
                self._inventory[name] = value

    def in_force(self, name: str, channel_id: int) -> Any:
        """The value that an order of this channel is treated by."""
        if (override := self._overrides.get(channel_id, {}).get(name)) is not None:
            return override
        return getattr(self._switches, _SWITCHES[name]) if name in _SWITCHES else self._inventory[name]

    def _may_be(self, name: str, value: Any, null: bool) -> bool:
        if name not in self._inventory or (value is None and not null):
            return False
        if value is None:
            return True
        if name in _CHOICES:
            return value in _CHOICES[name]
        return isinstance(value, str if name == "default_out_of_stock_message" else bool)

    def mails(self, channel_id: int = 0) -> Addresses:
        """Who hears of low stock; for a channel null where it says nothing of its own."""
        return self._mails.get(channel_id, dict.fromkeys(_MAILS))

    def set_mails(self, body: Any, channel_id: int = 0) -> None:
        """Both lists at once: "partial updates are not supported" (openapi/settings-inventory.v3.yml)."""
        if not isinstance(body, dict) or set(body) != set(_MAILS):
            raise v3_error(422, "JSON data is missing or invalid", dict.fromkeys(_MAILS, "must be given"))
        for name in _MAILS:
            if not (_are_addresses(body[name]) or (body[name] is None and channel_id)):
                raise v3_error(422, "JSON data is missing or invalid", {name: "must be a list of addresses"})
        self._mails[channel_id] = body

    def notices(self, channel_id: int = 0) -> dict[str, Any]:
        """Who hears of an order that was placed, and to whom invoices go; null as above."""
        found = self._notices.get(channel_id, dict.fromkeys(_NOTICES))
        return {"notifications": {name: {"email_addresses": found[name]} for name in _NOTICES}}

    def set_notices(self, body: Any, channel_id: int = 0) -> None:
        """Both, or for a channel both null: it overrides both or neither. Raises Refusal 422."""
        given = body.get("notifications") if isinstance(body, dict) else None
        found: Addresses = {}
        for name in _NOTICES:
            one = given.get(name) if isinstance(given, dict) else None
            if not isinstance(one, dict) or "email_addresses" not in one:
                raise v3_error(422, "JSON data is missing or invalid", {f"notifications.{name}": "must be given"})
            found[name] = one["email_addresses"]
        none = all(value is None for value in found.values())
        if not all(_are_addresses(value) for value in found.values()) and not (none and channel_id):
            raise v3_error(422, "JSON data is missing or invalid", {"email_addresses": "must be lists of addresses"})
        self._notices[channel_id] = found


def _are_addresses(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and "@" in one for one in value)
