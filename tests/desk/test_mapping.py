"""One saved row lets all orders go that lack it, through the gates; what lacks something else stays held."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.desk.mapping import Lack, add, lack_of, rows_of
from npf.orders.models import Order
from npf.stores import book
from npf.stores.rows import WrongRow
from tests.connected import Connected

Connect = Callable[..., Connected]


def lack(shop: Connected, number: int) -> Lack | None:
    return lack_of(shop.order(number), book.settings_of(shop.store))


def let_go(shop: Connected, what: Lack | None, filled: str) -> None:
    assert what is not None
    held = list(Order.objects.filter(stage="held").values_list("pk", flat=True))
    add(shop.store, what, filled, held, "otto", shop.outside.clock)


def stages(shop: Connected, numbers: list[int]) -> set[str]:
    return {shop.order(number).stage for number in numbers}


def test_an_unmapped_method_is_one_row_for_all_its_orders(connect: Connect) -> None:
    shop = connect(tables={"dispatch": {"Standard": "AP"}})
    pigeons = [shop.place(shipping_method="By pigeon") for _ in range(12)]
    drone = shop.place(shipping_method="Drone")
    shop.run()
    assert len({shop.order(number).reason for number in pigeons}) == 1
    assert lack(shop, pigeons[0]) == Lack("dispatch", ("By pigeon", "", "", "", ""))
    let_go(shop, lack(shop, pigeons[0]), " ext ")
    assert stages(shop, pigeons) == {"held"}
    shop.run()
    assert stages(shop, [*pigeons]) & {"held", "new"} == set()
    assert {shop.order(number).sales_orders.get().dispatch_code for number in pigeons} == {"EXT"}
    assert shop.order(drone).stage == "held"


def test_orders_that_another_gate_holds_stay_held_although_their_method_is_mapped(connect: Connect) -> None:
    shop = connect(tables={"dispatch": {"Standard": "AP"}})
    good, bad = (shop.place(shipping_method="By pigeon") for _ in range(2))
    shop.bc.orders[bad].addresses[0].zip = "12"
    shop.run()
    let_go(shop, lack(shop, good), "EXT")
    shop.run()
    assert (shop.order(bad).stage, shop.order(bad).reason_code) == ("held", "gate:FM's limits")
    assert shop.order(good).stage != "held"


def test_a_missing_bundle_is_filled_with_its_parts(connect: Connect) -> None:
    shop = connect(bundle_prefix="KIT-")
    number = shop.place(("KIT-NEW", 1))
    shop.run()
    assert lack(shop, number) == Lack("bundles", ("KIT-NEW", "", ""))
    let_go(shop, lack(shop, number), "MUG-INK x 2, BOWL-SAND")
    assert shop.store.bundles == {"KIT-NEW": {"MUG-INK": 2, "BOWL-SAND": 1}}
    shop.run()
    asked = shop.order(number).sales_orders.get().lines.values_list("code", "quantity")
    assert dict(asked) == {"MUG-INK": 2, "BOWL-SAND": 1}


def test_a_sku_that_fm_refused_is_mapped_and_its_orders_are_sent_again(connect: Connect) -> None:
    shop = connect(fm_products={"FM-MUG": 50})
    numbers = [shop.place(("MUG-INK", 1)) for _ in range(3)]
    shop.run()
    assert {shop.order(number).reason_code for number in numbers} == {"02007"}
    assert lack(shop, numbers[0]) == Lack("sku_map", ("MUG-INK", ""))
    let_go(shop, lack(shop, numbers[0]), "FM-MUG")
    shop.run()
    assert stages(shop, numbers) & {"held", "new"} == set()


def test_what_is_held_for_something_else_lacks_no_row(shop: Connected) -> None:
    number = shop.place()
    shop.bc.orders[number].addresses[0].zip = "12"
    shop.run()
    assert shop.order(number).stage == "held"
    assert lack(shop, number) is None


@pytest.mark.parametrize(
    ("what", "filled", "rows"),
    [
        (Lack("carriers", ("AP", "")), " auspost", [["AP", "auspost"]]),
        (Lack("dispatch", ("X", "", "New Zealand", "5", "")), "EP", [["X", "EP", "New Zealand", "5", ""]]),
        (Lack("bundles", ("K", "", "")), "A X 2,B , C x12", [["K", "A", "2"], ["K", "B", "1"], ["K", "C", "12"]]),
        (Lack("bundles", ("K", "", "")), " ", [["K", "", "1"]]),
    ],
)
def test_what_a_person_types_becomes_rows(what: Lack, filled: str, rows: list[list[str]]) -> None:
    assert rows_of(what, filled) == rows


def test_a_mistake_saves_nothing_and_a_row_that_is_there_already_is_none(shop: Connected) -> None:
    def typed(filled: str) -> Any:
        return add(shop.store, Lack("dispatch", ("Drone", "", "", "", "")), filled, [], "otto", shop.outside.clock)

    with pytest.raises(WrongRow, match='did you mean "EXT"'):
        typed("EXTT")
    assert "Drone" not in shop.store.dispatch
    typed("EXT")
    version = shop.store.settings_version
    typed("EXT")
    assert shop.store.settings_version == version
    with pytest.raises(WrongRow, match="says the same as"):
        typed("AP")
