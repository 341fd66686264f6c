"""The fifteen order statuses: their ids are fixed, each may be renamed by the merchant (facts 64, 65)."""

INCOMPLETE, PENDING, SHIPPED, PARTIALLY_SHIPPED, REFUNDED, CANCELLED, DECLINED = range(7)
AWAITING_PAYMENT, AWAITING_PICKUP, AWAITING_SHIPMENT, COMPLETED, AWAITING_FULFILLMENT = range(7, 12)
MANUAL_VERIFICATION, DISPUTED, PARTIALLY_REFUNDED = range(12, 15)

# id -> (name, place in the control panel's list, description), as in examples/order_statuses.json
STATUSES: dict[int, tuple[str, int, str]] = {
    0: ("Incomplete", 0, "An incomplete order happens when a shopper reached the payment page, but did not pay."),
    1: ("Pending", 1, "Customer started the checkout process, but did not complete it."),
    2: ("Shipped", 8, "Order has been shipped, but receipt has not been confirmed."),
    3: ("Partially Shipped", 6, "Only some items in the order have been shipped."),
    4: ("Refunded", 11, "Seller has used the Refund action."),
    5: ("Cancelled", 9, "Seller has cancelled an order, due to a stock inconsistency or other reasons."),
    6: ("Declined", 10, "Seller has marked the order as declined for lack of manual payment, or other reasons."),
    7: ("Awaiting Payment", 2, "Customer has completed checkout process, but payment has yet to be confirmed."),
    8: ("Awaiting Pickup", 5, "Order has been pulled, and is awaiting customer pickup."),
    9: ("Awaiting Shipment", 4, "Order has been pulled and packaged, and is awaiting collection."),
    10: ("Completed", 7, "Client has paid for their digital product and their file(s) are available."),
    11: ("Awaiting Fulfillment", 3, "Customer has completed the checkout process and payment has been confirmed."),
    12: ("Manual Verification Required", 13, "Order is on hold while some aspect needs to be manually confirmed."),
    13: ("Disputed", 12, "Customer has initiated a dispute resolution process for the PayPal transaction."),
    14: ("Partially Refunded", 14, "Seller has partially refunded the order."),
}
