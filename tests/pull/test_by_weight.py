"""A dispatch table by country and weight, the whole way: the code that FM is asked for, and what is held."""

from collections.abc import Callable

from tests.connected import Connected

ROWS = [
    {"code": "AP", "countries": ["Australia"], "up_to_kg": 5},
    {"code": "EP", "countries": ["Australia"], "over_kg": 20},
]


def test_fm_is_asked_for_the_code_of_the_country_and_the_weight(connect: Callable[..., Connected]) -> None:
    shop = connect(tables={"dispatch": {"default": ROWS}})
    light, heavy, between = (shop.place(("MUG-INK", units)) for units in (1, 20, 3))
    weight = shop.bc.orders[light].lines[0].weight / 100
    assert weight <= 5 < weight * 3 <= 20 < weight * 20
    shop.run()
    codes = {one.bc_order_id: one.sales_orders.get().dispatch_code for one in map(shop.order, (light, heavy))}
    assert codes == {light: "AP", heavy: "EP"}
    held = shop.order(between)
    assert (held.stage, held.reason_code) == ("held", "gate:dispatch method")
    assert held.reason.endswith("to Australia over 5 kg, up to 20 kg")
    shop.tables(dispatch={"default": [*ROWS, {"code": "APM"}]})
    shop.run()
    assert shop.order(between).sales_orders.get().dispatch_code == "APM"
