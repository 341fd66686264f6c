"""V3 customers and their addresses (facts 59, 120); the rules are in customers.py."""

import base64
import binascii
from typing import Any

from npf.sandbox.bigcommerce.answers import (
    Answer,
    Request,
    data,
    no_content,
    number_list,
    page_of,
    paging,
    text_list,
    v3_error,
)
from npf.sandbox.bigcommerce.customers import MOST, Customer
from npf.sandbox.bigcommerce.record import iso8601
from npf.sandbox.bigcommerce.router import Route

INCLUDES = {"addresses", "storecredit", "attributes", "formfields", "shopper_profile_id", "segment_ids"}
_SORTS = {"date_created", "last_name", "date_modified"}
_LIST_FILTERS = ("email", "company", "phone")


def list_customers(request: Request) -> Answer:
    """GET /customers: id:in, email:in, name:in, dates; by page, or by the cursor `after` or `before` (fact 120)."""
    store = request.store
    include = text_list(request, "include") or set()
    if unknown := include - INCLUDES:
        raise v3_error(422, "Invalid filter value", {"include": f"{', '.join(sorted(unknown))} cannot be included"})
    found = _sorted(request, [one for one in store.customers.by_id.values() if _passes(request, one)])
    part, meta = _page(request, found)
    return data([store.customers.body(customer, include) for customer in part], meta)


def post_customers(request: Request) -> Answer:
    """POST /customers: at most 10, all of them or none."""
    customers, rows = request.store.customers, _rows(request)
    for at, row in enumerate(rows):
        customers.check(row, at, new=True)
    made = [customers.create(row, request.store.seconds()) for row in rows]
    return data([customers.body(customer, {"addresses", "storecredit"}) for customer in made])


def put_customers(request: Request) -> Answer:
    """PUT /customers: at most 10, by id."""
    customers, rows = request.store.customers, _rows(request)
    for at, row in enumerate(rows):
        customers.check(row, at, new=False)
    found = [customers.by_id[row["id"]] for row in rows]
    for customer, row in zip(found, rows, strict=True):
        customers.update(customer, row, request.store.seconds())
    return data([customers.body(customer, set()) for customer in found])


def delete_customers(request: Request) -> Answer:
    """DELETE /customers?id:in=: 204, and without the filter 204 with nothing done, as the spec says."""
    request.store.customers.delete(number_list(request, "id:in") or set())
    return no_content()


def list_addresses(request: Request) -> Answer:
    """GET /customers/addresses, with the filters id:in, customer_id:in, company:in, name:in."""
    ids, owners = number_list(request, "id:in"), number_list(request, "customer_id:in")
    companies, names = text_list(request, "company:in"), text_list(request, "name:in")
    found = [
        one
        for one in request.store.customers.addresses.values()
        if (ids is None or one.id in ids)
        and (owners is None or one.customer_id in owners)
        and (companies is None or one.fields["company"] in companies)
        and (names is None or f"{one.fields['first_name']} {one.fields['last_name']}" in names)
    ]
    part, meta = page_of(request, [one.body() for one in found])
    return data(part, meta)


def post_addresses(request: Request) -> Answer:
    """POST /customers/addresses: one that is there already is left out of the answer."""
    rows = _rows(request, most=0)
    made = [request.store.customers.add_address(row, at) for at, row in enumerate(rows)]
    return data([one.body() for one in made if one is not None])


def put_addresses(request: Request) -> Answer:
    """PUT /customers/addresses, by id."""
    rows = _rows(request, most=0)
    changed = [request.store.customers.change_address(row, at) for at, row in enumerate(rows)]
    return data([one.body() for one in changed if one is not None])


def delete_addresses(request: Request) -> Answer:
    """DELETE /customers/addresses?id:in=."""
    for number in number_list(request, "id:in") or set():
        request.store.customers.addresses.pop(number, None)
    return no_content()


def _rows(request: Request, most: int = MOST) -> list[Any]:
    if not isinstance(request.body, list) or not request.body:
        raise v3_error(422, "JSON data is missing or invalid")
    if most and len(request.body) > most:
        title = f"The request payload is too large. The maximum number of items allowed in the array is {most}."
        raise v3_error(413, title)
    return request.body


def _passes(request: Request, customer: Customer) -> bool:
    query, fields = request.query, customer.fields
    ids, names = number_list(request, "id:in"), text_list(request, "name:in")
    if not (ids is None or customer.id in ids):
        return False
    if not (names is None or f"{fields['first_name']} {fields['last_name']}" in names):
        return False
    for name in _LIST_FILTERS:
        wanted = text_list(request, f"{name}:in")
        if wanted is not None and fields[name] not in wanted:
            return False
    for name, moment in (("date_created", customer.created), ("date_modified", customer.modified)):
        if not query.get(f"{name}:min", "") <= iso8601(moment) <= query.get(f"{name}:max", "9999"):
            return False
    return True


def _sorted(request: Request, found: list[Customer]) -> list[Customer]:
    name, _, direction = request.query.get("sort", "").partition(":")
    found.sort(key=lambda one: one.id)
    if not name:
        return found
    if name not in _SORTS or direction not in ("asc", "desc"):
        raise v3_error(422, "Invalid filter value", {"sort": "is invalid"})
    keys = {"date_created": lambda one: one.created, "date_modified": lambda one: one.modified}
    key = keys.get(name, lambda one: one.fields["last_name"])
    return sorted(found, key=key, reverse=direction == "desc")


def _page(request: Request, found: list[Customer]) -> tuple[list[Customer], dict[str, Any]]:
    """By page, or behind (before) a cursor; the answer always tells the cursors of its page."""
    for name in ("after", "before"):
        if name in request.query:
            at = _place(request.query[name], name, found)
            found = found[at + 1 :] if name == "after" else found[:at]
    part, meta = page_of(request, found)
    if part:
        meta["cursor_pagination"] = {
            "count": len(part),
            "per_page": paging(request, 50, 250)[1],
            "start_cursor": _cursor(part[0]),
            "end_cursor": _cursor(part[-1]),
            "links": {"next": f"?after={_cursor(part[-1])}", "current": f"?after={request.query.get('after', '')}"},
        }
    return part, meta


def _cursor(customer: Customer) -> str:
    return base64.b64encode(f"id:{customer.id}".encode()).decode()


def _place(cursor: str, name: str, found: list[Customer]) -> int:
    try:
        number = int(base64.b64decode(cursor, validate=True).decode().removeprefix("id:"))
        return [one.id for one in found].index(number)
    except (ValueError, binascii.Error):
        raise v3_error(422, "Invalid filter value", {name: "is no cursor"}) from None


_CUSTOMERS = "store_v2_customers"
ROUTES = [
    Route("GET", "/v3/customers", list_customers, _CUSTOMERS),
    Route("POST", "/v3/customers", post_customers, _CUSTOMERS),
    Route("PUT", "/v3/customers", put_customers, _CUSTOMERS),
    Route("DELETE", "/v3/customers", delete_customers, _CUSTOMERS),
    Route("GET", "/v3/customers/addresses", list_addresses, _CUSTOMERS),
    Route("POST", "/v3/customers/addresses", post_addresses, _CUSTOMERS),
    Route("PUT", "/v3/customers/addresses", put_addresses, _CUSTOMERS),
    Route("DELETE", "/v3/customers/addresses", delete_addresses, _CUSTOMERS),
]
