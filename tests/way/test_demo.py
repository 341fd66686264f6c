"""`npf demo --for 40`, as a person runs it who has just cloned the repository."""

import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.way.command import Home


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files that the server's user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="npf-way-demo-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def processes_of(folder: Path) -> list[str]:
    """The command lines of all living processes that name the folder in their arguments or their environment."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                arguments, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(folder) in arguments + environment:
                found.append(arguments.replace(b"\0", b" ").decode())
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are looked for in /proc")
def test_the_demo_ends_by_itself_says_what_became_complete_and_leaves_nothing_behind(temporary: Path) -> None:
    with Home() as home:
        home.environment["TMPDIR"] = str(temporary)
        code, out, err = home.npf("demo", "--no-browser", "--for", "40", "--port", str(free_port()))
        assert code == 0, f"{out}\n{err}"
        complete = re.search(r"^(\d+) orders went from BigCommerce to FM and came back Complete\.$", out, re.MULTILINE)
        assert complete, out
        assert int(complete[1]) > 0
        assert "Traceback" not in err
        assert processes_of(temporary) == []
        assert list(temporary.iterdir()) == []
