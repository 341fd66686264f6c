"""The tolerant reading of XML, and what it refuses to be told."""

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from npf.fm.markup import Unreadable, parse, text_of

LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">'
    '<!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">]><List><A>&lol2;</A></List>'
)


def read(text: str) -> str:
    return text_of(parse(text, ("List",)), "A")


def test_a_billion_laughs_are_refused_unread() -> None:
    for text in (LAUGHS, f'<?xml version="1.0"?>{LAUGHS}', LAUGHS.replace("<!DOCTYPE", "<!doctype")):
        with pytest.raises(Unreadable):
            parse(text, ("List",))


def test_no_file_and_no_address_is_ever_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    for source in (secret.as_uri(), "http://127.0.0.1:9/x"):
        with pytest.raises(Unreadable):
            parse(f'<!DOCTYPE List [<!ENTITY x SYSTEM "{source}">]><List><A>&x;</A></List>', ("List",))


def test_an_entity_that_nobody_defined_is_text() -> None:
    assert read("<List><A>Fish &chips; &eacute; &lt;</A></List>") == "Fish &chips; é <"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<List><A>a & b &c &amp; d&</A></List>", "a & b &c & d&"),
        ("<List><A>a&b<![CDATA[ x&y <z> ]]></A></List>", "a&b x&y <z>"),
        ("<List><A>bell\x07 &#7;&#0;&#xFFFFFF; &</A></List>", "bell &#0; &"),
        ('\ufeff<?xml version="1.0" encoding="ISO-8859-1"?>\n<List><A>é</A></List>\n', "é"),
        ('<?xml version="1.0" encoding="utf-8"?><List><A>caf\xc3\xa9</A></List>', "café"),
        ('<?xml version="1.0" encoding="utf-8"?><List><A>café</A></List>', "café"),
        ("<br />\n<b>Warning</b>: mysql is gone<List><A>x</A></List><!-- done -->\nNotice", "x"),
        ('<n:List xmlns:n="urn:x"><n:A>x</n:A></n:List>', "x"),
        ("<List><!-- c --><?pi?><A><b>x</b> y</A></List>", "x y"),
    ],
)
def test_what_is_not_quite_xml_is_read(text: str, value: str) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    "text", ["", " ", "x", "<List>", "<List><A>x</List>", "<Other><A>x</A></Other>", "<List><A>&x</A>"]
)
def test_what_is_cut_short_or_something_else_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text, ("List",))


@given(st.text(), st.integers(min_value=0))
def test_anything_at_all_is_read_or_refused(text: str, at: int) -> None:
    document = f"<List><A>x</A>{text}</List>"
    at %= len(document)
    for broken in (text, document, document[:at], document[at:], document[:at] + text + document[at:]):
        with suppress(Unreadable):
            assert isinstance(parse(broken, ("List",)), etree._Element)


def test_a_large_broken_document_is_read_in_no_time() -> None:
    line = "<A>x & y &type=1 <![CDATA[ & ]]></A>"
    started = time.perf_counter()
    root = parse(f"<List>{line * 20_000}</List>", ("List",))
    assert len(root) == 20_000
    assert time.perf_counter() - started < 3
