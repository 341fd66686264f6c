"""The text of the tables: what is written is read back the same, and what is wrong is named with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.console.tables import read_bundles, read_rows, write_bundles, write_rows

# As the draft keeps them: trimmed, on one line.
_WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=20)
KEYS = _WORDS.filter(lambda word: word == word.strip() and '"' not in word)
VALUES = KEYS.filter(lambda word: "=" not in word)
SKUS = KEYS.filter(lambda word: ": " not in word and not word.endswith(":"))
CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,10}", fullmatch=True)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_rows_come_back_as_they_were(table: dict[str, str]) -> None:
    found = read_rows(write_rows(table))
    assert (found.table, found.wrong) == (table, [])


@given(st.dictionaries(SKUS, st.dictionaries(CODES, st.integers(1, 10_000), min_size=1, max_size=4), max_size=5))
def test_bundles_come_back_as_they_were(bundles: dict[str, dict[str, int]]) -> None:
    found = read_bundles(write_bundles(bundles))
    assert (found.table, found.wrong) == (bundles, [])


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    for read in (read_rows, read_bundles):
        assert all(wrong.startswith("line ") for wrong in read(text).wrong)


def test_rows_are_read_as_people_write_them() -> None:
    text = '\n  default = AP  \n"*express*" = "EP EXP"\nA=B = C\n'
    assert read_rows(text).table == {"default": "AP", "*express*": "EP EXP", "A=B": "C"}


def test_bundles_are_read_as_people_write_them() -> None:
    found = read_bundles("KIT-HOME: FM-1 x 2, FM-2\nKIT:2: BOX X 3,\n")
    assert found.table == {"KIT-HOME": {"FM-1": 2, "FM-2": 1}, "KIT:2": {"BOX": 3}}
    assert found.line_of == {"KIT-HOME": 1, "KIT:2": 2}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("default", "line 1: write it as"),
        ("A = B\n\n = C", "line 3: write it as"),
        ("A = B\nA = C", "line 2: A stands on line 1 already"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(text: str, said: str) -> None:
    assert read_rows(text).wrong[0].startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("KIT", "line 1: write it as"),
        ("KIT:", "line 1: write it as"),
        ("KIT: A x two", "line 1: “two” is no quantity"),
        ("KIT: A x 1, A x 2", "line 1: A stands twice"),
    ],
)
def test_a_wrong_bundle_is_named_with_its_line(text: str, said: str) -> None:
    assert read_bundles(text).wrong[0].startswith(said)
