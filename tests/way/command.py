"""`npf` as a real process with a home of its own, for tests that kill it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from npf.core.clock import SystemClock
from npf.postgres import server
from npf.postgres.folder import Folder
from npf.postgres.processes import postmaster_of
from npf.postgres.user import server_user

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST = 240.0
"""Seconds after which a command counts as hanging."""
_NOT_INHERITED = ("DATABASE_URL", "NPF_SECRET_KEY", "NPF_SECRET_KEY_FILE", "NPF_HOME")


class Home:
    """An NPF_HOME with an embedded Postgres. At the end of the block its server is stopped and the folder deleted."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="npf-way-"))
        self.environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        self.environment["NPF_HOME"] = str(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        server.stop(Folder(self.path, server_user(self.path)), SystemClock())
        shutil.rmtree(self.path, ignore_errors=True)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `npf ARGUMENTS`, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "npf", *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def npf(self, *arguments: str) -> tuple[int, str, str]:
        """Run `npf ARGUMENTS` to its end: exit code, standard output, standard error."""
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"npf {' '.join(arguments)} did not end:\n{err}") from None
        return process.returncode, out, err

    def json(self, *arguments: str) -> Any:
        """The document of `npf ARGUMENTS --json`, which must end well."""
        code, out, err = self.npf(*arguments, "--json")
        assert code == 0, f"npf {' '.join(arguments)} ended with {code}:\n{out}\n{err}"
        return json.loads(out)

    def add_store(self, nested: dict[str, Any]) -> None:
        """`npf store add` of a store file."""
        file = self.path / "store.toml"
        file.write_text(_toml(nested))
        code, _, err = self.npf("store", "add", str(file))
        assert code == 0, err

    def postmaster(self) -> int:
        """The process that its Postgres is."""
        pid = postmaster_of(self.path / "data")
        assert pid is not None
        return pid


def wait_for(condition: Callable[[], object], process: "subprocess.Popen[str]") -> bool:
    """Wait until the condition holds; False where the process ended first."""
    until = time.monotonic() + LONGEST
    while not condition():
        if process.poll() is not None:
            return False
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.001)
    return True


def _toml(nested: dict[str, Any]) -> str:
    """A store file: texts, numbers and tables of them, as tests/connected.py makes them."""
    plain = [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in nested.items() if not isinstance(value, dict)]
    tables = [f"\n[{key}]\n{_toml(value)}" for key, value in nested.items() if isinstance(value, dict)]
    return "\n".join([*plain, *tables])
