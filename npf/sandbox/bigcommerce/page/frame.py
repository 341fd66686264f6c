"""What every page of a store has in common."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from npf.sandbox.bigcommerce.page.markup import Form, FormError, Html, Piece, el, link, whole_page
from npf.sandbox.bigcommerce.store import Store

TABS = (("", "Orders"), ("switches", "Switches"), ("faults", "Faults"), ("hooks", "Webhooks"), ("requests", "Requests"))


@dataclass(frozen=True)
class Asked:
    """What a page is drawn with: what was just done, or the form that was refused with what was typed into it."""

    done: str = ""
    action: str = ""
    typed: dict[str, str] | None = None
    error: FormError | None = None

    def form(self, action: str) -> Form:
        """The form that is sent to `action`; as it was typed, when it is the refused one."""
        return Form(action, self.typed or {}, self.error) if action == self.action else Form(action)


def path_of(store: Store, *more: str | int) -> str:
    """The address of a page of this store."""
    return "/".join(["/page", quote(store.store_hash, safe=""), *(str(one) for one in more if one != "")])


def clock(moment: float) -> Html:
    """Unix seconds as the time of a day, in UTC."""
    at = datetime.fromtimestamp(moment, UTC)
    return el("time", f"{at:%d %b %H:%M:%S}", datetime=at.isoformat())


def store_page(store: Store, at: tuple[str | int, ...], title: str, asked: Asked, *body: Piece) -> bytes:
    """The page at `path_of(store, *at)`: the tabs of its store, what was just said, and the body."""
    here = at[0] if len(at) == 1 else ""
    tabs = [link(path_of(store, name), words, aria_current="page" if name == here else None) for name, words in TABS]
    names = el(
        "p", link("/", "All stores"), " · ", el("b", store.name), " ", el("code", store.store_hash), class_="quiet"
    )
    nav = el("nav", *tabs, aria_label="Pages of this store")
    return whole_page(f"{title} · {store.name}", path_of(store, *at), names, nav, _said(asked), *body)


def _said(asked: Asked) -> Html | None:
    if asked.error is not None:
        name = asked.error.field.replace("_", " ")
        text = str(asked.error)
        return el(
            "p",
            text if text.startswith(asked.error.field) else f"{name}: {text}",
            class_="note wrong bad",
            role="alert",
        )
    return el("p", asked.done, class_="note", role="status") if asked.done else None
