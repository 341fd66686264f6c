"""The data folder: made by initdb, whole or not at all, and refused where another version made it."""

import os
import shutil
import tempfile
from pathlib import Path

from npf.postgres.binaries import Binaries
from npf.postgres.errors import PostgresError, from_output, other_version
from npf.postgres.folder import Folder

SUPERUSER = "postgres"
"""The supervisor's own role; npf works as another, which may less."""


def check_version(folder: Folder, choice: list[Binaries]) -> None:
    """Raises PostgresError where the data folder was made by another major version than the first of `choice`."""
    try:
        found = (folder.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    if found != str(choice[0].major):
        old = next((other.bin for other in choice if str(other.major) == found), None)
        owner = folder.user.name if folder.user.other else None
        raise other_version(folder.home, found, choice[0].major, binaries=old, owner=owner)


def make_data(folder: Folder, binaries: Binaries, *, durable: bool) -> None:
    """Run initdb in a folder of its own and put the result in its place. Raises PostgresError, leaving nothing.

    `durable`: wait until it is on the disk.
    """
    if folder.data.exists() and any(folder.data.iterdir()):
        raise PostgresError(
            f"{folder.data} is neither empty nor the data folder of a Postgres.",
            cure="Move it away, or set NPF_HOME to another folder.",
        )
    work = Path(tempfile.mkdtemp(prefix="new-", dir=folder.home))
    try:
        password_file = work / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(folder.password())
        folder.give_to_the_server(password_file)
        folder.give_to_the_server(work)
        command = [str(binaries.bin / "initdb"), "-D", str(work / "data"), "-U", SUPERUSER]
        command += ["-A", "scram-sha-256", "--pwfile", str(password_file), "-E", "utf8", "--locale=C.UTF-8"]
        if binaries.major >= 17:
            # The server's own C.UTF-8: the same order on every system, and LIKE can use plain indexes.
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not durable:
            command += ["--no-sync"]
        _initdb(folder, command)
        (work / "data").rename(folder.data)
        if durable:
            _fsync(folder.home)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _initdb(folder: Folder, command: list[str]) -> None:
    with tempfile.TemporaryFile(dir=folder.home) as output:
        process = folder.user.start(command, output=output.fileno())
        try:
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        output.seek(0)
        if status != 0:
            raise from_output(output.read().decode(errors="replace"), folder.home, status)


def _fsync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
