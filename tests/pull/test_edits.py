"""Where BigCommerce shows an order otherwise than FM was asked for it, and what of that holds it (facts 55, 56)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.orders.changes import ADDRESS_FIELDS, Change, read, reason, words, write
from npf.pull.edits import Had, HadLine, differences, holding
from tests.orders.making import JANE, address, line, order


def cup(**more: Any) -> HadLine:
    return HadLine(**({"name": "CUP", "sku": "CUP", "wanted": 2, "remains": 2, "address": 51, "remarks": ""} | more))


def tee(**more: Any) -> HadLine:
    return HadLine(**({"name": "TEE", "sku": "TEE", "wanted": 1, "remains": 1, "address": 51, "remarks": ""} | more))


JANES = {name: JANE.get(name, "Standard Shipping") for name in ADDRESS_FIELDS}
BILL = {name: JANE.get(name, "") for name in ADDRESS_FIELDS}
HAD = Had(lines={1: cup(), 2: tee()}, addresses={51: JANES}, message="", billing=BILL)


def found(
    *lines: dict[str, Any], had: Had = HAD, order_has: dict[str, Any] | None = None, **where: str
) -> list[Change]:
    return differences(had, order(address(51, *lines, **where), **(order_has or {})))


def told(*lines: dict[str, Any], had: Had = HAD, **where: str) -> list[str]:
    return [words(one) for one in found(*lines, had=had, **where)]


def holds(*lines: dict[str, Any], had: Had = HAD, held: bool = False, **where: str) -> list[str]:
    return [words(one) for one in holding(had, found(*lines, had=had, **where), [], held=held)]


AS_ASKED = (line(1, "CUP", 2), line(2, "TEE"))


def test_an_order_that_is_as_it_was_has_no_changes() -> None:
    assert found(*AS_ASKED) == []


def test_each_change_of_the_lines_is_told() -> None:
    assert told(line(1, "CUP", 5), line(3, "PEN", 4)) == ["CUP: 2 -> 5", "PEN x 4 added", "TEE removed"]
    assert told(line(1, "MUG", 2), line(2, "TEE")) == ["CUP: SKU “CUP” -> “MUG”"]


def test_a_line_without_a_sku_is_told_by_its_name() -> None:
    assert told(*AS_ASKED, line(3, "", name="Sample")) == ["Sample x 1 added"]


def test_refunded_units_are_no_longer_wanted() -> None:
    assert told(line(1, "CUP", 2, quantity_refunded=1), line(2, "TEE", quantity_refunded=1)) == [
        "CUP: 2 -> 1 (1 refunded)",
        "TEE: 1 -> 0 (1 refunded)",
    ]


def test_shipped_units_are_no_change_whoever_shipped_them_and_neither_are_downloads() -> None:
    assert told(line(1, "CUP", 2, quantity_shipped=2), line(2, "TEE", quantity_shipped=1)) == []
    assert told(*AS_ASKED, line(3, "PDF", type="digital")) == []


def test_what_was_refunded_before_fm_was_asked_is_no_change() -> None:
    had = Had(lines={1: cup(wanted=2), 2: tee()}, addresses={51: JANES})
    assert told(line(1, "CUP", 3, quantity_refunded=1), line(2, "TEE"), had=had) == []


def test_what_the_packer_is_told_of_a_line_is_a_change_of_the_line() -> None:
    wrapped = line(1, "CUP", 2, wrapping_name="Kraft", wrapping_message="Love")
    assert told(wrapped, line(2, "TEE")) == ["CUP: for the packer “” -> “Gift wrap CUP: Kraft Love”"]
    unknown = Had(lines={1: cup(remarks=None), 2: tee()}, addresses={51: JANES})
    assert told(wrapped, line(2, "TEE"), had=unknown) == []


def test_each_change_of_an_address_is_told() -> None:
    assert told(*AS_ASKED, zip="3066", city="Collingwood", shipping_method="Express") == [
        "city “Fitzroy” -> “Collingwood”",
        "postcode “3065” -> “3066”",
        "shipping method “Standard Shipping” -> “Express”",
    ]


def test_capitals_and_spaces_lead_to_the_same_door() -> None:
    assert told(*AS_ASKED, city=" FITZROY", street_1="1  high street ") == []


def test_an_address_that_came_or_went_is_told_and_holds_what_goes_there() -> None:
    moved = order(address(52, *AS_ASKED, street_1="2 Low Street"))
    changes = differences(HAD, moved)
    assert [words(one) for one in changes] == [
        "address 2 Low Street, Fitzroy added",
        "address 1 High Street, Fitzroy removed",
    ]
    assert holding(HAD, changes, [], held=False) == changes


def test_a_line_that_goes_to_another_address_of_the_order_is_changed() -> None:
    had = Had(lines={1: cup(), 2: tee()}, addresses={51: JANES, 52: JANES | {"street_1": "2 Low Street"}})
    now = order(address(51, line(1, "CUP", 2)), address(52, line(2, "TEE"), street_1="2 Low Street"))
    assert [words(one) for one in differences(had, now)] == [
        "TEE: goes to “1 High Street, Fitzroy” -> “2 Low Street, Fitzroy”"
    ]


# what holds


def test_what_does_not_matter_to_the_parcel_is_told_and_holds_nothing() -> None:
    assert told(*AS_ASKED, phone="0400", email="j@example.com")
    assert holds(*AS_ASKED, phone="0400", email="j@example.com") == []
    bill = {"customer_message": "Ring twice", "billing_address": JANE | {"zip": "3000"}}
    changes = found(*AS_ASKED, order_has=bill)
    assert [words(one) for one in changes] == [
        "message of the shopper “” -> “Ring twice”",
        "billing postcode “3065” -> “3000”",
    ]
    assert holding(HAD, changes, [], held=False) == []


@pytest.mark.parametrize("field", [name for name in ADDRESS_FIELDS if name not in ("phone", "email")])
def test_whatever_leads_the_parcel_holds(field: str) -> None:
    assert len(holds(*AS_ASKED, **{field: "elsewhere"})) == 1


def test_what_has_left_already_is_told_and_holds_nothing() -> None:
    gone = Had(lines={1: cup(remains=0), 2: tee(remains=0)}, addresses={51: JANES})
    assert holds(line(1, "CUP", 2, quantity_refunded=1), line(2, "TEE"), had=gone, zip="3066") == []
    assert holds(line(1, "CUP", 2), had=gone) == []
    part = Had(lines={1: cup(remains=0), 2: tee()}, addresses={51: JANES})
    assert holds(line(1, "CUP", 2, quantity_refunded=1), line(2, "TEE"), had=part) == []
    assert holds(*AS_ASKED, had=part, zip="3066") == ["postcode “3065” -> “3066”"]


def test_units_that_fm_was_never_asked_for_hold_though_all_has_left() -> None:
    gone = Had(lines={1: cup(remains=0), 2: tee(remains=0)}, addresses={51: JANES})
    assert holds(line(1, "CUP", 3), line(2, "TEE"), had=gone) == ["CUP: 2 -> 3"]


def test_what_is_held_for_a_change_stays_so_when_it_leaves() -> None:
    gone = Had(lines={1: cup(remains=0), 2: tee(remains=0)}, addresses={51: JANES})
    assert holds(*AS_ASKED, had=gone, held=True, zip="3066") == ["postcode “3065” -> “3066”"]
    assert holds(*AS_ASKED, had=gone, held=True) == []


def test_a_change_that_was_let_ship_holds_no_more_and_another_one_does() -> None:
    accepted = found(*AS_ASKED, zip="3066")
    assert holding(HAD, accepted, accepted, held=False) == []
    further = found(*AS_ASKED, zip="3066", city="Collingwood")
    assert [one.field for one in holding(HAD, further, accepted, held=False)] == ["city"]
    other = found(*AS_ASKED, zip="3067")
    assert holding(HAD, other, accepted, held=False) == other


def test_a_reason_names_a_few_and_counts_the_rest() -> None:
    many = found(*(line(number, f"SKU-{number}") for number in range(10, 18)))
    assert reason(many).endswith("; and 6 more")
    assert reason([]) == ""


TEXTS = st.sampled_from(["3065", "3066", "Fitzroy", ""])


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["CUP", "TEE", "PEN"]), st.integers(0, 4)), max_size=4),
    TEXTS,
    TEXTS,
    st.booleans(),
)
def test_changes_are_a_matter_of_both_sides_alone_and_survive_being_kept(
    lines: list[tuple[int, str, int]], city: str, postcode: str, held: bool
) -> None:
    by_number = {number: line(number, sku, units) for number, sku, units in lines}
    now = order(address(51, *by_number.values(), city=city, zip=postcode))
    changes = differences(HAD, now)
    assert differences(HAD, now) == changes
    assert read(write(changes)) == changes
    assert holding(HAD, changes, changes, held=held) == []
    fresh = holding(HAD, changes, [], held=held)
    assert all(one in changes and one.matters for one in fresh)
