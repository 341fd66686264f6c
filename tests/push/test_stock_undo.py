"""What a push wrote is taken back: what stood before, less what was sold since."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.core.errors import FixSettings
from npf.jobs.stations import undo_stock
from npf.stock.models import Item, Run
from tests.connected import Connected
from tests.push.test_stock import BOTH_WAYS, item, with_scopes

Connect = Callable[..., Connected]


def undo(shop: Connected, **options: Any) -> dict[str, Any]:
    return undo_stock(shop.store, shop.outside, "Ann", **options)


@BOTH_WAYS
def test_it_writes_back_what_stood_before(connect: Connect, scopes: frozenset[str]) -> None:
    shop = with_scopes(connect, scopes)
    shop.bc.set_stock("MUG-INK", 30)
    shop.bc.set_stock("TEE-AUS-M", 12)
    shop.fm.stock.update({"MUG-INK": 7, "TEE-AUS-M": 0})
    pushed = shop.stock()
    assert (shop.bc.stock("MUG-INK"), shop.bc.stock("TEE-AUS-M")) == (7, 0)
    done = undo(shop)
    assert (shop.bc.stock("MUG-INK"), shop.bc.stock("TEE-AUS-M")) == (30, 12)
    assert (done["kind"], done["stopped"], done["written"]) == ("undo", None, pushed["written"])
    run = Run.objects.get(kind="undo")
    assert (run.undoes_id, run.by) == (pushed["run"], "Ann")


@BOTH_WAYS
def test_what_was_sold_since_stays_sold(connect: Connect, scopes: frozenset[str]) -> None:
    shop = with_scopes(connect, scopes)
    shop.bc.set_stock("MUG-INK", 30)
    shop.fm.stock["MUG-INK"] = 50
    shop.stock()
    shop.place(("MUG-INK", 4))
    assert shop.bc.stock("MUG-INK") == 46
    done = undo(shop)
    assert (item(done, "MUG-INK")["unsent"], shop.bc.stock("MUG-INK")) == (4, 26)


def test_a_sale_that_bigcommerce_takes_off_only_when_shipped_stays_sold(connect: Connect) -> None:
    shop = connect(merchant={"stock_behaviour": "order_completed_or_shipped"})
    shop.bc.set_stock("MUG-INK", 30)
    shop.fm.stock["MUG-INK"] = 50
    shop.stock()
    shop.place(("MUG-INK", 4))
    assert shop.bc.stock("MUG-INK") == 50
    undo(shop)
    assert shop.bc.stock("MUG-INK") == 26


def test_what_was_sold_in_bundles_stays_sold(connect: Connect) -> None:
    shop = connect(tables={"bundles": {"KIT-TEA": {"MUG-STONE": 2, "TEA-TWL-GUM": 1}}})
    shop.bc.set_stock("MUG-STONE", 30)
    shop.stock()
    shop.place(("KIT-TEA", 3))
    undo(shop)
    assert shop.bc.stock("MUG-STONE") == 24


def test_a_sale_that_only_bigcommerces_level_shows_stays_sold(shop: Connected) -> None:
    shop.bc.set_stock("MUG-INK", 30)
    shop.fm.stock["MUG-INK"] = 50
    shop.stock()
    shop.bc.set_stock("MUG-INK", 45)
    undo(shop)
    assert shop.bc.stock("MUG-INK") == 25


def test_more_sold_than_stood_there_gives_zero(shop: Connected) -> None:
    shop.bc.set_stock("MUG-INK", 3)
    shop.fm.stock["MUG-INK"] = 50
    shop.stock()
    shop.place(("MUG-INK", 9))
    undo(shop)
    assert shop.bc.stock("MUG-INK") == 0


def test_what_another_run_has_written_since_is_left_alone_and_says_so(shop: Connected) -> None:
    shop.bc.set_stock("TEE-AUS-M", 12)
    first = shop.stock()
    shop.fm.stock["MUG-INK"] = 7
    shop.stock()
    done = undo(shop, run=Run.objects.get(pk=first["run"]))
    assert "undo that one first" in item(done, "MUG-INK")["note"]
    assert (shop.bc.stock("MUG-INK"), shop.bc.stock("TEE-AUS-M")) == (7, 12)


def test_a_dry_run_of_an_undo_shows_and_writes_nothing(shop: Connected) -> None:
    shop.bc.set_stock("MUG-INK", 30)
    shop.stock()
    shop.bc.log.clear()
    done = undo(shop, dry_run=True)
    assert (item(done, "MUG-INK")["publish"], item(done, "MUG-INK")["was"]) == (30, 100)
    assert shop.bc.log.writes() == []
    assert not Run.objects.filter(kind="undo").exists()


def test_where_nothing_was_written_there_is_nothing_to_undo(shop: Connected) -> None:
    with pytest.raises(FixSettings, match="no stock has been written"):
        undo(shop)


# only what changed


def change(shop: Connected) -> dict[str, Any]:
    return shop.stock(kind="change")


@BOTH_WAYS
def test_a_run_on_change_looks_at_and_keeps_only_what_changed(connect: Connect, scopes: frozenset[str]) -> None:
    shop = with_scopes(connect, scopes)
    shop.stock()
    shop.fm.stock["MUG-INK"] = 7
    done = change(shop)
    assert [(one["sku"], one["was"], one["publish"]) for one in done["items"]] == [("MUG-INK", 100, 7)]
    assert (done["counted"], done["changed"], done["written"]) == (61, 1, 1)
    assert (shop.bc.stock("MUG-INK"), Item.objects.filter(run=done["run"]).count()) == (7, 1)
    assert change(shop)["items"] == []


def test_what_a_sale_took_off_already_is_not_written_again(shop: Connected) -> None:
    shop.stock()
    shop.place(("MUG-INK", 3))
    shop.bc.log.clear()
    done = change(shop)
    assert [(one["sku"], one["was"], one["publish"]) for one in done["items"]] == [("MUG-INK", 97, 97)]
    assert (done["written"], shop.bc.log.writes()) == (0, [])
    assert change(shop)["items"] == []


# past the seat belt, this once


def test_an_operator_goes_on_past_the_belt_this_once_and_it_is_on_record(shop: Connected) -> None:
    shop.fm.faults.add("zeros")
    assert shop.stock()["stopped"]
    done = shop.stock(anyway=True)
    assert (done["stopped"], done["anyway_by"]) == (None, "test")
    assert "would fall to zero" in done["belt"]
    assert shop.bc.stock("MUG-INK") == 0
    shop.bc.set_stock("MUG-INK", 5)
    shop.bc.set_stock("APRON-LIN", 5)
    assert shop.stock()["stopped"]


def test_a_run_that_the_belt_does_not_stop_bears_no_name(shop: Connected) -> None:
    done = shop.stock(anyway=True)
    assert (done["stopped"], done["belt"], done["anyway_by"]) == (None, None, None)


def test_each_figure_names_its_orders(shop: Connected) -> None:
    number = shop.place(("MUG-INK", 3), status_id=7)
    shop.place(("MUG-INK", 2))
    done = shop.stock(dry_run=True)
    one = item(done, "MUG-INK")
    assert one["causes"]["awaiting payment"] == {"units": 3, "orders": [str(number)], "more": 0}
    assert one["causes"]["new"]["units"] == 2
    assert (one["unsent"], one["part"], one["per_unit"]) == (5, "MUG-INK", 1)


def test_orders_of_another_store_of_the_same_fm_client_bear_its_name(connect: Connect) -> None:
    first, second = connect("acme"), connect("bolt")
    number = second.place(("MUG-INK", 3))
    second.station("pull")
    assert item(first.stock(dry_run=True), "MUG-INK")["causes"]["new"]["orders"] == [f"bolt {number}"]
