"""Which process a pid really is. A pid in a file proves nothing: after a crash it may belong to anybody."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path


def postmaster_of(data: Path) -> int | None:
    """The living Postgres server of the data folder; None where postmaster.pid is missing or names anything else.

    A server's working folder is its data folder; systems without /proc are asked for its command line.
    """
    with suppress(FileNotFoundError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        if pid > 0 and _is_server_of(pid, data):
            return pid
    return None


def _is_server_of(pid: int, data: Path) -> bool:
    process = Path("/proc") / str(pid)
    if Path("/proc/self").exists():
        # PermissionError: another user's. A zombie has no folder: FileNotFoundError.
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            here, there = os.stat(process / "cwd"), data.stat()
            return os.path.samestat(here, there) and (process / "comm").read_text().strip() == "postgres"
        return False
    asked = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    command = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return "postgres" in command and str(data) in command
