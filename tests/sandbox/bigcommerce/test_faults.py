import http.client
from datetime import timedelta
from typing import Any

import pytest

from npf.sandbox.bigcommerce import KINDS, Store, parse_faults
from npf.sandbox.faults import Faults

QUERY = {"include": "consignments.line_items", "consignment_structure": "object"}


@pytest.mark.parametrize("status", ["500", "502", "503", "504"])
def test_a_server_error_answers_instead_of_the_work(bc: Any, store: Store, status: str) -> None:
    order_id = store.sell("MUG")
    store.faults.next(status)
    answer = bc.put(f"/v2/orders/{order_id}", {"status_id": 10})
    assert (answer.status, answer.json["status"]) == (int(status), int(status))
    assert store.orders[order_id].status_id == 11
    assert bc.put(f"/v2/orders/{order_id}", {"status_id": 10}).status == 200


def test_a_504_can_come_although_the_work_was_done(bc: Any, store: Store) -> None:
    order_id = store.sell("MUG")
    store.faults.next("504-after")
    assert bc.put(f"/v2/orders/{order_id}", {"status_id": 10}).status == 504
    assert store.orders[order_id].status_id == 10
    (entry,) = store.log
    assert (entry.status, entry.fault) == (200, "504-after")


def test_a_429_comes_with_and_without_headers(bc: Any, store: Store) -> None:
    store.faults.next("429")
    store.faults.next("429-bare")
    with_headers, bare = bc.get("/v2/orders"), bc.get("/v2/orders")
    assert (with_headers.status, bare.status) == (429, 429)
    assert with_headers.headers["x-rate-limit-time-reset-ms"]
    assert not any(name.startswith("x-rate-limit") for name in bare.headers)
    assert bare.body == b""


def test_a_reset_before_leaves_nothing_done_and_a_reset_after_leaves_it_done(bc: Any, store: Store) -> None:
    order_id = store.sell("MUG")
    for kind, status_id, logged in (("reset-before", 11, 0), ("reset-after", 10, 200)):
        store.faults.next(kind)
        with pytest.raises(ConnectionResetError):
            bc.put(f"/v2/orders/{order_id}", {"status_id": 10})
        assert store.orders[order_id].status_id == status_id
        (entry,) = store.log
        assert (entry.status, entry.fault) == (logged, kind)
        store.log.clear()


def test_a_truncated_answer_breaks_off(bc: Any, store: Store) -> None:
    store.sell("MUG")
    store.faults.next("truncate")
    with pytest.raises(http.client.IncompleteRead):
        bc.get("/v2/orders")
    assert bc.get("/v2/orders").status == 200


def test_a_stall_lets_time_pass_and_then_answers(bc: Any, store: Store, clock: Any) -> None:
    before = clock()
    store.faults.next("stall:7")
    assert bc.get("/v2/orders").status == 204
    assert (clock() - before).total_seconds() == 7


def test_one_order_of_a_page_can_be_malformed(bc: Any, store: Store) -> None:
    for _ in range(3):
        store.sell("MUG")
    store.faults.next("malformed-order")
    assert bc.get("/v2/orders/101/products").status == 200
    pages = [bc.get("/v2/orders", **QUERY).json for _ in range(2)]
    odd = [
        [order["id"] for order in page if order["consignments"]["shipping"][0]["line_items"][0]["quantity"] == "two"]
        for page in pages
    ]
    assert odd == [[102], []]
    store.faults.next("malformed-order")
    assert "status_id" not in bc.get("/v2/orders/101").json


def test_one_order_of_a_page_can_have_an_unknown_field(bc: Any, store: Store) -> None:
    store.sell("MUG")
    store.faults.next("unknown-field")
    assert "x_loyalty" in bc.get("/v2/orders").json[0]


def test_a_fault_can_be_kept_to_one_method_and_path(bc: Any, store: Store) -> None:
    order_id = store.sell("MUG")
    store.faults.next("500", method="POST", path="/shipments")
    store.faults.next("502", path="/v2/orders/*/products", skip=1)
    assert bc.get(f"/v2/orders/{order_id}/shipments").status == 204
    assert bc.post(f"/v2/orders/{order_id}/shipments", {}).status == 500
    assert bc.post(f"/v2/orders/{order_id}/shipments", {}).status == 400
    assert [bc.get(f"/v2/orders/{order_id}/products").status for _ in range(3)] == [200, 502, 200]
    assert store.faults.struck == [
        ("500", "POST", f"/v2/orders/{order_id}/shipments"),
        ("502", "GET", f"/v2/orders/{order_id}/products"),
    ]


def test_the_same_seed_strikes_the_same_requests() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add("500", 0.3)
        return [faults.draw("GET", "/") is not None for _ in range(200)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 30 < sum(struck(1)) < 90


def test_a_spec_is_read_into_rules() -> None:
    first, second, third, fourth = parse_faults("500=0.02, reset-after=0.01,429@3,stall:2.5@1")
    assert (first.kind, first.probability, first.left) == ("500", 0.02, None)
    assert (second.kind, second.probability) == ("reset-after", 0.01)
    assert (third.kind, third.probability, third.left) == ("429", 1.0, 3)
    assert (fourth.kind, fourth.seconds, fourth.left) == ("stall", 2.5, 1)
    assert parse_faults("") == []


def test_every_kind_can_be_named_in_a_spec() -> None:
    assert [rule.kind for rule in parse_faults(",".join(f"{kind}@1" for kind in KINDS))] == list(KINDS)
    assert all(KINDS.values())


def test_an_unknown_kind_is_refused_with_the_known_ones_named() -> None:
    with pytest.raises(ValueError, match="unknown fault 'explode'") as caught:
        parse_faults("explode=0.1")
    assert all(kind in str(caught.value) for kind in KINDS)


@pytest.mark.parametrize("spec", ["500", "500=2", "500=-1", "500=x", "500@0", "500@1.5", "stall:x@1", "stall:-1@1"])
def test_a_spec_that_makes_no_sense_is_refused(spec: str) -> None:
    with pytest.raises(ValueError, match=r"500|stall"):
        parse_faults(spec)


def test_a_wrong_probability_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        store.faults.add("500", 1.5)


def test_drift_moves_rows_behind_a_walk_by_date(bc: Any, store: Store, clock: Any) -> None:
    for _ in range(4):
        store.sell("MUG")
        clock.pass_(1)
    store.faults.next("drift")
    pages = [bc.get("/v2/orders", sort="date_modified", limit=2, page=page).json for page in (1, 2)]
    seen = [[order["id"] for order in page] for page in pages]
    assert seen == [[101, 102], [104, 101]], "103 has slipped to the page that was read already (fact 36)"
    assert ("store/order/updated", {"type": "order", "id": 101}) in store.events


def test_a_duplicate_comes_again_on_the_next_page_or_twice_on_the_first(bc: Any, store: Store) -> None:
    for _ in range(4):
        store.sell("MUG")
    store.faults.next("duplicate", 2)
    pages = [bc.get("/v2/orders", limit=2, page=page).json for page in (1, 2)]
    assert [[order["id"] for order in page] for page in pages] == [[101, 102, 102], [102, 103, 104]]
    assert bc.get("/v2/orders/101").json["id"] == 101


def test_a_stale_read_answers_as_it_was(bc: Any, store: Store, clock: Any) -> None:
    for _ in range(3):
        store.sell("MUG")
    clock.pass_(100)
    store.set_status(101, 10)
    store.change_quantity(102, 0, 5)
    new = store.sell("MUG")
    clock.pass_(10)
    store.faults.next("stale:60", 4)
    page = bc.get("/v2/orders", **QUERY).json
    assert [(order["id"], order["status_id"], order["items_total"]) for order in page] == [
        (101, 11, 1),
        (102, 11, 1),
        (103, 11, 1),
    ]
    since = (clock() - timedelta(seconds=50)).isoformat()
    assert bc.get("/v2/orders", min_date_modified=since).status == 204
    assert bc.get("/v2/orders/101").json["status_id"] == 11
    assert bc.get(f"/v2/orders/{new}").status == 404, "a read-back right after may lag (fact 139)"
    assert [order["id"] for order in bc.get("/v2/orders", min_date_modified=since).json] == [101, 102, new]
    assert bc.get("/v2/orders/102").json["items_total"] == 5


def test_a_stale_read_finds_the_state_between_two_changes(bc: Any, store: Store, clock: Any) -> None:
    order_id = store.sell("MUG")
    for status_id in (9, 2, 10):
        clock.pass_(20)
        store.set_status(order_id, status_id)
    for seconds, status_id in ((0, 10), (19, 2), (25, 9), (3600, 11)):
        store.faults.next(f"stale:{seconds}")
        seen = bc.get(f"/v2/orders/{order_id}")
        assert seen.status == 404 if seconds == 3600 else seen.json["status_id"] == status_id


def test_a_rule_strikes_the_same_requests_whatever_other_rules_there_are() -> None:
    def struck(*others: str) -> list[int]:
        faults = Faults(5)
        faults.add("500", 0.3)
        for other in others:
            faults.add(other, 0.3)
        drawn = [faults.draw("GET", "/") for _ in range(200)]
        return [at for at, fault in enumerate(drawn) if fault and fault.kind == "500"]

    assert struck() == struck("502", "reset-after")


def test_one_rule_can_be_taken_back(store: Store) -> None:
    store.faults.load("500=1,502=1")
    first, second = store.faults.rules()
    store.faults.remove(first.number)
    assert store.faults.rules() == [second]
    with pytest.raises(KeyError):
        store.faults.remove(first.number)


def test_hook_faults_never_strike_requests_and_the_others_never_hooks(bc: Any, store: Store) -> None:
    store.faults.load("hook-missing=1,hook-late:5=1")
    assert bc.get("/v2/orders").status == 204
    store.faults.clear()
    store.faults.load(",".join(f"{kind}=1" for kind in KINDS if not kind.startswith("hook")))
    assert store.faults.draw("HOOK", "store/order/created") is None
