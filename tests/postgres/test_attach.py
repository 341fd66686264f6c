"""Who owns the server: several commands share one, and the last of them stops it."""

import os
import shutil
import signal
import stat
from pathlib import Path

import environ
import psycopg
import pytest

from npf.postgres import attach
from tests.postgres.commands import FAST, Command, answer, is_running, server_pid


def test_it_makes_everything_in_an_empty_home_and_answers(empty_home: Path) -> None:
    empty_home.rmdir()
    with attach(empty_home, settings=FAST) as attached:
        assert answer(attached.url, "SELECT current_database() || ' ' || current_user") == "npf npf"
        assert answer(attached.url, "SHOW server_encoding") == "UTF8"
        assert answer(attached.url, "SELECT datlocale FROM pg_database WHERE datname = 'npf'") == "C.UTF-8"
        assert answer(attached.url, "SHOW listen_addresses") == ""
        assert int(answer(attached.url, "SHOW max_connections")) >= 200
    assert not is_running(empty_home)


def test_its_url_is_read_alike_by_django_and_by_psycopg(home: Path) -> None:
    with attach(home, settings=FAST) as attached:
        read = environ.Env.db_url_config(attached.url)
        django = {"dbname": read["NAME"], "user": read["USER"], "password": read["PASSWORD"], "port": read["PORT"]}
        with psycopg.connect(**django, **read["OPTIONS"]) as connection:
            assert connection.info.host == psycopg.conninfo.conninfo_to_dict(attached.url)["host"]


def test_it_demands_the_password(home: Path) -> None:
    with attach(home, settings=FAST) as attached, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(attached.url, password="guessed")


def test_npf_works_as_no_superuser_but_may_make_databases_for_tests(home: Path) -> None:
    with attach(home, settings=FAST) as attached:
        roles = "SELECT rolsuper::int * 10 + rolcreatedb::int FROM pg_roles WHERE rolname = current_user"
        assert answer(attached.url, roles) == 1


def test_nobody_else_may_read_the_password_take_the_locks_or_enter_the_data(home: Path) -> None:
    with attach(home, settings=FAST):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
    assert {modes[name] for name in ("password", "lock", "server.lock", "postgres.log")} == {0o600}
    assert {modes[name] for name in ("data", "owners", "socket")} == {0o700}


def test_data_survive_a_restart(home: Path) -> None:
    with attach(home, settings=FAST) as attached, psycopg.connect(attached.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert not is_running(home)
    with attach(home, settings=FAST) as attached:
        assert answer(attached.url, "SELECT answer FROM kept") == 42


def test_two_owners_in_one_process_share_the_server(home: Path) -> None:
    first, second = attach(home, settings=FAST), attach(home, settings=FAST)
    assert first.url == second.url
    first.close()
    first.close()
    assert answer(second.url) == 1
    second.close()
    assert not is_running(home)


def test_the_last_owner_stops_a_server_that_another_process_started(home: Path) -> None:
    starter = Command(home)
    starter.url()
    pid = server_pid(home)
    with attach(home, settings=FAST) as attached:
        assert starter.end() == 0
        assert server_pid(home) == pid
        assert answer(attached.url) == 1
    assert not is_running(home)


def test_leaving_does_not_stop_a_server_that_another_uses(home: Path) -> None:
    other = Command(home)
    url = other.url()
    attach(home, settings=FAST).close()
    assert answer(url) == 1
    assert other.end() == 0
    assert not is_running(home)


def test_a_command_that_ends_without_closing_stops_the_server(home: Path) -> None:
    command = Command(home, then="raise SystemExit(3)")
    command.url()
    assert command.end() == 3
    assert not is_running(home)


def test_two_commands_at_once_on_an_empty_home_end_on_one_server(empty_home: Path) -> None:
    commands = [Command(empty_home), Command(empty_home)]
    urls = {command.url() for command in commands}
    assert len(urls) == 1
    assert answer(urls.pop()) == 1
    assert len(list((empty_home / "owners").iterdir())) == 2
    assert [command.end() for command in commands] == [0, 0]
    assert not is_running(empty_home)


def test_ctrl_c_in_the_terminal_leaves_the_server_to_us(home: Path) -> None:
    """SIGINT reaches every process of the terminal's group; the command still uses the server to say goodbye."""
    command = Command(
        home,
        then="""
import psycopg
try:
    print("{}", flush=True)
    sys.stdin.readline()
except KeyboardInterrupt:
    with psycopg.connect(attached.url) as connection:
        print(json.dumps({"after": connection.execute("SELECT 1").fetchone()[0]}), flush=True)
""",
    )
    command.url()
    command.said()
    os.killpg(command.process.pid, signal.SIGINT)
    assert command.said() == {"after": 1}
    assert command.end() == 0
    assert not is_running(home)


def test_a_forked_child_is_no_owner(home: Path) -> None:
    with attach(home, settings=FAST) as attached:
        child = os.fork()
        if child == 0:
            attached.close()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert answer(attached.url) == 1
        assert len(list((home / "owners").iterdir())) == 1
    assert not is_running(home)


@pytest.mark.parametrize(
    "leave_a_child",
    ["import os\nif os.fork() == 0:\n    time.sleep(60)\n", 'import subprocess\nsubprocess.Popen(["sleep", "60"])\n'],
    ids=["forked", "started"],
)
def test_the_children_of_a_killed_command_keep_no_ownership(home: Path, leave_a_child: str) -> None:
    command = Command(home, then="import time\n" + leave_a_child + 'print("{}", flush=True)\nsys.stdin.readline()\n')
    command.url()
    command.said()
    os.kill(command.process.pid, signal.SIGKILL)
    command.process.wait()
    try:
        attach(home, settings=FAST).close()
        assert not is_running(home)
    finally:
        os.killpg(command.process.pid, signal.SIGKILL)


def test_the_log_stays_bounded(home: Path) -> None:
    with attach(home, settings=FAST):
        with (home / "postgres.log").open("a") as log:
            log.write("x" * 99 + "\n")
            log.write(("y" * 99 + "\n") * 100_000)
        attach(home, settings=FAST).close()
        assert (home / "postgres.log").stat().st_size < 2_000_000
        length = (home / "postgres.log").stat().st_size
    assert (home / "postgres.log").stat().st_size > length, "the server goes on writing to it"


def test_a_removed_home_leaves_nothing_to_close(own_home: Path) -> None:
    attached = attach(own_home, settings=FAST)
    pid = server_pid(own_home)
    shutil.rmtree(own_home)
    attached.close()
    os.kill(pid, signal.SIGQUIT)
    assert not own_home.exists()
