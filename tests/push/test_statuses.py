"""The status of an order: as the parameters say, only forward, only from one that the connector knows."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce import shipments as bc_shipments
from npf.bigcommerce.orders import Standing
from npf.orders.models import Order
from npf.push.claim import claim
from tests.connected import Connected
from tests.pull.seeing import told
from tests.push.conftest import at_fm, despatched, requests

Connect = Callable[..., Connected]


def statuses_written(shop: Connected) -> list[int]:
    return [one.body["status_id"] for one in shop.bc.log if one.method == "PUT" and one.path.startswith("/v2/orders/")]


@pytest.mark.parametrize("moves", [True, False])
def test_each_stage_gives_its_status(connect: Connect, moves: bool) -> None:
    shop = connect(
        merchant={"shipment_moves_status": moves}, status_pending="9", status_processing="3", status_complete="10"
    )
    number = at_fm(shop, ("MUG-INK", 2))
    shop.station("push")
    assert shop.bc.orders[number].status_id == 9
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.run()
    assert shop.bc.orders[number].status_id == 3
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C2")
    shop.run()
    assert shop.bc.orders[number].status_id == 10
    assert statuses_written(shop) == ([9, 10] if moves else [9, 3, 10])


def test_no_status_is_written_where_the_parameters_name_none(connect: Connect) -> None:
    shop = connect(merchant={"shipment_moves_status": False}, status_complete="none")
    number = despatched(shop)
    shop.station("push")
    assert statuses_written(shop) == []
    assert shop.bc.orders[number].status_id == 11
    assert shop.order(number).stage == "complete"


@pytest.mark.parametrize(("moves", "written"), [(True, []), (False, [2])])
def test_shipped_is_written_only_where_the_shipment_did_not_do_it(
    connect: Connect, moves: bool, written: list[int]
) -> None:
    shop = connect(merchant={"shipment_moves_status": moves}, status_complete="2")
    number = despatched(shop)
    shop.station("push")
    assert statuses_written(shop) == written
    assert shop.bc.orders[number].status_id == 2
    assert shop.order(number).stage == "complete"


def test_a_shipment_that_sets_the_complete_status_costs_one_call_an_order(connect: Connect) -> None:
    shop = connect(status_complete="2")
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(30)]
    for station in ("pull", "send", "follow"):
        shop.station(station)
    shop.bc.log.clear()
    shop.station("push")
    assert requests(shop, "POST") == [path for path in requests(shop, "POST") if path.endswith("/shipments")]
    assert (len(requests(shop, "POST")), requests(shop, "PUT")) == (30, [])
    # One look before each batch of 20, one at all of them afterwards.
    assert requests(shop, "GET") == ["/v2/orders"] * 3
    assert {(shop.order(number).stage, shop.order(number).status_id) for number in numbers} == {("complete", 2)}
    assert told(numbers[0])[-2:] == ["BigCommerce shows 2 Shipped", "Processing -> Complete"]


def test_where_the_list_lags_behind_the_shipment_the_order_is_read(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = connect(status_complete="2")
    number = despatched(shop)
    shop.bc.log.clear()
    lags = bc_orders.Standings({}, None)
    monkeypatch.setattr(bc_orders, "standings_since", lambda client, **words: lags)
    shop.station("push")
    assert requests(shop, "GET") == [f"/v2/orders/{number}"]
    assert requests(shop, "PUT") == []
    assert shop.order(number).stage == "complete"


def test_an_order_cancelled_right_after_its_shipment_is_held_and_keeps_its_status(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = connect(status_complete="2")
    number = despatched(shop)
    create = bc_shipments.create

    def create_then_cancel(*words: Any) -> bc_shipments.Shipment:
        made = create(*words)
        shop.bc.cancel(number)
        return made

    monkeypatch.setattr(bc_shipments, "create", create_then_cancel)
    shop.station("push")
    assert shop.bc.orders[number].status_id == 5
    assert (shop.order(number).stage, shop.order(number).reason_code) == ("held", "stopped_in_bigcommerce")


def test_a_look_that_shows_the_order_as_it_was_is_not_believed(shop: Connected) -> None:
    number = despatched(shop)
    at = shop.order(number).date_modified
    assert at is not None
    with shop.visit("push") as here:
        for status_id, seconds, believed in ((7, -1, False), (7, 0, True), (9, 1, True), (5, -60, True)):
            Order.objects.update(status_id=11, date_modified=at, stage="processing", reason_code="")
            shown = Standing(id=number, status_id=status_id, date_modified=at + timedelta(seconds=seconds))
            claim(here, list(Order.objects.all()), {number: shown})
            assert shop.order(number).status_id == (status_id if believed else 11)


def test_a_status_that_the_shipment_has_passed_is_not_written(connect: Connect) -> None:
    shop = connect(status_processing="9")
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.run()
    assert shop.bc.orders[number].status_id == 3
    assert statuses_written(shop) == []


@pytest.mark.parametrize("complete", [2, 10])
def test_an_order_that_the_merchant_completed_by_hand_stays_completed(connect: Connect, complete: int) -> None:
    shop = connect(merchant={"shipment_moves_status": False}, status_complete=str(complete))
    number = despatched(shop)
    shop.bc.set_status(number, 10)
    shop.station("push")
    assert statuses_written(shop) == []
    assert len(shop.bc.shipments(number)) == 1
    assert (shop.order(number).stage, shop.order(number).status_id) == ("complete", 10)


def test_a_partially_refunded_order_keeps_its_status_and_says_so(connect: Connect) -> None:
    shop = connect(merchant={"shipment_moves_status": False})
    number = at_fm(shop, ("MUG-INK", 1), ("APRON-LIN", 1))
    shop.bc.refund(number, 1)
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1", short=True)
    shop.bc.log.clear()
    shop.run()
    assert len(shop.bc.shipments(number)) == 1
    assert statuses_written(shop) == []
    assert shop.bc.orders[number].status_id == 14


def test_a_partially_refunded_order_becomes_complete_and_says_what_its_status_is(connect: Connect) -> None:
    shop = connect(merchant={"shipment_moves_status": False})
    number = despatched(shop, ("MUG-INK", 2))
    shop.bc.edit(number, status_id=14)
    shop.station("push")
    assert len(shop.bc.shipments(number)) == 1
    assert statuses_written(shop) == []
    order = shop.order(number)
    assert (order.stage, order.reason) == ("complete", "its status stays 14 Partially Refunded")


def test_a_status_that_nobody_knows_is_not_overwritten(connect: Connect) -> None:
    shop = connect(merchant={"shipment_moves_status": False})
    number = despatched(shop)
    shop.bc.lay_over(number, status_id=77)
    shop.station("push")
    assert len(shop.bc.shipments(number)) == 1
    assert statuses_written(shop) == []
    assert (shop.order(number).stage, shop.order(number).reason) == ("complete", "its status stays 77")


def test_totals_and_discounts_are_left_alone(shop: Connected) -> None:
    number = despatched(shop, ("MUG-INK", 3), coupon_discount="12.0000", discount_amount="3.5000")

    def money() -> dict[str, Any]:
        body = json.loads(shop.outside.bigcommerce(shop.store).get(f"/v2/orders/{number}").body)
        return {key: value for key, value in body.items() if re.search("total|discount|cost|tax", key)}

    before = money()
    assert before["coupon_discount"] == "12.0000"
    shop.station("push")
    assert money() == before
    assert [one.body for one in shop.bc.log if one.method == "PUT"] == [{"status_id": 10}]
    assert requests(shop, "PUT") == [f"/v2/orders/{number}"]
