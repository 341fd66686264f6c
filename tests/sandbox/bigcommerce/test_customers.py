"""Customers are there for a token that may read them, and for no other (facts 10, 120)."""

import json
import urllib.error
import urllib.request
from typing import Any

from npf.sandbox.bigcommerce import FOUR_SCOPES, World, make_app
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
