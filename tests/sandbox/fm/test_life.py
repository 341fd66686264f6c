"""The life of an order after acceptance, as the status service tells it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from npf.sandbox.fm import Warehouse, WrongMove
from npf.sandbox.fm.answers import NO_DETAILS
from npf.sandbox.fm.documents import OrderFields

from .conftest import LOGIN, asked, login_xml, order_leaves

Document = Callable[..., str]
TWO = (("Test001", 2, 1100), ("Test002", 1, 500))


def texts(element: Any, path: str) -> list[str]:
    return [(found.text or "").strip() for found in element.findall(path)]


def test_an_order_is_picked_and_then_shipped(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1", lines=TWO))
    assert fm.word("MG1") == "PICKING"
    fm.clock.advance(9.9)
    assert fm.word("MG1") == "PICKING"
    fm.clock.advance(0.2)
    told = fm.status("MG1")["MG1"]
    assert told.findtext("OrderStatus") == " SHIPPED"
    assert told.findtext("StatusTime") == "23-Nov-2026 12:00:10"
    (shipment,) = told.findall("ShipmentDetails/Shipment")
    kept = fm.client.orders["MG1"].shipments[0]
    assert shipment.findtext("DespatchDate") == "23-Nov-2026"
    assert shipment.findtext("ConsignmentNo") == f" {kept.consignment}"
    assert shipment.findtext("ManifestNo") == "M20261123-AP"
    assert float(shipment.findtext("FrieghtCharges")) > 0
    assert float(shipment.findtext("HandlingCharges")) > 0
    assert shipment.findtext("TrackingLink") == f"www.tracking.example/track?consignment={kept.consignment}&type=parcel"
    assert texts(shipment, "Products/Product/Code") == ["Test001", "Test002"]
    assert texts(shipment, "Products/Product/Quantity") == ["2", "1"]


def test_the_tracking_link_bears_a_bare_ampersand(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.client.ship("MG1")
    document = f"<OrderList>{login_xml(LOGIN)}{asked('Order', ['MG1'])}</OrderList>"
    assert "&type=parcel" in fm.call("importorderstatus", document)
    fm.client.set(bare_ampersand=False)
    assert "&amp;type=parcel" in fm.call("importorderstatus", document)


def test_the_word_before_shipping_is_a_setting(fm: Any, order_document: Document) -> None:
    fm.client.set(picking_word="PROCESSING")
    fm.send(order_document("MG1"))
    assert fm.word("MG1") == "PROCESSING"


def test_unknown_numbers_have_no_details(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    told = fm.status("MG1", " XX9")
    assert told["XX9"].findtext("OrderStatusMessage") == NO_DETAILS
    assert told["XX9"].find("OrderStatus") is None
    fm.client.set(unknown_status="empty")
    assert fm.status("XX9")["XX9"].findtext("OrderStatus") == ""


def test_one_client_never_sees_the_orders_of_another(fm: Any, order_document: Document) -> None:
    fm.warehouse.add_client(client_code="ACME", username="acme", password="pw")
    fm.send(order_document("MG1"))
    told = fm.status("MG1", login=("acme", "pw", "ACME"))
    assert told["MG1"].findtext("OrderStatusMessage") == NO_DETAILS


def test_a_split_order_leaves_in_two_consignments(fm: Any, order_document: Document) -> None:
    fm.client.set(split_share=1.0)
    fm.send(order_document("MG1", lines=TWO))
    fm.send(order_document("MG2", lines=(("Test001", 1, 100),)))
    fm.clock.advance(10)
    told = fm.status("MG1", "MG2")
    assert texts(told["MG1"], "OrderStatus") == ["SHIPPED"]
    assert texts(told["MG1"], "ShipmentDetails/Shipment/Products/Product/Quantity") == ["2", "1"]
    assert len(set(texts(told["MG1"], "ShipmentDetails/Shipment/ConsignmentNo"))) == 2
    assert len(told["MG2"].findall("ShipmentDetails/Shipment")) == 1


def test_between_two_consignments_an_order_is_a_partial_backorder(fm: Any, order_document: Document) -> None:
    fm.client.set(split_share=1.0, split_gap=60.0)
    fm.send(order_document("MG1", lines=TWO))
    fm.clock.advance(10)
    told = fm.status("MG1")["MG1"]
    assert texts(told, "OrderStatus") == ["PARTIAL BACKORDER"]
    assert texts(told, "ShipmentDetails/Shipment/Products/Product/Code") == ["Test001"]
    assert texts(told, "BODetails/Products/Product/Code") == ["Test002"]
    assert texts(told, "BODetails/Products/Product/Quantity") == ["1"]
    fm.clock.advance(60)
    assert fm.word("MG1") == "SHIPPED"


def test_a_person_ships_parts_and_the_rest(fm: Any, order_document: Document) -> None:
    fm.client.set(manual=True)
    fm.send(order_document("MG1", lines=TWO))
    fm.clock.advance(1000)
    assert fm.word("MG1") == "PICKING"
    assert fm.client.ship("MG1", {"Test001": 1}, "CON-1").consignment == "CON-1"
    assert fm.word("MG1") == "PARTIAL BACKORDER"
    assert fm.client.part_ship("MG1").products == {"Test001": 1}
    assert fm.client.ship("MG1").products == {"Test002": 1}
    assert fm.word("MG1") == "SHIPPED"
    assert len(fm.client.orders["MG1"].shipments) == 3
    with pytest.raises(WrongMove, match="stands as SHIPPED"):
        fm.client.ship("MG1")


def test_an_order_can_be_shipped_short(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1", lines=TWO))
    fm.client.ship("MG1", {"Test001": 2}, short=True)
    assert fm.word("MG1") == "SHIPPED"
    assert fm.client.orders["MG1"].remaining == {"Test002": 1}
    assert fm.client.stock.reserved("Test002") == 0


def test_too_many_units_are_not_shipped(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1", lines=TWO))
    with pytest.raises(WrongMove, match="3 x Test001, but 2 remain"):
        fm.client.ship("MG1", {"Test001": 3})
    with pytest.raises(KeyError):
        fm.client.ship("NONE")


def test_a_held_order_stays_until_it_is_released(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.client.hold("MG1", "Address <unclear> & odd")
    fm.clock.advance(100)
    told = fm.status("MG1")["MG1"]
    assert texts(told, "OrderStatus") == ["HOLD"]
    assert told.findtext("OrderStatusMessage") == "Address <unclear> & odd"
    fm.client.release("MG1")
    assert fm.word("MG1") == "PICKING"
    fm.clock.advance(10)
    assert fm.word("MG1") == "SHIPPED"


def test_a_backorder_tells_what_is_ordered_and_what_is_late(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1", lines=TWO))
    fm.client.backorder("MG1", {"Test001": 1})
    fm.clock.advance(100)
    told = fm.status("MG1")["MG1"]
    assert texts(told, "OrderStatus") == ["BACKORDER"]
    assert texts(told, "Products/Product/Code") == ["Test001"]
    assert texts(told, "Products/Product/OrderQuantity") == ["2"]
    assert texts(told, "Products/Product/BOQuantity") == ["1"]


def test_a_cancelled_order_says_why_and_keeps_its_number(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.client.cancel("MG1", "Customer changed their mind")
    told = fm.status("MG1")["MG1"]
    assert texts(told, "OrderStatus") == ["CANCEL"]
    assert told.findtext("OrderStatusMessage") == "Customer changed their mind"
    fm.clock.advance(100)
    assert fm.word("MG1") == "CANCEL"
    assert list(fm.refusal(order_document("MG1"))) == ["02005"]
    assert fm.client.stock.reserved("Test001") == 0


def test_an_order_in_error_names_the_fields(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.client.error("MG1", "02006", "Data missing: Phone")
    told = fm.status("MG1")["MG1"]
    assert texts(told, "OrderStatus") == ["ERROR"]
    assert texts(told, "Errors/Error/ErrorCode") == ["02006"]
    assert texts(told, "Errors/Error/ErrorDetail") == ["Data missing: Phone"]


def test_a_forgotten_order_is_left_out_of_the_list(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.send(order_document("MG2"))
    fm.client.forget("MG1")
    assert list(fm.status("MG1", "MG2")) == ["MG2"]
    fm.client.forget("MG1", "no-details")
    assert fm.status("MG1")["MG1"].findtext("OrderStatusMessage") == NO_DETAILS
    fm.client.remember("MG1")
    assert fm.word("MG1") == "PICKING"


def test_an_order_may_become_visible_late(fm: Any, order_document: Document) -> None:
    fm.client.set(visible_after=5.0)
    fm.send(order_document("MG1"))
    assert fm.status("MG1")["MG1"].findtext("OrderStatusMessage") == NO_DETAILS
    fm.clock.advance(5)
    assert fm.word("MG1") == "PICKING"


@pytest.mark.parametrize(("setting", "word"), [("hold_share", "HOLD"), ("backorder_share", "BACKORDER")])
def test_chance_can_hold_and_back_order(fm: Any, order_document: Document, setting: str, word: str) -> None:
    fm.client.set(**{setting: 1.0})
    fm.send(order_document("MG1"))
    fm.clock.advance(10)
    assert fm.word("MG1") == word


def test_the_same_seed_has_the_same_fates() -> None:
    def fates(seed: int, order: range) -> dict[str, int]:
        time = [datetime(2026, 11, 23, tzinfo=UTC)]
        warehouse = Warehouse(seed, lambda: time[0], pick_delay=0.0, split_share=0.5)
        client = warehouse.add_client(client_code="DEMO", username="demo", password="demo")
        for i in order:
            leaves = order_leaves(f"N{i}", TWO, 0)
            rows = [{k.rpartition("/")[2]: v for k, v in leaves.items() if f"[{n}]" in k} for n in (1, 2)]
            values = {"Products": {"Product": rows}, "DespatchDetails": {"DispatchMethod": "AP"}}
            client.accept(OrderFields(f"N{i}", values), i)
        return {number: len(made.shipments) for number, made in client.orders.items()}

    one = fates(1, range(40))
    assert one == fates(1, range(39, -1, -1))
    assert one != fates(2, range(40))
    assert set(one.values()) == {1, 2}


def test_a_status_call_asks_for_at_most_so_many(fm: Any) -> None:
    fm.client.set(status_batch=2)
    assert len(fm.status("A", "B", "A")) == 2
    assert fm.status("A", "B", "C") == {}
    assert fm.client.log[-1].codes == ("02001",)


def test_a_status_call_with_a_wrong_login_is_refused(fm: Any) -> None:
    assert fm.status("A", login=("demo", "no", "DEMO")) == {}
    assert (fm.client.log[-1].codes, fm.client.log[-1].numbers) == (("01001",), ("A",))
