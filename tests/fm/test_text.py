import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.fm.text import clean, fit, holds, latin1, spill

words = st.text(alphabet=st.sampled_from("ab1234 ,-./:éł東"), max_size=60)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Zoë Müller, Straße 5, Ærø", "Zoë Müller, Straße 5, Ærø"),
        ("Łukasz Đorđević", "Lukasz Dordevic"),
        ("Şefik Œuvre", "Sefik OEuvre"),
        ("\u201cQuoted\u201d \u2013 it\u2019s \u2026", '"Quoted" - it\'s ...'),
        ("e\u0301te\u0301", "été"),
        ("\uff11\uff12\uff13 \u0663", "123 3"),
        ("no\u00a0break, so\u00adft, \u20ac5", "no break, soft, EUR5"),
        ("it\x92s", "it's"),
        ("\u6771\u4eac Tokyo \U0001f600", "Tokyo"),
        ("two\r\nlines\tand \x00more", "two lines and more"),
    ],
)
def test_what_iso_8859_1_cannot_hold_is_transliterated_or_left_out(text: str, sent: str) -> None:
    assert latin1(text) == sent


@given(st.text())
def test_a_transliterated_text_is_always_iso_8859_1_on_one_line_and_stays(text: str) -> None:
    sent = latin1(text)
    sent.encode("iso-8859-1")
    assert holds(sent)
    assert sent == " ".join(sent.split())
    assert latin1(sent) == sent


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_plain_text_is_never_changed_but_for_its_blanks(text: str) -> None:
    assert latin1(text) == " ".join(text.split())


@given(st.one_of(st.text(), words), st.integers(min_value=1, max_value=40))
def test_a_fitted_text_is_never_longer_than_its_field(text: str, limit: int) -> None:
    kept = fit(text, limit)
    assert len(kept) <= limit
    assert " ".join(text.split()).startswith(kept)
    assert len(clean(text, limit)) <= limit


@given(words, st.integers(min_value=1, max_value=40))
def test_a_fitted_text_never_ends_inside_a_number(text: str, limit: int) -> None:
    kept, whole = fit(text, limit), " ".join(text.split())
    numbers = re.finditer(r"\d+(?:[.,:/\-]\d+)*", whole)
    assert not [n for n in numbers if n.start() < len(kept) < n.end()]


@given(words, st.integers(min_value=1, max_value=40))
def test_a_fitted_text_ends_between_words_where_it_has_any(text: str, limit: int) -> None:
    kept, whole = fit(text, limit), " ".join(text.split())
    first = whole.split(" ")[0]
    if re.search(r"\w", first) and len(first) <= limit and kept != whole:
        rest = whole[len(kept) :]
        assert re.match(r"[ ,;:\-/&(+]* ", rest), (kept, rest)


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("Leave at the back door", 100, "Leave at the back door"),
        ("Leave at the back door", 15, "Leave at the"),
        ("Ring 0412 345 678 before delivery", 7, "Ring"),
        ("Total 1,250.00 dollars", 10, "Total"),
        ("Blue/Green/Red", 9, "Blue"),
        ("Donaudampfschifffahrt", 5, "Donau"),
        ("ABC-123456", 6, "ABC"),
        ("0412345678", 5, ""),
        ("  many   blanks  ", 50, "many blanks"),
    ],
)
def test_texts_are_cut_where_a_person_would(text: str, limit: int, kept: str) -> None:
    assert fit(text, limit) == kept


def test_an_address_line_that_is_too_long_goes_on_in_the_next() -> None:
    first, second = spill("Level 12, The Very Long Building Name, 1234 Collins Street East", "Rear door", 50)
    assert first == "Level 12, The Very Long Building Name, 1234"
    assert second == "Collins Street East Rear door"


def test_an_address_line_that_fits_stays_alone() -> None:
    assert spill("35 Warrawee Street", "", 50) == ("35 Warrawee Street", "")


@given(words, words)
def test_no_letter_or_digit_of_an_address_is_lost(first: str, second: str) -> None:
    both = "".join(spill(first, second, 20))
    assert re.sub(r"\W", "", both) == re.sub(r"\W", "", first + second)
