"""What was changed after FM was asked, in words."""

from typing import Any

from npf.pull.edits import ADDRESS_FIELDS, Had, edits
from tests.orders.making import JANE, address, line, order

HAD = Had(
    lines={1: ("CUP", 2), 2: ("TEE", 1)},
    addresses={51: {name: JANE.get(name, "Standard Shipping") for name in ADDRESS_FIELDS}},
)


def told(*lines: dict[str, Any], **where: str) -> list[str]:
    return edits(HAD, order(address(51, *lines, **where)))


def test_an_order_that_is_as_it_was_has_no_edits() -> None:
    assert told(line(1, "CUP", 2), line(2, "TEE")) == []


def test_each_change_of_the_lines_is_told() -> None:
    assert told(line(1, "CUP", 5), line(3, "PEN", 4)) == ["CUP: 2 -> 5", "PEN x 4 added", "TEE removed"]


def test_a_line_without_a_sku_is_told_by_its_name() -> None:
    assert told(line(1, "CUP", 2), line(2, "TEE"), line(3, "", name="Sample")) == ["Sample x 1 added"]


def test_shipped_and_refunded_units_are_no_edit_and_neither_are_downloads() -> None:
    assert told(line(1, "CUP", 2, quantity_refunded=1), line(2, "TEE", quantity_shipped=1)) == []
    assert told(line(1, "CUP", 2), line(2, "TEE"), line(3, "PDF", type="digital")) == []


def test_each_change_of_an_address_is_told() -> None:
    found = told(line(1, "CUP", 2), line(2, "TEE"), zip="3066", city="Collingwood", shipping_method="Express")
    assert found == [
        "city “Fitzroy” -> “Collingwood”",
        "zip “3065” -> “3066”",
        "shipping_method “Standard Shipping” -> “Express”",
    ]


def test_an_address_that_came_or_went_is_told() -> None:
    moved = order(address(52, line(1, "CUP", 2), line(2, "TEE"), street_1="2 Low Street"))
    assert edits(HAD, moved) == ["address 2 Low Street, Fitzroy added", "address 1 High Street, Fitzroy removed"]
