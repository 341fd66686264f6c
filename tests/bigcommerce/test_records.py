"""Reading orders: the official examples, and every shape they were seen in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from npf.bigcommerce.records import Order, assembled, order_id_of, read_order, read_products
from npf.bigcommerce.tolerant import Malformed

Example = Callable[[str], Any]


def line(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": number, "quantity": 1, "order_address_id": 51, "sku": f"SKU-{number}", "type": "physical"} | fields


def order(**fields: Any) -> dict[str, Any]:
    return {
        "id": 149,
        "status_id": 11,
        "date_created": "Wed, 10 Jan 2018 21:05:30 +0000",
        "date_modified": "Wed, 05 Dec 2018 20:16:55 +0000",
        "consignments": {"shipping": [{"id": 51, "line_items": [line(65)]}]},
    } | fields


def read(raw: Any) -> Order:
    return read_order(json.dumps(raw).encode())


def refused(raw: Any) -> Malformed:
    with pytest.raises(Malformed) as caught:
        read(raw)
    return caught.value


def test_it_reads_the_official_order_with_its_consignments(example: Example) -> None:
    found = read(example("order_with_consignments_object.json"))
    assert (found.id, found.status_id, found.status, found.channel_id) == (149, 11, "Awaiting Fulfillment", 1)
    assert found.date_created == datetime(2018, 1, 10, 21, 5, 30, tzinfo=UTC)
    assert found.date_modified.utcoffset() == UTC.utcoffset(None)
    assert found.date_shipped is None
    assert (found.subtotal_ex_tax, found.total_inc_tax) == (Decimal("336.3200"), Decimal("361.9500"))
    assert (found.billing_address.street_1, found.billing_address.country_iso2) == ("455 Main Street", "US")
    assert (found.payment_provider_id, found.payment_status) == ("", "authorized")
    [goods] = found.shipping
    assert (goods.id, goods.city, goods.phone, goods.shipping_method) == (51, "Austin", "0410999888", "Free Shipping")
    assert (goods.cost_inc_tax, goods.items_total) == (Decimal("6.2"), 4)
    assert [one.id for one in goods.line_items or []] == [65, 66, 67]
    towel, brewer, sample = goods.line_items or []
    assert (towel.sku, towel.variant_id, towel.weight) == ("S-ORAN", 83, Decimal("1.0000"))
    assert (towel.price_ex_tax, towel.total_inc_tax) == (Decimal("55.9900"), Decimal("65.2300"))
    assert [(one.display_name, one.display_value) for one in towel.product_options][:2] == [
        ("Size", "S"),
        ("Color", "Orange"),
    ]
    assert (brewer.parent_order_product_id, brewer.is_bundled_product) == (65, True)
    assert (sample.product_id, sample.variant_id, sample.sku, sample.to_ship) == (0, None, "", 2)
    assert [one.id for one in found.downloads] == [68]
    assert [one.id for one in found.gift_certificates] == [69]
    assert found.pickups == []
    assert found.is_whole
    assert len(found.lines) == 5


def test_the_legacy_array_reads_like_the_object(example: Example) -> None:
    new = read(example("order_with_consignments_object.json"))
    old = read(example("order_with_consignments_legacy_array.json"))
    assert old.shipping == new.shipping
    assert [line.id for line in old.lines] == [65, 66, 67]


def test_an_order_with_links_in_place_of_consignments_is_read_but_not_whole(example: Example) -> None:
    awaiting, incomplete = (read(raw) for raw in example("orders_page.json"))
    assert (awaiting.id, awaiting.shipping, awaiting.is_whole) == (100, [], False)
    assert (incomplete.id, incomplete.status_id, incomplete.customer_id) == (103, 0, 0)


def test_lines_that_are_links_read_as_none() -> None:
    link = {"url": "https://api.bigcommerce.com/x", "resource": "/orders/149/products/65"}
    for links in (link, [link, link]):
        shipping = [{"id": 51, "items_total": 2, "line_items": links}]
        found = read(order(items_total=2, consignments={"shipping": shipping, "pickups": link}))
        assert found.shipping[0].line_items is None
        assert not found.is_whole


def test_an_order_whose_lines_the_include_left_out_is_not_whole() -> None:
    assert not read(order(items_total=3)).is_whole
    assert read(order(items_total=1)).is_whole
    emptied = {"shipping": [{"id": 51, "items_total": 1, "line_items": []}]}
    assert not read(order(items_total=1, consignments=emptied)).is_whole


def test_it_is_put_together_from_its_sub_resources(example: Example) -> None:
    whole = read(example("order_with_consignments_object.json"))
    lines = read_products([json.dumps(row).encode() for row in example("order_products.json")])
    bare = read(example("order_with_consignments_object.json") | {"consignments": {"url": "u", "resource": "r"}})
    built = assembled(bare, lines, whole.shipping)
    assert not bare.is_whole
    assert [one.id for one in built.shipping[0].line_items or []] == [65, 66, 67]
    assert [one.id for one in built.downloads] == [68]
    assert [one.id for one in built.gift_certificates] == [69]
    assert built.is_whole


def test_a_line_without_a_place_is_never_lost_silently() -> None:
    found = read(order())
    for kind in ("physical", "", "something new"):
        [stray] = read_products([json.dumps(line(70, order_address_id=99, type=kind)).encode()])
        with pytest.raises(Malformed) as caught:
            assembled(found, [stray])
        assert caught.value.field == "order_address_id"


def test_a_pickup_gets_its_lines_and_no_other() -> None:
    pickups = [{"id": 9, "pickup_method_id": 3}, {"id": 10, "pickup_method_id": 4}]
    found = read(order(consignments={"shipping": [{"id": 51}], "pickups": pickups}))
    rows = [line(1), line(2, order_address_id=0, order_pickup_method_id=4), line(3, order_address_id=0, type="digital")]
    built = assembled(found, read_products(json.dumps(row).encode() for row in rows))
    assert [[one.id for one in place.line_items or []] for place in built.pickups] == [[], [2]]
    assert [one.id for one in built.shipping[0].line_items or []] == [1]
    assert [one.id for one in built.lines] == [1, 2, 3]


def test_odd_values_are_read_as_what_they_mean() -> None:
    found = read(
        order(
            id="149",
            status_id="11",
            channel_id="2",
            customer_id=None,
            payment_provider_id=7,
            is_deleted="false",
            order_is_digital=1,
            subtotal_ex_tax=5.1,
            total_inc_tax="",
            total_tax=None,
            coupon_discount=3,
            staff_notes=None,
            external_id=False,
            items_total="1.0000",
            date_created="2018-01-10T21:05:30Z",
            date_modified="2018-12-05T20:16:55+01:00",
            billing_address={"zip": 3000, "company": None, "form_fields": [{"name": "x"}]},
            something_new={"deep": [1, 2]},
        )
    )
    assert (found.id, found.status_id, found.channel_id, found.customer_id) == (149, 11, 2, 0)
    assert (found.payment_provider_id, found.is_deleted, found.order_is_digital) == ("7", False, True)
    assert (found.subtotal_ex_tax, found.total_inc_tax, found.total_tax) == (Decimal("5.1"), 0, 0)
    assert (found.staff_notes, found.external_id, found.items_total) == ("", "", 1)
    assert found.date_modified == datetime(2018, 12, 5, 19, 16, 55, tzinfo=UTC)
    assert (found.billing_address.zip, found.billing_address.company) == ("3000", "")


@pytest.mark.parametrize("nothing", [None, [], {}, "", {"url": "u", "resource": "r"}])
def test_what_stands_in_for_an_object_reads_as_nothing(nothing: Any) -> None:
    found = read(order(billing_address=nothing, consignments={"shipping": [], "email": nothing}))
    assert found.billing_address.street_1 == ""
    assert found.gift_certificates == []
    assert read(order(consignments=nothing)).shipping == []


def test_broken_characters_do_not_stop_an_order() -> None:
    raw = json.dumps(order(staff_notes="SURROGATE NUL\0 BYTES")).encode()
    raw = raw.replace(b"SURROGATE", rb"\ud83d").replace(b"BYTES", b"\xff\xfe")
    found = read_order(raw)
    assert found.staff_notes == "? NUL \ufffd\ufffd"
    assert found.shipping[0].line_items


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        ("$", []),
        ("$", None),
        ("id", {k: v for k, v in order().items() if k != "id"}),
        ("id", order(id=None)),
        ("id", order(id=0)),
        ("id", order(id=2**70)),
        ("status_id", order(status_id="soon")),
        ("date_created", order(date_created="")),
        ("date_modified", order(date_modified="31/02/2026")),
        ("total_inc_tax", order(total_inc_tax="12,50")),
        ("total_inc_tax", order(total_inc_tax="NaN")),
        ("total_inc_tax", order(total_inc_tax="1e999")),
        ("total_inc_tax", order(total_inc_tax=True)),
        ("items_total", order(items_total=1.5)),
        ("items_total", order(items_total=-1)),
        ("staff_notes", order(staff_notes=["a"])),
        ("is_deleted", order(is_deleted="perhaps")),
        ("billing_address.zip", order(billing_address={"zip": {}})),
        ("consignments.shipping[0].id", order(consignments={"shipping": [{"line_items": []}]})),
        (
            "consignments.shipping[0].line_items[1].quantity",
            order(consignments={"shipping": [{"id": 1, "line_items": [line(1), line(2, quantity="2.5")]}]}),
        ),
        (
            "consignments[0].shipping[0].line_items[0].quantity",
            order(consignments=[{"shipping": [{"id": 1, "line_items": [{"id": 5}]}]}]),
        ),
    ],
)
def test_a_malformed_order_names_the_field(field: str, raw: Any) -> None:
    error = refused(raw)
    assert error.field == field
    assert error.code == "malformed_order"
    assert field in str(error)


def test_the_number_of_a_malformed_order_is_still_known() -> None:
    assert order_id_of(json.dumps(order(status_id={})).encode()) == 149
    assert order_id_of(json.dumps(order(id="149", date_created=1)).encode()) == 149
    for raw in (b"[]", b"null", b'{"id": "?"}', b'{"id": 0}', b"{}", b"<html>"):
        assert order_id_of(raw) is None
