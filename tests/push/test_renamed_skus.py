"""A line keeps the SKU that it was sold under; the catalogue goes on under another (fact 54)."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.push.stock.unsent import taken_off
from npf.stock.rule import units_by_code
from npf.stores.book import settings_of
from tests.connected import Connected

Connect = Callable[..., Connected]


def rename(shop: Connected, sku: str, new: str) -> None:
    """The merchant renames an article in BigCommerce."""
    shop.bc.catalogue.rename(shop.bc.variant(sku), new)


def item(done: dict[str, Any], sku: str) -> dict[str, Any]:
    (found,) = [one for one in done["items"] if one["sku"] == sku]
    return found


def test_what_was_sold_under_the_old_name_is_sent_as_what_fm_knows(connect: Connect) -> None:
    shop = connect(tables={"sku_map": {"MUG-BLUE": "MUG-INK"}})
    old = shop.place(("MUG-INK", 2))
    rename(shop, "MUG-INK", "MUG-BLUE")
    new = shop.place(("MUG-BLUE", 1))
    shop.run()
    assert [shop.fm.orders[f"AC-{number}"].ordered for number in (old, new)] == [{"MUG-INK": 2}, {"MUG-INK": 1}]
    assert [shop.bc.orders[number].status_id for number in (old, new)] == [10, 10]


def test_what_was_sold_under_the_old_name_is_taken_off_where_fm_keeps_that_name(connect: Connect) -> None:
    shop = connect(tables={"sku_map": {"MUG-BLUE": "MUG-INK"}})
    shop.fm.stock["MUG-INK"] = 10
    shop.place(("MUG-INK", 4))
    rename(shop, "MUG-INK", "MUG-BLUE")
    shop.place(("MUG-BLUE", 1))
    done = shop.stock()
    assert [item(done, "MUG-BLUE")[key] for key in ("fm", "unsent", "publish")] == [10, 5, 5]
    assert shop.bc.stock("MUG-BLUE") == 5


def test_a_name_that_fm_does_not_know_is_never_given_a_figure(connect: Connect) -> None:
    shop = connect(fm_products={"MUG-INK": 10, "APRON-LIN": 10})
    rename(shop, "MUG-INK", "MUG-BLUE")
    was = shop.bc.stock("MUG-BLUE")
    shop.place(("APRON-LIN", 1))
    done = shop.stock()
    assert (item(done, "MUG-BLUE")["publish"], item(done, "MUG-BLUE")["note"]) == (
        None,
        "FM has no details of MUG-BLUE",
    )
    assert shop.bc.stock("MUG-BLUE") == was


def test_an_old_name_that_fm_does_not_know_any_more_holds_the_order(connect: Connect) -> None:
    shop = connect(fm_products={"MUG-BLUE": 10})
    number = shop.place(("MUG-INK", 2))
    rename(shop, "MUG-INK", "MUG-BLUE")
    shop.run()
    assert shop.order(number).stage == "held"
    assert "MUG-INK" in shop.order(number).reason
    shop.tables(sku_map={"MUG-INK": "MUG-BLUE"})
    assert units_by_code(taken_off(shop.store, settings_of(shop.store), shop.outside.clock.now())) == {"MUG-BLUE": 2}
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-BLUE": 2}
    assert shop.bc.orders[number].status_id == 10


@pytest.mark.parametrize("options", [None, [("MUG-XL", (("Size", "XL"),)), ("MUG-L", (("Size", "L"),))]])
def test_what_was_sold_under_the_old_name_is_taken_off_where_fm_renamed_it_too(connect: Connect, options: Any) -> None:
    shop = connect(fm_products={"BIG-MUG": 10})
    sku = "MUG-XL" if options else "MUG-TALL"
    shop.bc.add_product("MUG-TALL", 50, options=options)
    number = shop.place((sku, 4))
    rename(shop, sku, "BIG-MUG")
    shop.run()
    assert shop.order(number).stage == "held"
    done = shop.stock()
    assert [item(done, "BIG-MUG")[key] for key in ("fm", "unsent", "publish")] == [10, 4, 6]
    assert shop.bc.stock("BIG-MUG") == 6
