"""What FM refuses is held with FM's own words, the field and a repair; mended and tried again, it is sent."""

from collections.abc import Callable

import pytest

from npf.audit.models import Exchange
from npf.desk import decisions
from npf.fm import client
from npf.fm.errors import Refused
from npf.orders.models import SalesLine
from tests.connected import Connected
from tests.send.conftest import ORDER_PAGE, calls, pulled, sales_orders, stands, two_addresses

HELD = {
    "100": "",
    "02001": "",
    "02006": "",
    "02007": "Products.Code",
    "02008": "Country",
    "02009": "DispatchMethod",
    "04002": "DispatchMethod",
    "02010": "DespatchDetails.ArticleDescription",
    "02011": "DespatchDetails.DispatchMethod",
    "04001": "Products",
    "04003": "PostCode",
    "1824": "",
}


def test_each_code_holds_its_order_with_field_and_repair(shop: Connected) -> None:
    numbers = [shop.place() for _ in HELD]
    shop.station("pull")
    for code in HELD:
        shop.fm.faults.next(code, path=ORDER_PAGE)
    at = shop.station("send")
    held = {shop.order(number).reason_code: shop.order(number) for number in numbers}
    assert {order.stage for order in held.values()} == {"held"}
    assert {code: order.field for code, order in held.items()} == HELD
    assert all(order.repair and order.reason.startswith("FM: ") for order in held.values())
    assert at.counts == {"held": len(HELD)}
    # FM has none of them: they are free for the gates, and for another setting.
    assert {row.asked_at for number in numbers for row in sales_orders(shop, number)} == {None}
    assert not SalesLine.objects.exists()


def test_a_refusal_names_the_field_and_is_sent_once_it_is_mended(connect: Callable[..., Connected]) -> None:
    shop = connect(fm_products={"MUG-BLUE": 5})
    number = pulled(shop, ("MUG-INK", 1))
    shop.station("send")
    order = shop.order(number)
    assert (order.stage, order.reason_code, order.field) == ("held", "02007", "Products.Code")
    assert "MUG-INK" in order.reason
    shop.fm.stock["MUG-INK"] = 3
    assert decisions.retry(order, "anna", shop.outside.clock) == "It goes to FM at the next send"
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert [call.outcome for call in calls(shop)] == ["refused", "accepted"]


def test_what_fm_refuses_behind_a_pipe_is_held_as_well(shop: Connected) -> None:
    shop.fm.set(refusal_form="invalid")
    number = pulled(shop)
    shop.fm.faults.next("04003", path=ORDER_PAGE)
    shop.station("send")
    order = shop.order(number)
    assert (order.stage, order.field) == ("held", "PostCode")
    assert "Invalid post code" in order.reason


def test_a_refused_order_is_judged_again_when_a_setting_changes(connect: Callable[..., Connected]) -> None:
    shop = connect(fm_products={"FM-1": 5})
    number = pulled(shop, ("MUG-INK", 1))
    shop.station("send")
    shop.tables(sku_map={"MUG-INK": "FM-1"})
    shop.run()
    assert stands(shop, number)[0] == "complete"


def test_a_refused_order_that_the_merchant_cancels_becomes_cancelled(shop: Connected) -> None:
    number = pulled(shop)
    shop.fm.faults.next("02011", path=ORDER_PAGE)
    shop.station("send")
    shop.bc.cancel(number)
    shop.station("pull")
    assert stands(shop, number)[0] == "cancelled"


def test_of_two_addresses_only_the_refused_one_is_sent_again(shop: Connected) -> None:
    number = two_addresses(shop)
    shop.fm.faults.next("02011", path=ORDER_PAGE, skip=1)
    shop.station("send")
    assert stands(shop, number) == ("held", "02011")
    assert len(shop.fm.orders) == 1
    decisions.retry(shop.order(number), "anna", shop.outside.clock)
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert [call.outcome for call in calls(shop)] == ["accepted", "refused", "accepted"]
    assert sorted(shop.fm.orders) == [f"AC-{number}-1", f"AC-{number}-2"]
    assert all(entry.numbers != calls(shop)[0].numbers for entry in calls(shop)[1:])


def test_of_two_addresses_one_may_leave_before_the_other_is_in_fm(shop: Connected) -> None:
    number = two_addresses(shop)
    shop.fm.faults.next("02011", path=ORDER_PAGE, skip=1)
    for station in ("send", "follow", "push"):
        shop.station(station)
    assert stands(shop, number) == ("held", "02011")
    decisions.retry(shop.order(number), "anna", shop.outside.clock)
    shop.station("send")
    assert stands(shop, number) == ("processing", "")
    # What has left is told of without waiting for the other.
    shop.station("push")
    assert len(shop.bc.shipments(number)) == 1
    shop.station("follow")
    shop.station("push")
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 2


def test_an_absurd_code_of_fm_holds_its_order_and_no_other(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = shop.place(), shop.place()
    shop.station("pull")
    really = client.read.accepted

    def absurd(text: str, number: str) -> object:
        if number.endswith(str(first)):
            raise Refused("FM: no", [], code="E" * 300, field="F" * 300, repair="ask")
        return really(text, number)

    monkeypatch.setattr(client.read, "accepted", absurd)
    shop.station("send")
    assert (stands(shop, first)[0], stands(shop, second)[0]) == ("held", "pending")


def test_every_ask_is_on_the_timeline_without_a_secret(shop: Connected) -> None:
    number = pulled(shop)
    shop.fm.faults.next("02011", path=ORDER_PAGE)
    shop.station("send")
    decisions.retry(shop.order(number), "anna", shop.outside.clock)
    shop.station("send")
    kept = list(Exchange.objects.filter(bc_order_id=number).order_by("at"))
    assert [one.outcome for one in kept] == ["refused", "done"]
    for one in kept:
        assert "<SalesOrderNo>" in one.asked
        assert one.answered
        assert one.by == "test"
        assert one.status == 200
        assert "secret-of-fm" not in one.asked + one.answered + one.what
