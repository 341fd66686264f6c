from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npf.sandbox.bigcommerce import Store, World
from npf.sandbox.bigcommerce.orderbook import OrderBook, Wish
from npf.sandbox.bigcommerce.record import Address, Order


@pytest.fixture
def ids(store: Store, clock: Any) -> list[int]:
    """Five orders, a minute apart: the second Incomplete, the fourth in another channel."""
    channel = store.add_channel("Second shop")
    made = []
    for at in range(5):
        made.append(
            store.place_order(
                [("MUG", at + 1)],
                status_id=0 if at == 1 else 11,
                channel_id=channel if at == 3 else 1,
                customer_id=at,
                payment_method="PayPal" if at == 2 else "Credit Card",
                external_order_id=f"X-{at}",
                billing={"email": f"shopper{at}@example.com"},
            )
        )
        clock.pass_(60)
    return made


def listed(bc: Any, **query: Any) -> list[int]:
    answer = bc.get("/v2/orders", **query)
    assert answer.status in (200, 204), answer.body
    return [order["id"] for order in answer.json or []]


def test_without_filters_it_lists_all_by_id_incomplete_ones_too(bc: Any, ids: list[int]) -> None:
    assert listed(bc) == ids


def test_an_empty_list_is_204_without_a_body(bc: Any, ids: list[int]) -> None:
    for query in ({"min_id": 9999}, {"page": 2}, {"status_id": 3}):
        answer = bc.get("/v2/orders", **query)
        assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"min_id": 103}, [2, 3, 4]),
        ({"max_id": 102}, [0, 1]),
        ({"min_id": 102, "max_id": 103}, [1, 2]),
        ({"status_id": 0}, [1]),
        ({"channel_id": 1001}, [3]),
        ({"customer_id": 4}, [4]),
        ({"email": "shopper2@example.com"}, [2]),
        ({"payment_method": "PayPal"}, [2]),
        ({"external_order_id": "X-3"}, [3]),
        ({"min_total": "100"}, [3, 4]),
        ({"max_total": "50.00"}, [0]),
        ({"min_date_created": "2026-11-23T02:03:00Z"}, [3, 4]),
        ({"max_date_created": "Mon, 23 Nov 2026 02:01:00 +0000"}, [0, 1]),
        ({"min_date_modified": "2026-11-23T13:02:00+11:00"}, [2, 3, 4]),
        ({"max_date_modified": "2026-11-23T02:01:00+00:00"}, [0, 1]),
        ({"sort": "id:desc", "limit": 2}, [4, 3]),
        ({"sort": "date_created:desc", "limit": 2, "page": 2}, [2, 1]),
        ({"sort": "status_id"}, [1, 0, 2, 3, 4]),
        ({"limit": 2, "page": 3}, [4]),
    ],
)
def test_each_filter_leaves_what_it_says(bc: Any, ids: list[int], query: dict[str, Any], places: list[int]) -> None:
    assert listed(bc, **query) == [ids[place] for place in places]


@pytest.mark.parametrize(
    "query",
    [
        {"is_deleted": "true"},
        {"status": "11"},
        {"min_id": "abc"},
        {"min_date_modified": "yesterday"},
        {"sort": "name"},
        {"sort": "id:up"},
        {"page": "0"},
        {"include": "lines"},
        {"consignment_structure": "array"},
    ],
)
def test_a_filter_that_it_does_not_know_refuses_the_request(bc: Any, ids: list[int], query: dict[str, str]) -> None:
    answer = bc.get("/v2/orders", **query)
    assert answer.status == 400
    assert next(iter(query)) in answer.json[0]["message"]


def test_an_unescaped_plus_makes_a_date_unreadable(bc: Any, ids: list[int], store: Store) -> None:
    path = "/v2/orders?min_date_modified=2026-11-23T02:03:00+00:00"
    assert bc.get(path).status == 400
    store.switches.bad_dates = "ignore"
    assert [order["id"] for order in bc.get(path).json] == ids


def test_a_date_without_an_offset_is_read_in_the_stores_zone(bc: Any, ids: list[int]) -> None:
    assert listed(bc, min_date_modified="2026-11-23T13:03:00") == ids[3:]


def test_min_date_modified_includes_its_second_unless_switched(bc: Any, ids: list[int], store: Store) -> None:
    query = {"min_date_modified": "2026-11-23T02:04:00Z"}
    assert listed(bc, **query) == ids[4:]
    store.switches.min_date_inclusive = False
    assert listed(bc, **query) == []


def test_fifty_rows_are_the_default_and_250_the_most(bc: Any, store: Store) -> None:
    for _ in range(260):
        store.sell("MUG")
    assert len(listed(bc)) == 50
    assert len(listed(bc, limit=250)) == 250
    assert bc.get("/v2/orders", limit=251).status == 413
    store.switches.over_limit = "clamp"
    assert len(listed(bc, limit=1000)) == 250


def test_an_order_that_changes_moves_to_the_end_of_date_modified(bc: Any, ids: list[int], store: Store) -> None:
    store.pay(ids[1])
    assert listed(bc, sort="date_modified:asc") == [ids[0], *ids[2:], ids[1]]
    assert listed(bc, min_date_modified="2026-11-23T02:04:30Z") == [ids[1]]


def test_archived_orders_leave_the_list_but_can_be_read(bc: Any, ids: list[int], store: Store) -> None:
    assert bc.delete(f"/v2/orders/{ids[0]}").status == 204
    assert listed(bc) == ids[1:]
    assert bc.get(f"/v2/orders/{ids[0]}").json["is_deleted"] is True
    store.switches.lists_archived = True
    assert listed(bc) == ids


def test_the_count_leaves_incomplete_orders_out(bc: Any, ids: list[int]) -> None:
    counted = bc.get("/v2/orders/count").json
    assert counted["count"] == 4
    assert {row["id"]: row["count"] for row in counted["statuses"] if row["count"]} == {0: 1, 11: 4}
    assert bc.get("/v2/orders/count", status_id=0).json["count"] == 1


def test_a_renamed_status_shows_its_label(bc: Any, ids: list[int], store: Store) -> None:
    assert bc.get(f"/v2/orders/{ids[0]}").json["custom_status"] == "Awaiting Fulfillment"
    store.rename_status(11, "Ready to pack")
    order = bc.get(f"/v2/orders/{ids[0]}").json
    assert (order["status"], order["custom_status"]) == ("Awaiting Fulfillment", "Ready to pack")
    assert bc.get("/v2/order_statuses/11").json["custom_label"] == "Ready to pack"


def test_lines_come_fifty_a_page(bc: Any, store: Store) -> None:
    order_id = store.place_order([(f"SKU-{at}", 1) for at in range(60)])
    path = f"/v2/orders/{order_id}/products"
    assert [len(bc.get(path, page=page).json or []) for page in (1, 2, 3)] == [50, 10, 0]
    query = {"include": "consignments.line_items", "consignment_structure": "object"}
    (shipping,) = bc.get(f"/v2/orders/{order_id}", **query).json["consignments"]["shipping"]
    assert len(shipping["line_items"]) == shipping["items_total"] == 60


def test_line_items_can_be_missing_from_the_include(bc: Any, store: Store) -> None:
    order_id = store.sell("MUG", 2)
    store.hide_lines(order_id)
    query = {"include": "consignments.line_items", "consignment_structure": "object"}
    (shipping,) = bc.get("/v2/orders", **query).json[0]["consignments"]["shipping"]
    assert (shipping["line_items"], shipping["items_total"]) == ([], 2)
    assert len(bc.get(f"/v2/orders/{order_id}/products").json) == 1


def test_a_new_field_appears_now_and_then(bc: Any, store: Store) -> None:
    store.switches.new_fields = True
    for _ in range(17):
        store.sell("MUG")
    known = set(bc.get("/v2/orders/101").json)
    odd = [order["id"] for order in bc.get("/v2/orders").json if set(order) - known]
    assert odd == [102]


CHANGES = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 50)), max_size=30)


@settings(max_examples=60, deadline=None)
@given(changes=CHANGES, min_id=st.integers(0, 25), since=st.integers(0, 60), limit=st.integers(1, 7))
def test_walking_by_id_gives_each_order_that_matches_once(
    changes: list[tuple[int, int]], min_id: int, since: int, limit: int
) -> None:
    book = OrderBook()
    for order_id in range(1, 21):
        book.add(Order(order_id, 11, order_id, order_id, [], [], Address()))
    for place, later in changes:
        order = book.by_id[place + 1]
        book.touch(order, order.modified + later)
    found: list[int] = []
    last = min_id - 1
    while page := book.select(Wish(min_id=last + 1, min_modified=since, limit=limit)):
        found += [order.id for order in page]
        last = found[-1]
    assert found == [order.id for order in book if order.id >= min_id and order.modified >= since]


def test_orders_of_one_second_are_all_there() -> None:
    world = World()
    store = world.add_store()
    at = datetime.fromisoformat("2026-11-01T00:00:00+00:00")
    for _ in range(5):
        store.place_order([("MUG", 1)], created=at)
    store.place_order([("MUG", 1)], created=at + timedelta(seconds=1))
    moment = int(at.timestamp())
    assert len(store.book.select(Wish(min_modified=moment, max_modified=moment))) == 5
