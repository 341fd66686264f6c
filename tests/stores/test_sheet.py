"""NPF's set-up sheet and KEY=VALUE: both end as the tables of a store file."""

from typing import Any

import pytest

from npf.stores import draft
from npf.stores.draft import WrongSettings
from npf.stores.fm_parameters import FM_PARAMETERS
from npf.stores.parameters import PARAMETERS, parameters
from npf.stores.sheet import WORDS, assign, path_of, read_sheet
from tests.stores.files import right

SHEET = """Parameter,Value
apistorename,https://api.bigcommerce.com/stores/abc123/v3/
username,client-of-acme
apikey,token-of-acme
Update SOH to Shopping cart,Yes
Update Tracking Number to Shopping cart,Yes
Update Tracking Url to Shopping cart,No
Bundle prefix,KIT-
Bundle suffix,
Store Filter Enabled,No
Country Filters,"Australia, New Zealand"
Start Date,01/11/2026
prefix,MG
order status,Awaiting Fulfillment
# what FM gave us
fm username,npf
fm password,secret-of-fm
fm client code,ACME
dispatch method,AP
dispatch.*express*,EP EXP
"""


def refused(text: str) -> dict[str, str]:
    with pytest.raises(WrongSettings) as caught:
        read_sheet(text)
    return {problem.parameter: problem.message for problem in caught.value.problems}


def test_it_reads_a_sheet_in_npfs_own_words() -> None:
    read = draft.read(read_sheet(SHEET).nested | {"name": "acme"})
    values = parameters(read.parameters)
    assert (read.store_hash, read.client_id, read.access_token) == ("abc123", "client-of-acme", "token-of-acme")
    assert (read.fm_username, read.fm_client_code) == ("npf", "ACME")
    assert (values.update_soh, values.update_tracking_url, values.store_filter_enabled) == (True, False, False)
    assert (values.countries, values.prefix, values.order_status) == (("AU", "NZ"), "MG", (11,))
    assert (values.bundle_prefix, values.bundle_suffix) == ("KIT-", "")
    assert read.dispatch == {"default": "AP", "*express*": "EP EXP"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_reads_what_spreadsheets_save(delimiter: str) -> None:
    rows = (("\ufeffStart Date", "01/11/2026"), ("prefix", "MG"), ("", ""))
    read = read_sheet("\r\n".join(delimiter.join(row) for row in rows))
    assert read.nested == {"parameters": {"start_date": "01/11/2026", "prefix": "MG"}}


def test_every_word_of_the_design_is_understood() -> None:
    for word in (
        *("apistorename", "username", "apikey", "Update SOH to Shopping cart"),
        *("Update Tracking Number to Shopping cart", "Update Tracking Url to Shopping cart"),
        *("Bundle prefix", "Bundle suffix", "Store Filter Enabled", "Country Filters", "Start Date", "prefix"),
        "order status",
    ):
        assert path_of(word) == path_of(f"  {word.upper()} ")


def test_every_parameter_has_a_word_and_a_key_that_are_no_others() -> None:
    for table, rows in (("parameters", PARAMETERS), ("fm", FM_PARAMETERS)):
        for row in rows:
            assert WORDS[f"{table}.{row.key}"] == WORDS[row.label.casefold()] == (table, row.key)


def test_it_names_the_row_of_every_word_that_it_does_not_know() -> None:
    said = refused("Start Dat,01/11/2026\nprefix,MG\n\nColour,red\n")
    assert said["row 1: Start Dat"] == 'unknown key (did you mean "start date"?)'
    assert set(said) == {"row 1: Start Dat", "row 4: Colour"}


def test_it_names_the_row_of_a_wrong_value() -> None:
    read = read_sheet(SHEET.replace("01/11/2026", "31/02/2026").replace("Awaiting Fulfillment", "0"))
    with pytest.raises(WrongSettings) as caught:
        draft.read(read.nested | {"name": "acme"})
    said = str(read.located(caught.value))
    assert "row 12 (Start Date): parameters.start_date: 31/02/2026 is no day" in said
    assert "row 14 (order status): parameters.order_status: status 0" in said


def test_it_refuses_a_word_that_stands_twice() -> None:
    said = refused("prefix,A\nStart Date,01/11/2026\nparameters.prefix,B\n")
    assert said == {"row 3 (parameters.prefix)": "says the same as row 1 (prefix); keep one of the two"}


def test_it_refuses_a_list_that_a_spreadsheet_has_torn_apart() -> None:
    assert "quotation marks" in refused("Country Filters,Australia,New Zealand\n")["row 1 (Country Filters)"]


def test_it_refuses_a_file_that_is_no_table() -> None:
    assert "SHEET" in refused('prefix,"never closed\n')


def test_it_sets_a_parameter_by_key_and_by_npfs_word() -> None:
    changed = assign(right(), ["prefix=MG", "Start Date=02/11/2026", "fm.timeout=90", "parameters.stock_buffer=2"])
    assert changed["parameters"] == {"start_date": "02/11/2026", "prefix": "MG", "stock_buffer": "2"}
    assert changed["fm"]["timeout"] == "90"


def test_it_sets_a_row_of_a_table_and_takes_it_away_again() -> None:
    changed = assign(right(), ["dispatch.*express*=EP EXP", "sku_map.SHOP-1=FM-1", "bundles.KIT.FM-1=2"])
    assert changed["dispatch"] == {"default": "AP", "*express*": "EP EXP"}
    assert (changed["sku_map"], changed["bundles"]) == ({"SHOP-1": "FM-1"}, {"KIT": {"FM-1": "2"}})
    changed = assign(changed, ["dispatch.*express*=", "sku_map.SHOP-1=", "bundles.KIT.FM-1="])
    assert changed == right()


def test_it_takes_a_whole_bundle_away_whose_sku_has_a_dot() -> None:
    nested = right(bundles={"KIT.1": {"A": 1, "B": 2}, "KIT": {"A": 1}})
    assert assign(nested, ["bundles.KIT.1="])["bundles"] == {"KIT": {"A": 1}}
    assert assign(nested, ["bundles.KIT.1.B="])["bundles"]["KIT.1"] == {"A": 1}


@pytest.mark.parametrize("row", ["dispatch.*expres*=", "sku_map.SHOP=", "bundles.KITT="])
def test_it_says_so_when_there_is_no_such_row_to_take_away(row: str) -> None:
    nested = right(dispatch={"*express*": "EP"}, bundles={"KIT": {"A": 1}})
    with pytest.raises(WrongSettings, match="no such row"):
        assign(nested, [row])


def test_it_keeps_an_equals_sign_that_belongs_to_the_value() -> None:
    assert assign({}, ["apikey=abc=="])["bigcommerce"]["access_token"] == "abc=="


@pytest.mark.parametrize("texts", [["prefix"], ["prefix=A", "colour=red"], ["=A"]])
def test_it_refuses_what_it_cannot_understand(texts: list[str]) -> None:
    before: dict[str, Any] = right()
    with pytest.raises(WrongSettings):
        assign(before, texts)
    assert before == right()
