"""Which orders are late: the list of all and the word on one order say the same."""

from datetime import UTC, datetime, timedelta

import pytest

from npf.orders.late import late, promised_for
from npf.orders.models import Order, SalesOrder
from npf.stores.models import Store
from npf.stores.parameters import parameters
from tests.console import factories as make

pytestmark = pytest.mark.django_db

# A Wednesday, noon in Melbourne.
NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
PROMISED = {"promise_hours": 9}


def sent(store: Store, number: int, hours_ago: float, stage: str = "pending", **columns: object) -> SalesOrder:
    row_columns = {name: columns.pop(name) for name in ("finished_at", "voided_at") if name in columns}
    order = make.order(store, number, "held", **columns)
    Order.objects.filter(pk=order.pk).update(stage=stage)
    return make.sales_order(order, sent_at=NOW - timedelta(hours=hours_ago), **row_columns)


def test_the_list_and_the_word_on_one_order_agree() -> None:
    store, other = make.store("slow-au", **PROMISED), make.store("none-au")
    rows = {
        "yesterday at noon": sent(store, 1, 24),
        "a minute later": sent(store, 2, 24 - 1 / 60),
        "a week ago": sent(store, 3, 24 * 7),
        "held by FM": sent(store, 4, 99, "held", reason_code="fm_hold"),
        "held by hand": sent(store, 5, 99, "held", reason_code="by_hand"),
        "stopped": sent(store, 6, 99, "held", reason_code="stopped_in_bigcommerce"),
        "test": sent(store, 7, 99, test=True),
        "finished": sent(store, 8, 99, "processing", finished_at=NOW),
        "void": sent(store, 9, 99, voided_at=NOW),
        "complete": sent(store, 10, 99, "complete"),
        "no promise": sent(other, 11, 99),
    }
    names = {row.pk: name for name, row in rows.items()}
    found = {names[row.pk] for row in late(Store.objects.all(), NOW)}
    assert found == {"yesterday at noon", "a week ago", "held by FM"}
    for name, row in rows.items():
        order = Order.objects.get(pk=row.order_id)
        due_at = promised_for(order, [row], parameters(order.store.parameters).promise)
        assert (due_at is not None and due_at <= NOW) == (name in found), name


def test_another_promise_counts_at_once() -> None:
    store = make.store("slow-au", **PROMISED)
    sent(store, 1, 24)
    assert late(Store.objects.all(), NOW).count() == 1
    Store.objects.update(parameters=store.parameters | {"promise_hours": 10})
    assert late(Store.objects.all(), NOW).count() == 0
    Store.objects.update(parameters=store.parameters | {"promise_hours": 10, "promise_open": "08:00-18:00"})
    assert late(Store.objects.all(), NOW).count() == 1


def test_without_a_promise_nothing_is_late() -> None:
    sent(make.store("none-au"), 1, 9999)
    assert late(Store.objects.all(), NOW).count() == 0
