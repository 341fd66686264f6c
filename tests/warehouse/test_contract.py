"""What docs/warehouses.md promises of a warehouse, asked of every adapter alike."""

import msgspec
import pytest

from npf.core.errors import TryLater
from npf.warehouse.port import AlreadyThere
from npf.warehouse.records import SalesOrder
from tests.warehouse.houses import House

NUMBER = "MG1000012"
CODE = "001215"


def test_it_is_proved_without_leaving_anything(npf: House) -> None:
    npf.port.prove()
    assert dict(npf.floor.orders()) == {}


def test_an_order_arrives_once_and_whole(npf: House, order: SalesOrder) -> None:
    assert npf.port.send(order).SalesOrderNo == NUMBER
    assert dict(npf.floor.orders()) == {NUMBER: {CODE: 2}}
    assert npf.port.calls >= 1


def test_an_order_that_was_sent_is_known_at_once(npf: House, order: SalesOrder) -> None:
    npf.port.send(order)
    assert npf.port.statuses([NUMBER])[NUMBER].known


@pytest.mark.parametrize("city", ["Sapphire Beach", "Elsewhere"], ids=["same content", "other content"])
def test_a_number_that_is_there_is_refused_whatever_is_in_it(npf: House, order: SalesOrder, city: str) -> None:
    npf.port.send(order)
    again = msgspec.structs.replace(order, ShippingAddress=msgspec.structs.replace(order.ShippingAddress, City=city))
    with pytest.raises(AlreadyThere):
        npf.port.send(again)
    assert dict(npf.floor.orders()) == {NUMBER: {CODE: 2}}


def test_a_number_that_the_warehouse_took_away_is_refused_too(npf: House, order: SalesOrder) -> None:
    npf.port.send(order)
    npf.floor.ship(NUMBER)
    with pytest.raises(AlreadyThere):
        npf.port.send(order)


def test_an_unknown_number_stays_unknown(npf: House, order: SalesOrder) -> None:
    npf.port.send(order)
    found = npf.port.statuses([NUMBER, "MG99"])
    assert "MG99" not in found or not found["MG99"].known


@pytest.mark.parametrize("taken", [False, True], ids=["lies there", "taken at once"])
@pytest.mark.parametrize("after", [False, True], ids=["lost before", "lost after"])
def test_after_a_lost_answer_the_status_tells_and_sending_again_is_safe(
    npf: House, order: SalesOrder, after: bool, taken: bool
) -> None:
    npf.floor.lose_the_next_answer(after=after)
    with pytest.raises(TryLater) as lost:
        npf.port.send(order)
    assert lost.value.unclear
    if taken:
        assert (NUMBER in npf.floor.orders()) is after
    found = npf.port.statuses([NUMBER]).get(NUMBER)
    assert (found is not None and found.known) is after
    if after:
        with pytest.raises(AlreadyThere):
            npf.port.send(order)
    else:
        npf.port.send(order)
    assert dict(npf.floor.orders()) == {NUMBER: {CODE: 2}}


def test_every_write_is_an_exchange_that_ends_with_its_number(npf: House, order: SalesOrder) -> None:
    npf.floor.lose_the_next_answer(after=False)
    with pytest.raises(TryLater):
        npf.port.send(order)
    npf.port.statuses([NUMBER])
    npf.port.send(order)
    writes = [one for one in npf.seen if one.write and one.what.endswith(f" {NUMBER}")]
    assert [one.outcome for one in writes] == ["unclear", "done"]
    assert all("secret" not in f"{one.asked}{one.answered}" for one in npf.seen)


def test_it_ships_in_parts_and_tells_all_of_them(npf: House, order: SalesOrder) -> None:
    npf.port.send(order)
    first = npf.floor.ship(NUMBER, {CODE: 1})
    part = npf.port.statuses([NUMBER])[NUMBER]
    assert (part.status, part.backorder) == ("PARTIAL BACKORDER", [(CODE, 1)])
    assert [(one.ConsignmentNo, one.products) for one in part.shipments] == [(first, [(CODE, 1)])]
    second = npf.floor.ship(NUMBER)
    whole = npf.port.statuses([NUMBER])[NUMBER]
    assert (whole.status, whole.backorder, whole.unread) == ("SHIPPED", [], [])
    assert {one.ConsignmentNo: one.products for one in whole.shipments} == {first: [(CODE, 1)], second: [(CODE, 1)]}
    assert all(one.TrackingLink and one.DespatchDate and one.FrieghtCharges > 0 for one in whole.shipments)
    assert whole.NPFOrderNo
    assert whole.status_time is not None
    assert npf.port.statuses([NUMBER])[NUMBER] == whole


def test_its_words_come_through(npf: House, order: SalesOrder) -> None:
    for number in ("H1", "C1", "B1", "E1"):
        npf.port.send(msgspec.structs.replace(order, SalesOrderNo=number))
    npf.floor.hold("H1", "address?")
    npf.floor.cancel("C1", "as asked")
    npf.floor.back_order("B1")
    npf.floor.refuse("E1", "02006", "Email")
    found = npf.port.statuses(["H1", "C1", "B1", "E1"])
    assert {number: one.status for number, one in found.items()} == {
        "H1": "HOLD",
        "C1": "CANCEL",
        "B1": "BACKORDER",
        "E1": "ERROR",
    }
    assert (found["H1"].message, found["C1"].message) == ("address?", "as asked")
    assert found["B1"].backorder == [(CODE, 2)]
    assert [(one.code, one.detail) for one in found["E1"].errors] == [("02006", "Email")]


def test_stock_is_a_number_or_unknown_and_never_zero_by_default(npf: House) -> None:
    npf.floor.shelve({"MUG": 7, "TEE": 0})
    answer = npf.port.stock_answer(["MUG", "TEE", "NOBODY-KNOWS"])
    assert answer.StockonHand == {"MUG": 7, "TEE": 0, "NOBODY-KNOWS": None}
    assert answer.ClientCodes in ([], ["ACME"])
