from typing import Any

import pytest

from npf.sandbox.bigcommerce import FOUR_SCOPES, SWITCHES, Store, World

QUERY = {"include": "consignments.line_items", "consignment_structure": "object"}


def test_one_place_lists_and_sets_every_switch(bc: Any, store: Store) -> None:
    listed = bc.get("/_sandbox/demo1/switches").json
    assert set(listed) == {*SWITCHES, "scopes"}
    changed = {
        "suspended": True,
        "inventory_lag": 2,
        "batch_refusal": "partial",
        "other_apps": 40,
        "over_shipping": "lax",
    }
    assert bc.post("/_sandbox/demo1/switches", changed).json == {**listed, **changed}
    assert bc.post("/_sandbox/demo1/switches", {"suspended": "no", "inventory_lag": "0.5"}).status == 200
    assert (store.switches.suspended, store.switches.inventory_lag) == (False, 0.5)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("over_shipping", "loose", "over_shipping is strict or lax, not 'loose'"),
        ("suspended", "perhaps", "suspended is yes or no, not 'perhaps'"),
        ("inventory_lag", -1, "inventory_lag is a number from 0, not -1"),
        ("inventory_lag", "nan", "inventory_lag is a number from 0"),
        ("no_switch", 1, "a store has no switch 'no_switch'; there are suspended"),
        ("scopes", ["store_v9"], "there is no scope 'store_v9'"),
        ("scopes", "store_v2_orders", "scopes is a list"),
    ],
)
def test_what_a_switch_cannot_be_is_refused_by_name(
    bc: Any, world: World, store: Store, name: str, value: Any, said: str
) -> None:
    refused = bc.post("/_sandbox/demo1/switches", {name: value})
    assert refused.status == 400
    assert said in refused.json["error"]
    with pytest.raises(ValueError, match="scope" if name == "scopes" else name):
        world.add_store("other", **{name: value})
    assert "other" not in world.stores


def test_the_scopes_of_the_token_are_a_switch(bc: Any, store: Store) -> None:
    assert bc.get("/v3/inventory/items").status == 200
    bc.post("/_sandbox/demo1/switches", {"scopes": sorted(FOUR_SCOPES)})
    assert bc.get("/v3/inventory/items").status == 403, "store_inventory is not among the four (fact 11)"
    assert bc.get("/v2/orders").status == 204
    assert store.accounts["token-demo1"].client_id == "client-demo1"
    store.revoke("token-demo1")
    assert bc.post("/_sandbox/demo1/switches", {"scopes": []}).status == 400


@pytest.mark.parametrize(("how", "empty"), [("never", []), ("some", [102, 105]), ("always", [101, 102, 103, 104, 105])])
def test_line_items_are_empty_under_include_for_as_many_orders_as_the_switch_says(
    bc: Any, store: Store, how: str, empty: list[int]
) -> None:
    for _ in range(5):
        store.sell("MUG")
    bc.get("/v2/orders", **QUERY)
    store.switches.empty_lines = how
    rows = bc.get("/v2/orders", **QUERY).json
    assert [row["id"] for row in rows if not row["consignments"]["shipping"][0]["line_items"]] == empty
    assert len(bc.get("/v2/orders/102/products").json) == 1
    assert all(row["items_total"] == 1 for row in rows)
