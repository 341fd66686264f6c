"""The user that the server runs as: ourselves, or for root somebody unprivileged who exists already."""

import os
import pwd
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from npf.postgres.errors import PostgresError

CLEAN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
"""For every child: none of the PG* variables, and messages in the English that errors.py reads."""


@dataclass(frozen=True)
class ServerUser:
    """`other`: somebody else than us, which only root can arrange."""

    name: str
    uid: int
    gid: int
    other: bool

    def start(
        self,
        command: list[str],
        *,
        output: int,
        keep: Iterable[int] = (),
    ) -> subprocess.Popen[bytes]:
        """Start a program as this user, in a session of its own: Ctrl-C in our terminal must not reach it.

        `output` is the file descriptor for both of its outputs; of ours it inherits only `keep`. Raises PostgresError
        where we may not become this user.
        """
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=CLEAN_ENVIRONMENT,
                pass_fds=tuple(keep),
                start_new_session=True,
                umask=0o077,
                user=self.uid if self.other else None,
                group=self.gid if self.other else None,
                extra_groups=[] if self.other else None,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PostgresError(
                f"{command[0]} cannot be run as the user {self.name}: {error}.",
                cure="Run npf as an ordinary user, or set DATABASE_URL to a Postgres server.",
                parameter="DATABASE_URL",
            ) from error

    def first_closed(self, paths: Iterable[Path], test: str = "-x") -> Path | None:
        """The first of `paths` that this user may not enter (`-x`) or read (`-r`); None where all are open.

        Asked of the system in that user's name: rights may come from lists and mounts that the mode does not show.
        """
        script = f'for p; do test {test} "$p" || {{ printf %s "$p"; exit 0; }}; done'
        read_end, write_end = os.pipe()
        try:
            asked = self.start(["/bin/sh", "-c", script, "sh", *map(str, paths)], output=write_end)
        finally:
            os.close(write_end)
        with os.fdopen(read_end, "rb") as answer:
            closed = answer.read()
        asked.wait()
        return Path(os.fsdecode(closed)) if closed else None


def server_user(home: Path) -> ServerUser:
    """Who runs the server of `home`: ourselves; for root whoever owns the data, else `postgres`, else `nobody`.

    Raises PostgresError where root finds none of them.
    """
    uid = os.geteuid()
    if uid != 0:
        return ServerUser(_name(uid), uid, os.getegid(), other=False)
    with suppress(FileNotFoundError):
        data = (home / "data").stat()
        if data.st_uid != 0:
            return ServerUser(_name(data.st_uid), data.st_uid, data.st_gid, other=True)
    for name in ("postgres", "nobody"):
        try:
            known = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name, known.pw_uid, known.pw_gid, other=True)
    raise PostgresError(
        "Postgres never runs as root, and there is neither a user postgres nor a user nobody to run it as.",
        cure="Run npf as an ordinary user, or set DATABASE_URL to a Postgres server.",
        parameter="DATABASE_URL",
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
