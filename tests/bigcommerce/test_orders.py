"""The walk, the sub-resources and the status, over real HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from npf.bigcommerce import orders
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.records import read_order
from npf.bigcommerce.tolerant import Malformed
from npf.core.errors import GiveUp, TryLater
from tests.bigcommerce.answering import Answering, Reply, Seen

SINCE = datetime(2026, 11, 1, 10, 30, 15, 999, tzinfo=timezone(timedelta(hours=11)))


def listed(ids: list[int], most: int = 250) -> Callable[[Seen], Reply]:
    """A server with these orders, which gives at most `most` a page."""

    def answer(seen: Seen) -> Reply:
        found = [number for number in ids if number >= int(seen.query["min_id"])]
        page = found[: min(most, int(seen.query["limit"]))]
        return Reply(200, [{"id": n, "status_id": 11} for n in page]) if page else Reply(204)

    return answer


def test_the_walk_asks_for_everything_in_one_call(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    raw = example("order_with_consignments_object.json")
    server.tell(Reply(200, [raw, raw], {"Date": "Mon, 23 Nov 2026 12:00:00 GMT"}))
    page = orders.walk(client, min_id=100, modified_since=SINCE)
    assert server.seen[0].path == "/stores/abc123/v2/orders"
    assert server.seen[0].query == {
        "min_id": "100",
        "min_date_modified": "2026-10-31T23:30:15+00:00",
        "sort": "id:asc",
        "limit": "250",
        "page": "1",
        "include": "consignments,consignments.line_items",
        "consignment_structure": "object",
    }
    assert [json.loads(row) for row in page.rows] == [raw, raw]
    assert read_order(page.rows[0]).is_whole
    assert page.server_time == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert not page.full


def test_204_is_an_empty_page(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(204))
    page = orders.walk(client, min_id=1, modified_since=SINCE)
    assert (page.rows, page.full) == ([], False)


@pytest.mark.parametrize(("count", "full"), [(249, False), (250, True), (50, True), (49, False), (1, False)])
def test_a_page_is_full_also_where_the_server_cut_it(
    client: BigCommerce, server: Answering, count: int, full: bool
) -> None:
    server.tell(Reply(200, [{"id": n} for n in range(1, count + 1)]))
    assert orders.walk(client, min_id=1, modified_since=SINCE).full is full


def test_a_date_that_was_ignored_is_noticed(client: BigCommerce, server: Answering) -> None:
    old, new = "Wed, 10 Jan 2018 21:05:30 +0000", "Sun, 01 Nov 2026 21:05:30 +0000"
    server.tell(
        Reply(200, [{"id": 1, "date_modified": old}]),
        Reply(200, [{"id": 1, "date_modified": new}]),
        Reply(200, [{"id": 1, "date_modified": "?"}]),
    )
    found = [orders.walk(client, min_id=1, modified_since=SINCE).unfiltered for _ in range(3)]
    assert found == [True, False, False]


def test_an_answer_that_is_no_list_is_asked_for_later(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(200, {"error": "try again"}))
    with pytest.raises(TryLater, match="not the list"):
        orders.walk(client, min_id=1, modified_since=SINCE)


def test_a_date_without_a_zone_is_refused(client: BigCommerce) -> None:
    with pytest.raises(ValueError, match="aware"):
        orders.walk(client, min_id=1, modified_since=SINCE.replace(tzinfo=None))


@pytest.mark.parametrize("most", [250, 50])
def test_the_statuses_of_all_orders_are_walked_by_id(client: BigCommerce, server: Answering, most: int) -> None:
    ids = list(range(7, 2000, 3))
    server.otherwise = listed(ids, most)
    found = orders.standings_since(client, modified_since=SINCE).by_id
    assert {number: one.status_id for number, one in found.items()} == dict.fromkeys(ids, 11)
    assert all(seen.query["page"] == "1" and "include" not in seen.query for seen in server.seen)
    assert client.calls == -(-len(ids) // most) + (len(ids) % most == 0)


def test_the_standings_begin_with_the_order_asked_for(client: BigCommerce, server: Answering) -> None:
    server.otherwise = listed(list(range(7, 1000, 3)))
    found = orders.standings_since(client, modified_since=SINCE, min_id=500)
    assert min(found.by_id) == 502
    assert server.seen[0].query["min_id"] == "500"


def test_the_standings_bear_the_units_shipped_and_bigcommerces_own_clock(
    client: BigCommerce, server: Answering
) -> None:
    rows = [{"id": 1, "status_id": 3, "items_shipped": 2}, {"id": 2, "status_id": 11, "items_shipped": "0"}]
    server.tell(Reply(200, rows, {"Date": "Mon, 23 Nov 2026 02:00:05 GMT"}))
    found = orders.standings_since(client, modified_since=SINCE)
    assert [one.items_shipped for one in found.by_id.values()] == [2, 0]
    assert found.server_time == datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)


def test_a_row_without_a_status_does_not_stop_the_others(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(200, [{"id": 1, "status_id": 11}, {"id": "?"}, 5, {"id": 4, "status_id": "10"}]))
    found = orders.standings_since(client, modified_since=SINCE).by_id
    assert {number: one.status_id for number, one in found.items()} == {1: 11, 4: 10}


def test_a_walk_that_does_not_move_on_ends(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(200, [{"id": n, "status_id": 11} for n in range(1, 251)])
    with pytest.raises(TryLater, match="holds no order"):
        orders.standings_since(client, modified_since=SINCE)
    assert len(server.seen) == 2


def test_one_order_is_read_with_its_lines(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    server.tell(Reply(200, example("order_with_consignments_object.json")))
    assert read_order(orders.read(client, 149)).id == 149
    assert server.seen[0].path == "/stores/abc123/v2/orders/149"
    assert server.seen[0].query["consignment_structure"] == "object"


@pytest.mark.parametrize("reply", [Reply(404, [{"status": 404, "message": "not found"}]), Reply(204)])
def test_an_order_that_is_not_there_is_not_found(client: BigCommerce, server: Answering, reply: Reply) -> None:
    server.tell(reply)
    with pytest.raises(GiveUp) as caught:
        orders.read(client, 149)
    assert caught.value.code == "not_found"


def test_all_lines_are_read_over_all_pages(client: BigCommerce, server: Answering) -> None:
    """With a server that gives 50 a page, whatever the limit (facts 27, 47)."""

    def answer(seen: Seen) -> Reply:
        start = 50 * (int(seen.query["page"]) - 1)
        page = [{"id": n + 1, "quantity": 1} for n in range(start, min(start + 50, 120))]
        return Reply(200, page) if page else Reply(204)

    server.otherwise = answer
    assert [line.id for line in orders.products(client, 149)] == list(range(1, 121))
    assert client.calls == 3


def test_a_server_that_ignores_pages_does_not_keep_us_for_ever(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(200, [{"id": n, "quantity": 1} for n in range(1, 51)])
    assert len(orders.products(client, 149)) == 50
    assert client.calls == 2


def test_the_official_sub_resources_are_read(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    server.tell(
        Reply(200, example("order_products.json")),
        Reply(200, example("order_shipping_addresses.json")),
        Reply(204),
        Reply(200, example("order_statuses.json")),
    )
    assert [line.id for line in orders.products(client, 149)] == [65, 66, 67, 68, 69]
    assert [(one.id, one.zip) for one in orders.shipping_addresses(client, 229)] == [(132, "78251"), (133, "78751")]
    assert orders.shipping_addresses(client, 230) == []
    found = orders.statuses(client)
    assert len(found) == 15
    assert (found[0].id, found[0].name, found[0].custom_label) == (0, "Incomplete", "Incomplete - Testing")


def test_an_order_that_is_whole_costs_no_further_call(
    client: BigCommerce, server: Answering, example: Callable[[str], Any]
) -> None:
    raw = example("order_with_consignments_object.json")
    whole = read_order(json.dumps(raw).encode())
    assert orders.completed(client, whole) is whole
    assert client.calls == 0
    raw["consignments"] = {"url": "u", "resource": "r"}
    address = whole.shipping[0]
    server.tell(
        Reply(200, example("order_products.json")),
        Reply(200, [{"id": address.id, "first_name": "Jane", "items_total": 4}]),
    )
    found = orders.completed(client, read_order(json.dumps(raw).encode()))
    assert found.is_whole
    assert [line.id for line in found.shipping[0].line_items or []] == [65, 66, 67]
    assert client.calls == 2


def test_a_malformed_line_of_the_sub_resource_is_refused_by_name(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(200, [{"id": 1, "quantity": "some"}]))
    with pytest.raises(Malformed) as caught:
        orders.products(client, 149)
    assert (caught.value.field, caught.value.code) == ("quantity", "malformed_order")


def test_a_status_is_written_and_nothing_else(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(200, {"id": 149}))
    orders.set_status(client, 149, 10)
    assert (server.seen[0].method, server.seen[0].path) == ("PUT", "/stores/abc123/v2/orders/149")
    assert server.seen[0].json == {"status_id": 10}


@pytest.mark.parametrize("status_id", [0, 4, 6, 13, 14, 15, -1])
def test_a_status_that_says_money_moved_is_never_written(
    client: BigCommerce, server: Answering, status_id: int
) -> None:
    with pytest.raises(GiveUp) as caught:
        orders.set_status(client, 149, status_id)
    assert caught.value.code == "forbidden_status"
    assert server.seen == []
