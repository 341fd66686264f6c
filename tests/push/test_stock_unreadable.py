"""While an order cannot be read, nobody knows which units it took: no figure is raised."""

import pytest

from npf.stock.models import Run
from tests.connected import Connected
from tests.push.test_stock import item

pytestmark = pytest.mark.django_db(transaction=True)


def unreadable(shop: Connected) -> int:
    number = shop.place(("MUG-INK", 3))
    shop.bc.malform(number)
    return number


def test_no_figure_is_raised_and_each_says_why(shop: Connected) -> None:
    shop.stock()
    number = unreadable(shop)
    shop.fm.stock.update({"APRON-LIN": 140, "TEE-AUS-M": 4})
    done = shop.stock()
    assert (shop.bc.stock("MUG-INK"), shop.bc.stock("APRON-LIN"), shop.bc.stock("TEE-AUS-M")) == (97, 100, 4)
    for sku in ("MUG-INK", "APRON-LIN"):
        assert item(done, sku)["note"] == f"not raised: order {number} cannot be read, so nobody knows its units"
    assert Run.objects.latest("pk").written == 1


def test_when_it_can_be_read_again_they_rise(shop: Connected) -> None:
    shop.stock()
    number = unreadable(shop)
    shop.fm.stock["APRON-LIN"] = 140
    shop.stock()
    shop.bc.edit_line(number, 0, quantity=3)
    done = shop.stock()
    assert (shop.bc.stock("MUG-INK"), shop.bc.stock("APRON-LIN")) == (97, 140)
    assert item(done, "MUG-INK")["causes"]["new"]["orders"] == [str(number)]


def test_an_unreadable_order_of_another_store_of_the_same_fm_client_counts_too(shop: Connected) -> None:
    shop.stock()
    other = shop.both.connect("bolt")
    unreadable(other)
    other.station("pull")
    shop.fm.stock["APRON-LIN"] = 140
    shop.stock()
    assert shop.bc.stock("APRON-LIN") == 100
