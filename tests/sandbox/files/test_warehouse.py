"""The sandbox's warehouse of files: strict with what it reads, whole in what it writes."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from npf.sandbox.files import FileWarehouse, run

ORDER: dict[str, Any] = {
    "ClientCode": "ACME",
    "SalesOrderNo": "MG1",
    "OrderDate": "2026-11-25",
    "CustomerNo": "C1",
    "ShippingAddress": {"Address1": "14 Station Street", "Country": "Australia"},
    "DespatchDetails": {"DispatchMethod": "AP"},
    "Totals": {"Total": "10.00"},
    "Products": [{"Code": "MUG", "Quantity": 2}],
}


def put(folder: Path, order: dict[str, Any], name: str = "MG1.json") -> None:
    (folder / "out" / name).write_text(json.dumps(order))


def told(folder: Path, what: str) -> list[dict[str, str]]:
    found = sorted((folder / "in").glob(f"{what}-*"))
    return [row for path in found for row in csv.DictReader(io.StringIO(path.read_text()))]


def test_it_takes_an_order_says_so_and_ships_it(tmp_path: Path) -> None:
    warehouse = FileWarehouse(tmp_path)
    put(tmp_path, ORDER)
    warehouse.step()
    assert list((tmp_path / "out").iterdir()) == []
    assert [(row["SalesOrderNo"], row["NPFOrderNo"]) for row in told(tmp_path, "ack")] == [("MG1", "F000001")]
    assert [(row["ConsignmentNo"], row["Code"], row["Quantity"]) for row in told(tmp_path, "despatch")] == [
        ("C0000001", "MUG", "2")
    ]
    assert not list((tmp_path / "in").glob("*.part"))


@pytest.mark.parametrize("field", ["SalesOrderNo", "ClientCode", "ShippingAddress", "DespatchDetails", "Totals"])
def test_it_refuses_an_order_that_lacks_something(tmp_path: Path, field: str) -> None:
    warehouse = FileWarehouse(tmp_path)
    put(tmp_path, {key: value for key, value in ORDER.items() if key != field})
    warehouse.step()
    assert warehouse.orders == {}
    assert len(warehouse.refused) == 1


@pytest.mark.parametrize("products", [[], [{"Code": "MUG", "Quantity": 0}], [{"Code": "", "Quantity": 1}], [{}]])
def test_it_refuses_goods_that_are_none(tmp_path: Path, products: list[dict[str, Any]]) -> None:
    warehouse = FileWarehouse(tmp_path)
    put(tmp_path, ORDER | {"Products": products})
    warehouse.step()
    assert (warehouse.orders, len(warehouse.refused)) == ({}, 1)


def test_it_leaves_unfinished_files_alone(tmp_path: Path) -> None:
    warehouse = FileWarehouse(tmp_path)
    put(tmp_path, ORDER, "MG1.json.1.part")
    warehouse.step()
    assert (warehouse.orders, warehouse.refused) == ({}, [])


def test_it_shows_when_an_order_came_twice(tmp_path: Path) -> None:
    warehouse = FileWarehouse(tmp_path)
    for name in ("one.json", "two.json"):
        put(tmp_path, ORDER, name)
        warehouse.step()
    assert warehouse.orders["MG1"].files == ["one.json", "two.json"]


def test_the_command_prints_the_table_and_counts_what_was_ordered(tmp_path: Path) -> None:
    out, looks = io.StringIO(), 0

    def sleep(seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            put(tmp_path, ORDER)
        if looks == 3:
            raise KeyboardInterrupt

    run(tmp_path, pick_delay=0.0, out=out, sleep=sleep)
    assert f'kind = "files"\nbase_url = "{tmp_path}"' in out.getvalue()
    assert [(row["ProductCode"], row["StockonHand"]) for row in told(tmp_path, "stock")] == [("MUG", "100")]
    with pytest.raises(ValueError, match="csv or json"):
        run(tmp_path, form="xml", out=out)
