"""XML in, with document types and entities refused: outside text must not make the sandbox read files or swell."""

import xml.etree.ElementTree as ET
from typing import NoReturn
from xml.parsers import expat

_DEEPEST = 32


class Broken(Exception):
    """The text is not XML that we read: `line` from 1, `reason` in expat's words with a capital, as PHP has it."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class _Refusing(ET.TreeBuilder):
    """Builds the tree, but stops at a document type and at nesting that no document of FM has."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Broken(1, "Nested too deeply")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self._depth -= 1
        return super().end(tag)

    def doctype(self, name: str, public: str | None, system: str | None) -> NoReturn:
        raise Broken(1, "Document types are not allowed")


def parse(data: bytes, encoding: str | None = None) -> ET.Element:
    """The root element of `data`. `encoding` overrules what the document declares. Raises Broken."""
    try:
        parser = ET.XMLParser(target=_Refusing(), encoding=encoding)
        # XML writes the word in capitals only; looking first means that expat never sees an entity's declaration.
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise Broken(1, "Document types are not allowed")
        parser.feed(data)
        root = parser.close()
    except ET.ParseError as error:
        reason = expat.errors.messages.get(error.code, str(error))
        raise Broken(error.position[0], reason[:1].upper() + reason[1:]) from error
    except (LookupError, ValueError) as error:
        raise Broken(1, "Unknown encoding") from error
    assert isinstance(root, ET.Element)
    return root
