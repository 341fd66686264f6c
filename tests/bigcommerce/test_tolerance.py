"""The law of reading: whatever a field holds, an order is read, or refused by the name of a field."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npf.bigcommerce.records import Order, order_id_of, read_order
from npf.bigcommerce.shipments import Shipment
from npf.bigcommerce.tolerant import Malformed, record

LINE = {
    "id": 65,
    "product_id": 77,
    "variant_id": 83,
    "order_address_id": 51,
    "sku": "S-ORAN",
    "name": "Towel",
    "type": "physical",
    "quantity": 1,
    "quantity_refunded": 0,
    "quantity_shipped": 0,
    "price_ex_tax": "55.9900",
    "weight": "1.0000",
    "parent_order_product_id": None,
    "is_bundled_product": False,
    "product_options": [{"id": 45, "display_name": "Size", "display_value": "S"}],
}
ORDER = {
    "id": 149,
    "status_id": 11,
    "date_created": "Wed, 10 Jan 2018 21:05:30 +0000",
    "date_modified": "Wed, 05 Dec 2018 20:16:55 +0000",
    "date_shipped": "",
    "channel_id": 1,
    "customer_id": 20,
    "payment_provider_id": "",
    "is_deleted": False,
    "items_total": 3,
    "total_inc_tax": "361.9500",
    "billing_address": {"first_name": "Jane", "zip": "78751", "form_fields": []},
    "consignments": {
        "pickups": [{"id": 9, "pickup_method_id": 1, "line_items": []}],
        "shipping": [{"id": 51, "zip": "3000", "shipping_method": "Express", "cost_ex_tax": 5.1, "line_items": [LINE]}],
        "downloads": [{"recipient_email": "j@example.com", "line_items": [LINE]}],
        "email": {"gift_certificates": [{"recipient_email": "f@example.com", "line_items": [LINE]}]},
    },
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "1e400",
            "9" * 30,
            "12,5",
            "true",
            "\0",
            "Wed, 10 Jan 0001 21:05:30 +2359",
            "9999-12-31T23:59-14:00",
        ]
    ),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=2), max_leaves=3
    ),
    st.sampled_from([{}, {"url": "u", "resource": "r"}, [{"url": "u", "resource": "r"}], {"id": 1}, [{}], [None]]),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in parts for found in [(*path, key), *places(part, (*path, key))]]


def put(record: Any, path: tuple[Any, ...], value: Any, gone: bool) -> None:
    for step in path[:-1]:
        if step not in (record if isinstance(record, dict) else range(len(record)) if isinstance(record, list) else ()):
            return
        record = record[step]
    if isinstance(record, dict):
        record.pop(path[-1], None) if gone else record.update({path[-1]: value})
    elif isinstance(record, list) and path[-1] in range(len(record)):
        record[path[-1]] = value


def reading(text: bytes) -> Order | Malformed:
    """What became of it: an order all of whose parts can be used, or the refusal. Any other error is raised."""
    try:
        order = read_order(text)
    except Malformed as error:
        return error
    every_part(order)
    return order


def every_part(order: Order) -> None:
    assert order.lines == [*order.lines]
    assert order.is_whole in (True, False)
    assert all(line.quantity >= 0 and line.to_ship >= 0 and line.id > 0 for line in order.lines)
    assert all(place.id > 0 for place in order.shipping)
    assert order.pickups is not None
    assert order.date_created.utcoffset() is not None


@settings(max_examples=250, deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(places(ORDER)), ODD, st.booleans()), min_size=1, max_size=4))
def test_an_order_with_odd_or_missing_fields_is_read_or_refused_by_name(changes: list[Any]) -> None:
    raw = copy.deepcopy(ORDER)
    for path, value, gone in changes:
        put(raw, path, value, gone)
    text = json.dumps(raw).encode()
    found = reading(text)
    assert isinstance(found, Order) or (found.code == "malformed_order" and found.field)
    known = order_id_of(text)
    assert known == found.id if isinstance(found, Order) else known is None or known > 0


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=40) | st.text(max_size=20).map(lambda text: json.dumps(text).encode()))
def test_bytes_that_are_no_order_are_refused_and_nothing_else(raw: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        read_order(raw)
    # An empty object is the one text here that has a place where the number should stand.
    assert caught.value.field == ("id" if raw.strip() == b"{}" else "$")


@settings(max_examples=100, deadline=None)
@given(start=st.integers(0, 400), size=st.integers(1, 60), junk=st.binary(max_size=6))
def test_an_order_with_bytes_knocked_out_is_read_or_refused(start: int, size: int, junk: bytes) -> None:
    text = json.dumps(ORDER).encode()
    found = reading(text[:start] + junk + text[start + size :])
    assert isinstance(found, Order) or found.field


@given(key=st.sampled_from(["id", "order_id", "date_created", "tracking_number", "items"]), value=ODD)
def test_a_shipment_with_an_odd_field_is_read_or_refused_by_name(key: str, value: Any) -> None:
    shipment = {"id": 1, "order_id": 2, "items": [{"order_product_id": 3, "quantity": 1}]} | {key: value}
    error = None
    try:
        assert record(json.dumps(shipment).encode(), Shipment).id > 0
    except Malformed as caught:
        error = caught
    assert error is None or error.field.startswith(key)
