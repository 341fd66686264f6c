"""The kinds of orders that a merchant's shop brings forth, each the whole way."""

from collections.abc import Callable

from npf.audit.models import Event
from npf.orders.models import Order
from npf.shipments.listing import listed
from tests.connected import Connected
from tests.way.outcome import all_went_once

KITS = {"KIT-TEA": {"MUG-STONE": 2, "TEA-TWL-GUM": 1}}


def shipped_items(shop: Connected, number: int) -> dict[str, int]:
    """SKU -> units that BigCommerce shows as shipped."""
    skus = {line.id: line.sku for line in shop.bc.orders[number].lines}
    units: dict[str, int] = {}
    for shipment in shop.bc.shipments(number):
        for item in shipment["items"]:
            sku = skus[item["order_product_id"]]
            units[sku] = units.get(sku, 0) + item["quantity"]
    return units


def stands(shop: Connected, number: int) -> tuple[str, str, int]:
    """(stage, reason, BigCommerce's status)."""
    order = shop.order(number)
    return order.stage, order.reason, shop.bc.orders[number].status_id


def test_a_test_order_goes_the_whole_way_and_is_in_no_real_count(shop: Connected) -> None:
    real = shop.place(("MUG-INK", 1))
    test = shop.place(("Test001", 1), ("Test002", 1))
    shop.run()
    assert stands(shop, test) == ("complete", "", 10)
    all_went_once(shop.bc, shop.fm, [real, test], "AC-")
    assert {row["bc_order_id"]: row["test"] for row in listed(shop.store)} == {real: False, test: True}
    assert list(Order.objects.filter(store=shop.store, test=False).values_list("bc_order_id", flat=True)) == [real]


def test_an_order_that_mixes_test_and_real_items_is_held(shop: Connected) -> None:
    number = shop.place(("Test001", 1), ("MUG-INK", 1))
    shop.run()
    assert shop.order(number).stage == "held"
    assert shop.fm.orders == {}


def test_two_addresses_become_two_fm_orders_and_two_shipments_of_one_complete_order(shop: Connected) -> None:
    number = shop.place(("MUG-INK", 2), ("BOWL-SER-28", 1), addresses=2)
    shop.run()
    assert sorted(shop.fm.orders) == [f"AC-{number}-1", f"AC-{number}-2"]
    all_went_once(shop.bc, shop.fm, [number], "AC-")
    addresses = {shipment["order_address_id"] for shipment in shop.bc.shipments(number)}
    assert addresses == {address.id for address in shop.bc.orders[number].addresses}
    assert stands(shop, number) == ("complete", "", 10)
    assert [row["fm_number"] for row in listed(shop.store)] == [f"AC-{number}-1", f"AC-{number}-2"]


def test_an_order_of_two_addresses_is_processing_until_both_have_left(shop: Connected) -> None:
    shop.fm.set(manual=True)
    number = shop.place(("MUG-INK", 2), ("BOWL-SER-28", 1), addresses=2)
    shop.run()
    assert stands(shop, number)[0] == "pending"
    shop.fm.ship(f"AC-{number}-2")
    shop.run()
    assert stands(shop, number)[0] == "processing"
    assert shipped_items(shop, number) == {"BOWL-SER-28": 1}
    shop.fm.ship(f"AC-{number}-1")
    shop.run()
    assert stands(shop, number) == ("complete", "", 10)
    all_went_once(shop.bc, shop.fm, [number], "AC-")


def test_a_bundle_goes_to_fm_in_its_parts_and_comes_back_as_the_bundle(connect: Callable[..., Connected]) -> None:
    shop = connect(bundle_prefix="KIT-", tables={"bundles": KITS})
    number = shop.place(("KIT-TEA", 2), ("MUG-INK", 1))
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-STONE": 4, "TEA-TWL-GUM": 2, "MUG-INK": 1}
    assert shipped_items(shop, number) == {"KIT-TEA": 2, "MUG-INK": 1}
    assert stands(shop, number) == ("complete", "", 10)


def test_a_bundle_whose_parts_leave_apart_is_shipped_when_the_last_part_has_left(
    connect: Callable[..., Connected],
) -> None:
    shop = connect(bundle_prefix="KIT-", tables={"bundles": KITS})
    shop.fm.set(manual=True)
    number = shop.place(("KIT-TEA", 1))
    shop.run()
    shop.fm.ship(f"AC-{number}", {"MUG-STONE": 2})
    shop.run()
    assert (shipped_items(shop, number), stands(shop, number)[0]) == ({}, "processing")
    shop.fm.ship(f"AC-{number}")
    shop.run()
    assert shipped_items(shop, number) == {"KIT-TEA": 1}
    assert stands(shop, number) == ("complete", "", 10)


def test_a_bundle_without_a_row_in_the_table_is_held_until_it_has_one(connect: Callable[..., Connected]) -> None:
    shop = connect(bundle_prefix="KIT-")
    number = shop.place(("KIT-TEA", 1))
    shop.run()
    stage, reason, status_id = stands(shop, number)
    assert (stage, status_id) == ("held", 11)
    assert "KIT-TEA" in reason
    shop.tables(bundles=KITS)
    shop.run()
    assert stands(shop, number) == ("complete", "", 10)
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-STONE": 2, "TEA-TWL-GUM": 1}


def test_pick_list_children_of_an_unlisted_bundle_are_what_is_shipped(connect: Callable[..., Connected]) -> None:
    shop = connect(bundle_prefix="KIT-")
    lines = [("KIT-TEA", 1), {"sku": "MUG-STONE", "quantity": 2, "parent": 0}, {"sku": "TEA-TWL-GUM", "parent": 0}]
    number = shop.bc.place_order(lines)
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-STONE": 2, "TEA-TWL-GUM": 1}
    assert shipped_items(shop, number) == {"KIT-TEA": 1, "MUG-STONE": 2, "TEA-TWL-GUM": 1}
    assert stands(shop, number) == ("complete", "", 10)


def test_pick_list_children_of_a_listed_bundle_are_not_shipped_a_second_time(connect: Callable[..., Connected]) -> None:
    shop = connect(bundle_prefix="KIT-", tables={"bundles": KITS})
    lines = [("KIT-TEA", 1), {"sku": "MUG-STONE", "quantity": 2, "parent": 0}, {"sku": "TEA-TWL-GUM", "parent": 0}]
    number = shop.bc.place_order(lines)
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-STONE": 2, "TEA-TWL-GUM": 1}
    assert shipped_items(shop, number) == {"KIT-TEA": 1, "MUG-STONE": 2, "TEA-TWL-GUM": 1}
    assert stands(shop, number) == ("complete", "", 10)


def test_a_pick_list_child_of_an_ordinary_article_is_shipped_beside_it(shop: Connected) -> None:
    number = shop.bc.place_order([("MUG-INK", 1), {"sku": "NOTEBOOK-A5", "quantity": 1, "parent": 0}])
    shop.run()
    all_went_once(shop.bc, shop.fm, [number], "AC-")


def test_a_download_beside_goods_stays_with_bigcommerce(shop: Connected) -> None:
    number = shop.bc.place_order([("MUG-INK", 1), {"sku": "PDF-CARE", "quantity": 1, "type": "digital"}])
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-INK": 1}
    assert shipped_items(shop, number) == {"MUG-INK": 1}
    assert stands(shop, number) == ("complete", "", 10)


def test_a_download_alone_is_not_for_fm(shop: Connected) -> None:
    number = shop.bc.place_order([{"sku": "PDF-CARE", "quantity": 1, "type": "digital"}])
    shop.run()
    assert shop.order(number).stage == "skipped"
    assert (shop.fm.orders, shop.bc.orders[number].status_id) == ({}, 11)


def test_gift_wrap_is_told_to_the_packers(shop: Connected) -> None:
    wrapped = {"sku": "MUG-INK", "quantity": 1, "wrapping_name": "Kraft wrap", "wrapping_message": "Love, Ruth"}
    number = shop.bc.place_order([wrapped, ("BOWL-SER-28", 1)])
    shop.run()
    details = shop.fm.orders[f"AC-{number}"].fields["DespatchDetails"]
    assert details["GiftWrappingRequired"] == "Yes"
    assert "Kraft wrap" in details["CustomerMessage"]
    assert "Love, Ruth" in details["CustomerMessage"]
    assert stands(shop, number) == ("complete", "", 10)


def test_what_is_refunded_before_it_goes_to_fm_is_not_shipped(connect: Callable[..., Connected]) -> None:
    shop = connect(order_status=[11, 14], merchant={"shipment_moves_status": False})
    number = shop.place(("MUG-INK", 3), ("BOWL-SER-28", 1))
    shop.bc.refund(number, 0, 2)
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-INK": 1, "BOWL-SER-28": 1}
    assert shipped_items(shop, number) == {"MUG-INK": 1, "BOWL-SER-28": 1}
    # Partially Refunded says something that Completed would wipe out.
    assert stands(shop, number)[::2] == ("complete", 14)


def test_a_back_ordered_order_comes_in_two_consignments(shop: Connected) -> None:
    shop.fm.set(manual=True)
    number = shop.place(("MUG-INK", 2), ("BOWL-SER-28", 1))
    shop.run()
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1})
    shop.run()
    assert stands(shop, number)[0] == "processing"
    assert shipped_items(shop, number) == {"MUG-INK": 1}
    shop.fm.ship(f"AC-{number}")
    shop.run()
    all_went_once(shop.bc, shop.fm, [number], "AC-")
    assert stands(shop, number) == ("complete", "", 10)


def test_a_malformed_order_is_held_with_its_raw_text_and_the_others_go_on(shop: Connected) -> None:
    good, bad, also_good = shop.place(), shop.place(), shop.place()
    shop.bc.malform(bad)
    shop.run()
    assert [shop.order(number).stage for number in (good, bad, also_good)] == ["complete", "held", "complete"]
    assert b'"quantity":"two"' in bytes(shop.order(bad).record.raw).replace(b" ", b"")
    all_went_once(shop.bc, shop.fm, [good, also_good], "AC-")


def test_the_timeline_tells_the_whole_way_in_its_order(shop: Connected) -> None:
    number = shop.place()
    shop.run()
    told = list(Event.objects.filter(bc_order_id=number).order_by("pk").values_list("tag", flat=True))
    stations = list(dict.fromkeys(tag.partition(":")[0] for tag in told if not tag.startswith("station")))
    assert stations == ["pull", "send", "follow", "push"]
