from typing import Any

import pytest

from npf.sandbox.bigcommerce import Store


@pytest.fixture
def order_id(store: Store) -> int:
    return store.place_order([("A", 2), ("B", 1)])


def body(store: Store, order_id: int, *quantities: int, **more: Any) -> dict[str, Any]:
    order = store.orders[order_id]
    items = [
        {"order_product_id": line.id, "quantity": quantity}
        for line, quantity in zip(order.lines, quantities, strict=False)
        if quantity
    ]
    return {"order_address_id": order.addresses[0].id, "items": items, "tracking_number": "T1", **more}


def test_two_shipments_move_the_order_to_partially_shipped_and_shipped(
    bc: Any, store: Store, order_id: int, clock: Any
) -> None:
    path = f"/v2/orders/{order_id}"
    assert bc.get(f"{path}/shipments").status == 204
    first = bc.post(f"{path}/shipments", body(store, order_id, 1, 1))
    assert first.status == 201
    order = bc.get(path).json
    assert (order["status_id"], order["items_shipped"], order["date_shipped"]) == (3, 2, "")
    clock.pass_(60)
    bc.post(f"{path}/shipments", body(store, order_id, 1))
    order = bc.get(path).json
    assert (order["status_id"], order["items_shipped"]) == (2, 3)
    assert order["date_shipped"] == order["date_modified"] == "Mon, 23 Nov 2026 02:01:00 +0000"
    assert [line["quantity_shipped"] for line in bc.get(f"{path}/products").json] == [2, 1]
    assert bc.get(f"{path}/shipping_addresses").json[0]["items_shipped"] == 3
    assert [row["id"] for row in bc.get(f"{path}/shipments").json] == [1, 2]
    assert bc.get(f"{path}/shipments/count").json == {"count": 2}
    assert [mail for _, mail in store.mails] == ["shipment 1", "shipment 2"]


def test_the_status_stays_when_the_switch_says_so(bc: Any, store: Store, order_id: int) -> None:
    store.switches.shipment_moves_status = False
    bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 2, 1))
    assert store.orders[order_id].status_id == 11
    assert store.orders[order_id].shipped_at is not None


def test_the_same_post_twice_makes_two_shipments_when_lax(bc: Any, store: Store, order_id: int) -> None:
    store.switches.over_shipping = "lax"
    for _ in range(2):
        assert bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 2, 1)).status == 201
    assert len(store.shipments(order_id)) == 2
    assert store.orders[order_id].lines[0].shipped == 4


def test_more_than_is_left_is_refused_when_strict(bc: Any, store: Store, order_id: int) -> None:
    assert bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 3)).status == 400
    line = store.orders[order_id].lines[0].id
    twice = body(store, order_id, 2)
    twice["items"].append({"order_product_id": line, "quantity": 1})
    assert bc.post(f"/v2/orders/{order_id}/shipments", twice).status == 400
    store.refund(order_id, line=0, quantity=1)
    assert bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 2)).status == 400
    assert bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 1)).status == 201


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"order_address_id": None}, "order_address_id"),
        ({"order_address_id": 9999}, "order_address_id"),
        ({"items": []}, "items"),
        ({"items": None}, "items"),
        ({"items": [{"quantity": 1}]}, "order_product_id"),
        ({"items": [{"order_product_id": 1}]}, "quantity"),
        ({"items": [{"order_product_id": 1, "quantity": 0}]}, "quantity"),
        ({"items": [{"order_product_id": 1, "quantity": "1"}]}, "quantity"),
        ({"items": [{"order_product_id": 999, "quantity": 1}]}, "order_product_id"),
        ({"items": [{"order_product_id": 1, "quantity": 1, "product_id": 7}]}, "product_id"),
        ({"tracking_number": "9" * 51}, "tracking_number"),
        ({"tracking_link": "https://example.com/" + "x" * 500}, "tracking_link"),
        ({"tracking_link": "www.example.com/t"}, "tracking_link"),
        ({"shipping_provider": "pigeon"}, "shipping_provider"),
        ({"tracking_carrier": "No Such Slug"}, "tracking_carrier"),
        ({"shipping_provider": "auspost", "tracking_carrier": "fedex"}, "tracking_carrier"),
        ({"generated_tracking_link": "https://example.com"}, "generated_tracking_link"),
        ({"no_such_field": 1}, "no_such_field"),
        ({"comments": 5}, "comments"),
    ],
)
def test_a_wrong_field_refuses_the_whole_shipment(
    bc: Any, store: Store, order_id: int, change: dict[str, Any], word: str
) -> None:
    answer = bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 1) | change)
    assert answer.status == 400
    assert f"'{word}'" in answer.json[0]["message"]
    assert store.shipments(order_id) == []


def test_lines_of_another_address_and_digital_lines_are_refused(bc: Any, store: Store) -> None:
    order_id = store.place_order([("A", 1), ("B", 1), {"sku": "PDF", "type": "digital"}], addresses=2)
    order = store.orders[order_id]
    for line in (order.lines[1], order.lines[2]):
        wrong = {"order_address_id": order.addresses[0].id, "items": [{"order_product_id": line.id, "quantity": 1}]}
        assert bc.post(f"/v2/orders/{order_id}/shipments", wrong).status == 400


def test_goods_alone_decide_whether_all_is_shipped(bc: Any, store: Store) -> None:
    order_id = store.place_order([("A", 1), {"sku": "PDF", "type": "digital"}])
    bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 1))
    assert store.orders[order_id].status_id == 2


@pytest.mark.parametrize(
    ("sent", "provider", "link", "generated"),
    [
        ({"shipping_provider": "auspost"}, "auspost", "", "https://auspost.com.au/mypost/track/#/details/T1"),
        (
            {"shipping_provider": "", "tracking_carrier": "startrack"},
            "",
            "",
            "https://track.aftership.com/startrack/T1",
        ),
        ({"shipping_provider": "", "tracking_link": "https://t.example/T1"}, "", "https://t.example/T1", ""),
        (
            {"shipping_provider": "auspost", "tracking_link": "https://t.example/T1"},
            "auspost",
            "https://t.example/T1",
            "",
        ),
        ({}, "custom", "", ""),
        ({"shipping_provider": "carrier_77"}, "carrier_77", "", "https://track.aftership.com/T1"),
    ],
)
def test_links_follow_provider_carrier_and_own_link(
    bc: Any, store: Store, order_id: int, sent: dict[str, str], provider: str, link: str, generated: str
) -> None:
    made = bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 1) | sent).json
    assert (made["shipping_provider"], made["tracking_link"], made["generated_tracking_link"]) == (
        provider,
        link,
        generated,
    )
    assert made["tracking_carrier"] == sent.get("tracking_carrier", "")
    assert made["shipping_method"] == "Standard Shipping"


def test_a_shipment_can_be_changed_but_not_its_items(bc: Any, store: Store, order_id: int) -> None:
    made = bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 1)).json
    path = f"/v2/orders/{order_id}/shipments/{made['id']}"
    assert bc.put(path, {"tracking_number": "T2", "comments": "left at door"}).json["tracking_number"] == "T2"
    assert bc.put(path, {"items": made["items"]}).status == 400
    assert bc.get(path).json["comments"] == "left at door"
    assert len(store.mails) == 1


def test_deleting_a_shipment_takes_its_figures_back_and_leaves_the_status(bc: Any, store: Store, order_id: int) -> None:
    made = bc.post(f"/v2/orders/{order_id}/shipments", body(store, order_id, 2, 1)).json
    path = f"/v2/orders/{order_id}/shipments"
    assert bc.delete(f"{path}/{made['id']}").status == 204
    order = bc.get(f"/v2/orders/{order_id}").json
    assert (order["items_shipped"], order["status_id"], order["date_shipped"]) == (0, 2, "")
    assert bc.get(f"{path}/{made['id']}").status == 404
    bc.post(path, body(store, order_id, 1))
    assert bc.delete(path).status == 204
    assert bc.get(path).status == 204
