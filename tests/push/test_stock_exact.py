"""stock_write = exact: differences, so that what is sold while we work stays sold, and nothing is added twice."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from npf.push.stock import record, ways
from npf.sandbox import bigcommerce as bc
from npf.stock.models import Item, Run
from tests.connected import Connected
from tests.push.test_stock import item
from tests.push.test_stock_undo import undo

Connect = Callable[..., Connected]


@pytest.fixture
def exact(connect: Connect) -> Connected:
    shop = connect(stock_write="exact")
    shop.stock()
    shop.bc.log.clear()
    return shop


@pytest.fixture
def timed_exact(timed: Connect) -> Connected:
    shop = timed(stock_write="exact")
    shop.stock()
    shop.bc.log.clear()
    return shop


def before_the_write(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen once, between the last pull and the first write."""
    write = ways.ByInventory.write
    once: Iterator[Callable[[], object]] = iter([happens])

    def and_before(way: ways.ByInventory, batch: Sequence[Item]) -> None:
        for one in once:
            one()
        write(way, batch)

    monkeypatch.setattr(ways.ByInventory, "write", and_before)


def relative(shop: Connected) -> list[dict[str, Any]]:
    """The items of all relative adjustments."""
    return [one for entry in shop.bc.log.writes() if "relative" in entry.path for one in entry.body["items"]]


def test_it_writes_the_difference_to_what_stands_there(exact: Connected) -> None:
    exact.fm.stock["MUG-INK"] = 17
    done = exact.stock()
    assert (done["way"], done["written"], item(done, "MUG-INK")["delta"]) == ("inventory, exact", 1, -83)
    assert [one["quantity"] for one in relative(exact)] == [-83]
    assert (exact.bc.stock("MUG-INK"), item(done, "MUG-INK")["stands"]) == (17, 17)
    assert exact.stock()["written"] == 0


@pytest.mark.parametrize(("stock_write", "stands"), [("exact", 46), ("absolute", 50)])
def test_a_sale_between_pull_and_write_is_kept_by_exact_alone(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, stock_write: str, stands: int
) -> None:
    shop = connect(stock_write=stock_write)
    shop.stock()
    shop.fm.stock["MUG-INK"] = 50
    before_the_write(monkeypatch, lambda: shop.place(("MUG-INK", 4)))
    shop.stock()
    assert shop.bc.stock("MUG-INK") == stands


def test_a_sale_between_reading_and_pull_puts_no_unit_on_sale(
    exact: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact.fm.stock["MUG-INK"] = 50
    levels = ways.ByInventory.levels

    def and_somebody_buys(way: ways.ByInventory, items: Sequence[Item]) -> dict[str, int]:
        found = levels(way, items)
        monkeypatch.setattr(ways.ByInventory, "levels", levels)
        exact.place(("MUG-INK", 4))
        return found

    monkeypatch.setattr(ways.ByInventory, "levels", and_somebody_buys)
    exact.stock()
    assert exact.bc.stock("MUG-INK") <= 46
    exact.stock()
    assert exact.bc.stock("MUG-INK") == 46


def test_a_cancellation_between_reading_and_pull_puts_no_unit_on_sale_twice(
    exact: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = exact.place(("MUG-INK", 4))
    exact.station("pull")
    exact.fm.stock["MUG-INK"] = 50
    levels = ways.ByInventory.levels

    def and_it_is_cancelled(way: ways.ByInventory, items: Sequence[Item]) -> dict[str, int]:
        found = levels(way, items)
        monkeypatch.setattr(ways.ByInventory, "levels", levels)
        exact.bc.cancel(number)
        return found

    monkeypatch.setattr(ways.ByInventory, "levels", and_it_is_cancelled)
    exact.stock()
    assert exact.bc.stock("MUG-INK") <= 50
    exact.stock()
    assert exact.bc.stock("MUG-INK") == 50


@pytest.mark.parametrize("fault", ["reset-after", "504-after", "truncate"])
def test_after_a_lost_answer_it_looks_and_does_not_add_again(timed_exact: Connected, fault: str) -> None:
    shop = timed_exact
    shop.fm.stock["MUG-INK"] = 140
    shop.bc.faults.next(fault, method="POST")
    done = shop.stock()
    assert (shop.bc.stock("MUG-INK"), done["written"], done["stopped"]) == (140, 1, None)
    assert len(relative(shop)) == 1


def test_after_a_lost_answer_to_a_write_that_was_not_done_nothing_is_asked_twice_in_that_run(
    timed_exact: Connected,
) -> None:
    shop = timed_exact
    shop.fm.stock["MUG-INK"] = 140
    shop.bc.faults.next("500", method="POST")
    done = shop.stock()
    assert done["stopped"]
    assert (done["try_again"], done["written"], shop.bc.stock("MUG-INK")) == (True, 0, 100)
    # It might still come: within ten minutes nothing is added to it.
    again = shop.stock()
    assert (again["try_again"], shop.bc.stock("MUG-INK")) == (True, 100)
    assert "does not show in BigCommerce yet" in again["stopped"]
    shop.outside.clock.sleep(601)
    last = shop.stock()
    assert (last["stopped"], shop.bc.stock("MUG-INK")) == (None, 140)


def test_a_difference_that_shows_late_is_not_added_a_second_time(timed_exact: Connected) -> None:
    shop = timed_exact
    shop.bc.switches.inventory_lag = 300.0
    shop.fm.stock["MUG-INK"] = 140
    assert shop.stock()["written"] == 1
    assert shop.bc.stock("MUG-INK") == 100
    assert shop.stock()["try_again"]
    shop.outside.clock.sleep(300)
    assert shop.bc.stock("MUG-INK") == 140
    assert (shop.stock()["written"], shop.bc.stock("MUG-INK")) == (0, 140)


@pytest.mark.parametrize("lag", [0.0, 120.0])
@pytest.mark.parametrize("figure", [140, 60])
def test_killed_between_the_write_and_its_record_it_is_not_added_again(
    timed_exact: Connected, monkeypatch: pytest.MonkeyPatch, lag: float, figure: int
) -> None:
    shop = timed_exact
    shop.bc.switches.inventory_lag = lag
    shop.fm.stock["MUG-INK"] = figure

    def killed(self: record.Record, items: Sequence[Item]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(record.Record, "settled", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.stock()
    killed_run = Run.objects.order_by("-pk")[0]
    assert killed_run.ended_at is None
    (intent,) = killed_run.items.exclude(asked_at=None)
    assert (intent.sku, intent.delta, intent.written) == ("MUG-INK", figure - 100, False)
    shop.stock()
    shop.outside.clock.sleep(lag)
    assert shop.bc.stock("MUG-INK") <= figure
    for _ in range(2):
        shop.outside.clock.sleep(601)
        shop.stock()
    shop.outside.clock.sleep(lag)
    assert shop.bc.stock("MUG-INK") == figure


def test_an_item_that_was_never_set_gets_its_figure(exact: Connected) -> None:
    """Fact 101."""
    place = exact.bc.add_location("WH-2", "NPF Melbourne")
    exact.set(stock_location=str(place))
    done = exact.stock()
    assert (done["written"], done["stopped"]) == (done["changed"], None)
    assert exact.bc.stock("MUG-INK", place) == 100
    exact.fm.stock["MUG-INK"] = 90
    assert item(exact.stock(), "MUG-INK")["delta"] == -10


def test_a_figure_below_the_merchants_safety_stock_is_written_all_the_same(exact: Connected) -> None:
    """Fact 101: such a difference is refused."""
    exact.bc.inventory.level_of(exact.bc.variant("MUG-INK")).safety = 5
    exact.fm.stock.update({"MUG-INK": 2, "APRON-LIN": 7})
    done = exact.stock()
    assert (done["written"], done["stopped"]) == (2, None)
    assert (exact.bc.stock("MUG-INK"), exact.bc.stock("APRON-LIN")) == (2, 7)
    assert Item.objects.filter(run=done["run"], sku="MUG-INK").get().delta is None


def test_more_sold_meanwhile_than_there_is_gives_zero(exact: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    exact.fm.stock["MUG-INK"] = 2
    before_the_write(monkeypatch, lambda: exact.place(("MUG-INK", 7)))
    done = exact.stock()
    assert exact.bc.stock("MUG-INK") == 0
    kept = Item.objects.get(run=done["run"], sku="MUG-INK")
    assert (kept.publish, kept.delta, kept.stands) == (0, None, 0)


def test_without_the_scope_figures_are_written_by_the_catalogue(connect: Connect) -> None:
    shop = connect(stock_write="exact", merchant={"scopes": bc.FOUR_SCOPES})
    shop.fm.stock["MUG-INK"] = 17
    done = shop.stock()
    assert (done["way"], item(done, "MUG-INK")["delta"], shop.bc.stock("MUG-INK")) == ("catalogue", None, 17)


def test_an_undo_keeps_what_is_sold_while_it_is_written(exact: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    exact.fm.stock["MUG-INK"] = 17
    exact.stock()
    before_the_write(monkeypatch, lambda: exact.place(("MUG-INK", 4)))
    undo(exact)
    assert exact.bc.stock("MUG-INK") == 96
