"""What the tests of the embedded Postgres share: npf commands as real processes, and looks at what is alive."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from npf.postgres.folder import Folder
from npf.postgres.processes import postmaster_of
from npf.postgres.user import server_user

REPOSITORY = Path(__file__).resolve().parents[2]
FAST = {"fsync": "off"}

_COMMAND = """
import json, sys
from pathlib import Path
from npf.postgres import PostgresError, attach
try:
    attached = attach(Path(sys.argv[1]), settings={"fsync": "off"})
except PostgresError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit(2)
print(json.dumps({"url": attached.url}), flush=True)
"""
_WAIT = "sys.stdin.readline()\n"


class Command:
    """A process that attaches to `home`, runs `then` (Python; `attached` is there), and by default waits for `end`."""

    def __init__(self, home: Path, then: str = _WAIT) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _COMMAND + then, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
            start_new_session=True,
        )

    def said(self) -> dict[str, Any]:
        """Its next line: first, once it is attached, {"url"} or {"error"}."""
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def url(self) -> str:
        url: str = self.said()["url"]
        return url

    def end(self) -> int:
        """Let it end by itself; its exit code."""
        self.process.communicate(b"\n", timeout=30)
        return self.process.returncode

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.communicate()


def answer(url: str, query: str = "SELECT 1") -> Any:
    """The first value that the server gives."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def folder_of(home: Path) -> Folder:
    return Folder(home, server_user(home))


def is_running(home: Path) -> bool:
    """Whether any process of a server of this home lives."""
    return not folder_of(home).server_is_gone()


def server_pid(home: Path) -> int:
    pid = postmaster_of(home / "data")
    assert pid is not None
    return pid


def wait_until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.005)


def is_root() -> bool:
    return os.geteuid() == 0
