"""What every page of a client has in common."""

from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from npf.sandbox.page import frame
from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import Html, Piece, el, link

from ..client import Client

TABS = (("", "Orders"), ("stock", "Stock"), ("settings", "Settings"), ("faults", "Faults"), ("calls", "Calls"))


def path_of(client: Client, *more: str | int) -> str:
    """The address of a page of this client."""
    return "/page/" + "/".join(quote(str(one), safe="") for one in (client.code, *more) if one != "")


def clock(client: Client, at: datetime) -> Html:
    """A moment in the zone in which FM tells its times to this client."""
    return frame.clock(at, ZoneInfo(client.settings.zone))


def client_page(client: Client, at: tuple[str | int, ...], title: str, asked: Asked, *body: Piece) -> bytes:
    """The page at `path_of(client, *at)`: the tabs of its client, what was just said, and the body."""
    owner = (link("/", "All clients"), " · ", el("b", client.code), f" · login {client.username}")
    tabs = [(path_of(client, name), words) for name, words in TABS]
    here = path_of(client, at[0] if len(at) == 1 else "")
    return frame.tabbed_page(f"{title} · {client.code}", path_of(client, *at), owner, tabs, here, asked, *body)
