"""What is shipped, where to, and under which number: bundles, pick lists, several addresses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.bigcommerce.records import Order
from npf.orders.parcels import Before, Item, left_to_ship, less_what_left, parcels, physical_lines
from tests.orders.making import address, as_json, extra, line, order, settings

KIT = {"KIT-A": {"CUP": 2, "TEE": 1}}


def items(*lines: dict[str, Any], **setting: Any) -> dict[int, tuple[int, dict[str, int], int | None]]:
    """order_product_id -> (quantity, parts, rides with) of an order of one address."""
    found = parcels(order(*lines), settings(**setting))
    return {item.line.id: (item.quantity, item.parts, item.rides_with) for one in found for item in one.items}


def unknown(*lines: dict[str, Any], **setting: Any) -> list[str]:
    return [sku for one in parcels(order(*lines), settings(**setting)) for sku in one.unknown_bundles]


def child(number: int, sku: str, of: int, **more: Any) -> dict[str, Any]:
    return line(number, sku, price="0", parent_order_product_id=of, is_bundled_product=True, **more)


# plain lines


def test_a_line_is_shipped_as_fms_code_of_its_sku() -> None:
    assert items(line(1, "CUP", 3), sku_map={"CUP": "FM-CUP"}) == {1: (3, {"FM-CUP": 1}, None)}


def test_blanks_around_a_sku_are_no_part_of_fms_code() -> None:
    assert items(line(1, " CUP "), sku_map={"CUP": "FM-CUP"}) == {1: (1, {"FM-CUP": 1}, None)}
    assert items(line(1, " KIT-A "), bundles=KIT) == {1: (1, {"CUP": 2, "TEE": 1}, None)}


def test_only_what_is_neither_refunded_nor_shipped_is_shipped() -> None:
    lines = (line(1, quantity=5, quantity_refunded=2, quantity_shipped=1), line(2, quantity=1, quantity_refunded=1))
    assert items(*lines) == {1: (2, {"CUP": 1}, None)}


def test_more_refunded_than_ordered_is_nothing_to_ship() -> None:
    assert items(line(1, quantity=1, quantity_refunded=1, quantity_shipped=1)) == {}


def test_digital_lines_and_collected_goods_are_not_shipped() -> None:
    found = extra(
        as_json(line(1)),
        downloads=[{"line_items": [line(2, "PDF", type="digital", order_address_id=0)]}],
        pickups=[{"id": 1, "line_items": [line(3, order_address_id=0)]}],
    )
    assert [item.line.id for one in parcels(found, settings()) for item in one.items] == [1]
    assert [one.id for one in physical_lines(found)] == [1]


@pytest.mark.parametrize("kind", ["physical", "", None, "something new"])
def test_whatever_is_not_a_download_or_a_certificate_is_goods(kind: str | None) -> None:
    assert items(line(1, type=kind)) == {1: (1, {"CUP": 1}, None)}


# bundles


def test_a_bundle_of_the_table_is_taken_apart_whatever_its_name() -> None:
    assert items(line(1, "KIT-A", 3), bundles=KIT) == {1: (3, {"CUP": 2, "TEE": 1}, None)}


@pytest.mark.parametrize(("sku", "affix"), [("B-CUP", {"bundle_prefix": "B-"}), ("CUP-B", {"bundle_suffix": "-B"})])
def test_prefix_and_suffix_make_a_bundle(sku: str, affix: dict[str, str]) -> None:
    assert unknown(line(1, sku), **affix) == [sku]
    assert items(line(1, sku), bundles={sku: {"CUP": 1, "TEE": 1}}, **affix) == {1: (1, {"CUP": 1, "TEE": 1}, None)}
    assert items(line(1, sku), bundle_action="as_is", **affix) == {1: (1, {sku: 1}, None)}
    assert items(line(1, sku), bundle_action="strip", **affix) == {1: (1, {"CUP": 1}, None)}


@pytest.mark.parametrize(("sku", "affix"), [("b-CUP", {"bundle_prefix": "B-"}), ("CUP-b", {"bundle_suffix": "-B"})])
def test_prefix_and_suffix_are_exact(sku: str, affix: dict[str, str]) -> None:
    assert items(line(1, sku), **affix) == {1: (1, {sku: 1}, None)}


def test_a_stripped_bundle_has_its_own_row_of_the_sku_map() -> None:
    found = items(line(1, "B-CUP"), bundle_prefix="B-", bundle_action="strip", sku_map={"CUP": "FM-CUP"})
    assert found == {1: (1, {"FM-CUP": 1}, None)}


def test_an_unknown_bundle_is_named_and_the_other_lines_stay() -> None:
    lines = (line(1, "KIT-X"), line(2, "CUP"))
    assert unknown(*lines, bundle_prefix="KIT-") == ["KIT-X"]
    assert items(*lines, bundle_prefix="KIT-") == {2: (1, {"CUP": 1}, None)}


# parents and children (fact 51)


def test_the_children_of_a_resolved_bundle_ride_along() -> None:
    found = items(line(1, "KIT-A"), child(2, "CUP", 1, quantity=2), child(3, "TEE", 1), bundles=KIT)
    assert found == {1: (1, {"CUP": 2, "TEE": 1}, None), 2: (2, {}, 1), 3: (1, {}, 1)}


@pytest.mark.parametrize("action", ["as_is", "strip"])
def test_the_children_of_a_bundle_that_fm_knows_ride_along(action: str) -> None:
    found = items(line(1, "B-CUP"), child(2, "TEE", 1), bundle_prefix="B-", bundle_action=action)
    assert found[2] == (1, {}, 1)


def test_the_children_of_an_unknown_bundle_are_shipped_and_it_rides_with_the_first() -> None:
    lines = (line(1, "KIT-A"), child(2, "CUP", 1, quantity=2), child(3, "TEE", 1))
    assert items(*lines, bundle_prefix="KIT-") == {1: (1, {}, 2), 2: (2, {"CUP": 1}, None), 3: (1, {"TEE": 1}, None)}
    assert unknown(*lines, bundle_prefix="KIT-") == []


def test_a_parent_that_is_no_bundle_is_shipped_beside_its_children() -> None:
    found = items(line(1, "DESK"), child(2, "LAMP", 1))
    assert found == {1: (1, {"DESK": 1}, None), 2: (1, {"LAMP": 1}, None)}


def test_it_makes_no_difference_which_of_them_bigcommerce_lists_first() -> None:
    found = items(child(2, "CUP", 1), line(1, "KIT-A"), bundles=KIT)
    assert found == {2: (1, {}, 1), 1: (1, {"CUP": 2, "TEE": 1}, None)}


def test_an_unknown_bundle_inside_a_resolved_one_rides_along_and_is_not_asked_for() -> None:
    lines = (line(1, "KIT-A"), child(2, "KIT-X", 1), child(3, "CUP", 2))
    assert unknown(*lines, bundles=KIT, bundle_prefix="KIT-") == []
    assert items(*lines, bundles=KIT, bundle_prefix="KIT-") == {
        1: (1, {"CUP": 2, "TEE": 1}, None),
        2: (1, {}, 1),
        3: (1, {}, 1),
    }


def test_a_bundle_inside_an_unknown_one_bears_both() -> None:
    lines = (line(1, "KIT-X"), child(2, "KIT-A", 1), child(3, "CUP", 2))
    assert items(*lines, bundles=KIT, bundle_prefix="KIT-") == {
        1: (1, {}, 2),
        2: (1, {"CUP": 2, "TEE": 1}, None),
        3: (1, {}, 2),
    }


def test_unknown_bundles_inside_each_other_ride_with_what_is_shipped() -> None:
    lines = (line(1, "KIT-X"), child(2, "KIT-Y", 1), child(3, "CUP", 2))
    assert items(*lines, bundle_prefix="KIT-") == {1: (1, {}, 3), 2: (1, {}, 3), 3: (1, {"CUP": 1}, None)}


@pytest.mark.parametrize("bundles", [KIT, {}])
def test_a_bundle_that_was_refunded_takes_its_children_with_it(bundles: dict[str, dict[str, int]]) -> None:
    lines = (line(1, "KIT-A", quantity_refunded=1), child(2, "CUP", 1), line(3, "TEE"))
    assert items(*lines, bundles=bundles, bundle_prefix="KIT-") == {3: (1, {"TEE": 1}, None)}


def test_an_unknown_bundle_whose_children_were_all_refunded_is_unknown() -> None:
    assert unknown(line(1, "KIT-A"), child(2, "CUP", 1, quantity_refunded=1), bundle_prefix="KIT-") == ["KIT-A"]


def test_a_child_at_another_address_is_on_its_own() -> None:
    both = order(address(51, line(1, "KIT-A")), address(52, child(2, "CUP", 1)))
    first, second = parcels(both, settings(bundles=KIT))
    assert (first.codes(), second.codes()) == ({"CUP": 2, "TEE": 1}, {"CUP": 1})


def test_bundles_that_are_each_others_parents_are_each_on_their_own() -> None:
    circle = (child(1, "KIT-A", 2), child(2, "KIT-A", 1), child(3, "KIT-A", 3), child(4, "TEE", 1))
    assert [rides for _, _, rides in items(*circle, bundles=KIT).values()] == [None, None, None, None]
    assert unknown(*circle, bundle_prefix="KIT-") == ["KIT-A"]
    assert len(items(*circle)) == 4


# several addresses


def numbers(found: Order, **setting: Any) -> list[str]:
    return [one.number for one in parcels(found, settings(**setting))]


def test_one_address_has_the_orders_number_with_the_prefix() -> None:
    assert numbers(order(line()), prefix="MG") == ["MG1001"]
    assert numbers(order(line()), prefix="") == ["1001"]


def test_several_addresses_are_numbered_in_the_order_of_bigcommerces_list() -> None:
    three = order(address(60, line(1)), address(52, line(2)), address(55, line(3)))
    assert numbers(three) == ["AC-1001-1", "AC-1001-2", "AC-1001-3"]
    assert [one.consignment.id for one in parcels(three, settings())] == [60, 52, 55]


def test_an_address_without_anything_to_ship_keeps_its_place() -> None:
    three = order(address(51, line(1, quantity_refunded=1)), address(52, line(2)), address(53))
    assert numbers(three) == ["AC-1001-2"]


def test_two_lines_of_one_article_add_up() -> None:
    (one,) = parcels(order(line(1, quantity=2), line(2, quantity=3), line(3, "KIT-A", 2)), settings(bundles=KIT))
    assert one.codes() == {"CUP": 9, "TEE": 2}


# laws

_SKUS = st.sampled_from(["CUP", "TEE", "KIT-A", "KIT-B", "KIT-X", ""])


@st.composite
def families(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Lines with any parents, also ones that are not there, and circles."""
    count = draw(st.integers(1, 7))
    return [
        line(
            number,
            draw(_SKUS),
            draw(st.integers(0, 4)),
            quantity_refunded=draw(st.integers(0, 2)),
            quantity_shipped=draw(st.integers(0, 1)),
            type=draw(st.sampled_from(["physical", "physical", "digital"])),
            parent_order_product_id=draw(st.none() | st.integers(1, count + 1)),
        )
        for number in range(1, count + 1)
    ]


@given(families(), st.sampled_from(["explode", "as_is", "strip"]))
def test_a_line_is_shipped_once_rides_with_one_that_is_shipped_or_is_named_unknown(
    lines: list[dict[str, Any]], action: str
) -> None:
    setting = settings(bundles={"KIT-A": {"CUP": 2}, "KIT-B": {"TEE": 3}}, bundle_prefix="KIT-", bundle_action=action)
    found = order(*lines)
    got = parcels(found, setting)
    shipped: list[Item] = [item for one in got for item in one.items]
    by_line = {item.line.id: item for item in shipped}
    assert len(by_line) == len(shipped)
    for item in shipped:
        assert item.quantity == left_to_ship(item.line) > 0
        # Never both: what rides along has no goods of its own.
        assert bool(item.parts) == (item.rides_with is None)
        if item.rides_with is not None:
            assert item.line.id != item.rides_with
            assert by_line[item.rides_with].parts
    left_out = {one.id for one in physical_lines(found) if left_to_ship(one)} - set(by_line)
    unknown_skus = {sku for one in got for sku in one.unknown_bundles}
    gone = {one.id for one in found.lines if not left_to_ship(one)}
    for one in physical_lines(found):
        if one.id in left_out:
            assert one.sku in unknown_skus or one.parent_order_product_id in gone | left_out


# sent again


def test_what_left_earlier_is_not_sent_again_and_the_numbers_are_new() -> None:
    before = Before(1, {1: 2, 2: 1})
    two = order(address(51, line(1, "CUP", 3), line(2, "TEE")), address(52, line(3, "PEN", 2)))
    found = parcels(less_what_left(two, before), settings(), before.resent)
    assert [(one.number, one.codes()) for one in found] == [("AC-1001-1-R2", {"CUP": 1}), ("AC-1001-2-R2", {"PEN": 2})]


def test_what_bigcommerce_shows_as_shipped_counts_once() -> None:
    shown = order(line(1, "CUP", 5, quantity_shipped=2))
    assert parcels(less_what_left(shown, Before(1, {1: 2})), settings())[0].codes() == {"CUP": 3}
    assert parcels(less_what_left(shown, Before(1, {1: 1})), settings())[0].codes() == {"CUP": 3}
    assert parcels(less_what_left(shown, Before(1, {1: 4})), settings())[0].codes() == {"CUP": 1}
