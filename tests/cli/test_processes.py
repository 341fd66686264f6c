"""The command as a process: what it starts, what it prints where, and how it ends."""

import json
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from npf.cli import app
from tests.cli.running import process, toml
from tests.connected import Connected, Sandboxes
from tests.database import alone


def test_help_needs_no_postgres_and_is_quick(tmp_path: Path) -> None:
    env = alone(tmp_path / "home")
    process("--help", env=env)  # compiles
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = process("--help", env=env)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.code == 0
    assert "store" in done.out
    assert not (tmp_path / "home").exists()
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


@pytest.mark.parametrize("words", [("colour",), ("pull",), ("sandbox", "bigcommerce", "--orders", "many")])
def test_wrong_use_is_exit_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = process(*words, env=alone(tmp_path / "home"))
    assert (done.code, done.out) == (2, "")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("which", ["bigcommerce", "fm"])
def test_a_sandbox_needs_no_postgres_and_ends_by_sigterm(tmp_path: Path, which: str) -> None:
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "npf", "sandbox", which, "--port", "0"],
        env=alone(tmp_path / "home"),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert sandbox.stdout is not None
        assert re.search(r"http://127\.0\.0\.1:\d+", sandbox.stdout.readline())
        sandbox.send_signal(signal.SIGTERM)
        assert sandbox.wait(10) == 128 + signal.SIGTERM
    finally:
        sandbox.kill()
        sandbox.communicate()
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("which", ["bigcommerce", "fm"])
def test_a_sandbox_refuses_faults_that_it_does_not_know(tmp_path: Path, which: str) -> None:
    done = process("sandbox", which, "--faults", "earthquake=1", env=alone(tmp_path / "home"))
    assert done.code == 2
    assert "earthquake" in done.err


def test_the_process_prints_its_document_alone_on_standard_output(connect: Callable[..., Connected]) -> None:
    shop = connect()
    shop.place()
    shop.place(shipping_method="")
    done = process("run", "acme", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["sent"] == 2
    assert done.err == ""


def test_a_refused_store_file_is_exit_2_in_a_process_too(
    sandboxes: Sandboxes, transactional_db: None, tmp_path: Path
) -> None:
    theirs = sandboxes.world.add_store("acme")
    nested = sandboxes.nested("acme", "NOBODY", theirs)
    nested["parameters"]["prefx"] = "MG"
    path = tmp_path / "store.toml"
    path.write_text(toml(nested))
    done = process("store", "add", str(path))
    assert (done.code, done.out) == (2, "")
    assert 'parameters.prefx: unknown key (did you mean "prefix"?)' in done.err
    assert "Traceback" not in done.err


def test_every_command_of_the_design_is_there() -> None:
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    found = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    assert found >= {
        *("demo", "up", "web", "worker", "migrate", "check", "pull", "send", "follow", "count", "push"),
        *("run", "stock", "orders", "order", "explain", "hold", "release", "retry"),
    }
    store = {command.name or command.callback.__name__ for command in groups["store"].registered_commands}  # type: ignore[union-attr]
    assert store == {"add", "set", "show", "list", "pause", "resume", "remove", "import"}
    assert {command.name for command in groups["sandbox"].registered_commands} == {"bigcommerce", "files", "fm"}  # type: ignore[union-attr]
    assert len(groups["user"].registered_commands) == 1  # type: ignore[union-attr]
