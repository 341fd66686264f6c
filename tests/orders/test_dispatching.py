"""Which row of the dispatch table a parcel gets: by its method, its country, its weight."""

from decimal import Decimal
from typing import Any

import pytest

from npf.orders.dispatching import row_of, unmapped, weight_kg
from npf.orders.gates import judge
from npf.orders.parcels import Parcel, parcels
from tests.orders.making import address, line, order, settings

BY_WEIGHT = [
    {"code": "EP EXP", "countries": ["AU"], "up_to_kg": 5},
    {"code": "STR EXP", "countries": ["AU"], "over_kg": 5, "up_to_kg": 22},
    {"code": "NZ PC", "countries": ["NZ"]},
]


def parcel(*parts: Any, **setting: Any) -> Parcel:
    (found,) = parcels(order(*parts), settings(**setting))
    return found


def heavy(kg: str, country: str = "AU", method: str = "Express Post") -> Parcel:
    return parcel(address(51, line(1, weight=kg), shipping_method=method, country_iso2=country))


@pytest.mark.parametrize(
    ("unit", "kg"),
    [("kg", "3.5"), ("g", "0.0035"), ("t", "3500"), ("lb", "1.587573295"), ("oz", "0.0992233309375")],
)
def test_a_parcel_weighs_what_its_lines_do_in_the_stores_unit(unit: str, kg: str) -> None:
    """Fact 118, and fact 23 for the two spellings of a number."""
    lines = line(1, weight="0.5000", quantity=3), line(2, "BOWL", weight=2)
    assert weight_kg(parcel(*lines), settings(weight_unit=unit)) == Decimal(kg)


def test_the_weight_is_unknown_where_bigcommerce_has_none_for_one_of_the_products() -> None:
    assert weight_kg(parcel(line(1, weight="1.0"), line(2, "BOWL", weight="0.0000")), settings()) is None
    assert weight_kg(parcel(line(1, weight="1.0"), line(2, type="digital")), settings()) == 1


def test_a_bundle_without_a_weight_weighs_what_its_parts_do_and_never_both() -> None:
    table = {"KIT": {"CUP": 2}}
    ride = line(2, weight="0.4", quantity=2, parent_order_product_id=1)
    assert weight_kg(parcel(line(1, "KIT", weight="0"), ride, bundles=table), settings()) == Decimal("0.8")
    assert weight_kg(parcel(line(1, "KIT", weight="1"), ride, bundles=table), settings()) == 1


@pytest.mark.parametrize(
    ("country", "kg", "code"),
    [("AU", "5", "EP EXP"), ("AU", "5.001", "STR EXP"), ("AU", "22.0", "STR EXP"), ("NZ", "99", "NZ PC")],
)
def test_the_row_is_chosen_by_country_and_weight(country: str, kg: str, code: str) -> None:
    row = row_of(heavy(kg, country), settings(dispatch={"express post": BY_WEIGHT}))
    assert row is not None
    assert row.code == code


@pytest.mark.parametrize(
    ("found", "why", "cells"),
    [
        (
            heavy("1", method="Drone"),
            "shipping method “Drone” is not in the dispatch table",
            ["Drone", "", "", "", ""],
        ),
        (
            heavy("1", "GB"),
            "the dispatch table has no row for shipping method “Express Post” to United Kingdom",
            ["Express Post", "", "United Kingdom", "", ""],
        ),
        (
            heavy("22.5"),
            "the dispatch table has no row for shipping method “Express Post” to Australia over 22 kg",
            ["Express Post", "", "Australia", "22", ""],
        ),
        (
            heavy("0"),
            "the dispatch table has no row for shipping method “Express Post” to Australia without a weight, and "
            "BigCommerce has no weight for one of its products",
            ["Express Post", "", "Australia", "", ""],
        ),
    ],
)
def test_an_unmapped_parcel_names_the_row_that_is_missing(found: Parcel, why: str, cells: list[str]) -> None:
    of = settings(dispatch={"express*": BY_WEIGHT})
    said, row = unmapped(found, of)
    assert (said, row.method) == (why, cells[0])
    decides = judge(order(address(51, *_lines(found), **_to(found))), of).decides
    assert decides is not None
    assert (decides.why, decides.lacks) == (why, cells)


def _lines(found: Parcel) -> list[dict[str, Any]]:
    return [line(1, weight=str(found.items[0].line.weight))]


def _to(found: Parcel) -> dict[str, str]:
    return {"shipping_method": found.consignment.shipping_method, "country_iso2": found.consignment.country_iso2}


def test_orders_that_lack_the_same_row_are_one_cause_whatever_they_weigh() -> None:
    of = settings(dispatch={"express*": BY_WEIGHT})
    assert unmapped(heavy("30"), of) == unmapped(heavy("23.1"), of)
