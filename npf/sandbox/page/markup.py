"""HTML that escapes by itself, forms that remember what was typed, and the frame of every page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from npf.sandbox.page.look import SCRIPT, STYLE


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Piece = str | Html | int | float | None
_EMPTY = {"input", "meta", "link"}


def join(pieces: Iterable[Piece]) -> Html:
    """The pieces one after the other; those that are not Html are escaped, None is left out."""
    return Html("".join(one if isinstance(one, Html) else escape(str(one)) for one in pieces if one is not None))


def el(tag: str, /, *inside: Piece, **attributes: str | int | float | bool | None) -> Html:
    """An element. `class_` is the attribute class, `data_label` data-label; True is a bare attribute, None none."""
    made = ""
    for key, value in attributes.items():
        word = key.rstrip("_").replace("_", "-")
        if value is True:
            made += f" {word}"
        elif value is not None and value is not False:
            made += f' {word}="{escape(str(value))}"'
    return Html(f"<{tag}{made}>" if tag in _EMPTY else f"<{tag}{made}>{join(inside)}</{tag}>")


def link(to: str, text: Piece, **attributes: str | None) -> Html:
    """A link."""
    return el("a", text, href=to, **attributes)


def table(heads: Sequence[str], rows: Sequence[Sequence[Piece]], empty: str, numbers: Iterable[str] = ()) -> Html:
    """A table, or the sentence `empty` when it has no rows. Columns named in `numbers` are aligned to the right."""
    if not rows:
        return el("p", empty, class_="quiet")
    kinds = ["n" if head in set(numbers) else None for head in heads]
    top = join(el("th", head, class_=kind, scope="col") for head, kind in zip(heads, kinds, strict=True))
    body = [
        el(
            "tr",
            *(el("td", cell, class_=kind, data_label=head) for cell, kind, head in zip(row, kinds, heads, strict=True)),
        )
        for row in rows
    ]
    return el("table", el("thead", el("tr", top)), el("tbody", *body))


def live(name: str, *inside: Piece) -> Html:
    """A part that renews itself every three seconds, unless somebody is in it."""
    return el("div", *inside, id=name, data_live=True)


class FormError(ValueError):
    """What was typed cannot be; `field` is the name of the field, `label` what people call it."""

    def __init__(self, field: str, text: str, label: str = "") -> None:
        super().__init__(text)
        self.field = field
        self.label = label or field.replace("_", " ")


@dataclass(frozen=True)
class Form:
    """One form of a page: where it is sent, and after a refusal what was typed and what is wrong with it."""

    action: str
    typed: Mapping[str, str] = field(default_factory=dict)
    error: FormError | None = None

    def whole(self, *inside: Piece, button: str, minor: bool = False) -> Html:
        """The form with its button."""
        press = el("button", button, type="submit", class_="minor" if minor else None)
        return el("form", *inside, press, method="post", action=self.action)

    def text(self, name: str, label: str, value: Piece = "", **attributes: str | int | bool | None) -> Html:
        """A field to type in; `attributes` are those of the input."""
        shown = self.typed.get(name, "" if value is None else str(value))
        return self._labelled(
            name, label, lambda more: el("input", id=self._id(name), name=name, value=shown, **attributes, **more)
        )

    def select(self, name: str, label: str, choices: Iterable[tuple[Piece, Piece]], value: Piece = None) -> Html:
        """A field to choose in: (value, words) each."""
        chosen = self.typed.get(name, str(value))
        options = [el("option", words, value=str(key), selected=str(key) == chosen) for key, words in choices]
        return self._labelled(name, label, lambda more: el("select", *options, id=self._id(name), name=name, **more))

    def _id(self, name: str) -> str:
        return f"{self.action.rpartition('/')[2]}-{name}"

    def _labelled(self, name: str, label: str, make: Callable[[dict[str, str | bool]], Html]) -> Html:
        if self.error is None or self.error.field != name:
            return el("p", el("label", label, for_=self._id(name)), make({}), class_="field")
        why = f"{self._id(name)}-why"
        said = el("span", str(self.error), id=why, class_="bad")
        made = make({"aria_invalid": "true", "aria_describedby": why, "autofocus": True})
        return el("p", el("label", label, for_=self._id(name)), made, said, class_="field")


def datalist(name: str, values: Iterable[str]) -> Html:
    """What a field suggests."""
    return el("datalist", *(el("option", value=value) for value in values), id=name)


def whole_page(title: str, address: str, *body: Piece) -> bytes:
    """The document. `address` is where its live parts renew themselves from."""
    head = join(
        [
            el("meta", charset="utf-8"),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("link", rel="icon", href="data:,"),
            el("title", title),
            el("style", Html(STYLE)),
        ]
    )
    return (
        b"<!doctype html>"
        + el(
            "html", el("head", head), el("body", *body, el("script", Html(SCRIPT)), data_page=address), lang="en"
        ).encode()
    )
