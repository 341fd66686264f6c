"""What can be wrong with the embedded Postgres, said in a sentence with its cure."""

import errno
import re
import shutil
from pathlib import Path
from typing import Literal

from npf.core.errors import FixSettings

_SERVER_INSTEAD = "or set DATABASE_URL to a Postgres server"
_ROOM = 1024 * 1024
"""Bytes; with less than this nothing of Postgres can work."""


class PostgresError(FixSettings):
    """The embedded Postgres cannot be used. `parameter` is the environment variable that can change that."""

    def __init__(self, message: str, *, cure: str, parameter: Literal["NPF_HOME", "DATABASE_URL"] = "NPF_HOME") -> None:
        super().__init__(message, parameter=parameter, cure=cure)

    def __str__(self) -> str:
        return f"{self.args[0]} {self.cure}"


def from_output(text: str, home: Path, status: int = 0) -> PostgresError:
    """The error behind what initdb or the server said (in English) before it ended, or an SQL error's text.

    `status` is its exit status; a negative one is the signal that killed it.
    """
    if status < 0:
        text += f"\nFATAL: it was killed by signal {-status}"
    # First, because these too say "No space left on device" and mean memory.
    if re.search(r"could not \w+ (anonymous )?(shared memory|semaphores)|Cannot allocate memory", text):
        return PostgresError(
            f"The machine has not enough memory for Postgres: {_last_complaint(text)}.",
            cure=f"Give it more (in Docker: --shm-size=256m) {_SERVER_INSTEAD}.",
        )
    if "No space left on device" in text or "Disk quota exceeded" in text or _has_no_room(home):
        return _disk_full(home)
    if "could not look up effective user ID" in text:
        return PostgresError(
            "Postgres needs a user that has a name, and this one is not in /etc/passwd.",
            cure=f"Run npf as a user that is listed there {_SERVER_INSTEAD}.",
            parameter="DATABASE_URL",
        )
    if "has wrong ownership" in text:
        return PostgresError(
            f"The data folder {home / 'data'} belongs to another user than the one that runs Postgres.",
            cure=f"Run npf as its owner, or as root: chown -R OWNER {home / 'data'}",
        )
    return PostgresError(
        f"Postgres did not start: {_last_complaint(text)}.",
        cure=f"See {home / 'postgres.log'}, {_SERVER_INSTEAD}.",
    )


def from_os(error: OSError, home: Path) -> PostgresError:
    """The error behind a system call that failed on something in `home`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or _has_no_room(home):
        return _disk_full(home)
    where = error.filename or home
    return PostgresError(
        f"NPF_HOME {home} cannot be used: {where}: {error.strerror or error}.",
        cure="Run npf as the owner of this folder, or set NPF_HOME to a folder that you may write to.",
    )


def other_version(home: Path, found: str, ours: int, *, binaries: Path | None, owner: str | None) -> PostgresError:
    """The refusal of a data folder that another major version of Postgres made, with the way to carry it over.

    `binaries`: the folder of that version's programs, where there is one; `owner`: who must run them, if not we.
    """
    data, password = home / "data", f"PGPASSWORD=$(cat {home / 'password'})"
    old = f"{binaries}/" if binaries else f"/usr/lib/postgresql/{found}/bin/"
    as_owner = f"runuser -u {owner} -- " if owner else ""
    return PostgresError(
        f"The data folder {data} was made by Postgres {found}, this npf has Postgres {ours}.",
        cure=(
            f"Nothing was changed. To carry the data over, with the programs of Postgres {found}:\n"
            f"  {as_owner}{old}pg_ctl -w -D {data} -l /tmp/npf-dump.log -o '-c listen_addresses= -k /tmp' start\n"
            f"  {password} {old}pg_dump -h /tmp -U npf -Fc -f npf.dump npf\n"
            f"  {as_owner}{old}pg_ctl -w -D {data} -m fast stop\n"
            f"  mv {data} {data}-{found}\n"
            "and with those of the new one, while npf up runs:\n"
            f"  {password} pg_restore --clean --if-exists --no-owner -h {home / 'socket'} -U npf -d npf npf.dump"
        ),
    )


def _disk_full(home: Path) -> PostgresError:
    return PostgresError(
        f"The disk of {home} is full.",
        cure="Free at least 200 MB there, or set NPF_HOME to a folder on another disk.",
    )


def _has_no_room(home: Path) -> bool:
    """Asked too, because on a full disk the log cannot tell."""
    try:
        return shutil.disk_usage(home).free < _ROOM
    except OSError:
        return False


def _last_complaint(text: str) -> str:
    """The line that says most: the last FATAL or PANIC or error, else the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    grave = [line for line in lines if any(mark in line for mark in ("FATAL:", "PANIC:", "error:"))]
    return (grave or lines or ["it said nothing"])[-1].rstrip(".")
