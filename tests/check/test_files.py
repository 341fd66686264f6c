"""The doctor looks at a warehouse of files: its folders, its bad files, what waits."""

from collections.abc import Callable
from pathlib import Path

from npf.check.doctor import Finding, examine
from npf.sandbox.files import FileWarehouse
from npf.stores.visit import look
from tests.connected import Connected

Connect = Callable[..., Connected]


def found(shop: Connected) -> list[Finding]:
    with look(shop.store, shop.outside, "test") as at:
        return list(examine(at))


def says(findings: list[Finding], subject: str) -> list[tuple[str, str]]:
    return [(one.result, one.says) for one in findings if one.subject == subject]


def files(connect: Connect, folder: Path) -> Connected:
    return connect(tables={"fm": {"kind": "files", "base_url": str(folder), "client_code": "ACME", "quiet": 0}})


def test_it_says_which_folder_is_missing(connect: Connect, tmp_path: Path) -> None:
    shop = files(connect, tmp_path)
    (tmp_path / "out").mkdir()
    (finding,) = [one for one in found(shop) if one.subject == "FM"]
    assert (finding.result, finding.says) == ("wrong", "the warehouse has no folder in")
    assert "make the folder in there" in finding.cure
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_it_proves_the_folders_and_names_bad_files(connect: Connect, tmp_path: Path) -> None:
    shop = files(connect, tmp_path)
    warehouse = FileWarehouse(tmp_path)
    assert says(found(shop), "files") == [("note", "none has come from the warehouse yet")]
    warehouse.stock = {"MUG-INK": 5}
    warehouse.count()
    warehouse.tell("stock", [{"ProductCode": "TEE-AUS-M", "StockonHand": "some"}])
    findings = found(shop)
    assert says(findings, "FM") == [("ok", "lets us read and write all four folders, for client ACME")]
    bad, last = says(findings, "files")
    assert bad == (
        "wrong",
        "stock-000002.csv, 1 rows of 1 could not be used: line 2: StockonHand is no number: 'some'",
    )
    assert last[0] == "ok"
    assert list((tmp_path / "out").iterdir()) == []
