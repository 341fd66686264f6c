"""An FM shipment becomes exactly one row, with its units on the right lines, and push is told of each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from npf.core.clock import ManualClock
from npf.desk import decisions
from npf.follow import settle, station
from npf.orders.models import Order, SalesOrder
from npf.shipments.models import Shipment
from tests.connected import Connected
from tests.follow.conftest import at_fm, looked, sales_order, shipments, stands, with_fm


def test_a_shipment_is_one_row_however_often_it_is_seen(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", consignment="C1")
    looked(shop)
    looked(shop)
    assert shipments(shop, number) == [("C1", 1, {1: 2})]
    row = Shipment.objects.get()
    assert row.tracking_link.endswith("type=parcel")
    assert row.despatched_on is not None
    assert row.freight > 0
    assert row.seen_at is not None


def test_several_shipments_carry_their_own_units_and_are_each_pushed(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3), ("BOWL-SER-28", 1))
    for units, consignment in (({"MUG-INK": 1}, "C1"), ({"MUG-INK": 1}, "C2")):
        shop.fm.part_ship(f"AC-{number}", units, consignment)
        looked(shop)
        # The reason is the same each time but for the figures; there is something to tell each time.
        assert shop.order(number).next_push_at is not None
        shop.station("push")
        assert shop.order(number).next_push_at is None
    assert stands(shop, number) == ("processing", "")
    shop.fm.ship(f"AC-{number}", consignment="C3")
    looked(shop)
    shop.station("push")
    assert shipments(shop, number) == [("C1", 1, {1: 1}), ("C2", 1, {1: 1}), ("C3", 1, {1: 1, 2: 1})]
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 3


def test_a_second_part_with_the_same_reason_is_pushed(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 4))
    for consignment in ("C1", "C2"):
        shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, consignment)
        shop.fm.backorder(f"AC-{number}", {"MUG-INK": 1})
        looked(shop)
        order = shop.order(number)
        assert (order.stage, order.reason) == ("processing", "back-ordered: 1 x MUG-INK")
        assert order.next_push_at is not None
        shop.station("push")
    assert len(shop.bc.shipments(number)) == 2


def test_what_fm_adds_under_the_same_number_is_a_further_part(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3))
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    looked(shop)
    shop.fm.ship(f"AC-{number}", consignment="C1")
    looked(shop)
    looked(shop)
    assert shipments(shop, number) == [("C1", 1, {1: 1}), ("C1", 2, {1: 2})]
    shop.station("push")
    assert stands(shop, number)[0] == "complete"
    assert sorted(one["items"][0]["quantity"] for one in shop.bc.shipments(number)) == [1, 2]


def test_a_shipment_without_a_number_waits_for_one(shop: Connected) -> None:
    number = at_fm(shop)
    shop.fm.ship(f"AC-{number}", consignment=" ")
    looked(shop)
    assert shipments(shop, number) == []
    assert stands(shop, number) == ("processing", "")
    assert "has not given every number" in shop.order(number).reason
    numbered(shop, number, "C1")
    looked(shop)
    assert shipments(shop, number) == [("C1", 1, {1: 1})]
    assert shop.order(number).reason == "all of it has left NPF"


def numbered(shop: Connected, number: int, consignment: str) -> None:
    order = shop.fm._orders[f"AC-{number}"]
    order.shipments = [replace(one, consignment=consignment) for one in order.shipments]


def test_a_short_shipment_is_held_and_completed_by_a_persons_word(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3), ("BOWL-SER-28", 1))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 2}, "C1", short=True)
    looked(shop)
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "fm_short")
    assert order.reason == "FM says shipped, but 1 x MUG-INK, 1 x BOWL-SER-28 has not left"
    shop.station("push")
    assert len(shop.bc.shipments(number)) == 1
    decisions.release(shop.order(number), "anna", shop.outside.clock)
    looked(shop)
    shop.station("push")
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 1


def test_bundles_and_shared_codes_come_back_as_lines(shop: Connected) -> None:
    shop.tables(bundles={"KIT-HOME": {"FM-1": 2, "FM-2": 1}}, sku_map={"MUG-INK": "FM-1"})
    number = at_fm(shop, ("KIT-HOME", 2), ("MUG-INK", 1))
    assert shop.fm.orders[f"AC-{number}"].ordered == {"FM-1": 5, "FM-2": 2}
    shop.fm.part_ship(f"AC-{number}", {"FM-1": 3}, "C1")
    shop.fm.part_ship(f"AC-{number}", {"FM-2": 2}, "C2")
    looked(shop)
    shop.fm.ship(f"AC-{number}", consignment="C3")
    looked(shop)
    assert shipments(shop, number) == [("C1", 1, {2: 1}), ("C2", 1, {1: 1}), ("C3", 1, {1: 1})]
    shop.station("push")
    assert stands(shop, number)[0] == "complete"


def test_the_tracking_number_may_be_the_manifests(shop: Connected) -> None:
    with_fm(shop, tracking_from="manifest_no")
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "")
    looked(shop)
    manifest = shop.fm.orders[f"AC-{number}"].shipments[0].manifest
    assert shipments(shop, number) == [(manifest, 1, {1: 1})]
    shop.fm.ship(f"AC-{number}", consignment="", short=True)
    looked(shop)
    assert shipments(shop, number) == [(manifest, 1, {1: 1}), (manifest, 2, {1: 1})]
    assert sales_order(shop, number).finished_at is not None


def test_what_is_held_by_hand_stays_held_and_is_told_after_the_release(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    decisions.hold(shop.order(number), "anna", shop.outside.clock, "the shopper called")
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    looked(shop)
    shop.station("push")
    assert stands(shop, number) == ("held", "by_hand")
    assert shipments(shop, number) == [("C1", 1, {1: 1})]
    assert shop.bc.shipments(number) == []
    shop.fm.ship(f"AC-{number}", consignment="C2")
    looked(shop)
    assert sales_order(shop, number).finished_at is not None
    decisions.release(shop.order(number), "anna", shop.outside.clock)
    shop.station("push")
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 2


def test_without_tracking_updates_shipments_are_kept_and_not_wanted(connect: Callable[..., Connected]) -> None:
    shop = connect(update_tracking_number="No")
    number = at_fm(shop)
    shop.fm.ship(f"AC-{number}")
    looked(shop)
    assert [one.wanted for one in Shipment.objects.all()] == [False]


def test_a_persons_decision_while_fm_is_being_asked_is_not_undone(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1", short=True)
    looked(shop)
    really = station.settle

    def after_a_release(*args: object) -> None:
        decisions.release(shop.order(number), "anna", shop.outside.clock)
        really(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(station, "settle", after_a_release)
    looked(shop)
    assert stands(shop, number) == ("processing", "")
    assert sales_order(shop, number).finished_at is not None


class PowerCutError(BaseException):
    pass


def test_a_cut_while_settling_leaves_nothing_by_halves(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    number = at_fm(shop)
    shop.fm.ship(f"AC-{number}", consignment="C1")

    def cut(*args: object, **named: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(settle, "_decide", cut)
        with pytest.raises(PowerCutError):
            looked(shop)
    assert not Shipment.objects.exists()
    assert Order.objects.get().lines.get().despatched == 0
    looked(shop)
    assert shipments(shop, number) == [("C1", 1, {1: 1})]


def test_what_fm_writes_at_too_great_a_length_stops_no_other_order(
    timed: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = timed()
    first, second = at_fm(shop), at_fm(shop)
    shop.fm.ship(f"AC-{second}", consignment="C" * 300)
    with shop.fm.lock:
        order = shop.fm._orders[f"AC-{first}"]
        order.status, order.message = "X" * 500, "why " * 500
        order.npf_order_no = 10**90
    looked(shop)
    looked(shop)
    assert stands(shop, first) == ("pending", "")
    assert stands(shop, second) == ("processing", "")
    assert SalesOrder.objects.get(fm_number=f"AC-{first}").seen_at == clock.now()
    assert Shipment.objects.get().tracking_number == "C" * 100
    assert clock.now() - Order.objects.get(bc_order_id=second).stage_at < timedelta(minutes=1)


def test_the_charges_of_a_consignment_are_kept_once_however_fm_tells_them(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3))
    fm_number = f"AC-{number}"
    shop.fm.part_ship(fm_number, {"MUG-INK": 1}, "C1")
    (first,) = shop.fm.orders[fm_number].shipments
    for freight, units in (("0.00", 1), ("10.00", 1), ("10.00", 2), ("12.50", 2), ("0.00", 2)):
        told = replace(first, freight=freight, handling="2.20", products={"MUG-INK": units})
        shop.fm.orders[fm_number].shipments[:] = [told]
        looked(shop)
    rows = list(Shipment.objects.order_by("part").values_list("part", "freight", "handling"))
    assert rows == [(1, Decimal("12.50"), Decimal("2.20")), (2, Decimal("0.00"), Decimal("0.00"))]


def test_a_mapped_sku_and_a_bundle_that_leaves_in_parts_are_told_as_bigcommerces_lines(shop: Connected) -> None:
    shop.tables(sku_map={"BOWL-SER-28": "FM-B"}, bundles={"MUG-INK": {"FM-1": 2, "FM-2": 1}})
    number = at_fm(shop, ("MUG-INK", 2), ("BOWL-SER-28", 1))
    assert shop.fm.orders[f"AC-{number}"].ordered == {"FM-1": 4, "FM-2": 2, "FM-B": 1}
    for consignment, units in (("C1", {"FM-1": 3, "FM-B": 1}), ("C2", {"FM-2": 2}), ("C3", {"FM-1": 1})):
        shop.fm.ship(f"AC-{number}", units, consignment)
        looked(shop)
        shop.station("push")
    # Three parts of two kits complete none; with the second parts it is one, and the last part completes the other.
    assert shipments(shop, number) == [("C1", 1, {2: 1}), ("C2", 1, {1: 1}), ("C3", 1, {1: 1})]
    told = [(one["tracking_number"], [item["quantity"] for item in one["items"]]) for one in shop.bc.shipments(number)]
    assert told == [("C1", [1]), ("C2", [1]), ("C3", [1])]
    assert stands(shop, number)[0] == "complete"
