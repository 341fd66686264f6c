"""However much of its lines the include leaves out, an order is read with all of them (facts 46, 47)."""

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npf.bigcommerce import orders
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.records import read_order
from tests.bigcommerce.answering import Answering, Reply, Seen

_KINDS = st.sampled_from(["physical", "physical", "physical", "digital", "giftcertificate"])
_LINES = st.lists(st.tuples(st.integers(1, 9), _KINDS, st.integers(0, 1)), min_size=1, max_size=70)


def as_listed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """An order of two addresses as the list gives it, with every line in its place."""

    def here(address: int) -> list[dict[str, Any]]:
        return [row for row in rows if row["order_address_id"] == address]

    def apart(kind: str) -> list[dict[str, Any]]:
        return [{"recipient_email": "a@example.com", "line_items": found}] if (found := of(rows, kind)) else []

    shipping = [
        {"id": number, "items_total": sum(row["quantity"] for row in here(number)), "line_items": here(number)}
        for number in (51, 52)
    ]
    return {
        "id": 149,
        "status_id": 11,
        "date_created": "Wed, 10 Jan 2018 21:05:30 +0000",
        "date_modified": "Wed, 05 Dec 2018 20:16:55 +0000",
        "items_total": sum(row["quantity"] for row in rows),
        "consignments": {
            "pickups": [],
            "shipping": shipping,
            "downloads": apart("digital"),
            "email": {"gift_certificates": apart("giftcertificate")},
        },
    }


def of(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["type"] == kind]


def in_pages(rows: list[dict[str, Any]]) -> Any:
    """/orders/149/products of a server that gives 50 a page, whatever it is asked for."""

    def answer(seen: Seen) -> Reply:
        start = 50 * (int(seen.query["page"]) - 1)
        return Reply(200, page) if (page := rows[start : start + 50]) else Reply(204)

    return answer


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(lines=_LINES, gone=st.sets(st.integers(0, 69)))
def test_every_line_is_there_whatever_the_include_left_out(
    client: BigCommerce, server: Answering, lines: list[tuple[int, str, int]], gone: set[int]
) -> None:
    rows = [
        {"id": at + 1, "quantity": units, "type": kind, "order_address_id": 51 + place if kind == "physical" else 0}
        for at, (units, kind, place) in enumerate(lines)
    ]
    listed = as_listed(rows)
    cut = copy.deepcopy(listed)
    groups = cut["consignments"]
    for place in (*groups["shipping"], *groups["downloads"], *groups["email"]["gift_certificates"]):
        place["line_items"] = [row for row in place["line_items"] if row["id"] - 1 not in gone]
    server.otherwise = in_pages(rows)
    server.seen.clear()
    found = orders.completed(client, read_order(json.dumps(cut).encode()))
    assert found.is_whole
    assert [sorted(line.id for line in one.line_items or []) for one in found.shipping] == [
        [row["id"] for row in rows if row["order_address_id"] == number] for number in (51, 52)
    ]
    assert {line.id for line in found.downloads} == {row["id"] for row in of(rows, "digital")}
    assert {line.id for line in found.gift_certificates} == {row["id"] for row in of(rows, "giftcertificate")}
    assert bool(server.seen) == bool(gone & set(range(len(rows))))


def test_an_order_without_any_line_is_not_believed(client: BigCommerce, server: Answering) -> None:
    """Also where its items_total is missing, or 0."""
    bare = as_listed([]) | {"items_total": 0}
    server.otherwise = in_pages([{"id": 65, "quantity": 2, "type": "physical", "order_address_id": 51}])
    assert [line.id for line in orders.completed(client, read_order(json.dumps(bare).encode())).lines] == [65]
    assert server.seen[0].path.endswith("/orders/149/products")
