"""What must stand before a command can work: the key, the database, its tables."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from psycopg import sql

from npf.core.errors import FixSettings
from npf.serve import start
from tests.cli.running import process, toml
from tests.connected import Sandboxes
from tests.database import alone, quick
from tests.postgres.commands import is_running, wait_until


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Without any key. What a start sets is taken back."""
    monkeypatch.setenv("NPF_SECRET_KEY", "")
    monkeypatch.delenv("NPF_SECRET_KEY_FILE", raising=False)
    return monkeypatch


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that root's Postgres can reach: pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory(prefix="npf-home-") as made:
        Path(made).chmod(0o711)
        yield Path(made) / "home"


def key() -> str:
    return os.environ["NPF_SECRET_KEY"]


def test_the_first_start_makes_a_key_for_its_user_alone_and_the_next_one_finds_it(
    env: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    start._find_key(tmp_path / "home")
    made = key()
    file = tmp_path / "home" / "secret.key"
    assert Fernet(made)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    env.setenv("NPF_SECRET_KEY", "")
    start._find_key(tmp_path / "home")
    assert key() == made
    assert os.listdir(file.parent) == ["secret.key"]


def test_of_many_first_starts_one_makes_the_key_for_all(tmp_path: Path) -> None:
    begin = threading.Barrier(8)
    found: list[str] = []

    def first_start() -> None:
        begin.wait()
        found.append(start._own_key(tmp_path / "home"))

    threads = [threading.Thread(target=first_start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_keys_come_from_the_environment_or_the_file_that_it_names(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one, two = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    file = tmp_path / "keys"
    file.write_text(f"{one}\n{two}\n")
    env.setenv("NPF_SECRET_KEY_FILE", str(file))
    start._find_key(tmp_path / "home")
    assert key() == f"{one},{two}"
    env.setenv("NPF_SECRET_KEY", f" {two} , {one}")
    start._find_key(tmp_path / "home")
    assert key() == f"{two},{one}"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("content", ["", "not a key", "c2hvcnQ=", "\udcff"])
def test_a_file_without_a_key_is_told_by_the_variable_that_names_it(
    env: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "keys"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    env.setenv("NPF_SECRET_KEY_FILE", str(file))
    with pytest.raises(FixSettings) as caught:
        start._find_key(tmp_path / "home")
    assert caught.value.parameter == "NPF_SECRET_KEY_FILE"


def test_a_key_file_that_cannot_be_read_is_told(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    env.setenv("NPF_SECRET_KEY_FILE", str(tmp_path))
    with pytest.raises(FixSettings, match="cannot be read") as caught:
        start._find_key(tmp_path / "home")
    assert caught.value.parameter == "NPF_SECRET_KEY_FILE"
    env.setenv("NPF_SECRET_KEY_FILE", str(tmp_path / "nothing"))
    with pytest.raises(FixSettings, match="No such file"):
        start._find_key(tmp_path / "home")


def test_a_home_that_cannot_be_made_is_told(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FixSettings, match="cannot be made") as caught:
        start._find_key(tmp_path / "file" / "home")
    assert caught.value.parameter == "NPF_HOME"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///npf.db",
        "npf",
        "postgresql://host:port/npf",
        "mysql://a:b@host/npf",
        "postgresql://a@h/npf?colour=red",
    ],
)
def test_an_address_that_is_no_postgres_is_refused(url: str) -> None:
    with pytest.raises(FixSettings) as caught:
        start._check_url(url)
    assert caught.value.parameter == "DATABASE_URL"


def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    env = quick() | {"DATABASE_URL": "postgresql://npf:hidden@127.0.0.1:1/npf", "NPF_HOME": str(tmp_path)}
    done = process("store", "list", "--json", env=env)
    assert (done.code, done.json["parameter"]) == (2, "DATABASE_URL")
    assert "cannot be reached" in done.err
    assert "hidden" not in done.out + done.err
    assert "Traceback" not in done.err


@pytest.fixture
def empty_database() -> Iterator[str]:
    """A database without tables; gives its URL."""
    url = os.environ["DATABASE_URL"]
    name = f"npf_empty_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield url.replace("/npf?", f"/{name}?")
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_a_given_database_without_tables_is_told_how_to_get_them(empty_database: str, tmp_path: Path) -> None:
    done = process("store", "list", env=quick() | {"DATABASE_URL": empty_database})
    assert done.code == 2
    assert "npf migrate" in done.err


@pytest.mark.slow
def test_migrate_makes_the_tables_of_a_given_database(empty_database: str) -> None:
    env = quick() | {"DATABASE_URL": empty_database}
    assert process("migrate", env=env).code == 0
    assert process("store", "list", "--json", env=env).json == {"stores": []}


def test_every_change_of_a_model_has_its_migration(transactional_db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.slow
def test_two_commands_at_once_on_an_empty_home_both_work_and_leave_no_server_behind(home: Path) -> None:
    env = alone(home)
    commands = [
        subprocess.Popen([sys.executable, "-m", "npf", "store", "list", "--json"], env=env, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [command.communicate(timeout=120)[0] for command in commands]
    assert [command.returncode for command in commands] == [0, 0]
    assert said[0] == said[1]
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) & 0o066 == 0
    assert not is_running(home)


@pytest.mark.slow
def test_sigterm_in_the_middle_of_a_command_stops_its_postgres_too(home: Path, tmp_path: Path) -> None:
    env = alone(home)
    with Sandboxes() as both:
        shop = both.world.add_store("acme", quota=None)
        both.warehouse.add_client(client_code="ACME", username="npf", password="secret-of-fm", products=None)
        path = tmp_path / "store.toml"
        path.write_text(toml(both.nested("acme", "ACME", shop)))
        assert process("store", "add", str(path), env=env).code == 0
        asked = len(shop.log)
        shop.faults.next("stall:20", path="/v2/orders")
        command = subprocess.Popen([sys.executable, "-m", "npf", "pull", "acme"], env=env, stderr=subprocess.PIPE)
        try:
            wait_until(lambda: len(shop.log) > asked, 30)
            command.send_signal(signal.SIGTERM)
            assert command.wait(10) == 128 + signal.SIGTERM
        finally:
            command.kill()
            _, err = command.communicate()
    assert b"Traceback" not in err
    assert not is_running(home)
