"""Tables as CSV files: what goes out comes back, spreadsheets harm nothing, and what is wrong is named by its cell."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.stores import csvfile, tables
from npf.stores.tables import TABLES

CODES = tables.known_codes()
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Co", "Cf")), min_size=1, max_size=12)
SKUS = (
    TEXTS.map(str.strip)
    .filter(lambda word: word and word.isprintable())
    .filter(lambda word: not csvfile._ROUNDED.fullmatch(word))
)
BUNDLES = st.dictionaries(SKUS, st.dictionaries(SKUS, st.integers(1, 99), min_size=1, max_size=3), max_size=5)


def read(key: str, text: str | bytes) -> csvfile.Read:
    return csvfile.read(TABLES[key], text if isinstance(text, bytes) else text.encode(), CODES)


@given(st.dictionaries(SKUS, SKUS, max_size=6))
def test_a_map_comes_back_as_it_was(kept: dict[str, str]) -> None:
    found = read("sku_map", csvfile.write(TABLES["sku_map"], kept))
    assert (found.table, found.wrong) == (kept, [])


@given(BUNDLES)
def test_bundles_come_back_as_they_were(kept: dict[str, Any]) -> None:
    found = read("bundles", csvfile.write(TABLES["bundles"], kept))
    assert (found.table, found.wrong) == (kept, [])


def test_a_dispatch_table_comes_back_as_it_was() -> None:
    kept: dict[str, Any] = {
        "default": "AP",
        "": "EXT",
        "=cmd|' /C calc'!A0": "EP",
        'Express, 2 kg; "quick"': [
            {"code": "STR EXP", "countries": ["AU"], "over_kg": 0.5, "up_to_kg": 22},
            {"code": "EP EXP", "countries": ["AU", "BQ", "NZ"], "up_to_kg": 0.5},
        ],
    }
    found = read("dispatch", csvfile.write(TABLES["dispatch"], kept))
    assert (found.table, found.wrong) == (kept, [])


@given(st.dictionaries(SKUS, SKUS, max_size=6))
def test_no_cell_is_a_formula_to_a_spreadsheet(kept: dict[str, str]) -> None:
    text = csvfile.write(TABLES["sku_map"], kept).decode("utf-8-sig")
    for row in list(csv.reader(io.StringIO(text)))[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_an_apostrophe_that_somebody_typed_is_not_taken_off() -> None:
    assert read("sku_map", "SKU,FM product code\n'tis,'=A\n").table == {"'tis": "=A"}


ROWS = (("shipping method", "dispatch code"), ("Größe é", "AP"), ("*express*", "ep exp"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_reads_what_spreadsheets_save(encoding: str, delimiter: str, end: str) -> None:
    data = end.join(delimiter.join(row) for row in (*ROWS, ("", ""))).encode(encoding)
    found = read("dispatch", data)
    assert (found.table, found.wrong, found.count) == ({"Größe é": "AP", "*express*": "EP EXP"}, [], 2)


def test_excels_own_first_line_and_columns_in_any_sequence_are_understood() -> None:
    text = 'sep=;\r\nUp_to_kg;Dispatch Code;COUNTRIES;Shipping  method\r\n"22,5";AP;"Australia, NZ";Post\r\n'
    rule = {"code": "AP", "countries": ["AU", "NZ"], "up_to_kg": 22.5}
    assert read("dispatch", text).table == {"Post": [rule]}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "the file", "is empty; its first line names the columns: shipping method, dispatch code"),
        ("Post,AP\n", "line 1, column A", "“Post” is no column"),
        ("shipping method,dispach code\n", "line 1, column B", 'did you mean "dispatch code"'),
        ("shipping method,countries\n", "line 1", "there is no column “dispatch code”"),
        ("shipping method,dispatch code,method\n", "line 1, column C", "stands twice"),
        ("shipping method,dispatch code\n\nPost,APX\n", "line 3, column “dispatch code”", "no dispatch code of FM"),
        ("shipping method,dispatch code\nPost,AP,x\n", "line 2, column C", "quotation marks"),
        ("shipping method,dispatch code\nPost\n", "line 2, column “dispatch code”", "must not be empty"),
        ("shipping method,dispatch code\nPost,AP\npost ,EP\n", "line 3, column “shipping method”", "line 2"),
        ('shipping method,dispatch code\n"a\nb",AP\n', "line 2, column “shipping method”", "one line"),
        ('shipping method,dispatch code\n"Post,AP\n', "the file", "no table that a spreadsheet saved"),
        ("shipping method,dispatch code,over kg\nPost,AP,1.000,5\n", "line 2, column D", "quotation marks"),
        ("shipping method,dispatch code,countries\nPost,AP,Austalia\n", "line 2, column “countries”", "did you mean"),
        ("shipping method,dispatch code,up to kg\nPost,AP,heavy\n", "line 2, column “up to kg”", "in kilograms"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column_with_its_cure(text: str, place: str, said: str) -> None:
    found = read("dispatch", text)
    assert found.wrong
    assert (found.wrong[0][0], said in found.wrong[0][1]) == (place, True), found.wrong


def test_every_fault_is_named_in_the_sequence_of_the_lines() -> None:
    found = read("bundles", "bundle sku,fm product code,quantity\nA,X,0\nA,X,1\n,Y,1\nA,X,2\n")
    assert [place for place, _ in found.wrong] == [
        "line 2, column “quantity”",
        "line 4, column “bundle SKU”",
        "line 5, column “bundle SKU”",
    ]


def test_a_number_that_a_spreadsheet_has_rounded_is_refused() -> None:
    (wrong,) = read("sku_map", "SKU,FM product code\n9.31234E+12,FM-1\n").wrong
    assert wrong[0] == "line 2, column “SKU”"
    assert "give the column the format Text" in wrong[1]


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(data: bytes) -> None:
    found = read("dispatch", data)
    assert found.wrong or not found.table


def test_a_file_that_is_far_too_long_is_not_read() -> None:
    assert "is it the right one" in read("sku_map", b"x" * (csvfile.MOST_BYTES + 1)).wrong[0][1]
