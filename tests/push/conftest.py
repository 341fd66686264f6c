"""Orders that have left NPF and of which BigCommerce is still to be told; and a world whose time the test owns."""

from typing import Any

from tests.connected import Connected


def despatched(shop: Connected, *lines: tuple[str, int], **more: Any) -> int:
    """Place an order and let it go through NPF, up to where push would tell of it. Gives its number."""
    number = shop.place(*lines, **more)
    for station in ("pull", "send", "follow"):
        shop.station(station)
    return number


def at_fm(shop: Connected, *lines: tuple[str, int], **more: Any) -> int:
    """Place an order and bring it into FM, which ships only when the test says so. Gives its number."""
    shop.fm.set(manual=True)
    number = shop.place(*lines, **more)
    for station in ("pull", "send"):
        shop.station(station)
    return number


def requests(shop: Connected, method: str, ending: str = "") -> list[str]:
    """The paths of the requests to BigCommerce with this method, whose path ends so."""
    return [one.path for one in shop.bc.log if one.method == method and one.path.endswith(ending)]
