"""`npf up`: web, worker and Postgres live and die together, and what dies alone is started again."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.running import process
from tests.database import alone
from tests.postgres.commands import is_running, server_pid, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc"),
]


class Up:
    """`npf up` with a home of its own."""

    def __init__(self, home: Path, log: Path) -> None:
        self.home = home
        self.log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "npf", "up", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=alone(home), stdout=subprocess.PIPE, stderr=log.open("w"), start_new_session=True
        )

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/login/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def pid_of(self, command: str) -> int:
        """The child that runs `npf command`; 0 where there is none."""
        for pid in children(self.process.pid):
            with suppress(OSError):
                if f"\0npf\0{command}\0" in Path(f"/proc/{pid}/cmdline").read_text():
                    return pid
        return 0

    def family(self) -> list[int]:
        """Its children and theirs, Postgres left out."""
        found = [self.pid_of("web"), self.pid_of("worker")]
        return [pid for one in found if one for pid in (one, *children(one))]


def children(pid: int) -> list[int]:
    """Children of a process, whichever of its threads has started them."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def alive(pid: int) -> bool:
    with suppress(OSError):
        return re.search(r"^State:\s+Z", Path(f"/proc/{pid}/status").read_text(), re.M) is None
    return False


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    with tempfile.TemporaryDirectory(prefix="npf-home-") as made:
        Path(made).chmod(0o711)
        running = Up(Path(made) / "home", tmp_path / "said")
        left: list[int] = []
        try:
            wait_until(running.answers, 60)
            wait_until(lambda: running.pid_of("worker"), 10)
            left = running.family()
            yield running
        finally:
            running.process.kill()
            running.process.communicate()
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process("store", "list", env=alone(running.home))  # the last owner stops the server
            assert not is_running(running.home)


def test_what_dies_is_started_again_and_ctrl_c_ends_all(up: Up) -> None:
    for command in ("worker", "web"):
        first = up.pid_of(command)
        orphans = children(first)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: up.pid_of(command) not in (0, first), 15)  # noqa: B023 - called at once
        assert f"npf {command} ended with -9; it is started again" in up.log.read_text()
        wait_until(lambda: not any(map(alive, orphans)), 10)  # noqa: B023 - called at once
    wait_until(up.answers, 30)
    family = up.family()
    assert len(family) >= 3
    os.killpg(up.process.pid, signal.SIGINT)
    assert up.process.wait(30) == 0
    assert [pid for pid in family if alive(pid)] == []
    assert not is_running(up.home)
    assert "Traceback" not in up.log.read_text()


def test_children_end_when_their_parent_is_killed(up: Up) -> None:
    family = up.family()
    assert len(family) >= 3
    up.process.kill()
    up.process.wait()
    wait_until(lambda: not any(map(alive, family)), 20)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", up.port))


def test_postgres_is_started_again_too(up: Up) -> None:
    pid = server_pid(up.home)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: "Postgres had died; it is started again" in up.log.read_text(), 30)
    wait_until(up.answers, 30)
    assert process("store", "list", "--json", env=alone(up.home)).json == {"stores": []}


def test_a_port_that_is_taken_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = process("up", "--port", str(taken.getsockname()[1]), env=alone(tmp_path / "home"))
    assert done.code == 2
    assert "cannot be listened on" in done.err
    assert not (tmp_path / "home").exists()
