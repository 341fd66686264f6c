"""kill -9, of a command and of the server, at the bad moments; and pids that live again as something else."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from npf.core.clock import SystemClock
from npf.postgres import PostgresError, attach
from npf.postgres.processes import postmaster_of
from tests.postgres.commands import FAST, Command, answer, folder_of, is_running, server_pid, wait_until


class Hurried(SystemClock):
    """Waits end twenty times sooner."""

    def monotonic(self) -> float:
        return super().monotonic() * 20


def test_a_server_whose_command_was_killed_is_taken_over_and_stopped_by_the_next(home: Path) -> None:
    killed = Command(home)
    killed.url()
    pid = server_pid(home)
    killed.kill()
    with attach(home, settings=FAST) as attached:
        assert server_pid(home) == pid
        assert answer(attached.url) == 1
    assert not is_running(home)


def test_killing_the_command_that_started_the_server_does_not_disturb_another(home: Path) -> None:
    starter, other = Command(home), None
    try:
        url = starter.url()
        other = Command(home)
        other.url()
        pid = server_pid(home)
        starter.kill()
        attach(home, settings=FAST).close()
        assert server_pid(home) == pid, "the killed owner must not get it stopped under the other"
        assert answer(url) == 1
    finally:
        assert other is not None
        other.end()
    assert not is_running(home), "the killed owner must not keep it"


def test_a_killed_server_is_started_again_with_what_was_committed(home: Path) -> None:
    with attach(home) as attached:
        with psycopg.connect(attached.url) as connection:
            connection.execute("CREATE TABLE committed AS SELECT 42 AS answer")
        _kill_server(home)
        with attach(home) as again:
            assert again.url == attached.url
            assert answer(again.url, "SELECT answer FROM committed") == 42
        assert answer(attached.url) == 1, "the first owner is still there"
    assert not is_running(home)


def test_a_server_killed_under_a_parent_that_does_not_notice_is_started_again_by_another_command(home: Path) -> None:
    """The dead server stays a zombie of that parent, so its pid still counts as alive."""
    parent = Command(home)
    parent.url()
    _kill_server(home)
    with attach(home, settings=FAST) as attached:
        assert answer(attached.url) == 1
        assert parent.end() == 0
        assert answer(attached.url) == 1
    assert not is_running(home)


def test_a_long_command_can_revive_its_server(home: Path) -> None:
    with attach(home, settings=FAST) as attached:
        assert attached.revive() is False
        _kill_server(home)
        assert attached.revive() is True
        assert answer(attached.url) == 1
    assert not is_running(home)
    assert attached.revive() is False, "who has left starts nothing"
    assert not is_running(home)


def test_a_server_killed_while_it_starts_is_started_again(home: Path) -> None:
    command = Command(home)
    wait_until(lambda: postmaster_of(home / "data"))
    with suppress(ProcessLookupError):
        os.kill(server_pid(home), signal.SIGKILL)
    url = command.url()
    with attach(home, settings=FAST):
        assert answer(url) == 1
    assert command.end() == 0


def test_pids_that_live_again_as_something_else_do_not_keep_the_server_from_starting(home: Path) -> None:
    with _stranger(home) as stranger, attach(home, settings=FAST) as attached:
        first = (home / "data" / "postmaster.pid").read_text()
        _kill_server(home)
        socket_lock = home / "socket" / ".s.PGSQL.5432.lock"
        for left in (home / "data" / "postmaster.pid", socket_lock):
            left.write_text(first.replace(first.split("\n")[0], str(stranger), 1))
        assert attached.revive() is True
        assert server_pid(home) != stranger
        attached.close()
        assert not is_running(home)
        os.kill(stranger, 0)  # raises where it was hurt


def test_a_pid_of_a_stranger_is_not_signalled_at_the_stop(home: Path) -> None:
    with _stranger(home) as stranger:
        (home / "data" / "postmaster.pid").write_text(f"{stranger}\n{home / 'data'}\n")
        attach(home, settings=FAST).close()
        os.kill(stranger, 0)


def test_the_next_command_waits_for_the_last_work_of_a_dead_server(home: Path) -> None:
    """A backend at work notices late that its server was killed; until then the data belong to it."""
    with attach(home, settings=FAST) as attached:
        busy = threading.Thread(target=_count_long, args=[attached.url])
        busy.start()
        wait_until(
            lambda: answer(attached.url, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%series%'") > 1
        )
        _kill_server(home)
        assert is_running(home)
        assert attached.revive() is True
        assert answer(attached.url) == 1
        busy.join()


def test_a_server_whose_socket_was_removed_is_replaced(home: Path) -> None:
    with attach(home, settings=FAST) as attached:
        pid = server_pid(home)
        (home / "socket" / ".s.PGSQL.5432").unlink()
        with attach(home, settings=FAST, clock=Hurried()) as again:
            assert server_pid(home) != pid
            assert answer(again.url) == 1
        assert answer(attached.url) == 1


def test_an_initdb_that_was_killed_leaves_nothing_behind(empty_home: Path) -> None:
    command = Command(empty_home)
    wait_until(lambda: list(empty_home.glob("new-*/data/base")))
    for initdb in _processes_with(str(empty_home), "initdb"):
        os.kill(initdb, signal.SIGKILL)
    assert "killed by signal 9" in command.said()["error"]
    assert command.end() == 2
    assert not (empty_home / "data").exists()
    with attach(empty_home, settings=FAST) as attached:
        assert answer(attached.url) == 1


@pytest.mark.slow
def test_a_command_killed_during_initdb_leaves_no_half_data_folder(empty_home: Path) -> None:
    command = Command(empty_home)
    wait_until(lambda: list(empty_home.glob("new-*/data/base")))
    command.kill()
    assert not (empty_home / "data").exists()
    with attach(empty_home, settings=FAST) as attached:
        assert answer(attached.url) == 1
    assert not list(empty_home.glob("new-*"))


def test_a_database_whose_making_was_cut_short_is_made_by_the_next_command(own_home: Path) -> None:
    with attach(own_home, settings=FAST) as attached:
        superuser = attached.url.replace("//npf:", "//postgres:").replace("/npf?", "/postgres?")
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("DROP DATABASE npf")
        with attach(own_home) as again:
            assert answer(again.url) == 1


def test_a_half_data_folder_that_is_not_ours_is_left_alone(empty_home: Path) -> None:
    (empty_home / "data").mkdir()
    (empty_home / "data" / "precious").write_text("x")
    with pytest.raises(PostgresError, match="neither empty nor the data folder"):
        attach(empty_home, settings=FAST)
    assert (empty_home / "data" / "precious").read_text() == "x"
    assert not list((empty_home / "owners").iterdir())


def _kill_server(home: Path) -> None:
    pid = server_pid(home)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{pid}/cwd").exists() if Path("/proc/self").exists() else True)


def _count_long(url: str) -> None:
    with suppress(psycopg.Error):
        answer(url, "SELECT count(*) FROM generate_series(1, 8000000) AS series")


@contextmanager
def _stranger(home: Path) -> Iterator[int]:
    """The pid of an unrelated living process of the server's own user: only such a one misleads Postgres."""
    user = folder_of(home).user
    who = {"user": user.uid, "group": user.gid, "extra_groups": []} if user.other else {}
    process = subprocess.Popen(["sleep", "60"], cwd="/", **who)  # type: ignore[call-overload]
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _processes_with(*words: str) -> list[int]:
    listed = subprocess.run(["ps", "-eww", "-o", "pid=,command="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if all(word in line for word in words)]
