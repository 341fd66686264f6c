"""The rows of the dispatch table: which counts, and that it never hangs on how they were written."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from npf.stores import tables
from npf.stores.dispatch import Row, clash, find, lacking, rows_of
from npf.stores.tables import TABLES

DISPATCH = TABLES["dispatch"]
CODES = tables.known_codes()
METHODS = st.sampled_from(["Express", "express ", "*express*", "exp*", "*post*", "*", "default", ""])
BOUNDS = st.none() | st.decimals(0, 30, places=1, allow_nan=False)
TO = st.lists(st.sampled_from(["AU", "NZ", "GB"]), unique=True, max_size=2)
ROWS = st.lists(st.tuples(METHODS, st.sampled_from(["AP", "EP", "EP EXP"]), TO, BOUNDS, BOUNDS), max_size=8)
ASKED = st.tuples(
    st.sampled_from(["Express", "Express Post", "Standard", ""]),
    st.sampled_from(["AU", "NZ", ""]),
    st.none() | st.decimals(0, 40, places=2, allow_nan=False),
)


def read(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    kept, _ = tables.judge(DISPATCH, [tables.Raw(row, ("here",) * 5) for row in rows], CODES)
    return DISPATCH.nest(kept)


@given(ROWS, ASKED, st.randoms(use_true_random=False))
def test_the_sequence_in_which_rows_were_written_changes_nothing(
    rows: list[Any], asked: tuple[str, str, Decimal | None], chance: random.Random
) -> None:
    kept, wrong = tables.judge(DISPATCH, [tables.Raw(row, ("here",) * 5) for row in rows], CODES)
    assume(not wrong)
    mixed = list(kept)
    chance.shuffle(mixed)
    one, other = (find(rows_of(DISPATCH.nest(some)), *asked) for some in (kept, mixed))
    assert (one and (one.code, one.rank())) == (other and (other.code, other.rank()))


@given(ROWS, ASKED)
def test_the_row_that_is_said_to_be_missing_would_fit_and_stand_beside_the_others(
    rows: list[Any], asked: tuple[str, str, Decimal | None]
) -> None:
    there = rows_of(read(rows))
    assume(find(there, *asked) is None)
    new = lacking(there, *asked)
    assert not any(clash(new, row) for row in there)
    assert find(sorted([*there, new], key=Row.rank), *asked) == new


@given(ROWS)
def test_a_table_is_kept_as_it_was_read(rows: list[Any]) -> None:
    kept = read(rows)
    assert read(DISPATCH.rows(kept)) == kept
    again, wrong = tables.read(DISPATCH, kept, CODES)
    assert (again, wrong) == (kept, [])


ROWS_OF_ONE = {
    "*post*": [
        {"code": "AP"},
        {"code": "EP", "up_to_kg": 5},
        {"code": "NZ PS", "countries": ["NZ"]},
        {"code": "NZ PC", "countries": ["NZ"], "up_to_kg": 1},
    ],
    "Express Post": [{"code": "EP EXP", "countries": ["AU"]}],
    "default": "EXT",
}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("Express Post", "AU", None), "EP EXP"),  # exact
        (("Express Post", "NZ", None), "NZ PS"),  # exact, but not to there: the pattern is asked next
        (("Any Post", "NZ", Decimal(1)), "NZ PC"),  # country and weight
        (("Any Post", "NZ", Decimal(2)), "NZ PS"),  # country
        (("Any Post", "AU", Decimal(5)), "EP"),  # weight
        (("Any Post", "AU", Decimal("5.001")), "AP"),
        (("Any Post", "AU", None), "AP"),  # what nobody weighed fits no row that weighs
        (("Courier", "AU", Decimal(1)), "EXT"),
    ],
)
def test_the_first_row_that_fits_counts_the_narrower_first(asked: Any, code: str) -> None:
    found = find(rows_of(ROWS_OF_ONE), *asked)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("table", "where", "said"),
    [
        ({"X": [{"code": "AP"}, {"code": "EP"}]}, "dispatch.X[2]", "says the same as"),
        (
            {"X": [{"code": "AP", "up_to_kg": 5}, {"code": "EP", "over_kg": 4, "up_to_kg": 9}]},
            "dispatch.X[2]",
            "make their countries or weights differ",
        ),
        (
            {"X": [{"code": "AP", "countries": "Australia, NZ"}], "x ": [{"code": "EP", "countries": ["AUS"]}]},
            "dispatch.x[1]",
            "fit the same order",
        ),
        ({"X": {"code": "AP", "over_kg": 5, "up_to_kg": 5}}, "dispatch.X.up_to_kg", "must be more than the 5 kg"),
        ({"X": {"code": "AP", "over_kg": -1}}, "dispatch.X.over_kg", "from 0"),
        ({"X": {"code": "AP", "over_kg": "heavy"}}, "dispatch.X.over_kg", "a weight in kilograms"),
        ({"X": {"code": "AP", "countries": ["Austria", "Atlantic"]}}, "dispatch.X.countries", "is no country"),
        ({"X": {"code": "APX"}}, "dispatch.X.code", "no dispatch code of FM"),
        ({"X": {"code": "AP", "country": "NZ"}}, "dispatch.X.country", 'did you mean "countries"'),
        ({"X": []}, "dispatch.X", "must be text"),
    ],
)
def test_a_row_that_cannot_stand_is_named_with_what_is_wrong(table: dict[str, Any], where: str, said: str) -> None:
    _, wrong = tables.read(DISPATCH, table, CODES)
    assert [place for place, _ in wrong] == [where]
    assert said in wrong[0][1]


def test_bounds_that_touch_and_countries_that_differ_stand_side_by_side() -> None:
    rules = [
        {"code": "AP", "countries": ["Australia"], "up_to_kg": 5},
        {"code": "EP", "countries": ["Australia"], "over_kg": 5},
        {"code": "NZ PS", "countries": ["NZ"], "up_to_kg": "5,5 kg"},
    ]
    kept, wrong = tables.read(DISPATCH, {"X": rules}, CODES)
    assert wrong == []
    assert kept["X"][2] == {"code": "NZ PS", "countries": ["NZ"], "up_to_kg": 5.5}


def test_one_rule_without_conditions_is_kept_as_its_code() -> None:
    assert tables.read(DISPATCH, {"X": [{"code": "ap"}], "Y": {"code": "EP"}}, CODES)[0] == {"X": "AP", "Y": "EP"}
