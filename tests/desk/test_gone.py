"""An order that BigCommerce archived, or has no more, after FM had it: found, held, and decided by a person."""

from collections.abc import Callable

import pytest

from npf.core.clock import ManualClock
from npf.core.errors import GiveUp
from npf.desk import decisions, floor
from npf.desk.compare import side_by_side
from npf.sandbox.bigcommerce.orderbook import OrderBook
from npf.shipments.listing import timeline
from tests.connected import Connected

DAY = 86_400
MERCHANT = {"quota": None, "lists_archived": False}


@pytest.fixture
def shop(timed: Callable[..., Connected]) -> Connected:
    """A store whose lists hide archived orders, with the test's time."""
    found = timed(merchant=MERCHANT)
    found.fm.set(manual=True)
    return found


def at_fm(shop: Connected, *lines: tuple[str, int]) -> int:
    number = shop.place(*lines)
    for station in ("pull", "send", "follow"):
        shop.station(station)
    return number


def delete(shop: Connected) -> None:
    """BigCommerce has no order any more."""
    shop.bc.book = OrderBook()


def next_morning(shop: Connected, clock: ManualClock) -> None:
    clock.advance(DAY)
    shop.station("pull")


def stands(shop: Connected, number: int) -> tuple[str, str]:
    order = shop.order(number)
    return order.stage, order.reason_code


def answer(shop: Connected, number: int, outcome: str) -> str:
    return decisions.release(shop.order(number), "anna", shop.outside.clock, outcome)


@pytest.mark.parametrize(
    ("how", "says", "now"),
    [("archived", "the order was archived there", "archived"), ("gone", "the order is there no more", "gone")],
)
def test_the_night_finds_it_and_it_is_held_with_a_text_for_the_floor(
    shop: Connected, clock: ManualClock, how: str, says: str, now: str
) -> None:
    number = at_fm(shop)
    if how == "archived":
        shop.bc.archive(number)
    else:
        delete(shop)
    next_morning(shop, clock)
    order = shop.order(number)
    assert (order.stage, order.reason_code) == ("held", "changed_in_bigcommerce")
    assert order.reason == f"BigCommerce was changed after FM had it: {says}"
    assert "NPF's floor" in order.repair
    (row,) = [row for side in side_by_side(order) for row in side.rows if row.changed]
    assert (row.name, row.had, row.now) == ("In BigCommerce", "there", now)
    assert f"In BigCommerce: there -> {now}" in floor.text(order)
    next_morning(shop, clock)
    assert sum(line["tag"] == "station:order:held" for line in timeline(shop.store, number)) == 1


def test_what_the_floor_stopped_is_cancelled(shop: Connected, clock: ManualClock) -> None:
    number = at_fm(shop)
    delete(shop)
    next_morning(shop, clock)
    answer(shop, number, "stopped")
    assert stands(shop, number)[0] == "cancelled"


def test_what_ships_and_is_gone_is_followed_told_to_nobody_and_ends_as_cancelled(
    shop: Connected, clock: ManualClock
) -> None:
    number = at_fm(shop)
    delete(shop)
    next_morning(shop, clock)
    says = answer(shop, number, "ship")
    assert "nobody is told of it there" in says
    assert stands(shop, number) == ("pending", "")
    shop.bc.log.clear()
    shop.fm.ship(f"AC-{number}")
    for station in ("follow", "push"):
        shop.station(station)
    order = shop.order(number)
    assert (order.stage, order.reason) == (
        "cancelled",
        "BigCommerce has it no more, and it left NPF all the same: BigCommerce was not told of it",
    )
    assert not list(shop.bc.log.writes())
    next_morning(shop, clock)
    assert stands(shop, number)[0] == "cancelled"


def test_what_ships_and_is_archived_is_told_as_usual(shop: Connected, clock: ManualClock) -> None:
    number = at_fm(shop)
    shop.bc.archive(number)
    next_morning(shop, clock)
    answer(shop, number, "ship")
    shop.fm.ship(f"AC-{number}")
    for station in ("follow", "push"):
        shop.station(station)
    assert stands(shop, number)[0] == "complete"
    assert len(shop.bc.shipments(number)) == 1


@pytest.mark.parametrize("how", ["archived", "gone"])
def test_what_is_not_there_cannot_be_sent_again(shop: Connected, clock: ManualClock, how: str) -> None:
    number = at_fm(shop)
    if how == "archived":
        shop.bc.archive(number)
    else:
        delete(shop)
    next_morning(shop, clock)
    with pytest.raises(GiveUp, match="BigCommerce has it"):
        answer(shop, number, "resend")


def test_an_order_that_comes_back_goes_on_by_itself(shop: Connected, clock: ManualClock) -> None:
    number = at_fm(shop)
    book = shop.bc.book
    delete(shop)
    next_morning(shop, clock)
    assert stands(shop, number)[0] == "held"
    shop.bc.book = book
    next_morning(shop, clock)
    assert stands(shop, number) == ("pending", "")


def test_push_finds_it_before_the_night_and_says_the_same(shop: Connected, clock: ManualClock) -> None:
    number = at_fm(shop)
    shop.fm.ship(f"AC-{number}")
    shop.station("follow")
    delete(shop)
    shop.station("push")
    before = shop.order(number).reason
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
    next_morning(shop, clock)
    assert (stands(shop, number)[0], shop.order(number).reason) == ("held", before)
    answer(shop, number, "ship")
    shop.station("push")
    assert stands(shop, number)[0] == "cancelled"


def test_a_hold_that_only_a_person_ends_is_not_hidden_by_it(shop: Connected, clock: ManualClock) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.part_ship(f"AC-{number}")
    shop.station("follow")
    shop.fm.cancel(f"AC-{number}", "the rest is sold out")
    shop.station("follow")
    delete(shop)
    shop.station("push")
    assert stands(shop, number) == ("held", "fm_cancel")
    says = decisions.release(shop.order(number), "anna", clock)
    assert "the order is there no more" in says
    assert stands(shop, number) == ("held", "changed_in_bigcommerce")
