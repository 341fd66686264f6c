"""Many orders to an SFTP server on its worst days: each arrives once, each despatch comes back once."""

import random
from pathlib import Path

import msgspec
import pytest

from npf.core.errors import TryLater
from npf.files.sftp import Sftp
from npf.sandbox.files import FileWarehouse
from npf.warehouse.port import AlreadyThere
from npf.warehouse.records import SalesOrder
from tests.files.memory import Memory
from tests.files.server import SftpServer
from tests.fm.conftest import order as order
from tests.warehouse.houses import account, files

NUMBERS = [f"MG{number}" for number in range(25)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_order_arrives_once_and_each_despatch_is_told_once(tmp_path: Path, order: SalesOrder, seed: int) -> None:
    rng = random.Random(seed)
    # It says nothing of an order before it ships: only the folder and the ledger tell.
    warehouse, ledger = FileWarehouse(tmp_path, acknowledges=False), Memory()
    waiting = set(NUMBERS)
    with SftpServer(tmp_path) as server:
        worse = {"rename": 0.3}
        server.weather = lambda operation: (
            rng.choice(["lost-before", "lost-after", "fail"]) if rng.random() < worse.get(operation, 0.05) else ""
        )
        for _ in range(200):
            port = files(Sftp(account(server), 5.0), ledger, seen=[])
            try:
                there = port.statuses(sorted(waiting))
                for number in sorted(waiting):
                    if there[number].known:
                        waiting.discard(number)
                    else:
                        port.send(msgspec.structs.replace(order, SalesOrderNo=number))
                    if rng.random() < 0.3:
                        warehouse.take()
            except TryLater:
                pass
            except AlreadyThere:
                pytest.fail("it was looked at and said not to be there")
            finally:
                port.close()
            (warehouse.step if not waiting else warehouse.take)()
            if not waiting and all(told_whole(ledger, number) for number in NUMBERS):
                break
    assert waiting == set()
    assert warehouse.refused == []
    assert {number: one.files for number, one in warehouse.orders.items()} == {
        number: [f"{number}.csv"] for number in NUMBERS
    }
    for number in NUMBERS:
        told = ledger.told([number])[number]
        consignments = {key: {code: units for code, (_, units) in some.items()} for key, some in told.units.items()}
        assert consignments == {key: dict(units) for key, units in warehouse.orders[number].consignments.items()}


def told_whole(ledger: Memory, number: str) -> bool:
    told = ledger.told([number]).get(number)
    return told is not None and told.word[1].status == "SHIPPED"
