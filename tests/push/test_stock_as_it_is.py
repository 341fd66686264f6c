"""BigCommerce's stock has ways of its own: late, below zero, moved by statuses. The daily figure puts it right."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.bigcommerce.refusals import Refused, RefusedItems
from npf.core.errors import GiveUp
from npf.push.stock import ways
from npf.sandbox import bigcommerce as bc
from npf.stock.models import Item
from tests.connected import Connected
from tests.push.conftest import at_fm

Connect = Callable[..., Connected]
BOTH_WAYS = pytest.mark.parametrize("scopes", [bc.FULL_SCOPES, bc.FOUR_SCOPES], ids=["inventory", "catalogue"])


def item(done: dict[str, Any], sku: str) -> dict[str, Any]:
    (found,) = [one for one in done["items"] if one["sku"] == sku]
    return found


def test_what_shows_after_some_seconds_is_waited_for_and_confirmed(timed: Connect) -> None:
    """Fact 96: 200 means accepted."""
    shop = timed()
    shop.bc.switches.inventory_lag = 10.0
    shop.fm.stock["MUG-INK"] = 17
    done = shop.stock()
    assert (item(done, "MUG-INK")["stands"], done["differs"], done["stopped"]) == (17, 0, None)
    assert Item.objects.get(sku="MUG-INK").stands == 17


def test_what_is_sold_while_it_is_confirmed_is_shown_as_a_difference(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.fm.stock["MUG-INK"] = 17
    write = ways.ByInventory.write

    def and_somebody_buys(way: ways.ByInventory, batch: Sequence[Item]) -> None:
        write(way, batch)
        shop.place(("MUG-INK", 2))

    monkeypatch.setattr(ways.ByInventory, "write", and_somebody_buys)
    done = shop.stock()
    assert (item(done, "MUG-INK")["publish"], item(done, "MUG-INK")["stands"], done["differs"]) == (17, 15, 1)
    assert done["stopped"] is None


def test_the_catalogue_confirms_by_its_answer(connect: Connect) -> None:
    shop = connect(merchant={"scopes": bc.FOUR_SCOPES})
    shop.fm.stock["MUG-INK"] = 17
    shop.fm.stock["TEE-AUS-M"] = 3
    shop.bc.log.clear()
    done = shop.stock()
    assert [item(done, sku)["stands"] for sku in ("MUG-INK", "TEE-AUS-M")] == [17, 3]
    writes = [at for at, one in enumerate(shop.bc.log) if one.method == "PUT"]
    assert [one.path for one in list(shop.bc.log)[writes[0] :] if one.method == "GET"] == []


def test_what_shows_late_is_written_again_and_ends_right(timed: Connect) -> None:
    """Fact 96: 200 means accepted."""
    shop = timed()
    shop.bc.switches.inventory_lag = 300.0
    shop.fm.stock["MUG-INK"] = 17
    first = shop.stock()
    assert first["written"] > 0
    assert first["differs"] == first["written"]
    assert shop.bc.stock("MUG-INK") != 17
    shop.fm.stock["MUG-INK"] = 16
    shop.stock()
    shop.outside.clock.sleep(600)
    assert shop.bc.stock("MUG-INK") == 16
    again = shop.stock()
    assert (again["changed"], again["stopped"]) == (0, None)


@BOTH_WAYS
def test_an_oversold_article_gets_its_figure(connect: Connect, scopes: frozenset[str]) -> None:
    """Fact 116: a level may lie below zero."""
    shop = connect(merchant={"scopes": scopes})
    shop.fm.stock.update({"MUG-INK": 5, "TEE-AUS-M": 0})
    for sku in ("MUG-INK", "TEE-AUS-M"):
        shop.bc.set_stock(sku, 1)
    shop.place(("MUG-INK", 3), ("TEE-AUS-M", 2), status_id=7)
    assert (shop.bc.stock("MUG-INK"), shop.bc.stock("TEE-AUS-M")) == (-2, -1)
    done = shop.stock()
    assert done["stopped"] is None
    assert (shop.bc.stock("MUG-INK"), shop.bc.stock("TEE-AUS-M")) == (2, 0)


@pytest.mark.parametrize("returns_stock", [True, False])
@pytest.mark.parametrize("behaviour", ["order_placed", "order_completed_or_shipped"])
def test_whatever_a_status_did_to_the_stock_the_next_push_puts_right(
    connect: Connect, behaviour: str, returns_stock: bool
) -> None:
    """Facts 69, 70, 115: sold, shipped, cancelled and declined, in a store of every kind."""
    shop = connect(merchant={"stock_behaviour": behaviour, "returns_stock": returns_stock})
    shop.fm.stock["MUG-INK"] = 50
    shipped = at_fm(shop, ("MUG-INK", 4))
    shop.fm.ship(f"AC-{shipped}")
    for status_id in (4, 5, 6):
        shop.bc.set_status(shop.place(("MUG-INK", 2)), status_id)
    shop.run()
    assert shop.bc.orders[shipped].status_id == 10
    done = shop.stock()
    (item,) = [one for one in done["items"] if one["sku"] == "MUG-INK"]
    assert shop.bc.stock("MUG-INK") == item["publish"] == item["fm"] == 46


def test_figures_are_written_as_they_are_and_never_as_a_difference(shop: Connected) -> None:
    """Fact 101, 102: one call after the other, each absolute."""
    shop.fm.stock["MUG-INK"] = 17
    shop.stock()
    writes = shop.bc.log.writes()
    assert [entry.path for entry in writes] == ["/v3/inventory/adjustments/absolute"]
    assert all(set(item) <= {"location_id", "variant_id", "product_id", "quantity"} for item in writes[0].body["items"])


class _Way:
    """A BigCommerce that refuses a call with one bad item in it, and names as many of them as it likes (fact 98)."""

    name = "inventory"
    counted = True
    exact = False

    def __init__(self, size: int, bad: set[int], named: set[int]) -> None:
        self.size, self.bad, self.named = size, bad, named
        self.kept: dict[int, int] = {}

    def levels(self, items: Sequence[Item]) -> dict[str, int]:
        return {}

    def batches(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        return (items[start : start + self.size] for start in range(0, len(items), self.size))

    def write(self, batch: Sequence[Item]) -> None:
        wrong = {item.variant_id for item in batch if item.variant_id in self.bad}
        if wrong:
            refusal = Refused("Item is tracked by product", status=422)
            if named := {number for number in wrong & self.named if number}:
                raise RefusedItems(refusal, variant_ids=named, product_ids=set())
            raise refusal if len(wrong) % 2 else GiveUp("no", code="refused")
        self.kept.update({item.variant_id or 0: item.publish or 0 for item in batch})


class _Book:
    def __init__(self) -> None:
        self.seen: list[Item] = []

    def asking(self, batch: Sequence[Item]) -> None: ...

    def as_figures(self, items: Sequence[Item]) -> None: ...

    def was_done(self, batch: Sequence[Item]) -> bool:
        return False

    def settled(self, items: Sequence[Item]) -> None:
        self.seen.extend(items)


@given(
    count=st.integers(1, 60),
    size=st.integers(1, 25),
    bad=st.sets(st.integers(1, 60), max_size=5),
    named=st.sets(st.integers(1, 60)),
)
def test_every_good_item_is_written_and_every_bad_one_told(
    count: int, size: int, bad: set[int], named: set[int]
) -> None:
    items = [Item(sku=f"S{n}", product_id=n, variant_id=n, publish=n) for n in range(1, count + 1)]
    way = _Way(size, bad, named)
    book = _Book()
    ways.write(way, items, book)
    good = {n for n in range(1, count + 1) if n not in bad}
    assert way.kept == {n: n for n in good}
    assert {item.variant_id for item in items if item.written} == good
    assert {item.variant_id for item in items if item.refused} == bad & set(range(1, count + 1))
    assert sorted(item.product_id for item in book.seen) == list(range(1, count + 1))
