"""The files of a warehouse, taken in: whole, once, in the open."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from npf.core.clock import ManualClock
from npf.core.errors import FixSettings
from npf.core.exchange import Exchange
from npf.files import intake
from npf.files.client import Files
from npf.files.folder import Folder
from npf.files.intake import Rules
from npf.sandbox.files import FileWarehouse
from tests.files.memory import Memory

HOLD = b"SalesOrderNo,OrderStatus,OrderStatusMessage\nMG1,HOLD,address?\n"
STOCK = b"ProductCode,StockonHand\nMUG,7\n"


class Floor:
    """A warehouse's folder, and us."""

    def __init__(self, folder: Path, **rules: object) -> None:
        FileWarehouse(folder)
        self.folder = folder
        self.clock = ManualClock(datetime(2026, 11, 25, 3, 0, tzinfo=UTC))
        self.ledger = Memory()
        self.seen: list[Exchange] = []
        self.port = Files(
            Folder(str(folder)),
            self.ledger,
            client_code="ACME",
            clock=self.clock,
            watch=self.seen.append,
            rules=Rules(**{"quiet": 5, **rules}),  # type: ignore[arg-type]
        )

    def put(self, name: str, content: bytes, *, ago: float = 60) -> Path:
        path = self.folder / "in" / name
        path.write_bytes(content)
        at = self.clock.now().timestamp() - ago
        os.utime(path, (at, at))
        return path

    def word(self, number: str = "MG1") -> str:
        return self.port.statuses([number])[number].status

    def names(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.folder / folder).rglob("*") if path.is_file())


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path)


def test_a_file_that_was_used_is_in_done_under_its_hash(floor: Floor) -> None:
    floor.put("status.csv", HOLD)
    assert floor.word() == "HOLD"
    assert floor.names("in") == []
    (name,) = floor.names("done")
    assert name.endswith("-status.csv")
    assert (floor.folder / "done" / "2026-11-25" / name).read_bytes() == HOLD
    (digest,) = floor.ledger.arrivals
    assert name.startswith(digest[:12])
    assert floor.seen[-1].answered == "status.csv: 1 rows about orders, all used"


@pytest.mark.parametrize("name", ["status.csv.part", "status.tmp", "STATUS.CSV.PART", ".status.csv"])
def test_a_file_that_is_being_written_is_not_read(floor: Floor, name: str) -> None:
    floor.put(name, HOLD)
    assert not floor.port.statuses(["MG1"])["MG1"].known
    assert floor.names("in") == [name]


def test_a_file_that_still_grows_is_not_read(floor: Floor) -> None:
    path = floor.put("status.csv", HOLD[:20])
    floor.clock.sleep = lambda seconds: path.write_bytes(HOLD)  # type: ignore[assignment, method-assign]
    assert not floor.port.statuses(["MG1"])["MG1"].known
    floor.clock.sleep = lambda seconds: None  # type: ignore[method-assign]
    assert floor.word() == "HOLD"


def test_a_file_without_its_end_waits(tmp_path: Path) -> None:
    floor = Floor(tmp_path, end_marker="#END")
    path = floor.put("status.csv", HOLD)
    assert not floor.port.statuses(["MG1"])["MG1"].known
    assert floor.names("in") == ["status.csv"]
    path.write_bytes(HOLD + b"#END\n")
    assert floor.word() == "HOLD"


def test_the_same_content_under_another_name_is_not_used_again(floor: Floor) -> None:
    floor.put("one.csv", HOLD, ago=300)
    assert floor.word() == "HOLD"
    floor.put("two.csv", b"SalesOrderNo,OrderStatus\nMG1,PICKING\n", ago=200)
    assert floor.word() == "PICKING"
    floor.put("three.csv", HOLD, ago=100)
    assert floor.word() == "PICKING"
    assert floor.names("in") == []
    assert len(floor.names("done")) == 3
    assert "not used again" in floor.seen[-1].answered


def test_the_same_file_twice_leaves_one(floor: Floor) -> None:
    for _ in range(2):
        floor.put("one.csv", HOLD)
        assert floor.word() == "HOLD"
    assert (floor.names("in"), len(floor.names("done"))) == ([], 1)


def test_a_new_file_under_the_old_name_is_a_new_file(floor: Floor) -> None:
    floor.put("stock.csv", STOCK, ago=300)
    assert floor.port.stock_answer(["MUG"]).StockonHand == {"MUG": 7}
    floor.put("stock.csv", STOCK.replace(b"7", b"8"), ago=200)
    assert floor.port.stock_answer(["MUG"]).StockonHand == {"MUG": 8}


def test_an_older_file_that_comes_late_takes_nothing_back(floor: Floor) -> None:
    floor.put("new.csv", STOCK, ago=100)
    floor.port.stock_answer(["MUG"])
    floor.put("old.csv", STOCK.replace(b"7", b"9"), ago=500)
    assert floor.port.stock_answer(["MUG"]).StockonHand == {"MUG": 7}


def test_a_figure_that_is_too_old_is_unknown(floor: Floor) -> None:
    floor.put("stock.csv", STOCK)
    assert floor.port.stock_answer(["MUG"]).StockonHand == {"MUG": 7}
    floor.clock.advance(47 * 3600)
    assert floor.port.stock_answer(["MUG"]).StockonHand == {"MUG": 7}
    floor.clock.advance(3600)
    assert floor.port.stock_answer(["MUG"]).StockonHand == {"MUG": None}


def test_a_file_with_a_bad_row_is_in_bad_beside_its_report(floor: Floor) -> None:
    floor.put("stock.csv", STOCK + b"TEE,some\n")
    assert floor.port.stock_answer(["MUG", "TEE"]).StockonHand == {"MUG": 7, "TEE": None}
    names = floor.names("bad")
    assert [name.partition("-")[2] for name in names] == ["stock.csv", "stock.csv.report.txt"]
    said = (floor.folder / "bad" / names[1]).read_text()
    assert said == (
        "stock.csv: 2 rows about stock, 1 that could not be used:\n  line 3: StockonHand is no number: 'some'\n"
    )
    assert (floor.seen[-1].what, floor.seen[-1].outcome, floor.seen[-1].answered) == (
        "file stock.csv",
        "refused",
        said.strip(),
    )


def test_a_file_that_was_claimed_by_a_process_that_died_is_used(floor: Floor) -> None:
    floor.put("status.csv.1700000000-99.taking", HOLD)
    assert floor.word() == "HOLD"
    assert [name.partition("-")[2] for name in floor.names("done")] == ["status.csv"]


def test_a_crash_between_remembering_and_moving_uses_nothing_twice(floor: Floor) -> None:
    path = floor.put("status.csv", HOLD)
    place = floor.port._place
    moved = place.rename

    def dies(old: str, new: str) -> None:
        if new.startswith("done/"):
            raise SystemExit
        moved(old, new)

    place.rename = dies  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        floor.word()
    place.rename = moved  # type: ignore[method-assign]
    assert floor.word() == "HOLD"
    assert len(floor.ledger.arrivals) == 1
    assert (floor.names("in"), len(floor.names("done"))) == ([], 1)
    assert not path.exists()


def test_while_another_takes_files_in_the_answer_is_from_what_is_known(floor: Floor) -> None:
    floor.put("status.csv", HOLD)
    floor.word()
    floor.put("next.csv", HOLD.replace(b"HOLD", b"CANCEL"), ago=1)
    floor.ledger.busy = True
    assert floor.word() == "HOLD"
    assert floor.names("in") == ["next.csv"]


def test_many_files_are_taken_in_by_and_by_but_stock_waits_for_all(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 3)
    for day in range(8):
        floor.put(f"stock-{day}.csv", STOCK.replace(b"7", str(day).encode()), ago=1000 - day)
    floor.port.statuses(["MG1"])
    assert len(floor.names("in")) == 5
    assert floor.port.stock_answer(["MUG"]).StockonHand == {"MUG": 7}


def test_a_file_that_is_too_long_is_bad(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LONGEST", 20)
    floor.put("status.csv", HOLD)
    assert not floor.port.statuses(["MG1"])["MG1"].known
    assert len(floor.names("bad")) == 2


def test_a_link_is_neither_read_nor_written_through(floor: Floor, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(HOLD)
    (floor.folder / "in" / "status.csv").symlink_to(secret)
    (floor.folder / "out" / "MG1.csv.1.part").symlink_to(secret)
    assert not floor.port.statuses(["MG1"])["MG1"].known
    with pytest.raises(FixSettings, match="folder out refuses us"):
        floor.port._place.write("out/MG1.csv.1.part", b"written over")
    assert secret.read_bytes() == HOLD
