"""Rule 1 with numbers that are void: one live sales order per address, each number asked for once."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from npf.core.errors import TryLater
from npf.desk import decisions
from npf.orders.models import Line, SalesLine, SalesOrder
from npf.send import station as send
from tests.connected import Connected
from tests.send.conftest import ORDER_PAGE, calls, pulled, sales_orders, stands


def voided(shop: Connected, *lines: tuple[str, int], **more: object) -> int:
    """An order whose first number a person had voided, and that waits for its second."""
    shop.fm.set(manual=True)
    number = pulled(shop, *lines, **more)
    shop.station("send")
    shop.bc.change_address(number, zip="3066", state="Victoria")
    shop.station("pull")
    decisions.release(shop.order(number), "anna", shop.outside.clock, "resend")
    shop.station("pull")
    assert stands(shop, number) == ("new", "")
    return number


def test_an_address_has_one_live_sales_order_and_any_number_of_void_ones(shop: Connected) -> None:
    number = voided(shop)
    shop.station("send")
    first, second = sales_orders(shop, number)
    assert (first.voided_at is not None, second.voided_at) == (True, None)
    with pytest.raises(IntegrityError, match="one_live_sales_order_per_address"), transaction.atomic():
        SalesOrder.objects.create(
            order=first.order, order_address_id=first.order_address_id, fm_client=first.fm_client, fm_number="X-1"
        )


def test_the_new_number_is_asked_for_once_after_a_lost_answer(shop: Connected) -> None:
    number = voided(shop)
    shop.fm.faults.next("reset-after", path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send")
    assert stands(shop, number)[0] == "new"
    decisions.retry(shop.order(number), "anna", shop.outside.clock)
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    asked = [entry.numbers for entry in calls(shop)]
    assert asked == [(f"AC-{number}",), (f"AC-{number}-R2",)]


def test_a_refusal_of_the_new_number_leaves_the_void_one_as_it_is(shop: Connected) -> None:
    number = voided(shop)
    shop.fm.faults.next("02011", path=ORDER_PAGE)
    shop.station("send")
    assert stands(shop, number)[0] == "held"
    first, second = sales_orders(shop, number)
    assert (first.asked_at is not None, second.asked_at) == (True, None)
    decisions.retry(shop.order(number), "anna", shop.outside.clock)
    shop.station("send")
    assert stands(shop, number) == ("pending", "")


def test_lines_say_what_the_live_number_was_asked_for(shop: Connected) -> None:
    number = voided(shop, ("MUG-INK", 2))
    shop.station("send")
    line = Line.objects.get()
    assert (line.wanted, line.asked, line.left_before) == (2, 2, 0)
    asked = SalesLine.objects.values_list("sales_order__fm_number", "quantity")
    assert set(asked) == {(f"AC-{number}", 2), (f"AC-{number}-R2", 2)}


def test_an_address_that_goes_nowhere_new_gets_no_second_number(shop: Connected) -> None:
    shop.fm.set(manual=True)
    number = pulled(shop, ("MUG-INK", 1), ("BOWL-SER-28", 2), addresses=2)
    shop.station("send")
    shop.fm.ship(f"AC-{number}-1", None, "C1")
    shop.bc.change_address(number, 1, zip="3066", state="Victoria")
    for station in ("pull", "follow", "push"):
        shop.station(station)
    decisions.release(shop.order(number), "anna", shop.outside.clock, "resend")
    shop.station("pull")
    shop.station("send")
    live = SalesOrder.objects.filter(voided_at__isnull=True)
    assert [row.fm_number for row in live] == [f"AC-{number}-2-R2"]
    assert stands(shop, number)[0] == "processing"
    shop.fm.ship(f"AC-{number}-2-R2", None, "C2")
    shop.run()
    assert stands(shop, number)[0] == "complete"


def test_orders_of_before_the_desk_are_known_as_they_were_sent(connect: Callable[..., Connected]) -> None:
    shop = connect(bundle_prefix="KIT-", tables={"bundles": {"KIT-TEA": {"MUG-STONE": 2, "TEA-TWL-GUM": 1}}})
    shop.fm.set(manual=True)
    lines = [("KIT-TEA", 3), {"sku": "MUG-STONE", "quantity": 6, "parent": 0}, {"sku": "MUG-INK", "quantity": 2}]
    shop.bc.place_order(lines)
    shop.place(("MUG-INK", 1), status_id=7)
    for station in ("pull", "send"):
        shop.station(station)
    as_sent = list(Line.objects.order_by("pk").values_list("sku", "wanted", "asked"))
    assert as_sent == [("KIT-TEA", 3, 3), ("MUG-STONE", 6, 6), ("MUG-INK", 2, 2), ("MUG-INK", None, 0)]
    Line.objects.update(wanted=None, asked=0)
    with connection.cursor() as cursor:
        cursor.execute(import_module("npf.orders.migrations.0002_desk").ASKED)
    assert list(Line.objects.order_by("pk").values_list("sku", "wanted", "asked")) == as_sent


def test_a_number_that_is_voided_while_fm_is_being_asked_does_not_move_its_order(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.fm.set(manual=True)
    number = pulled(shop, ("MUG-INK", 1))
    really = send.ask

    def meanwhile(*asked: Any) -> Any:
        answers = really(*asked)
        shop.bc.change_quantity(number, 0, 3)
        shop.station("pull")
        decisions.release(shop.order(number), "anna", shop.outside.clock, "resend")
        shop.station("pull")
        return answers

    with monkeypatch.context() as patch:
        patch.setattr(send, "ask", meanwhile)
        shop.station("send")
    assert stands(shop, number)[0] == "new"
    first = sales_orders(shop, number)[0]
    assert (first.sent_at is not None, first.voided_at is not None) == (True, True)
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert shop.fm.orders[f"AC-{number}-R2"].ordered == {"MUG-INK": 3}
