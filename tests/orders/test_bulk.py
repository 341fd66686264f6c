"""upsert() and change(): many rows at once, and only those that differ."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npf.orders.bulk import change, upsert
from npf.orders.models import Line, Order, Record
from npf.stores.models import Store

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
KEY = ("order_id", "order_product_id")
COLUMNS = (*KEY, "order_address_id", "product_id", "variant_id", "sku", "name", "type", "quantity")
ZEROS = ("quantity_refunded", "quantity_shipped", "price_inc_tax", "despatched")


def row(order: Order, number: int, sku: str = "CUP", quantity: int = 1) -> tuple[Any, ...]:
    return (order.pk, number, 51, 1, 2, sku, f"Name of {sku}", "physical", quantity, 0, 0, Decimal("9.5"), 0)


def write(*rows: tuple[Any, ...]) -> None:
    with transaction.atomic():
        upsert(Line, (*COLUMNS, *ZEROS), KEY, COLUMNS[2:], rows)


def versions() -> dict[int, tuple[str, str]]:
    """order_product_id -> where the row stands; another place = it was written again."""
    with connection.cursor() as cursor:
        cursor.execute("select order_product_id, ctid::text, xmin::text from orders_line")
        return {number: (place, by) for number, place, by in cursor.fetchall()}


def test_it_writes_new_rows_and_changes_those_that_are_there(an_order: Order) -> None:
    write(row(an_order, 1), row(an_order, 2))
    write(row(an_order, 2, "TEE", 5), row(an_order, 3))
    lines = {line.order_product_id: line for line in Line.objects.all()}
    assert {number: (line.sku, line.quantity) for number, line in lines.items()} == {
        1: ("CUP", 1),
        2: ("TEE", 5),
        3: ("CUP", 1),
    }
    assert lines[1].price_inc_tax == Decimal("9.5")


def test_it_keeps_the_columns_that_it_was_not_told_to_change(an_order: Order) -> None:
    write(row(an_order, 1, quantity=3))
    Line.objects.update(despatched=2, rides_with=7)
    write(row(an_order, 1, "TEE", 3))
    line = Line.objects.get()
    assert (line.sku, line.despatched, line.rides_with) == ("TEE", 2, 7)


def test_a_row_that_does_not_differ_is_not_written(an_order: Order) -> None:
    write(row(an_order, 1), row(an_order, 2))
    before = versions()
    write(row(an_order, 1), row(an_order, 2, "TEE"))
    after = versions()
    assert after[1] == before[1]
    assert after[2] != before[2]


def test_change_touches_only_rows_that_are_there_and_differ(an_order: Order) -> None:
    write(row(an_order, 1), row(an_order, 2))
    before = versions()
    with transaction.atomic():
        change(Line, (*KEY, "quantity_shipped"), KEY, [(an_order.pk, 1, 0), (an_order.pk, 2, 1), (an_order.pk, 9, 1)])
    after = versions()
    assert set(after) == {1, 2}
    assert after[1] == before[1]
    assert list(Line.objects.order_by("order_product_id").values_list("quantity_shipped", flat=True)) == [0, 1]


def test_it_can_be_called_again_and_with_other_columns_in_one_transaction(an_order: Order) -> None:
    with transaction.atomic():
        upsert(Line, (*COLUMNS, *ZEROS), KEY, COLUMNS[2:], [row(an_order, 1)])
        upsert(Line, (*COLUMNS, *ZEROS), KEY, COLUMNS[2:], [row(an_order, 2)])
        change(Line, (*KEY, "quantity"), KEY, [(an_order.pk, 1, 4)])
        change(Line, (*KEY, "sku"), KEY, [(an_order.pk, 1, "TEE")])
    assert list(Line.objects.order_by("order_product_id").values_list("sku", "quantity")) == [("TEE", 4), ("CUP", 1)]


def test_no_rows_are_no_trouble(an_order: Order) -> None:
    write()
    assert not Line.objects.exists()


def test_what_fails_leaves_nothing_behind_for_the_next(an_order: Order) -> None:
    with pytest.raises(Exception, match="shipped_never_above_ordered"):
        write(row(an_order, 1), (*row(an_order, 2)[:-1], 99))
    write(row(an_order, 3))
    assert list(Line.objects.values_list("order_product_id", flat=True)) == [3]


def test_without_update_columns_what_is_there_stays(an_order: Order) -> None:
    write(row(an_order, 1))
    with transaction.atomic():
        upsert(Line, (*COLUMNS, *ZEROS), KEY, (), [row(an_order, 1, "TEE"), row(an_order, 2)])
    assert list(Line.objects.order_by("order_product_id").values_list("sku", flat=True)) == ["CUP", "CUP"]


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"))
_JSON = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | _TEXT, lambda inner: st.lists(inner, max_size=3))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(text=_TEXT, raw=st.binary(), gates=_JSON, total=st.decimals(-(10**9), 10**9, places=4))
def test_texts_bytes_json_and_money_come_back_as_they_were(
    a_store: Store, text: str, raw: bytes, gates: Any, total: Decimal
) -> None:
    key = ("store_id", "bc_order_id")
    columns = (*key, "reason", "gates", "total_inc_tax", *_FILLED)
    with transaction.atomic():
        upsert(Order, columns, key, columns[2:], [(a_store.pk, 1, text, json.dumps(gates), total, *_FILLED.values())])
        order = Order.objects.get()
        upsert(Record, ("order_id", "raw", "read_at"), ("order_id",), ("raw",), [(order.pk, raw, NOW)])
    assert (order.reason, order.gates, order.total_inc_tax) == (text, gates, total)
    assert bytes(Record.objects.get().raw) == raw


_FILLED: dict[str, Any] = {
    **dict.fromkeys(("reason_code", "field", "repair", "payment_status", "currency_code", "shopper", "email"), ""),
    **dict.fromkeys(("country", "shipping_method", "digest"), ""),
    **dict.fromkeys(("attempts", "push_failures", "gated_with"), 0),
    "test": False,
    "stage": "new",
    "stage_at": NOW,
    "pulled_at": NOW,
}


def test_five_thousand_rows_take_a_moment(an_order: Order) -> None:
    rows: Iterator[tuple[Any, ...]] = (row(an_order, number) for number in range(1, 5001))
    began = time.process_time()
    with transaction.atomic():
        upsert(Line, (*COLUMNS, *ZEROS), KEY, COLUMNS[2:], rows)
    assert Line.objects.count() == 5000
    assert time.process_time() - began < 2
