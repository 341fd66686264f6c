"""Customers are there for a token that may read them, and for no other (facts 10, 120)."""

import json
import urllib.error
import urllib.request
from typing import Any

from npf.sandbox.bigcommerce import FOUR_SCOPES, Store, World, make_app
from npf.sandbox.server import serve


def ask(url: str, token: str) -> tuple[int, Any]:
    request = urllib.request.Request(url, headers={"X-Auth-Token": token, "Accept": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def test_it_lists_the_customers_of_the_orders_and_no_guest() -> None:
    world = World()
    store = world.add_store("abc", scopes=FOUR_SCOPES)
    store.add_account("no-customers", FOUR_SCOPES - {"store_v2_customers_read_only"}, "other")
    store.place_order([("MUG", 1)], customer_id=7)
    store.place_order([("MUG", 1)], customer_id=0)
    with serve(make_app(world)) as server:
        url = f"{server.url}/stores/abc/v3/customers"
        status, body = ask(url, "token-abc")
        refused, _ = ask(url, "no-customers")
    assert (status, [one["id"] for one in body["data"]], refused) == (200, [7], 403)


PERSON = {"first_name": "Aroha", "last_name": "Ngata", "email": "aroha@example.com"}
HOME = {"first_name": "Aroha", "last_name": "Ngata", "address1": "5 Mill Lane", "city": "Nelson", "country_code": "NZ"}
HOME |= {"state_or_province": "Nelson", "postal_code": "7010"}


def test_an_email_exists_once_per_channel(bc: Any, store: Store) -> None:
    assert bc.post("/v3/customers", [PERSON]).status == 200
    assert bc.post("/v3/customers", [PERSON]).status == 422
    other = store.add_channel("Two")
    assert bc.post("/v3/customers", [{**PERSON, "origin_channel_id": other}]).status == 200
    assert bc.post("/v3/customers", [{**PERSON, "email": ""}]).status == 422
    assert len(bc.get("/v3/customers", **{"email:in": PERSON["email"]}).json["data"]) == 2


def test_a_customer_is_changed_and_deleted_and_the_orders_stay(bc: Any, store: Store) -> None:
    order_id = store.place_order([("MUG", 1)], customer_id=7)
    assert bc.put("/v3/customers", [{"id": 7, "company": "Kea & Co"}]).json["data"][0]["company"] == "Kea & Co"
    assert bc.put("/v3/customers", [{"id": 8, "company": "Kea & Co"}]).status == 422
    assert bc.delete("/v3/customers").status == 204
    assert len(bc.get("/v3/customers").json["data"]) == 1
    assert bc.delete("/v3/customers?id:in=7").status == 204
    assert bc.get("/v3/customers").json["data"] == []
    assert bc.get("/v3/customers/addresses").json["data"] == []
    assert bc.get(f"/v2/orders/{order_id}").json["customer_id"] == 7


def test_the_same_address_is_not_kept_twice(bc: Any, store: Store) -> None:
    number = bc.post("/v3/customers", [PERSON]).json["data"][0]["id"]
    row = {**HOME, "customer_id": number}
    (made,) = bc.post("/v3/customers/addresses", [row]).json["data"]
    assert (made["country"], made["address_type"]) == ("New Zealand", "residential")
    assert bc.post("/v3/customers/addresses", [row]).json["data"] == []
    (other,) = bc.post("/v3/customers/addresses", [{**row, "city": "Dunedin"}]).json["data"]
    assert bc.put("/v3/customers/addresses", [{"id": other["id"], "city": "Nelson"}]).json["data"] == []
    shown = bc.get("/v3/customers", include="addresses").json["data"][0]["addresses"]
    assert [one["city"] for one in shown] == ["Nelson", "Dunedin"]
    assert bc.post("/v3/customers/addresses", [{**row, "address_type": "barn"}]).status == 422
    assert bc.delete(f"/v3/customers/addresses?id:in={made['id']}").status == 204


def test_customers_are_read_on_by_a_cursor(bc: Any, store: Store) -> None:
    for number in range(1, 6):
        store.place_order([("MUG", 1)], customer_id=number)
    first = bc.get("/v3/customers", limit=2).json
    after = first["meta"]["cursor_pagination"]["end_cursor"]
    second = bc.get("/v3/customers", limit=2, after=after).json
    assert [row["id"] for row in first["data"] + second["data"]] == [1, 2, 3, 4]
    assert [row["id"] for row in bc.get("/v3/customers", before=after).json["data"]] == [1]
    assert bc.get("/v3/customers", after="nonsense").status == 422
