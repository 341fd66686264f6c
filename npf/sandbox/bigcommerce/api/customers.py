"""V3 customers, as far as orders tell of them (fact 120)."""

from typing import Any

from npf.sandbox.bigcommerce.answers import Answer, Request, data, page_of
from npf.sandbox.bigcommerce.record import Order, iso8601
from npf.sandbox.bigcommerce.router import Route


def list_customers(request: Request) -> Answer:
    """GET /customers (openapi/customers.v3). Guests have number 0 and are no customers (fact 59)."""
    latest = {order.customer_id: order for order in request.store.orders.values() if order.customer_id}
    part, meta = page_of(request, [_customer(latest[number]) for number in sorted(latest)])
    return data(part, meta)


def _customer(order: Order) -> dict[str, Any]:
    billed = order.billing
    return {
        "id": order.customer_id,
        "email": billed.email,
        "first_name": billed.first_name,
        "last_name": billed.last_name,
        "company": billed.company,
        "phone": billed.phone,
        "customer_group_id": 0,
        "notes": "",
        "tax_exempt_category": "",
        "date_created": iso8601(order.created),
        "date_modified": iso8601(order.created),
        "address_count": 1,
        "attribute_count": 0,
        "authentication": {"force_password_reset": False},
    }


ROUTES = [Route("GET", "/v3/customers", list_customers, "store_v2_customers")]
