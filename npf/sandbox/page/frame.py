"""What every page of a sandbox has in common: tabs, what was just done, the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from npf.sandbox.page.markup import Form, FormError, Html, Piece, el, link, whole_page


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


def clock(at: datetime, zone: tzinfo = UTC) -> Html:
    """A moment as the time of a day in that zone."""
    there = at.astimezone(zone)
    return el("time", f"{there:%d %b %H:%M:%S}", datetime=there.isoformat())


def tabbed_page(
    title: str,
    address: str,
    owner: Sequence[Piece],
    tabs: Sequence[tuple[str, str]],
    here: str,
    asked: Asked,
    *body: Piece,
) -> bytes:
    """The page at `address`: whose it is, the tabs (address, words) with the one at `here` marked, what was said."""
    links = [link(to, words, aria_current="page" if to == here else None) for to, words in tabs]
    nav = el("nav", *links, aria_label="Pages")
    return whole_page(title, address, el("p", *owner, class_="quiet"), nav, said(asked), *body)


def said(asked: Asked) -> Html | None:
    """What was done, or what cannot be, in a sentence."""
    if asked.error is not None:
        text = str(asked.error)
        return el(
            "p",
            text if text.startswith(asked.error.field) else f"{asked.error.label}: {text}",
            class_="note wrong bad",
            role="alert",
        )
    return el("p", asked.done, class_="note", role="status") if asked.done else None
