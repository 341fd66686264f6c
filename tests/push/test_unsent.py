"""What orders take off FM's figures: what BigCommerce has sold and those figures do not hold."""

from collections.abc import Callable
from datetime import datetime

import pytest

from npf.desk import decisions
from npf.orders.models import Order, SalesOrder
from npf.push.stock import station as stock
from npf.push.stock.unsent import taken_off
from npf.stock.models import Level
from npf.stock.rule import units_by_code
from npf.stores import book
from npf.stores.book import settings_of
from tests.connected import Connected
from tests.push.conftest import at_fm

Connect = Callable[..., Connected]


def now(shop: Connected) -> datetime:
    return shop.outside.clock.now()


def taken(shop: Connected, counted_at: datetime | None = None) -> dict[str, int]:
    return units_by_code(taken_off(shop.store, settings_of(shop.store), counted_at or now(shop)))


def test_a_new_order_is_taken_off_until_fm_has_it(shop: Connected) -> None:
    shop.fm.set(manual=True)
    shop.place(("MUG-INK", 2), ("APRON-LIN", 1))
    shop.station("pull")
    assert taken(shop) == {"MUG-INK": 2, "APRON-LIN": 1}
    shop.station("send")
    assert taken(shop) == {}


def test_a_held_order_is_taken_off(shop: Connected) -> None:
    number = shop.place(("MUG-INK", 2))
    shop.station("pull")
    decisions.hold(shop.order(number), "Ann", shop.outside.clock)
    assert taken(shop) == {"MUG-INK": 2}


def test_an_order_that_may_still_come_is_taken_off(shop: Connected) -> None:
    for status_id in (1, 3, 7, 9, 12, 13, 14):
        shop.place((f"SKU-{status_id}", 2), status_id=status_id)
    shop.station("pull")
    assert taken(shop) == {f"SKU-{status_id}": 2 for status_id in (1, 3, 7, 9, 12, 13, 14)}


def test_an_order_that_is_no_sale_or_is_over_is_not(shop: Connected) -> None:
    for status_id in (0, 2, 4, 5, 6, 8, 10):
        shop.place(("MUG-INK", 2), status_id=status_id)
    shop.station("pull")
    assert taken(shop) == {}


def test_orders_that_other_gates_leave_out_are_not_fms_to_ship(connect: Connect) -> None:
    shop = connect(countries="Australia", store_filter_enabled="Yes", channels="1")
    shop.place(("MUG-INK", 2), country="US")
    shop.place(("MUG-INK", 2), country="US", status_id=7)
    shop.place(("MUG-INK", 2), channel_id=5)
    shop.station("pull")
    assert taken(shop) == {}


def test_test_orders_are_no_sales(shop: Connected) -> None:
    shop.place(("Test001", 1), ("Test002", 1))
    shop.station("pull")
    assert taken(shop) == {}


def test_refunded_units_and_digital_goods_are_not_taken_off(shop: Connected) -> None:
    shop.place({"sku": "MUG-INK", "quantity": 3, "refunded": 1}, {"sku": "PDF-CARE", "quantity": 1, "type": "digital"})
    shop.station("pull")
    assert taken(shop) == {"MUG-INK": 2}


def test_bundles_and_single_items_share_their_parts(connect: Connect) -> None:
    shop = connect(
        tables={"bundles": {"KIT-TEA": {"MUG-STONE": 2, "TEA-TWL-GUM": 1}}, "sku_map": {"APRON-LIN": "MUG-STONE"}}
    )
    shop.place(("KIT-TEA", 2), ("MUG-STONE", 1), ("APRON-LIN", 1))
    shop.station("pull")
    assert taken(shop) == {"MUG-STONE": 6, "TEA-TWL-GUM": 2}


def test_the_address_that_fm_does_not_have_is_taken_off(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 1), ("APRON-LIN", 2), addresses=2)
    SalesOrder.objects.filter(fm_number=f"AC-{number}-2").update(sent_at=None)
    Order.objects.update(stage="new")
    assert taken(shop) == {"APRON-LIN": 2}


def test_what_fm_took_after_the_count_is_still_taken_off(shop: Connected) -> None:
    counted_at = now(shop)
    at_fm(shop, ("MUG-INK", 2))
    assert taken(shop, counted_at) == {"MUG-INK": 2}
    assert taken(shop) == {}


def test_orders_of_all_stores_of_one_fm_client_share_its_stock(connect: Connect) -> None:
    first, second = connect("acme"), connect("bolt", tables={"sku_map": {"CUP": "MUG-INK"}})
    second.place(("CUP", 3))
    second.station("pull")
    first.place(("MUG-INK", 1))
    first.station("pull")
    assert taken(first) == taken(second) == {"MUG-INK": 4}


def test_another_client_has_its_own_stock(connect: Connect) -> None:
    first, second = connect("acme"), connect("bolt", client_code="BOLT")
    second.place(("MUG-INK", 3))
    second.station("pull")
    assert taken(first) == {}


def on_hand(connect: Connect, stock_basis: str = "available") -> Connected:
    """A store whose FM tells what is on hand."""
    shop = connect()
    nested = book.nested(shop.store, secrets=True)
    parameters = nested["parameters"] | {"stock_basis": stock_basis}
    shop.tables(fm=nested["fm"] | {"stock_is": "on_hand"}, parameters=parameters)
    shop.fm.set(stock_is="on_hand")
    return shop


def test_orders_in_fm_are_taken_off_a_figure_that_is_on_hand_until_they_leave(connect: Connect) -> None:
    shop = on_hand(connect)
    number = at_fm(shop, ("MUG-INK", 3))
    assert taken(shop) == {"MUG-INK": 3}
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    counted_at = now(shop)
    shop.station("follow")
    # The figure may be from before the one unit left.
    assert taken(shop, counted_at) == {"MUG-INK": 3}
    assert taken(shop) == {"MUG-INK": 2}
    shop.fm.ship(f"AC-{number}", None, "C2")
    counted_at = now(shop)
    shop.station("follow")
    assert taken(shop, counted_at)["MUG-INK"] >= 2
    assert taken(shop).get("MUG-INK", 0) == 0


def test_where_what_is_on_hand_is_published_orders_in_fm_are_not_taken_off(connect: Connect) -> None:
    shop = on_hand(connect, stock_basis="on_hand")
    at_fm(shop, ("MUG-INK", 3))
    assert taken(shop) == {}
    shop.place(("MUG-INK", 1))
    shop.station("pull")
    assert taken(shop) == {"MUG-INK": 1}


def test_an_order_that_arrives_while_fm_counts_is_taken_off(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.fm.stock["MUG-INK"] = 10
    tell = shop.both.warehouse._tell_stock
    placed: list[int] = []

    def and_somebody_buys(*asked: object) -> object:
        answer = tell(*asked)  # type: ignore[arg-type]
        if not placed:
            placed.append(shop.place(("MUG-INK", 4)))
        return answer

    monkeypatch.setattr(shop.both.warehouse, "_tell_stock", and_somebody_buys)
    shop.stock()
    assert placed
    assert shop.bc.stock("MUG-INK") == 6
    assert Level.objects.get(sku="MUG-INK").fm == 10


def test_an_order_that_is_sent_while_the_stock_is_pushed_is_taken_off(shop: Connected) -> None:
    shop.fm.set(manual=True)
    shop.fm.stock["MUG-INK"] = 10
    shop.place(("MUG-INK", 4))
    shop.station("pull")
    shop.station("count")
    shop.station("send")
    with shop.visit("stock") as at:
        (item,) = [one for one in stock.preview(at).items if one.sku == "MUG-INK"]
    assert (item.fm, item.unsent, item.publish) == (10, 4, 6)


# changed after FM had it, and sent again


def sent_again(shop: Connected, *lines: tuple[str, int], units: int = 5) -> int:
    """An order at FM whose first line was changed to `units`, and of which a person voided the number."""
    number = at_fm(shop, *lines)
    shop.bc.change_quantity(number, 0, units)
    shop.station("pull")
    decisions.release(shop.order(number), "Ann", shop.outside.clock, "resend")
    return number


def test_units_that_an_edit_added_after_fm_had_the_order_are_taken_off(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2), ("APRON-LIN", 1))
    shop.bc.change_quantity(number, 0, 5)
    shop.bc.change_quantity(number, 1, 0)
    shop.station("pull")
    assert taken(shop) == {"MUG-INK": 3}
    decisions.release(shop.order(number), "Ann", shop.outside.clock, "ship")
    # Let ship as FM has it, they are sold all the same while the order goes on.
    assert taken(shop) == {"MUG-INK": 3}
    shop.fm.ship(f"AC-{number}", None, "C1")
    shop.run()
    assert taken(shop) == {}


def test_an_edit_of_the_sku_takes_off_what_fm_does_not_know_to_send(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.edit_line(number, 0, sku="BOWL-SER-28")
    shop.station("pull")
    assert taken(shop) == {"BOWL-SER-28": 2}


def test_an_edit_that_is_refunded_or_taken_back_takes_nothing_off(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.bc.refund(number, 0, 1)
    shop.station("pull")
    assert taken(shop) == {}
    shop.bc.change_quantity(number, 0, 9)
    shop.station("pull")
    assert taken(shop) == {"MUG-INK": 6}
    shop.bc.change_quantity(number, 0, 3)
    shop.station("pull")
    assert taken(shop) == {}


def test_an_order_that_waits_to_be_sent_again_is_taken_off_as_it_is_known(shop: Connected) -> None:
    sent_again(shop, ("MUG-INK", 2))
    assert taken(shop)["MUG-INK"] >= 2
    shop.station("pull")
    assert taken(shop) == {"MUG-INK": 5}
    shop.station("send")
    assert taken(shop) == {}


def test_only_what_has_not_left_under_the_void_number_is_taken_off(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 3))
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.bc.change_address(number, zip="3066")
    for station in ("pull", "follow", "push"):
        shop.station(station)
    decisions.release(shop.order(number), "Ann", shop.outside.clock, "resend")
    shop.station("pull")
    assert taken(shop) == {"MUG-INK": 2}


def test_on_hand_a_void_number_is_taken_off_until_fm_has_cancelled_it(connect: Connect) -> None:
    shop = on_hand(connect)
    number = sent_again(shop, ("MUG-INK", 2))
    shop.station("pull")
    shop.station("send")
    # FM may still send both.
    assert taken(shop) == {"MUG-INK": 7}
    shop.fm.cancel(f"AC-{number}")
    shop.station("follow")
    assert taken(shop) == {"MUG-INK": 5}


def test_on_hand_what_left_under_a_void_number_is_not_taken_off(connect: Connect) -> None:
    shop = on_hand(connect)
    number = at_fm(shop, ("MUG-INK", 3))
    shop.fm.part_ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.bc.change_address(number, zip="3066")
    for station in ("pull", "follow", "push"):
        shop.station(station)
    decisions.release(shop.order(number), "Ann", shop.outside.clock, "resend")
    shop.station("pull")
    shop.station("send")
    # Two under each number.
    assert taken(shop) == {"MUG-INK": 4}


@pytest.mark.parametrize("stock_is", ["available", "on_hand"])
def test_never_more_is_published_than_fm_can_send_whatever_the_desk_does(connect: Connect, stock_is: str) -> None:
    shop = on_hand(connect) if stock_is == "on_hand" else connect()
    shop.fm.stock["MUG-INK"] = 20
    number = at_fm(shop, ("MUG-INK", 2))

    def published() -> int:
        with shop.visit("stock") as at:
            (item,) = [one for one in stock.preview(at).items if one.sku == "MUG-INK"]
        assert item.publish is not None
        return item.publish

    def counted() -> int:
        shop.station("count")
        return published()

    assert counted() == 18
    shop.bc.change_quantity(number, 0, 5)
    shop.station("pull")
    assert published() <= 15
    assert counted() <= 15
    decisions.release(shop.order(number), "Ann", shop.outside.clock, "resend")
    assert published() <= 18
    for station in ("pull", "send", "follow"):
        shop.station(station)
        assert published() <= 15
        assert counted() <= 15
    shop.fm.cancel(f"AC-{number}")
    shop.station("follow")
    assert counted() == 15
    shop.fm.ship(f"AC-{number}-R2", None, "C1")
    shop.station("follow")
    assert published() <= 15
    assert counted() == 15
