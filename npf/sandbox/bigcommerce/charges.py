"""What lies on an order besides its prices: tax rows and the coupon, as V2 lists them."""

from typing import Any

from npf.sandbox.bigcommerce.record import Order, ex_tax, money


def taxes(order: Order) -> list[dict[str, Any]]:
    """One row for each line and each shipping cost that bears tax (openapi/orders.v2.oas2.yml, orderTaxes_Resp)."""
    of = [(line.price * line.quantity, line.address_id, line.id, "item") for line in order.lines]
    of += [(address.cost, address.id, 0, "shipping") for address in order.addresses]
    shown = [(cents - ex_tax(cents, order.tax_rate), *rest) for cents, *rest in of]
    return [
        {
            "id": order.id * 100 + at,
            "order_id": order.id,
            "order_address_id": address_id,
            "tax_rate_id": 1,
            "sales_tax_id": "",
            "tax_class_id": 2 if kind == "shipping" else 0,
            "name": "GST",
            "class": "Shipping" if kind == "shipping" else "Default Tax Class",
            "rate": money(order.tax_rate * 100),
            "priority": 0,
            "priority_amount": money(cents),
            "line_amount": money(cents),
            "order_pickup_method_id": 0,
            "order_product_id": str(line_id) if line_id else "",
            "line_item_type": kind,
        }
        for at, (cents, address_id, line_id, kind) in enumerate(shown, start=1)
        if cents
    ]


def coupons(order: Order) -> list[dict[str, Any]]:
    """The coupon whose worth the order shows, if any."""
    if not order.coupon:
        return []
    worth = order.coupon / 100
    row = {"id": order.id, "coupon_id": 1, "order_id": order.id, "code": "GUM", "amount": worth, "type": 2}
    return [{**row, "discount": worth}]
