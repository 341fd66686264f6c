"""The command in this process: as quick as a function, with its real exit codes and streams."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from npf.cli import app
from npf.cli.common import guarded
from tests.cli.running import Ran, toml
from tests.connected import Connected, Sandboxes

Npf = Callable[..., Ran]
HANDLED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@pytest.fixture
def npf(transactional_db: None, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Npf]:
    """`npf("store", "list", "--json")` runs the command on the test database."""
    before = {number: signal.getsignal(number) for number in HANDLED}

    def run(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["npf", *words])
        capfd.readouterr()
        code = 0
        try:
            guarded(app)
        except SystemExit as left:
            code = int(left.code or 0)
        said = capfd.readouterr()
        return Ran(code, said.out, said.err)

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def store_file(tmp_path: Path) -> Callable[..., str]:
    """Writes tables as a store file and gives its path."""

    def write(nested: dict[str, Any]) -> str:
        path = tmp_path / "store.toml"
        path.write_text(toml(nested), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def nested(sandboxes: Sandboxes) -> dict[str, Any]:
    """The tables of a store that both sandboxes know, not added here yet: change them, then add it."""
    theirs = sandboxes.world.add_store("acme", quota=None)
    sandboxes.warehouse.add_client(client_code="ACME", username="npf", password="secret-of-fm", products=None)
    return sandboxes.nested("acme", "ACME", theirs)


@pytest.fixture
def acme(shop: Connected) -> Connected:
    """A store that is added, by its name."""
    return shop
