"""The password stands inside every document: it is taken out of all that is kept, shown or raised."""

import re
from xml.sax.saxutils import escape

from npf.core.errors import NpfError
from npf.fm.login import Login
from npf.warehouse.records import Refusal

_MASK = "***"
# Also half an element, where a text was cut, and one that is escaped inside another document.
_ELEMENT = re.compile(
    r"(<\s*Password\s*>)[^<]*|(&lt;\s*Password\s*&gt;)(?:(?!&lt;/\s*Password).)*", re.IGNORECASE | re.DOTALL
)


def masked(text: str, login: Login | None = None) -> str:
    """The text with every `Password` element emptied, and with the login's password gone wherever else it stands."""
    text = _ELEMENT.sub(rf"\g<1>\g<2>{_MASK}", text)
    if login is not None:
        for form in _forms(login.Password.strip()):
            text = text.replace(form, _MASK)
    return text


def hide(login: Login, error: NpfError) -> None:
    """Takes the password out of an error: FM may repeat what it was sent."""
    error.args = tuple(masked(part, login) if isinstance(part, str) else part for part in error.args)
    refusals: list[Refusal] | None = getattr(error, "refusals", None)
    if refusals:
        refusals[:] = [Refusal(masked(each.code, login), masked(each.detail, login)) for each in refusals]


def _forms(password: str) -> list[str]:
    """As it is, and as XML, HTML and a wrong encoding write it; the longest first, lest a piece of one stays."""
    if not password:
        return []
    plain = escape(password)
    quoted = escape(password, {'"': "&quot;", "'": "&apos;"})
    ascii_only = plain.encode("ascii", "xmlcharrefreplace").decode("ascii")
    numbered = escape(password, {'"': "&quot;", "'": "&#039;"})
    forms = {password, plain, quoted, numbered, ascii_only}
    # UTF-8 that was read as ISO-8859-1, as nuSOAP's envelopes have it.
    forms |= {form.encode("utf-8", "replace").decode("latin-1") for form in forms}
    return sorted(forms | {escape(form) for form in forms}, key=len, reverse=True)
