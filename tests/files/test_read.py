"""Files of a warehouse, as its people and their spreadsheets write them."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.files.read import Content, read
from npf.files.rows import Unfinished
from npf.files.told import merged, status
from npf.warehouse.records import OrderStatus

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC).timestamp()
DESPATCH = "SalesOrderNo,ConsignmentNo,Code,Quantity\r\nMG1,C1,MUG,2\r\nMG1,C1,TEE,1\r\n"


def content(raw: bytes | str, end_marker: str = "") -> Content:
    raw = raw.encode() if isinstance(raw, str) else raw
    return read(raw, AT, client_code="ACME", zone=ZoneInfo("Australia/Melbourne"), end_marker=end_marker)


def told(found: Content, number: str = "MG1") -> OrderStatus:
    (said,) = [one for one in found.said if one.number == number]
    return status(merged(None, said), number, "ACME")


def lines(found: Content) -> dict[int, str]:
    return {bad.line: bad.says for bad in found.bad}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_do_not_matter(encoding: str, delimiter: str) -> None:
    text = "sales_order_no,Order Status,ORDERSTATUSMESSAGE,Wave\nMG1,hold,Müller fragt,7\n".replace(",", delimiter)
    found = content(text.encode(encoding))
    assert (found.kind, found.rows, list(found.bad)) == ("orders", 1, [])
    assert (told(found).status, told(found).message) == ("HOLD", "Müller fragt")


def test_the_rows_of_a_consignment_are_one_shipment() -> None:
    (shipment,) = told(content(DESPATCH)).shipments
    assert (shipment.ConsignmentNo, shipment.products) == ("C1", [("MUG", 2), ("TEE", 1)])


@pytest.mark.parametrize("day", ["25-Nov-2026", "2026-11-25", "25/11/2026", "2026-11-25T10:00:00"])
def test_days_are_read_as_they_are_written(day: str) -> None:
    found = content(f"SalesOrderNo,ConsignmentNo,Code,Quantity,DespatchDate\nMG1,C1,MUG,1,{day}\n")
    assert told(found).shipments[0].DespatchDate == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("said", "hour"),
    [("25-Nov-2026 11:30:00", 0), ("2026-11-25T00:30:00Z", 0), ("2026-11-25 02:30+02:00", 0), ("2026-11-24", -12)],
)
def test_a_time_without_a_zone_is_by_the_clock_of_the_warehouse(said: str, hour: int) -> None:
    found = content(f"SalesOrderNo,OrderStatus,StatusTime\nMG1,HOLD,{said}\n")
    expected = datetime(2026, 11, 25, 0, 30, tzinfo=UTC) if hour == 0 else datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert told(found).status_time == expected


def test_json_may_be_flat_or_nested_as_fm_nests_it() -> None:
    flat = [{"SalesOrderNo": "MG1", "ConsignmentNo": "C1", "Code": "MUG", "Quantity": 2}]
    nested = {
        "Order": [
            {
                "SalesOrderNo": "MG1",
                "ShipmentDetails": {
                    "Shipment": [{"ConsignmentNo": "C1", "Products": [{"Code": "MUG", "Quantity": "2"}]}]
                },
            }
        ]
    }
    assert told(content(json.dumps(flat))).shipments == told(content(json.dumps(nested))).shipments
    assert told(content(json.dumps(flat))).shipments[0].products == [("MUG", 2)]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",C1,MUG,1", "has no SalesOrderNo"),
        ("MG1,C1,MUG,two", "Quantity is no number: 'two'"),
        ("MG1,C1,MUG,-1", "Quantity is no number of pieces: '-1'"),
        ("MG1,C1,MUG,1.5", "Quantity is no number of pieces: '1.5'"),
        ("MG1,C1,,1", "has a Quantity and no Code"),
        ("MG1,C1,MUG,", "names consignment C1 and no Quantity"),
        ("MG1,C1,MUG,1,2", "has 5 cells, the heading has 4"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_others_count(row: str, says: str) -> None:
    found = content(f"SalesOrderNo,ConsignmentNo,Code,Quantity\nMG8,C8,MUG,1\n{row}\nMG9,C9,MUG,1\n")
    assert lines(found) == {3: says}
    assert found.rows == 3
    for number in ("MG8", "MG9"):
        assert told(found, number).shipments[0].products == [("MUG", 1)]


def test_a_bad_row_is_told_on_its_order_and_its_goods_are_not_guessed() -> None:
    found = told(content("SalesOrderNo,ConsignmentNo,Code,Quantity\nMG1,C1,MUG,two\n"))
    assert (found.unread, found.shipments) == (["Quantity is no number: 'two'"], [])


def test_rows_of_another_client_are_left_out() -> None:
    found = content("SalesOrderNo,ClientCode,OrderStatus\nMG1,acme,HOLD\nMG2,ZEN,HOLD\n")
    assert [one.number for one in found.said] == ["MG1"]
    assert lines(found) == {3: "is of client ZEN, not of ACME"}


def test_a_time_that_lies_ahead_is_a_mistake() -> None:
    found = content("SalesOrderNo,OrderStatus,StatusTime\nMG1,HOLD,25-Nov-2062 10:00:00\n")
    assert "lies ahead" in lines(found)[2]
    assert not found.said


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("", "neither a column SalesOrderNo nor the columns Code, StockonHand"),
        ("hello\nthere\n", "neither a column SalesOrderNo nor the columns Code, StockonHand"),
        ('[{"SalesOrderNo": "MG1"', "no JSON"),
        ('["MG1"]', "neither a column"),
        ("<html><body>503</body></html>", "neither a column"),
    ],
)
def test_a_file_that_is_none_is_bad_as_a_whole(raw: str, says: str) -> None:
    found = content(raw)
    assert not found.said
    assert not found.figures
    assert says in found.bad[0].says


@pytest.mark.parametrize("raw", ["SalesOrderNo,OrderStatus\n", "[]", "ProductCode;StockonHand\r\n"])
def test_a_file_without_rows_says_nothing_and_is_not_bad(raw: str) -> None:
    found = content(raw)
    assert (list(found.bad), list(found.said), list(found.figures)) == ([], [], [])


def test_a_file_without_its_end_is_not_read() -> None:
    with pytest.raises(Unfinished):
        content(DESPATCH, end_marker="#END")
    whole = content(DESPATCH + "#END\r\n", end_marker="#END")
    assert (whole.rows, list(whole.bad)) == (2, [])


def test_stock_that_is_no_number_is_unknown_and_never_zero() -> None:
    found = content("ProductCode,StockonHand\nA,7\nB,0\nC,Sorry\nD,\nE,-2\nF,2.9\nG,1\nG,2\n")
    assert {one.code: one.figure for one in found.figures} == {
        "A": 7,
        "B": 0,
        "C": None,
        "D": None,
        "E": -2,
        "F": 2,
        "G": None,
    }
    assert set(lines(found)) == {4, 5, 9}


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_bad(raw: bytes) -> None:
    found = content(raw)
    assert found.bad or not found.said or found.kind == "orders"


@given(st.text(max_size=200))
def test_whatever_stands_under_a_heading_is_read_or_bad(rows: str) -> None:
    found = content("SalesOrderNo,ConsignmentNo,Code,Quantity,StatusTime,DespatchDate\n" + rows)
    for said in found.said:
        one = status(merged(None, said), said.number, "ACME")
        assert all(units > 0 for shipment in one.shipments for _, units in shipment.products)


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
names = st.sampled_from(["SalesOrderNo", "Code", "Quantity", "StockonHand", "Products", "Shipment", "StatusTime", "x"])
documents = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5))


@given(documents)
def test_whatever_stands_in_json_is_read_or_bad(document: object) -> None:
    found = content(json.dumps(document))
    kept = [(said.number, said.npf_order_no, said.units) for said in found.said], [one.code for one in found.figures]
    assert "\\u0000" not in json.dumps(kept)


@pytest.mark.parametrize("raw", ["[" * 100_000, '[{"SalesOrderNo": "MG1", "Products": ' * 400 + "[]" + "}]" * 400])
def test_what_lies_too_deep_is_no_trouble(raw: str) -> None:
    assert not any(said.units for said in content(raw).said)


def test_what_no_database_can_hold_is_left_out() -> None:
    found = content('[{"SalesOrderNo": "M\\u0000G1", "OrderStatus": "HOLD", "OrderStatusMessage": "a\\u0000b"}]')
    assert (told(found).status, told(found).message) == ("HOLD", "ab")
