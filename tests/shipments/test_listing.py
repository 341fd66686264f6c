"""What `npf orders --json` and `npf order --json` print (DESIGN section 6)."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
from django.db import connection
from django.test.utils import CaptureQueriesContext

from npf.core.clock import ManualClock
from npf.desk import decisions
from npf.orders.models import Order, SalesOrder
from npf.shipments.listing import listed, timeline
from npf.shipments.models import Shipment
from tests.connected import Connected

KEYS = ["bc_order_id", "fm_number", "npf_order_no", "stage", "reason", "test", "shipments", "void"]
KEYS += ["due_at", "late"]
SHIPMENT_KEYS = ["tracking_number", "tracking_link", "carrier", "bc_shipment_id"]
SHIPMENT_KEYS += ["despatched_on", "freight", "handling"]


def test_it_has_the_keys_of_the_design(shop: Connected) -> None:
    whole = shop.place(("MUG-INK", 1))
    test = shop.place(("Test001", 1))
    skipped = shop.place(status_id=1)
    shop.run()
    rows = listed(shop.store)
    assert [row["bc_order_id"] for row in rows] == [whole, test, skipped]
    assert all(list(row) == KEYS for row in rows)
    assert all(list(one) == SHIPMENT_KEYS for row in rows for one in row["shipments"])
    assert [row["test"] for row in rows] == [False, True, False]
    (shipment,) = rows[0]["shipments"]
    assert shipment["carrier"] == "auspost"
    assert shipment["bc_shipment_id"] == shop.bc.shipments(whole)[0]["id"]
    assert rows[2]["fm_number"] is None
    assert rows[2]["npf_order_no"] is None
    assert rows[2]["reason"]
    assert msgspec.json.encode(rows)


def test_an_order_of_two_addresses_has_a_row_for_each(shop: Connected) -> None:
    number = shop.place(("MUG-INK", 1), ("BOWL-SER-28", 1), addresses=2)
    shop.run()
    assert [row["fm_number"] for row in listed(shop.store)] == [f"AC-{number}-1", f"AC-{number}-2"]
    assert all(len(row["shipments"]) == 1 for row in listed(shop.store))


def test_a_number_that_fm_refused_is_not_shown_as_its_own(shop: Connected) -> None:
    number = shop.place()
    shop.fm.faults.next("02011")
    shop.run()
    (row,) = listed(shop.store, "held")
    assert (row["bc_order_id"], row["fm_number"]) == (number, None)
    assert "Handling cost" in row["reason"]


def test_it_can_be_narrowed_to_a_stage_or_an_order(shop: Connected) -> None:
    first, second = shop.place(), shop.place()
    shop.station("pull")
    decisions.hold(shop.order(first), "anna", shop.outside.clock)
    assert [row["bc_order_id"] for row in listed(shop.store, "held")] == [first]
    assert [row["bc_order_id"] for row in listed(shop.store, bc_order_id=second)] == [second]
    assert listed(shop.store, "complete") == []


def test_it_asks_the_database_as_often_for_200_orders_as_for_two(shop: Connected) -> None:
    def queries() -> int:
        store = shop.store
        with CaptureQueriesContext(connection) as seen:
            listed(store)
        return len(seen)

    def shipped(count: int) -> None:
        for _ in range(count):
            shop.place()
        shop.station("pull")
        now = shop.outside.clock.now()
        fm = shop.store.fm
        orders = Order.objects.filter(sales_orders=None)
        rows = SalesOrder.objects.bulk_create(
            SalesOrder(order=one, order_address_id=1, fm_client=fm, fm_number=str(one), asked_at=now) for one in orders
        )
        Shipment.objects.bulk_create(Shipment(sales_order=row, consignment_no="C1", seen_at=now) for row in rows)

    shipped(2)
    few = queries()
    shipped(198)
    rows = listed(shop.store)
    assert len(rows) == sum(len(row["shipments"]) for row in rows) == 200
    assert queries() == few <= 4


def test_the_timeline_tells_each_write_with_question_answer_and_who_woke_it(shop: Connected) -> None:
    number = shop.place()
    shop.run()
    decisions_of = timeline(shop.store, number)
    assert [line["at"] for line in decisions_of] == sorted(line["at"] for line in decisions_of)
    writes = [line for line in decisions_of if "asked" in line]
    assert [line["text"].split(":")[0] for line in writes] == ["fm", "bigcommerce", "bigcommerce"]
    for line in writes:
        assert line["asked"]
        assert line["by"] == "test"
        assert {"at", "by", "text", "tag", "asked", "answered", "status", "took_ms"} == set(line)
    texts = [line["text"] for line in decisions_of]
    # The question to FM stands before what became of it.
    assert texts.index(f"fm: serverorder AC-{number}: done") < next(
        place for place, text in enumerate(texts) if text.startswith(f"FM took it as AC-{number}")
    )
    assert msgspec.json.encode(decisions_of)


def test_the_timeline_of_another_order_or_store_stays_out(connect: Callable[..., Connected]) -> None:
    shop, other = connect("acme"), connect("bolt")
    number = shop.place()
    other.place(order_id=number)
    shop.run()
    assert timeline(other.store, number) == []
    assert timeline(shop.store, number + 1) == []


def test_it_says_what_is_late(timed: Callable[..., Connected], clock: ManualClock) -> None:
    shop = timed(promise_hours=9)
    shop.fm.set(manual=True)
    number, other = shop.place(), shop.place(status_id=1)
    shop.run()
    waits, skipped = listed(shop.store, clock=clock)
    # Monday, one o'clock: nine working hours later it is Tuesday, one o'clock.
    assert (waits["bc_order_id"], waits["late"]) == (number, False)
    assert waits["due_at"] == clock.now() + timedelta(days=1)
    assert (skipped["bc_order_id"], skipped["due_at"], skipped["late"]) == (other, None, False)
    clock.advance(86_400)
    assert [row["bc_order_id"] for row in listed(shop.store, clock=clock, late=True)] == [number]
    shop.fm.ship(f"AC-{number}")
    shop.run()
    assert listed(shop.store, clock=clock, late=True) == []
