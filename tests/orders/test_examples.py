"""BigCommerce's own examples through records, gates and FM's document."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from npf.bigcommerce.records import Order, assembled, read_order, read_products
from npf.bigcommerce.tolerant import record
from npf.fm.login import Login
from npf.fm.write import order_document
from npf.orders import document
from npf.orders.gates import judge
from npf.orders.parcels import parcels
from npf.sandbox.fm import Settings as FmSettings
from npf.sandbox.fm.documents import open_document
from npf.sandbox.fm.documents import read_order as fm_reads
from npf.sandbox.fm.judge import judge as fm_judges
from npf.stores.maps import Settings
from tests.orders.making import settings

EXAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "bigcommerce" / "examples"
# The example ships three lines to Texas, one of them without a SKU.
HOME = {"start_date": date(2018, 1, 1), "fm": {"domestic_countries": ("AU", "NZ", "US")}}


def example(name: str) -> Any:
    if not EXAMPLES.is_dir():
        pytest.skip(f"{EXAMPLES} is absent: BigCommerce's examples are not part of the repository")
    return json.loads((EXAMPLES / name).read_text())


def read(raw: Any) -> Order:
    return read_order(json.dumps(raw).encode())


def stopped_by(order: Order, setting: Settings) -> tuple[str, str] | None:
    decides = judge(order, setting).decides
    return (decides.gate, decides.outcome) if decides else None


def lines_of(raw: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = raw["consignments"]["shipping"][0]["line_items"]
    return found


@pytest.mark.parametrize("name", ["order_with_consignments_object.json", "order_with_consignments_legacy_array.json"])
def test_the_official_order_is_held_for_its_line_without_a_sku(name: str) -> None:
    order = read(example(name))
    assert stopped_by(order, settings(**HOME)) == ("SKUs", "hold")
    assert stopped_by(order, settings()) == ("start date", "skip")


def test_with_a_sku_it_becomes_a_document_that_fm_takes() -> None:
    raw = example("order_with_consignments_object.json")
    lines_of(raw)[2]["sku"] = "SAMPLE"
    order, setting = read(raw), settings(**HOME)
    assert stopped_by(order, setting) is None
    (parcel,) = parcels(order, setting)
    assert parcel.codes() == {"S-ORAN": 1, "ABS": 1, "SAMPLE": 2}
    one = document.build(order, parcel, setting)
    assert (one.SalesOrderNo, one.OrderDate, one.CustomerNo) == ("AC-149", date(2018, 1, 11), "20")
    assert (one.ShippingAddress.City, one.ShippingAddress.Country) == ("Austin", "United States")
    # 65.23 less the manual discount of 1.59.
    assert [row.Amount for row in one.Products] == [Decimal("63.64"), Decimal("0.00"), Decimal("20.00")]
    # 6.20 for the way and 5.30 for the handling.
    assert one.Totals.P_H_IncludesGST == Decimal("11.50")
    assert "S-ORAN Add Letters: Text Field" in one.DespatchDetails.CustomerMessage
    read_back = fm_reads(open_document(order_document(Login("npf", "secret", "ACME"), one), "OrderList"))
    at_home = FmSettings(domestic_countries=("United States",))
    assert fm_judges(read_back, at_home, lambda code: True) == []


def test_its_pick_list_child_is_shipped_once_whatever_its_parent_is() -> None:
    raw = example("order_with_consignments_object.json")
    lines_of(raw)[2]["sku"] = "SAMPLE"
    order = read(raw)

    def codes(**setting: Any) -> dict[str, int]:
        (parcel,) = parcels(order, settings(**HOME, **setting))
        return parcel.codes()

    assert codes() == {"S-ORAN": 1, "ABS": 1, "SAMPLE": 2}
    assert codes(bundles={"S-ORAN": {"TOWEL": 1, "ABS": 1}}) == {"TOWEL": 1, "ABS": 1, "SAMPLE": 2}
    assert codes(bundle_prefix="S-") == {"ABS": 1, "SAMPLE": 2}


def test_the_orders_of_a_page_without_lines_are_judged_by_what_is_there() -> None:
    awaiting, incomplete = (read(raw) for raw in example("orders_page.json"))
    assert stopped_by(awaiting, settings(start_date=None)) == ("something to ship", "hold")
    assert stopped_by(incomplete, settings(start_date=None)) == ("order status", "skip")


def test_the_lines_and_addresses_of_the_sub_resources_make_two_parcels() -> None:
    lines = read_products(json.dumps(row).encode() for row in example("order_products.json"))
    addresses = [
        record(json.dumps(row).encode(), type(read(example("order_with_consignments_object.json")).shipping[0]))
        for row in example("order_shipping_addresses.json")
    ]
    order = read(example("orders_page.json")[0])
    spread = [
        line if line.type != "physical" else type(line)(**{**_fields(line), "order_address_id": addresses[at % 2].id})
        for at, line in enumerate(lines)
    ]
    found = parcels(assembled(order, spread, addresses), settings())
    assert [one.number for one in found] == ["AC-100-1", "AC-100-2"]
    assert [one.consignment.id for one in found] == [one.id for one in addresses]
    assert sum(item.quantity for one in found for item in one.items) == sum(
        line.quantity for line in lines if line.type == "physical"
    )


def _fields(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__struct_fields__}
