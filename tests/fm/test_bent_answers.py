"""Whatever the sandbox does to an answer, the client reads the truth out of it, or says that it could not."""

from collections.abc import Callable, Iterator

import pytest

from npf.core.errors import Skip, TryLater
from npf.fm.client import FM
from npf.sandbox.fm import Client, Warehouse, make_app
from npf.sandbox.fm.bend import STRANGE_STATUS
from npf.sandbox.fm.errors import MEANINGS
from npf.sandbox.fm.faults import KINDS
from npf.sandbox.server import serve
from npf.warehouse.records import SalesOrder
from tests.fm.conftest import LOGIN, changed

ANSWERS = sorted(set(KINDS) - set(MEANINGS) - {"wsdl"})
NUMBERS = ("MG1", "MG2", "MG3")
# What such an answer says cannot be told from the truth by the client: the stations look at it.
BELIEVED = {"zeros", "stale"}


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse(seed=1, sleep=lambda seconds: None, manual=True)


@pytest.fixture
def client(warehouse: Warehouse) -> Client:
    return warehouse.add_client(
        client_code=LOGIN.ClientCode, username=LOGIN.Username, password=LOGIN.Password, products=None
    )


@pytest.fixture
def fm(warehouse: Warehouse, client: Client, fm_at: Callable[..., FM], order: SalesOrder) -> Iterator[FM]:
    """A client with three orders in FM: one partly shipped, one held, one being picked."""
    with serve(make_app(warehouse)) as server:
        fm = fm_at(server.url)
        for number in NUMBERS:
            fm.send(changed(order, "SalesOrderNo", number))
        client.part_ship("MG1", {"001215": 1})
        client.hold("MG2", "Ring the shop & ask")
        yield fm


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_list_of_orders_says_the_truth_or_nothing(fm: FM, warehouse: Warehouse, kind: str) -> None:
    truth = fm.statuses(NUMBERS)
    warehouse.faults.next(kind)
    try:
        told = fm.statuses(NUMBERS)
    except TryLater:
        return
    for number, status in told.items():
        if not status.known:
            assert kind in ("stale", "no-details")
            continue
        assert status.status in (truth[number].status, STRANGE_STATUS)
        shipped = [(one.ConsignmentNo, one.products) for one in truth[number].shipments]
        for one in status.shipments:
            assert (one.ConsignmentNo, one.products) in shipped or status.unread


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_stock_figure_is_the_truth_or_unknown(fm: FM, warehouse: Warehouse, kind: str) -> None:
    truth = fm.stock(["001215", "A"])
    warehouse.faults.next(kind)
    try:
        told = fm.stock_answer(["001215", "A"])
    except TryLater:
        return
    if kind in BELIEVED and warehouse.faults.struck:
        return
    if told.ClientCodes == [LOGIN.ClientCode] or not told.ClientCodes:
        assert all(figure in (truth[code], None) for code, figure in told.StockonHand.items())
    else:
        assert kind == "wrong-client"


@pytest.mark.parametrize("kind", ANSWERS)
def test_after_a_bent_answer_to_an_order_the_status_tells_whether_it_is_there(
    fm: FM, warehouse: Warehouse, client: Client, order: SalesOrder, kind: str
) -> None:
    warehouse.faults.next(kind)
    unclear = there = False
    try:
        fm.send(order)
        there = True
    except TryLater as later:
        unclear = later.unclear
    except Skip:
        there = kind == "twice"
    assert unclear or (there and order.SalesOrderNo in client.orders)
    warehouse.faults.clear()
    told = fm.statuses([order.SalesOrderNo])[order.SalesOrderNo]
    assert told.known is (order.SalesOrderNo in client.orders and kind != "slow")
