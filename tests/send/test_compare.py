"""What FM has under a number already: compared with what we hold, adopted if equal, held with the difference if not."""

from collections.abc import Callable

import pytest

from npf.audit.models import Exchange
from npf.core.errors import TryLater
from npf.desk import decisions
from npf.orders.models import SalesLine, SalesOrder
from npf.send.ask import LEFT_OUT
from npf.send.compare import compare
from npf.shipments.listing import timeline
from npf.warehouse.records import OrderStatus, Shipment
from tests.connected import Connected
from tests.send.conftest import ORDER_PAGE, STATUS_PAGE, calls, pulled, sales_orders, stands

SHIPPED = [Shipment(products=[("MUG", 2)]), Shipment(products=[("mug", 1), ("BOWL", 1)])]


@pytest.mark.parametrize(
    ("asked", "shown", "differs", "equal"),
    [
        pytest.param({"MUG": 1}, {"status": "PICKING"}, [], False, id="nothing to compare"),
        pytest.param({"Mug": 3, "BOWL": 1}, {"shipments": SHIPPED}, [], True, id="shipped whole"),
        pytest.param({"MUG": 5, "BOWL": 1}, {"shipments": SHIPPED}, [], False, id="shipped in part"),
        pytest.param(
            {"MUG": 3, "BOWL": 2}, {"shipments": SHIPPED, "backorder": [("BOWL", 1)]}, [], True, id="and owed"
        ),
        pytest.param(
            {"MUG": 2, "BOWL": 1}, {"shipments": SHIPPED}, ["it has 3 x MUG, and ours 2"], False, id="more than asked"
        ),
        pytest.param(
            {"MUG": 3}, {"shipments": SHIPPED}, ["it has 1 x BOWL, and ours none"], False, id="a code nobody asked for"
        ),
        pytest.param({"MUG": 3}, {"backorder": [("MUG", 1)], "ordered": [("MUG", 3)]}, [], True, id="back-ordered"),
        pytest.param(
            {"MUG": 3, "BOWL": 1},
            {"backorder": [("MUG", 1)], "ordered": [("MUG", 3)]},
            ["it has 0 x BOWL, and ours 1"],
            False,
            id="fewer codes ordered",
        ),
        pytest.param({"MUG": 1}, {"ClientCode": " acme"[1:]}, [], False, id="our client in small letters"),
        pytest.param({"MUG": 1}, {"ClientCode": "ZEN"}, ["it is of client ZEN, not ACME"], False, id="another client"),
        pytest.param(
            {"MUG": 1}, {"NPFOrderNo": "8"}, ["it is NPF order 8, and ours is 7"], False, id="another NPF order"
        ),
    ],
)
def test_what_can_be_compared_is(
    asked: dict[str, int], shown: dict[str, object], differs: list[str], equal: bool
) -> None:
    found = compare(asked, "ACME", "7", OrderStatus(SalesOrderNo="MG1", **shown))  # type: ignore[arg-type]
    assert (found.differs, found.equal) == (differs, equal)


@pytest.mark.parametrize("code", ["02005", "03003"])
def test_the_same_goods_are_taken_as_this_order_without_a_person(shop: Connected, code: str) -> None:
    """Another program sent it before this store was connected here, say."""
    shop.fm.set(duplicate_code=code)
    number = pulled(shop, ("MUG-INK", 2))
    shop.forge(f"AC-{number}", {"MUG-INK": 2})
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert sales_orders(shop, number)[0].npf_order_no == "900000"
    assert any("with the same goods" in line["text"] for line in timeline(shop.store, number))
    for station in ("follow", "push"):
        shop.station(station)
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 1


def test_other_goods_are_held_with_the_difference(shop: Connected) -> None:
    number = pulled(shop)
    shop.forge(f"AC-{number}", {"VASE-CLY": 1})
    shop.station("send")
    order = shop.order(number)
    assert (order.stage, order.reason_code, order.field) == ("held", "fm_differs", "SalesOrderNo")
    assert "it has 0 x" not in order.reason
    assert "it has 1 x VASE-CLY, and ours none" in order.reason
    assert sales_orders(shop, number)[0].sent_at is None


def test_what_shows_no_goods_yet_is_held_and_adopted_by_a_persons_word(shop: Connected) -> None:
    shop.fm.set(manual=True)
    number = pulled(shop)
    shop.forge(f"AC-{number}", {"MUG-INK": 1})
    shop.station("send")
    order = shop.order(number)
    assert (order.stage, order.reason_code, order.field) == ("held", "fm_has_it", "SalesOrderNo")
    assert "was not sent from here: NPF order 900000, PICKING, and too little of its goods to compare" in order.reason
    decisions.release(order, "anna", shop.outside.clock)
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert [call.outcome for call in calls(shop)] == ["refused"]


def test_what_fm_has_and_shows_nothing_of_is_held(shop: Connected) -> None:
    shop.fm.set(visible_after=3600.0)
    number = pulled(shop)
    shop.forge(f"AC-{number}", {"MUG-INK": 1})
    shop.station("send")
    assert stands(shop, number) == ("held", "fm_has_it")
    assert "it shows nothing of it" in shop.order(number).reason


def test_while_fm_cannot_be_asked_what_it_has_nothing_is_decided(shop: Connected) -> None:
    number = pulled(shop, ("MUG-INK", 2))
    shop.forge(f"AC-{number}", {"MUG-INK": 2})
    shop.fm.faults.next("500", path=STATUS_PAGE)
    with pytest.raises(TryLater):
        shop.station("send")
    assert stands(shop, number) == ("new", "try_later")
    shop.station("send")
    assert stands(shop, number) == ("pending", "")


def test_what_our_log_says_was_sent_is_ours_whatever_the_row_says(shop: Connected) -> None:
    """The row was freed by a refusal, or came back from an older copy of the database."""
    shop.fm.set(visible_after=3600.0)
    number = pulled(shop)
    shop.station("send")
    SalesLine.objects.all().delete()
    SalesOrder.objects.all().delete()
    order = shop.order(number)
    order.stage = "new"
    order.save()
    assert Exchange.objects.filter(system="fm", outcome="done").exists()
    shop.station("send")
    assert stands(shop, number) == ("pending", "")
    assert len(shop.fm.orders) == 1


@pytest.mark.parametrize("reset", ["reset-after", "reset-before"])
def test_what_the_answer_leaves_out_is_asked_for_again_before_it_is_sent_again(shop: Connected, reset: str) -> None:
    number = pulled(shop)
    shop.fm.faults.next(reset, path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send")
    shop.fm.faults.next("leave-out", LEFT_OUT - 1, path=STATUS_PAGE)
    for looks in range(1, LEFT_OUT):
        shop.station("send")
        assert "left it out" in shop.order(number).reason
        assert sales_orders(shop, number)[0].misses == looks
    assert len(calls(shop)) == 1
    shop.station("send")
    assert (stands(shop, number), sales_orders(shop, number)[0].misses) == (("pending", ""), 0)
    assert len(shop.fm.orders) == 1
    assert len(calls(shop)) == (1 if reset == "reset-after" else 2)


def test_what_every_answer_leaves_out_is_sent_again_in_the_end(connect: Callable[..., Connected]) -> None:
    shop = connect()
    number = pulled(shop)
    shop.fm.faults.next("reset-after", path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send")
    shop.fm.forget(f"AC-{number}", "left-out")
    for _ in range(LEFT_OUT):
        shop.station("send")
    # FM refuses the double by its number.
    assert stands(shop, number) == ("pending", "")
    assert [call.outcome for call in calls(shop)] == ["accepted", "refused"]
