"""What happened to the money of an order: transactions, capture, void, refunds (facts 55, 60, 62, 71).

    POST payment_actions/refunds   -> read -> Refund -> lines, stock, payment_status, status 14 or 4
    Store.refund (control panel)   -> whole lines --^

BigCommerce asks the gateway afterwards ("capture pending"); here the gateway answers at once.
"""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from npf.sandbox.bigcommerce import statuses
from npf.sandbox.bigcommerce.answers import Refusal, ok, v3_error
from npf.sandbox.bigcommerce.record import Line, Order, ex_tax, iso8601

if TYPE_CHECKING:
    from npf.sandbox.bigcommerce.store import Store

BY_QUANTITY = ("PRODUCT", "GIFT_WRAPPING")
BY_AMOUNT = ("ORDER", "SHIPPING", "HANDLING", "TAX", "FEE")
STORE_CREDIT = "storecredit"
_PAID = ("captured", "paid", "refunded", "partially refunded")


@dataclass(slots=True)
class Item:
    """A part of a refund: pieces of a line, or an amount. `cents` is what goes back, tax included."""

    kind: str
    item_id: int
    cents: int
    quantity: int = 1
    reason: str = ""
    line: Line | None = None
    adjustment: int = 0

    def body(self) -> dict[str, Any]:
        """Pieces have no requested_amount (openapi/orders.v3.yml, Refund_Resp)."""
        shown = {"item_type": self.kind, "item_id": self.item_id, "quantity": self.quantity, "reason": self.reason}
        return shown if self.kind in BY_QUANTITY else {**shown, "requested_amount": self.cents / 100}


@dataclass(slots=True)
class Refund:
    """One refund. `payments` are (provider id, cents, offline); `tax` is the share of `total` that is tax."""

    id: int
    order_id: int
    created: int
    items: list[Item]
    payments: list[tuple[str, int, bool]]
    total: int
    tax: int
    reason: str = ""
    overridden: bool = False

    def body(self) -> dict[str, Any]:
        """As openapi/orders.v3.yml, Refund_Resp."""
        return {
            "id": self.id,
            "order_id": self.order_id,
            "user_id": 0,
            "created": iso8601(self.created),
            "reason": self.reason,
            "total_amount": self.total / 100,
            "total_tax": self.tax / 100,
            "uses_merchant_override_values": self.overridden,
            "payments": [
                {
                    "id": self.id * 10 + at,
                    "provider_id": provider,
                    "amount": cents / 100,
                    "offline": offline,
                    "is_declined": False,
                    "declined_message": "",
                }
                for at, (provider, cents, offline) in enumerate(self.payments)
            ],
            "items": [item.body() for item in self.items],
        }


@dataclass(slots=True)
class Payments:
    """The refunds of one store by id, and what else was done to an order's payment: (event, Unix seconds)."""

    refunds: dict[int, Refund] = field(default_factory=dict)
    actions: dict[int, list[tuple[str, int]]] = field(default_factory=dict)

    def refunds_of(self, order_id: int) -> list[Refund]:
        """Oldest first."""
        return [refund for refund in self.refunds.values() if refund.order_id == order_id]


def transactions(store: "Store", order: Order) -> list[dict[str, Any]]:
    """What the gateway did for an order, oldest first; none for an order that was not paid (fact 19)."""
    actions = store.payments.actions.get(order.id, [])
    events: list[tuple[str, int, int]] = []
    if actions or order.payment_status == "authorized":
        events = [("authorization", order.total, order.created), *((event, order.total, at) for event, at in actions)]
    elif order.payment_status in _PAID:
        events = [("purchase", order.total, order.created)]
    events += [("refund", refund.total, refund.created) for refund in store.payments.refunds_of(order.id)]
    return [_transaction(order, at, *event) for at, event in enumerate(events, start=1)]


def _transaction(order: Order, at: int, event: str, cents: int, moment: int) -> dict[str, Any]:
    card = order.payment_method == "Credit Card"
    shown = {
        "id": order.id * 100 + at,
        # A string here, an integer everywhere else (fact 62).
        "order_id": str(order.id),
        "event": event,
        "method": "credit_card" if card else "custom",
        "amount": cents / 100,
        "currency": order.currency_code,
        "gateway": "braintree" if card else "custom",
        "gateway_transaction_id": f"gw-{order.id}-{at}",
        "date_created": iso8601(moment),
        "test": False,
        "status": "ok",
        "fraud_review": False,
        "payment_method_id": "braintree.credit_card" if card else "custom.custom",
        "payment_instrument_token": None,
    }
    return shown if at == 1 else {**shown, "reference_transaction_id": order.id * 100 + 1}


def capture(store: "Store", order: Order) -> None:
    """Take the money that was authorised. Raises Refusal 422 where none was."""
    _act(store, order, "capture", "captured")


def void(store: "Store", order: Order) -> None:
    """Let go of the money that was authorised; the status stays (fact 71). Raises Refusal 422 where none was."""
    _act(store, order, "void", "void")


def _act(store: "Store", order: Order, event: str, becomes: str) -> None:
    if order.payment_status != "authorized":
        said = order.payment_status or "not paid"
        raise v3_error(422, f"There is nothing to {event}: the payment of order {order.id} is {said}")
    store.payments.actions.setdefault(order.id, []).append((event, store.seconds()))
    order.payment_status = becomes
    store.touch(order)


def read_items(store: "Store", order: Order, body: Any) -> list[Item]:
    """The items of a quote or a refund, checked against what is left of the order. Raises Refusal 422."""
    if not isinstance(body, dict):
        raise v3_error(422, "JSON data is missing or invalid")
    if "items" not in body and "tax_adjustment_amount" in body:
        return [Item("TAX", order.id, _cents(body["tax_adjustment_amount"], "tax_adjustment_amount"))]
    rows = body.get("items")
    if not isinstance(rows, list) or not rows:
        raise v3_error(422, "JSON data is missing or invalid", {"items": "error.path.missing"})
    items = [_item(order, row, at) for at, row in enumerate(rows)]
    for line in order.lines:
        wanted = sum(item.quantity for item in items if item.line is line and item.kind == "PRODUCT")
        if wanted > line.quantity - line.refunded:
            left = line.quantity - line.refunded
            raise v3_error(422, f"Only {left} of order product {line.id} are left to refund", {"quantity": "too many"})
    if sum(item.cents for item in items) > left_to_refund(store, order):
        raise v3_error(422, f"The refund is more than what is left of order {order.id}", {"items": "too much"})
    return items


def left_to_refund(store: "Store", order: Order) -> int:
    """Cents that were paid and have not gone back."""
    return order.total - sum(refund.total for refund in store.payments.refunds_of(order.id))


def _item(order: Order, row: Any, at: int) -> Item:
    if not isinstance(row, dict):
        raise v3_error(422, "JSON data is missing or invalid", {f"items.{at}": "error.expected.jsobject"})
    kind, item_id, reason = row.get("item_type"), row.get("item_id"), row.get("reason", "")
    if kind not in (*BY_QUANTITY, *BY_AMOUNT) or type(item_id) is not int:
        raise v3_error(422, "JSON data is missing or invalid", {f"items.{at}": "item_type and item_id are needed"})
    if kind in BY_AMOUNT:
        return Item(kind, item_id, _cents(row.get("amount"), f"items.{at}.amount"), reason=reason)
    line, quantity = order.line(item_id), row.get("quantity")
    if line is None or type(quantity) is not int or quantity < 1:
        raise v3_error(422, "JSON data is missing or invalid", {f"items.{at}": "is no quantity of an order product"})
    less = sum(_cents(one.get("amount"), f"items.{at}.adjustments") for one in row.get("adjustments", []))
    cents = line.price * quantity + less if kind == "PRODUCT" else 0
    return Item(kind, item_id, cents, quantity, reason, line, less)


def _cents(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise v3_error(422, "JSON data is missing or invalid", {name: "error.expected.jsnumber"})
    return round(value * 100)


def tax_of(order: Order, cents: int) -> int:
    """The share of an amount that is tax."""
    return cents - ex_tax(cents, order.tax_rate)


def read_refund(store: "Store", order: Order, body: Any) -> Refund:
    """A POST body as a refund, not yet done. Raises Refusal 422, whose error lies in a list of its own."""
    try:
        return _refund(store, order, body)
    except Refusal as refusal:
        error = json.loads(refusal.answer.body)
        raise Refusal(ok({"data": [error]}, refusal.answer.status)) from None


def _refund(store: "Store", order: Order, body: Any) -> Refund:
    items = read_items(store, order, body)
    total = sum(item.cents for item in items)
    tax = tax_of(order, total)
    override = body.get("merchant_calculated_override")
    if isinstance(override, dict):
        total = _cents(override.get("total_amount"), "merchant_calculated_override.total_amount")
        tax = _cents(override.get("total_tax"), "merchant_calculated_override.total_tax")
    rows = body.get("payments", [{"provider_id": _provider(order), "amount": total / 100, "offline": True}])
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise v3_error(422, "JSON data is missing or invalid", {"payments": "error.path.missing"})
    payments = [
        (str(row.get("provider_id", "")), _cents(row.get("amount"), "payments.amount"), bool(row.get("offline", False)))
        for row in rows
    ]
    if not order.customer_id and any(provider == STORE_CREDIT for provider, _, _ in payments):
        raise v3_error(422, "Unable to provide store credit for a guest customer.")
    if sum(cents for _, cents, _ in payments) != total:
        raise v3_error(422, f"The payments do not make up the refund of {total / 100:.2f}; ask for a quote first")
    number = max(store.payments.refunds, default=0) + 1
    reason = str(body.get("reason", ""))
    return Refund(number, order.id, store.seconds(), items, payments, total, tax, reason, isinstance(override, dict))


def _provider(order: Order) -> str:
    return "braintree" if order.payment_method == "Credit Card" else "custom"


def do(store: "Store", order: Order, refund: Refund) -> None:
    """Let a refund take effect: lines, stock where the setting says so, payment_status, status (facts 55, 69)."""
    store.payments.refunds[refund.id] = refund
    returns = store.settings.in_force("refund_order_stock_adjustment", order.channel_id)
    for item in refund.items:
        if item.line is None or item.kind != "PRODUCT":
            continue
        item.line.refunded += item.quantity
        if returns and order.stock_taken:
            store.move_line(item.line, item.quantity)
    whole = all(line.refunded >= line.quantity for line in order.lines)
    whole = whole or (order.total > 0 and left_to_refund(store, order) <= 0)
    order.payment_status = "refunded" if whole else "partially refunded"
    # Not by move_status: a refund returns the pieces that it names, and an amount none.
    before, order.status_id = order.status_id, statuses.REFUNDED if whole else statuses.PARTIALLY_REFUNDED
    store.tell_status(order, before)
    store.touch(order)
    store.announce("store/order/refund/created", {"type": "order", "id": order.id, "refund": {"refund_id": refund.id}})


def remember(store: "Store", order: Order) -> None:
    """Write down the refund of lines that were placed as refunded already."""
    for line in order.lines:
        if line.refunded:
            refund = of_line(store, order, line, line.refunded)
            store.payments.refunds[refund.id] = refund


def of_line(store: "Store", order: Order, line: Line, quantity: int) -> Refund:
    """A refund of pieces of one line, as the control panel makes it."""
    item = Item("PRODUCT", line.id, line.price * quantity, quantity, line=line)
    number = max(store.payments.refunds, default=0) + 1
    payment = (_provider(order), item.cents, False)
    return Refund(number, order.id, store.seconds(), [item], [payment], item.cents, tax_of(order, item.cents))


def quote(store: "Store", order: Order, items: list[Item]) -> dict[str, Any]:
    """As openapi/orders.v3.yml, RefundQuote_Resp; nothing is changed."""
    total = sum(item.cents for item in items)
    amount = {"amount": total / 100, "offline": False, "offline_provider": False, "offline_reason": ""}
    methods = [[{"provider_id": _provider(order), "provider_description": order.payment_method, **amount}]]
    if order.customer_id:
        methods.append([{"provider_id": STORE_CREDIT, "provider_description": "Store Credit", **amount}])
    return {
        "order_id": order.id,
        "total_refund_amount": total / 100,
        "total_refund_tax_amount": tax_of(order, total) / 100,
        "order_level_refund_amount": sum(item.cents for item in items if item.kind == "ORDER") / 100,
        "rounding": 0,
        "adjustment": sum(item.adjustment for item in items) / 100,
        "tax_inclusive": True,
        "refund_methods": methods,
    }
