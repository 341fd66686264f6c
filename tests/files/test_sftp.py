"""A real SFTP server, its refusals and its bad days."""

import logging
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import msgspec
import pytest

from npf.core.errors import FixSettings, TryLater
from npf.files.place import Entry, Missing, Taken
from npf.files.sftp import Account, Sftp
from npf.sandbox.files import FileWarehouse
from npf.stores import kinds
from npf.warehouse.records import SalesOrder
from tests.files.memory import Memory
from tests.files.server import PASSWORD, SftpServer
from tests.fm.conftest import order as order
from tests.warehouse.houses import account, files

NUMBER = "MG1000012"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    FileWarehouse(tmp_path)
    with SftpServer(tmp_path) as running:
        yield running


@pytest.fixture
def place(server: SftpServer) -> Iterator[Sftp]:
    one = Sftp(account(server), 5.0)
    yield one
    one.close()


def other(server: SftpServer, **changes: object) -> Account:
    return msgspec.structs.replace(account(server), **changes)


def test_it_answers_as_a_folder_does(place: Sftp, tmp_path: Path) -> None:
    place.write("in/a.csv", b"hello")
    place.write("in/empty.csv", b"")
    at = (tmp_path / "in" / "a.csv").stat().st_mtime
    assert Entry("a.csv", 5, float(int(at))) in place.list("in")
    assert (place.read("in/a.csv", 100), place.read("in/a.csv", 2), place.read("in/empty.csv", 9)) == (
        b"hello",
        b"hel",
        b"",
    )
    with pytest.raises(Taken):
        place.rename("in/a.csv", "in/empty.csv")
    place.rename("in/a.csv", "in/b.csv")
    assert (place.exists("in/a.csv"), place.exists("in/b.csv")) == (False, True)
    for question in (lambda: place.read("in/a.csv", 1), lambda: place.remove("in/a.csv"),
                     lambda: place.rename("in/a.csv", "in/c.csv")):  # fmt: skip
        with pytest.raises(Missing):
            question()
    place.make_folder("done/2026-11-25")
    place.make_folder("done/2026-11-25")
    assert "done" not in [entry.name for entry in place.list("done")]
    with pytest.raises(FixSettings, match="no folder nowhere"):
        place.list("nowhere")
    with pytest.raises(FixSettings, match="no folder nowhere"):
        place.write("nowhere/a", b"")


def test_a_file_of_a_megabyte_goes_both_ways(place: Sftp) -> None:
    content = bytes(range(256)) * 4096
    place.write("in/big", content)
    assert place.read("in/big", len(content)) == content


def test_a_wrong_host_key_is_told_before_any_password(server: SftpServer) -> None:
    place = Sftp(other(server, host_keys=("SHA256:" + "A" * 43,)), 5.0)
    with pytest.raises(FixSettings) as wrong:
        place.list("in")
    assert wrong.value.parameter == "fm.host_key"
    assert server.fingerprint in str(wrong.value)
    assert server.passwords == []


def test_one_of_several_known_host_keys_is_enough(server: SftpServer) -> None:
    place = Sftp(other(server, host_keys=("SHA256:" + "A" * 43, server.fingerprint)), 5.0)
    assert place.list("in") == []
    place.close()


def test_a_wrong_password_names_its_field_and_is_not_told(server: SftpServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(FixSettings) as wrong:
        Sftp(other(server, password="not-the-word"), 5.0).list("in")
    assert wrong.value.parameter == "fm.password"
    assert "not-the-word" not in f"{wrong.value}{wrong.value.cure}{caplog.text}"
    assert "not-the-word" not in repr(other(server, password="not-the-word"))


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"])
def test_a_private_key_opens_the_account(server: SftpServer, kind: str) -> None:
    server.client_key = asyncssh.generate_private_key(kind)
    text = server.client_key.export_private_key("openssh").decode()
    # A form's field joins the lines.
    place = Sftp(other(server, password="", private_key=kinds.private_key(" ".join(text.split("\n")))), 5.0)
    assert place.list("in") == []
    place.close()
    strange = asyncssh.generate_private_key(kind).export_private_key("openssh").decode()
    with pytest.raises(FixSettings) as wrong:
        Sftp(other(server, password="", private_key=strange), 5.0).list("in")
    assert wrong.value.parameter == "fm.private_key"


def test_a_key_that_is_none_is_refused_without_its_text(server: SftpServer) -> None:
    text = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n"
    with pytest.raises(FixSettings) as wrong:
        Sftp(other(server, private_key=text), 5.0).list("in")
    assert wrong.value.parameter == "fm.private_key"
    assert "c2VjcmV0" not in str(wrong.value)


def test_a_server_that_is_not_there_is_tried_later(server: SftpServer) -> None:
    with pytest.raises(TryLater, match="does not answer"):
        Sftp(other(server, port=1), 1.0).list("in")


def test_a_folder_of_the_account_is_found(server: SftpServer) -> None:
    for folder in ("", "/in", "in"):
        place = Sftp(other(server, folder=folder), 5.0)
        assert [entry.name for entry in place.list("." if folder else "in")] == []
        place.close()


def test_a_refusal_of_the_server_stops_and_says_where(server: SftpServer, order: SalesOrder) -> None:
    port = files(Sftp(account(server), 5.0), seen=[])
    server.next("write:deny")
    with pytest.raises(FixSettings, match="folder out refuses us") as wrong:
        port.send(order)
    assert wrong.value.parameter == "fm.base_url"
    port.close()


@pytest.mark.parametrize("fault", ["write:lost-before", "write:lost-after", "write:fail", "rename:fail"])
def test_what_was_not_renamed_was_not_sent(server: SftpServer, order: SalesOrder, fault: str) -> None:
    port = files(Sftp(account(server), 5.0), ledger := Memory(), seen=[])
    server.next(fault)
    with pytest.raises(TryLater) as lost:
        port.send(order)
    assert lost.value.unclear is fault.startswith("rename")
    assert not port.statuses([NUMBER])[NUMBER].known
    port.send(order)
    assert ledger.order_files[NUMBER].state == "sent"
    assert [path.name for path in (server.folder / "out").glob("*.csv")] == [f"{NUMBER}.csv"]
    port.close()


@pytest.mark.parametrize("fault", ["rename:lost-before", "rename:lost-after"])
@pytest.mark.parametrize("taken", [False, True])
def test_after_a_lost_line_the_part_tells(server: SftpServer, order: SalesOrder, fault: str, taken: bool) -> None:
    seen: list[object] = []
    port = files(Sftp(account(server), 5.0), seen=seen)  # type: ignore[arg-type]
    server.next(fault)
    with pytest.raises(TryLater) as lost:
        port.send(order)
    assert lost.value.unclear
    arrived = fault.endswith("after")
    if taken:
        for path in (server.folder / "out").glob("*.csv"):
            path.unlink()
    assert port.statuses([NUMBER])[NUMBER].known is arrived
    if not arrived:
        port.send(order)
    assert PASSWORD not in repr(seen)
    port.close()


def test_a_lost_line_while_reading_takes_the_file_in_later(server: SftpServer) -> None:
    (server.folder / "in" / "s.csv").write_bytes(b"SalesOrderNo,OrderStatus\nMG1,HOLD\n")
    port = files(Sftp(account(server), 5.0), seen=[])
    server.next("read:lost-before")
    with pytest.raises(TryLater):
        port.statuses(["MG1"])
    assert port.statuses(["MG1"])["MG1"].status == "HOLD"
    port.close()
