"""What every page of a store has in common."""

from datetime import UTC, datetime
from urllib.parse import quote

from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.page import frame
from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import Html, Piece, el, link

TABS = (("", "Orders"), ("switches", "Switches"), ("faults", "Faults"), ("hooks", "Webhooks"), ("requests", "Requests"))


def path_of(store: Store, *more: str | int) -> str:
    """The address of a page of this store."""
    return "/".join(["/page", quote(store.store_hash, safe=""), *(str(one) for one in more if one != "")])


def clock(moment: float) -> Html:
    """Unix seconds as the time of a day, in UTC."""
    return frame.clock(datetime.fromtimestamp(moment, UTC))


def store_page(store: Store, at: tuple[str | int, ...], title: str, asked: Asked, *body: Piece) -> bytes:
    """The page at `path_of(store, *at)`: the tabs of its store, what was just said, and the body."""
    owner = (link("/", "All stores"), " · ", el("b", store.name), " ", el("code", store.store_hash))
    tabs = [(path_of(store, name), words) for name, words in TABS]
    here = path_of(store, at[0] if len(at) == 1 else "")
    return frame.tabbed_page(f"{title} · {store.name}", path_of(store, *at), owner, tabs, here, asked, *body)
