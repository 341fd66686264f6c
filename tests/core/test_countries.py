"""Countries by every name that BigCommerce, FM and people use."""

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.core import countries

CODES = [country.alpha_2 for country in pycountry.countries]


@pytest.mark.parametrize("code", CODES)
def test_a_country_is_understood_by_iso2_iso3_and_the_name_that_fm_gets(code: str) -> None:
    assert countries.iso2(code) == countries.iso2(code.lower()) == code
    assert countries.iso2(pycountry.countries.get(alpha_2=code).alpha_3) == code
    assert countries.iso2(countries.name(code)) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  new   zealand ", "NZ"),
        ("UK", "GB"),
        ("USA", "US"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Viet Nam", "VN"),
        ("Czechia", "CZ"),
        ("Hong Kong", "HK"),
        ("Taiwan", "TW"),
    ],
)
def test_the_names_that_people_write_are_understood(text: str, code: str) -> None:
    assert countries.iso2(text) == code


@pytest.mark.parametrize(
    ("code", "name"), [("AU", "Australia"), ("NZ", "New Zealand"), ("GB", "United Kingdom"), ("US", "United States")]
)
def test_fm_gets_the_full_english_name(code: str, name: str) -> None:
    assert countries.name(code) == name


@given(st.text(max_size=40))
def test_any_text_is_a_country_or_none(text: str) -> None:
    code = countries.iso2(text)
    assert code is None or code in CODES
    nearest = countries.nearest(text)
    assert nearest is None or countries.iso2(nearest) in CODES


def test_a_misspelt_one_is_put_right() -> None:
    assert countries.nearest("Austrlia") == "Australia"
    assert countries.nearest("Nw Zealand") == "New Zealand"
    assert countries.nearest("xyzzy!") is None


def test_a_code_that_is_none_has_no_name() -> None:
    with pytest.raises(ValueError, match="no country"):
        countries.name("ZZ")
