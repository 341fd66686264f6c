"""The whole way through a warehouse of files: in a folder, and on a real SFTP server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from npf.core.errors import FixSettings
from npf.orders.models import Order
from npf.sandbox.files import FileWarehouse
from npf.stores.models import Arrival
from tests.connected import Connected
from tests.files.server import PASSWORD, USER, SftpServer

CODES = ("MUG-INK", "TEE-AUS-M", "APRON-LIN")


class Way:
    """A store whose warehouse works with files; `server` where they are reached by SFTP."""

    def __init__(self, shop: Connected, warehouse: FileWarehouse, server: SftpServer | None) -> None:
        self.shop = shop
        self.warehouse = warehouse
        self.server = server

    def number(self, bc_order_id: int) -> str:
        return f"AC-{bc_order_id}"


@pytest.fixture(params=["folder, csv", "sftp, json"])
def way(request: pytest.FixtureRequest, tmp_path: Path, connect: Callable[..., Connected]) -> Iterator[Way]:
    place, form = request.param.split(", ")
    table: dict[str, Any] = {"kind": "files", "client_code": "ACME", "orders_format": form, "quiet": 0}
    with ExitStack() as stack:
        server = None
        if place == "sftp":
            server = stack.enter_context(SftpServer(tmp_path))
            table |= {"base_url": server.url, "username": USER, "password": PASSWORD, "host_key": server.fingerprint}
        else:
            table |= {"base_url": str(tmp_path)}
        warehouse = FileWarehouse(tmp_path, form=form, pick_delay=None)
        yield Way(connect(tables={"fm": table}), warehouse, server)


def test_an_order_goes_out_as_a_file_and_its_despatch_comes_back(way: Way) -> None:
    shop = way.shop
    number = shop.place(("MUG-INK", 2), ("TEE-AUS-M", 1))
    assert shop.run()["sent"] == 1
    assert shop.order(number).stage == "pending"
    assert way.warehouse.take() == [way.number(number)]
    assert way.warehouse.orders[way.number(number)].ordered == {"MUG-INK": 2, "TEE-AUS-M": 1}
    first = way.warehouse.ship(way.number(number), {"MUG-INK": 2})
    shop.run()
    assert shop.order(number).stage == "processing"
    second = way.warehouse.ship(way.number(number))
    shop.run()
    assert shop.order(number).stage == "complete"
    told = {one["tracking_number"]: one for one in shop.bc.shipments(number)}
    assert set(told) == {first, second}
    assert shop.bc.orders[number].status_id == 10
    sales_order = shop.order(number).sales_orders.get()
    assert sales_order.npf_order_no == way.warehouse.orders[way.number(number)].npf_order_no
    again = shop.run()
    assert (again["sent"], again["followed"], again["pushed"]) == (0, 0, 0)


def test_an_order_is_written_once_after_a_lost_answer(way: Way) -> None:
    shop = way.shop
    number = shop.place(("MUG-INK", 1))
    if way.server is not None:
        way.server.next("rename:lost-after")
    shop.run()
    way.warehouse.take()
    for _ in range(3):
        shop.run()
        way.warehouse.take()
    order = way.warehouse.orders[way.number(number)]
    assert order.files == [f"{way.number(number)}.{'json' if way.server else 'csv'}"]
    assert shop.order(number).stage == "pending"


def test_hold_and_cancel_are_shown_with_their_reasons(way: Way) -> None:
    shop = way.shop
    held, cancelled = shop.place(("MUG-INK", 1)), shop.place(("MUG-INK", 1))
    shop.run()
    way.warehouse.take()
    way.warehouse.say(way.number(held), "HOLD", "address?")
    way.warehouse.say(way.number(cancelled), "CANCEL", "as asked")
    shop.run()
    assert (shop.order(held).stage, shop.order(held).reason) == ("held", "FM holds it: address?")
    assert shop.order(cancelled).stage == "cancelled"
    way.warehouse.go_on(way.number(held))
    shop.run()
    assert shop.order(held).stage == "pending"


def test_silence_of_the_warehouse_is_no_loss(way: Way) -> None:
    shop = way.shop
    number = shop.place(("MUG-INK", 1))
    for _ in range(8):
        shop.run()
    assert shop.order(number).stage == "pending"
    assert shop.order(number).sales_orders.get().misses == 0


def test_stock_comes_from_files_and_unknown_is_not_written(way: Way) -> None:
    shop = way.shop
    before = shop.bc.stock("APRON-LIN")
    way.warehouse.stock = {"MUG-INK": 31, "TEE-AUS-M": 12}
    way.warehouse.count()
    shop.stock()
    assert (shop.bc.stock("MUG-INK"), shop.bc.stock("TEE-AUS-M")) == (31, 12)
    assert shop.bc.stock("APRON-LIN") == before


def test_a_bad_row_is_told_on_its_order_and_the_good_ones_count(way: Way) -> None:
    shop = way.shop
    good, bad = shop.place(("MUG-INK", 1)), shop.place(("MUG-INK", 1))
    shop.run()
    way.warehouse.take()
    way.warehouse.tell(
        "despatch",
        [
            {"SalesOrderNo": way.number(good), "ConsignmentNo": "C1", "Code": "MUG-INK", "Quantity": 1},
            {"SalesOrderNo": way.number(bad), "ConsignmentNo": "C2", "Code": "MUG-INK", "Quantity": "one"},
        ],
    )
    shop.run()
    assert shop.order(good).stage == "complete"
    row = shop.order(bad).sales_orders.get()
    assert "Quantity is no number: 'one'" in row.fm_message
    arrival = Arrival.objects.exclude(bad=[]).get()
    assert len(arrival.bad) == 1
    assert [path.name.partition("-")[2] for path in sorted((way.warehouse.folder / "bad").iterdir())] == [
        arrival.name,
        f"{arrival.name}.report.txt",
    ]
    assert Order.objects.filter(stage="held").count() == 0


@pytest.mark.parametrize("way", ["sftp, json"], indirect=True)
def test_a_wrong_host_key_stops_the_store_before_a_password_is_told(way: Way) -> None:
    shop = way.shop
    assert way.server is not None
    client = shop.store.fm
    client.options = {**client.options, "host_key": ["SHA256:" + "A" * 43]}
    client.save()
    shop.place(("MUG-INK", 1))
    shop.station("pull")
    with pytest.raises(FixSettings, match="shows the host key"):
        shop.station("send")
    assert way.server.passwords == []
    assert shop.store.paused_parameter == "fm.host_key"
    assert way.server.fingerprint in shop.store.paused_reason
