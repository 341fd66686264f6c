"""What is not goods, or goes to no address, stays with BigCommerce; the goods beside it go their whole way."""

from typing import Any

import pytest

from tests.connected import Connected

GIFT: dict[str, Any] = {
    "name": "Gift certificate",
    "price": 50,
    "type": "giftcertificate",
    "recipient": "b@example.com",
}
PDF: dict[str, Any] = {"sku": "PDF-CARE", "quantity": 1, "type": "digital"}


@pytest.mark.parametrize("beside", [GIFT, PDF], ids=["gift certificate", "download"])
def test_goods_go_and_what_is_mailed_stays(shop: Connected, beside: dict[str, Any]) -> None:
    """Fact 50."""
    number = shop.bc.place_order([("MUG-INK", 2), beside])
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"MUG-INK": 2}
    (shipment,) = shop.bc.shipments(number)
    assert [item["quantity"] for item in shipment["items"]] == [2]
    assert (shop.order(number).stage, shop.bc.orders[number].status_id) == ("complete", 10)


@pytest.mark.parametrize(
    ("lines", "more"), [([GIFT], {}), ([PDF], {}), ([GIFT, PDF], {}), ([("MUG-INK", 1)], {"pickup": True})]
)
def test_an_order_with_nothing_to_send_asks_fm_for_nothing(
    shop: Connected, lines: list[Any], more: dict[str, Any]
) -> None:
    """Facts 49, 50, 63: no shipping address is right there, and no error."""
    number = shop.bc.place_order(lines, **more)
    shop.run()
    assert (shop.order(number).stage, shop.order(number).reason_code) == ("skipped", "gate:something to ship")
    assert shop.fm.orders == {}
    assert shop.bc.orders[number].status_id == 11


def test_a_custom_product_goes_under_the_sku_that_the_merchant_gave_it(shop: Connected) -> None:
    """Fact 53: product 0, variant 0."""
    named = {"name": "Hand-cut sample", "sku": "SAMPLE", "quantity": 1, "product_id": 0, "variant_id": 0}
    number = shop.bc.place_order([named])
    blank = shop.bc.place_order([{"name": "Hand-cut sample", "quantity": 1, "price": 5}, ("MUG-INK", 1)])
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].ordered == {"SAMPLE": 1}
    assert shop.bc.orders[number].status_id == 10
    held = shop.order(blank)
    assert (held.stage, held.reason_code, held.field) == ("held", "gate:SKUs", "Products.Code")
    assert "Hand-cut sample" in held.reason


def test_a_modifier_of_the_shopper_reaches_the_packers(shop: Connected) -> None:
    """Fact 52: engraving, a wish, gift wrap, within FM's 100 characters."""
    options = [
        {"type": "Text field", "display_name": "Engraving", "display_value": "To Ada"},
        {"type": "Checkbox", "display_name": "Gift receipt", "display_value": "Yes"},
    ]
    line = {"sku": "MUG-INK", "quantity": 1, "product_options": options, "wrapping_name": "Kraft wrap"}
    number = shop.bc.place_order([line], customer_message="Behind the bin at the side gate, please, not at the front")
    shop.run()
    told = shop.fm.orders[f"AC-{number}"].fields["DespatchDetails"]["CustomerMessage"]
    assert told.startswith(
        "Gift wrap MUG-INK: Kraft wrap; MUG-INK Engraving: To Ada; MUG-INK Gift receipt: Yes; Behind"
    )
    assert len(told) <= 100
    assert told.endswith(" ...")
    limits = shop.order(number).gates[-1]
    assert "is left out" in limits["why"]
