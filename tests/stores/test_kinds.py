"""Reading one value: what people write, and what is kept."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npf.stores import kinds
from npf.stores.fm_parameters import FM_PARAMETERS, FmOptions, fm_options
from npf.stores.parameters import PARAMETERS, Parameters, parameters
from npf.stores.words import written

ANY = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text() | st.integers()), st.dates()
)
READERS = {row.key: row.read for row in (*PARAMETERS, *FM_PARAMETERS)}


@pytest.mark.parametrize("word", ["Yes", "yes", " Y ", "true", "on", True, 1])
def test_it_takes_every_way_to_say_yes(word: Any) -> None:
    assert kinds.yes_no(word) is True


@pytest.mark.parametrize("word", ["No", "n", "FALSE", "off", False, 0])
def test_it_takes_every_way_to_say_no(word: Any) -> None:
    assert kinds.yes_no(word) is False


@pytest.mark.parametrize("word", ["Australia", "australia ", "AU", "aus", "AUS"])
def test_it_understands_a_country_by_name_iso2_and_iso3(word: str) -> None:
    assert kinds.country(word) == "AU"


@pytest.mark.parametrize(
    "word", [11, "11", "Awaiting Fulfillment", "awaiting fulfillment", "11 (Awaiting Fulfillment)"]
)
def test_it_understands_a_status_by_number_and_by_name(word: Any) -> None:
    assert kinds.status_id(word) == 11


@pytest.mark.parametrize(("word", "share"), [("30%", 0.3), ("0.3", 0.3), (0.3, 0.3), ("100 %", 1.0), (0, 0.0)])
def test_it_takes_a_share_as_per_cent_and_as_a_number(word: Any, share: float) -> None:
    assert kinds.share(word) == pytest.approx(share)


def test_it_takes_a_list_as_text_with_commas_and_drops_what_stands_twice() -> None:
    assert kinds.several(kinds.country)("Australia, NZ,, AU") == ["AU", "NZ"]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_back_as_it_was_written(day: date) -> None:
    assert kinds.day(f"{day:%d/%m/%Y}") == day.isoformat() == kinds.day(day)


@pytest.mark.parametrize("key", sorted(READERS))
@settings(max_examples=25)
@given(value=ANY)
def test_a_reader_keeps_plain_json_or_refuses_with_a_sentence(key: str, value: Any) -> None:
    try:
        kept = READERS[key](value)
    except ValueError as refused:
        said = str(refused)
    else:
        said = "kept"
        assert msgspec.json.decode(msgspec.json.encode(kept)) == kept
        # What is kept is what the typed values are made of: no reader may leave something behind that they refuse.
        assert parameters({key: kept}) if key in Parameters.__struct_fields__ else fm_options({key: kept})
    assert said


@pytest.mark.parametrize(
    ("row", "defaults"),
    [(row, Parameters()) for row in PARAMETERS] + [(row, FmOptions()) for row in FM_PARAMETERS],
    ids=lambda one: getattr(one, "key", ""),
)
def test_what_is_shown_of_a_parameter_can_be_typed_in_again(row: Any, defaults: Any) -> None:
    value = getattr(defaults, row.key)
    if value is None and row.key == "start_date":
        return
    kept = row.read(written(row, value))
    assert type(defaults)(**{row.key: msgspec.convert(kept, _type_of(defaults, row.key))}) == defaults


def _type_of(struct: Any, key: str) -> Any:
    return next(field.type for field in msgspec.structs.fields(type(struct)) if field.name == key)


def test_every_parameter_of_the_table_has_a_typed_value_and_the_other_way_round() -> None:
    assert {row.key for row in PARAMETERS} == set(Parameters.__struct_fields__)
    assert {row.key for row in FM_PARAMETERS} == set(FmOptions.__struct_fields__)
