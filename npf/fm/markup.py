"""XML from FM, read tolerantly and safely: entities, DTD and network are off, a bare `&` is survived.

First a strict reading; where that fails, a second of the text repaired (WEBSERVICE "Transport": TrackingLink brings
`&type=` unescaped). What is cut short is never mended: half a list would be taken for a whole one.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from html.entities import name2codepoint

from lxml import etree

from npf.core.errors import TryLater


class Unreadable(TryLater):
    """No reading of the answer makes sense. It is asked for again; in the end the caller holds what it asked about."""


def parse(text: str, roots: tuple[str, ...]) -> etree._Element:
    """The root of a document whose root is one of `roots` (local names). Raises Unreadable."""
    if re.search(r"<!(?:doctype|entity)\b", text, re.IGNORECASE):
        raise Unreadable("FM's answer defines entities of its own: it is not read")
    text = _undeclared(text.strip())
    root = _strict(text)
    if root is None:
        root = _strict(_repaired(text, roots))
    if root is None or local_name(root) not in roots:
        # Without a piece of it: cut anywhere, it could bear half a password that no mask finds.
        raise Unreadable("FM's answer cannot be read")
    return root


def children(node: etree._Element | None, name: str) -> list[etree._Element]:
    """The children of that local name, in any case of letters; none of None."""
    if node is None:
        return []
    folded = name.casefold()
    return [child for child in node if local_name(child).casefold() == folded]


def child(node: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child by each name of the path in turn; None where one is missing."""
    for name in path:
        node = next(iter(children(node, name)), None)
    return node


def text_of(node: etree._Element | None, *path: str) -> str:
    """All text under the node at that path, blanks single and trimmed; "" where it is missing."""
    found = child(node, *path)
    return "" if found is None else " ".join(all_text(found).split())


def all_text(node: etree._Element) -> str:
    """All text under the node, as it stands."""
    return "".join(str(part) for part in node.itertext())


def local_name(node: etree._Element) -> str:
    """The element's name without its namespace; "" for what is no element."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _strict(text: str) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


_DECLARED = re.compile(r"^\ufeff?\s*<\?xml\b([^>]*)\?>\s*")


def _undeclared(text: str) -> str:
    """Without its declaration, which lxml refuses in text; UTF-8 that was taken for ISO-8859-1 is made right.

    nuSOAP puts the bytes of a document into an envelope of ISO-8859-1 whatever the document says of itself.
    """
    declared = _DECLARED.match(text)
    if not declared:
        return text.removeprefix("\ufeff")
    if "utf-8" in declared[1].casefold():
        with suppress(UnicodeError):
            text = text.encode("latin-1").decode("utf-8")
    return _DECLARED.sub("", text)


_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&(?:#(?P<dec>\d{1,7});|#[xX](?P<hex>[0-9a-fA-F]{1,6});|(?P<name>\w+);)?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def _repaired(text: str, roots: tuple[str, ...]) -> str:
    """From the root's start to its end, without what XML forbids, each bare `&` escaped."""
    text = _NO_XML.sub("", _within(text, roots))
    parts = _CDATA.split(text)
    return "".join(part if _CDATA.match(part) else _REFERENCE.sub(_escaped, part) for part in parts)


def _within(text: str, roots: tuple[str, ...]) -> str:
    """PHP puts its warnings in front of a document and behind it."""
    start = re.search(rf"<(?:[\w-]+:)?(?:{'|'.join(roots)})\b", text)
    if not start:
        return text
    ends = [end.end() for end in _ends(text, roots)]
    return text[start.start() : ends[-1] if ends else len(text)]


def _ends(text: str, roots: tuple[str, ...]) -> Iterator[re.Match[str]]:
    return re.finditer(rf"</(?:[\w-]+:)?(?:{'|'.join(roots)})\s*>", text)


def _escaped(reference: re.Match[str]) -> str:
    if name := reference["name"]:
        if name in _XML_NAMES:
            return reference[0]
        return chr(name2codepoint[name]) if name in name2codepoint else "&amp;" + reference[0][1:]
    number = int(reference["dec"]) if reference["dec"] else int(reference["hex"] or "0", 16)
    if not number:
        return "&amp;" + reference[0][1:]
    return "" if number > 0x10FFFF or _NO_XML.match(chr(number)) else reference[0]
