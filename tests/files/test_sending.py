"""An order's file, once: killed or cut off at every step, and whoever looks in between."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from npf.core.errors import FixSettings, NpfError, TryLater
from npf.files import out
from npf.files.client import Files
from npf.files.folder import Folder
from npf.files.place import Missing
from npf.sandbox.files import FileWarehouse
from npf.warehouse.port import AlreadyThere
from npf.warehouse.records import SalesOrder
from tests.files.memory import Memory
from tests.fm.conftest import order as order
from tests.warehouse.houses import files

NUMBER = "MG1000012"


class Killed(BaseException):
    """The process ends here."""


class Fragile:
    """A place or a ledger that kills its process, or loses its line, at step `fails_at`: before or after the work."""

    def __init__(self, inner: Any, steps: "Steps") -> None:
        self._inner = inner
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        work = getattr(self._inner, name)
        return work if name in ("alone", "close") else lambda *given: self._steps.do(lambda: work(*given))


class Steps:
    def __init__(self, fails_at: int, error: Callable[[], BaseException], *, after: bool) -> None:
        self.fails_at = fails_at
        self.error = error
        self.after = after
        self.step = 0

    def do(self, work: Callable[[], Any]) -> Any:
        self.step += 1
        if self.step != self.fails_at:
            return work()
        if self.after:
            with suppress(NpfError, Missing):
                work()
        raise self.error()


def fragile(folder: Path, ledger: Memory, steps: Steps) -> Files:
    return files(Fragile(Folder(str(folder)), steps), Fragile(ledger, steps), seen=[])  # type: ignore[arg-type]


@pytest.mark.parametrize("eager", [False, True], ids=["warehouse waits", "warehouse takes at once"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", [Killed, lambda: TryLater("cut off")], ids=["killed", "cut off"])
@pytest.mark.parametrize("step", range(1, 13))
def test_it_is_written_once_wherever_it_was_cut_off(
    tmp_path: Path, order: SalesOrder, step: int, error: Callable[[], BaseException], after: bool, eager: bool
) -> None:
    # It says nothing of what it took: only the folder and the ledger tell.
    warehouse, ledger = FileWarehouse(tmp_path, pick_delay=None, acknowledges=False), Memory()
    for fails_at in (step, 2):
        # As the station does: look first where an earlier try may have come through.
        steps = Steps(fails_at, error, after=after)
        try:
            port = fragile(tmp_path, ledger, steps)
            if not port.statuses([NUMBER])[NUMBER].known:
                port.send(order)
        except (Killed, TryLater):
            pass
        if eager:
            warehouse.take()
    port = files(Folder(str(tmp_path)), ledger, seen=[])
    if not port.statuses([NUMBER])[NUMBER].known:
        port.send(order)
    warehouse.take()
    assert warehouse.orders[NUMBER].files == [f"{NUMBER}.csv"]
    assert warehouse.refused == []
    assert port.statuses([NUMBER])[NUMBER].known


def test_a_file_of_somebody_else_is_not_written_over(tmp_path: Path, order: SalesOrder) -> None:
    FileWarehouse(tmp_path)
    there = tmp_path / "out" / f"{NUMBER}.csv"
    there.write_text("of somebody else")
    port = files(Folder(str(tmp_path)), seen=[])
    with pytest.raises(AlreadyThere, match="with other content"):
        port.send(order)
    assert there.read_text() == "of somebody else"
    assert port.statuses([NUMBER])[NUMBER].known


def test_a_part_that_somebody_removed_is_written_again(tmp_path: Path, order: SalesOrder) -> None:
    FileWarehouse(tmp_path)
    place = Folder(str(tmp_path))
    rename = place.rename

    def cleaned(old: str, new: str) -> None:
        place.rename = rename  # type: ignore[method-assign]
        place.remove(old)
        rename(old, new)

    place.rename = cleaned  # type: ignore[method-assign]
    port = files(place, seen=[])
    with pytest.raises(TryLater, match="somebody removed") as lost:
        port.send(order)
    assert not lost.value.unclear
    port.send(order)
    assert (tmp_path / "out" / f"{NUMBER}.csv").exists()


def test_a_folder_that_is_not_there_is_never_made(tmp_path: Path, order: SalesOrder) -> None:
    port = files(Folder(str(tmp_path)), seen=[])
    with pytest.raises(FixSettings, match="no folder out") as wrong:
        port.send(order)
    assert wrong.value.parameter == "fm.base_url"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FixSettings, match="no folder out"):
        port.prove()


@pytest.mark.parametrize(
    ("number", "name"), [("MG1", "MG1.csv"), ("A/1", "A%2F1.csv"), (".1", "%2E1.csv"), ("..", "%2E..csv")]
)
def test_the_name_comes_from_the_number_and_stays_in_its_folder(number: str, name: str) -> None:
    assert out.name(number, "csv") == name


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_same_order_makes_the_same_bytes_and_another_others(order: SalesOrder, form: out.Format) -> None:
    assert out.content(order, "ACME", form) == out.content(msgspec.structs.replace(order), "ACME", form)
    other = msgspec.structs.replace(order, CustomerNo="C002")
    assert out.content(other, "ACME", form) != out.content(order, "ACME", form)
    assert b"24.75" in out.content(order, "ACME", form)
