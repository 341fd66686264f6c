"""What of a despatch BigCommerce is told: shipments with their lines, numbers, carriers and links."""

from collections.abc import Callable

from npf.audit.models import Event
from npf.shipments.models import Shipment
from tests.connected import Connected
from tests.push.conftest import at_fm, despatched, requests

Connect = Callable[..., Connected]


def lines_of(shop: Connected, number: int) -> list[tuple[str, dict[int, int]]]:
    """Tracking number and (place of the line -> units) of each shipment in BigCommerce."""
    places = {line.id: at for at, line in enumerate(shop.bc.orders[number].lines)}
    return [
        (one["tracking_number"], {places[item["order_product_id"]]: item["quantity"] for item in one["items"]})
        for one in shop.bc.shipments(number)
    ]


def test_it_writes_the_shipment_with_its_line_its_number_its_carrier_and_its_link(shop: Connected) -> None:
    number = despatched(shop, ("MUG-INK", 2), ("APRON-LIN", 1))
    assert shop.station("push").counts == {"pushed": 1}
    (shipment,) = shop.bc.shipments(number)
    parcel = shop.fm.order(f"AC-{number}").shipments[0]
    assert lines_of(shop, number) == [(parcel.consignment, {0: 2, 1: 1})]
    assert shipment["order_address_id"] == shop.bc.orders[number].addresses[0].id
    assert (shipment["shipping_provider"], shipment["tracking_carrier"]) == ("auspost", "")
    assert shipment["tracking_link"] == f"https://{parcel.link}"
    row = Shipment.objects.get()
    assert row.bc_shipment_id == shipment["id"]
    assert row.pushed_at is not None
    assert shop.order(number).stage == "complete"


def test_a_carrier_that_bigcommerce_does_not_list_is_written_as_tracking_carrier(shop: Connected) -> None:
    number = despatched(shop, ("MUG-INK", 1), shipping_method="Express Post")
    shop.station("push")
    (shipment,) = shop.bc.shipments(number)
    assert (shipment["shipping_provider"], shipment["tracking_carrier"]) == ("", "startrack")


def test_without_a_carrier_in_the_table_the_link_alone_is_written(connect: Connect) -> None:
    shop = connect(tables={"carriers": {}})
    number = despatched(shop)
    shop.station("push")
    (shipment,) = shop.bc.shipments(number)
    assert (shipment["shipping_provider"], shipment["tracking_carrier"]) == ("", "")
    assert shipment["tracking_link"].startswith("https://www.tracking.example/")


def test_without_update_tracking_url_bigcommerce_makes_its_own_link(connect: Connect) -> None:
    shop = connect(update_tracking_url="No")
    number = despatched(shop)
    shop.station("push")
    (shipment,) = shop.bc.shipments(number)
    assert shipment["tracking_link"] == ""
    assert shipment["tracking_number"] in shipment["generated_tracking_link"]


def test_a_link_that_bigcommerce_would_not_take_is_left_out_and_the_timeline_says_so(shop: Connected) -> None:
    number = despatched(shop)
    Shipment.objects.update(tracking_link="www.tracking.example/" + "x" * 500)
    shop.station("push")
    (shipment,) = shop.bc.shipments(number)
    assert shipment["tracking_link"] == ""
    assert Event.objects.filter(bc_order_id=number, text__contains="without FM's link").count() == 1
    assert shop.order(number).stage == "complete"


def test_a_number_that_is_too_long_is_held_and_never_cut(shop: Connected) -> None:
    number = despatched(shop)
    Shipment.objects.update(tracking_number="N" * 51)
    assert shop.station("push").counts == {"failed": 1, "held": 1}
    order = shop.order(number)
    assert (order.stage, order.field) == ("held", "tracking_number")
    assert "51 characters" in order.reason
    assert shop.bc.shipments(number) == []


def test_without_update_tracking_number_no_shipment_is_written_and_the_status_moves(connect: Connect) -> None:
    shop = connect(update_tracking_number="No")
    number = despatched(shop)
    shop.station("push")
    order = shop.order(number)
    assert shop.bc.shipments(number) == []
    assert shop.bc.orders[number].status_id == 10
    assert (order.stage, order.reason) == ("complete", "its tracking was not written: Update Tracking Number is off")


def test_a_switch_that_is_turned_off_counts_for_what_waits_already(shop: Connected) -> None:
    number = despatched(shop)
    shop.set(update_tracking_number="No")
    shop.station("push")
    assert shop.bc.shipments(number) == []
    assert "Update Tracking Number is off" in shop.order(number).reason


def test_two_parcels_become_two_shipments_with_their_own_lines(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2), ("APRON-LIN", 1))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1, "APRON-LIN": 1}, "C2")
    shop.station("follow")
    shop.station("push")
    assert lines_of(shop, number) == [("C1", {0: 1}), ("C2", {0: 1, 1: 1})]
    assert shop.order(number).stage == "complete"
    assert not requests(shop, "GET", "/shipments")


def test_a_part_is_told_at_once_and_the_rest_when_it_leaves(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.run()
    assert lines_of(shop, number) == [("C1", {0: 1})]
    assert shop.order(number).stage == "processing"
    assert shop.bc.orders[number].status_id == 3
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 2}, "C2")
    shop.run()
    assert lines_of(shop, number) == [("C1", {0: 1}), ("C2", {0: 2})]
    assert (shop.order(number).stage, shop.bc.orders[number].status_id) == ("complete", 10)


def test_many_parts_of_one_line_are_all_told(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 4))
    for part in range(4):
        shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, f"C{part}")
        shop.run()
    assert lines_of(shop, number) == [(f"C{part}", {0: 1}) for part in range(4)]
    assert shop.order(number).stage == "complete"


def test_two_parcels_may_bear_one_number(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 1), ("APRON-LIN", 1))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "SAME")
    shop.run()
    shop.fm.ship(f"AC-{number}", {"APRON-LIN": 1}, "SAME")
    shop.run()
    assert lines_of(shop, number) == [("SAME", {0: 1}), ("SAME", {1: 1})]
    assert shop.order(number).stage == "complete"


def test_each_address_has_its_own_shipment(shop: Connected) -> None:
    number = despatched(shop, ("MUG-INK", 1), ("APRON-LIN", 2), addresses=2)
    shop.station("push")
    first, second = shop.bc.orders[number].addresses
    assert [one["order_address_id"] for one in shop.bc.shipments(number)] == [first.id, second.id]
    assert [found for _, found in lines_of(shop, number)] == [{0: 1}, {1: 2}]
    assert shop.order(number).stage == "complete"


def test_an_order_of_two_addresses_is_complete_when_both_have_left(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 1), ("APRON-LIN", 2), addresses=2)
    shop.fm.ship(f"AC-{number}-2", None, "C2")
    shop.run()
    assert lines_of(shop, number) == [("C2", {1: 2})]
    assert shop.order(number).stage == "processing"
    shop.fm.ship(f"AC-{number}-1", None, "C1")
    shop.run()
    assert lines_of(shop, number) == [("C2", {1: 2}), ("C1", {0: 1})]
    assert shop.order(number).stage == "complete"


def test_a_parcel_with_a_part_of_a_bundle_is_named_by_the_one_that_completes_it(connect: Connect) -> None:
    shop = connect(tables={"bundles": {"KIT-TEA": {"MUG-STONE": 2, "TEA-TWL-GUM": 1}}})
    number = at_fm(shop, ("KIT-TEA", 1))
    shop.fm.ship(f"AC-{number}", {"MUG-STONE": 2}, "C1")
    shop.run()
    assert shop.bc.shipments(number) == []
    shop.fm.ship(f"AC-{number}", {"TEA-TWL-GUM": 1}, "C2")
    shop.run()
    (shipment,) = shop.bc.shipments(number)
    assert lines_of(shop, number) == [("C2", {0: 1})]
    assert shipment["comments"] == "Further consignments: C1"
    assert shop.order(number).stage == "complete"


def test_an_order_that_fm_holds_is_told_what_left_before(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.station("follow")
    shop.fm.hold(f"AC-{number}", "The second is broken")
    shop.station("follow")
    assert shop.order(number).stage == "held"
    shop.station("push")
    assert lines_of(shop, number) == [("C1", {0: 1})]
    assert shop.order(number).stage == "held"


def test_test_orders_are_told_like_any_other(shop: Connected) -> None:
    number = despatched(shop, ("Test001", 1), ("Test002", 1))
    shop.station("push")
    order = shop.order(number)
    assert (order.test, order.stage) == (True, "complete")
    assert len(shop.bc.shipments(number)) == 1
