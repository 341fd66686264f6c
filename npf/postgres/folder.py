"""NPF_HOME as the supervisor keeps it: what lies where, whose it is, and the locks in it.

lock            held for moments, while somebody attaches or leaves
owners/         one file per owner, locked for as long as that owner lives
server.lock     locked by the server's processes together, for as long as one of them lives
data/           the data folder, made whole or not at all
new-*/          a data folder in the making; rubbish once `lock` is ours
socket/         the server's socket; where this path is too long, `socket.path` names a folder elsewhere
password        of both roles, mode 0600
postgres.log    bounded
binaries/       for root only: the programs, where the server's user cannot reach the installed ones
"""

import fcntl
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from npf.core.clock import Clock
from npf.postgres.errors import PostgresError
from npf.postgres.user import ServerUser

_LONGEST_SOCKET = 99
"""Bytes of the whole path of the socket; the smallest limit among the systems is 103."""
_LOG_LIMIT = 8 * 1024 * 1024
_LOG_KEPT = 1024 * 1024
_PATIENCE = 330.0
"""Seconds to wait for `lock`: longer than anybody holds it (server.RECOVERY)."""

SOCKET_NAME = ".s.PGSQL.5432"


def npf_home() -> Path:
    """Where npf keeps its data and keys: NPF_HOME, else for root /var/lib/npf-connect, else the user's data folder."""
    given = os.environ.get("NPF_HOME", "").strip()
    if given:
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/npf-connect")
    return platformdirs.user_data_path("npf-connect", appauthor=False)


class Folder:
    """One NPF_HOME and the user of its server."""

    def __init__(self, home: Path, user: ServerUser) -> None:
        self.home = home
        self.user = user
        self.data = home / "data"
        self.owners = home / "owners"
        self.log = home / "postgres.log"
        self.binaries = home / "binaries"
        self._password = home / "password"
        self._socket_record = home / "socket.path"

    def make(self) -> None:
        """Make the folder where it is missing, and let root's server in: the folder itself, never its parents."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o711 if self.user.other else 0o700)
        found = self.home.stat()
        if self.user.other and found.st_uid != self.user.uid and found.st_mode & 0o011 != 0o011:
            self.home.chmod(stat.S_IMODE(found.st_mode) | 0o011)
        self.owners.mkdir(mode=0o700, exist_ok=True)

    def check_reach(self) -> None:
        """Raises PostgresError, naming the folder in the way, where the server's user cannot come to this home."""
        if not self.user.other:
            return
        closed = self.user.first_closed([*reversed(self.home.parents), self.home])
        if closed is not None:
            raise PostgresError(
                f"The embedded Postgres runs as the user {self.user.name}, which may not enter {closed}, "
                f"so it cannot reach NPF_HOME {self.home}.",
                cure=f"Set NPF_HOME to a folder that it can reach, for example /var/lib/npf-connect, "
                f"or let it pass: chmod o+x {closed}",
            )

    def open(self, path: Path, flags: int = 0) -> int:
        """A descriptor of a file of our own, made where missing; no child inherits it."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | flags, 0o600)

    @contextmanager
    def locked(self, clock: Clock) -> Iterator[None]:
        """Hold the home's lock. Raises PostgresError where another command does not let go of it for minutes."""
        fd = self.open(self.home / "lock")
        try:
            until = clock.monotonic() + _PATIENCE
            while not _take(fd):
                if clock.monotonic() > until:
                    raise PostgresError(
                        f"Another npf command has held {self.home / 'lock'} for minutes.",
                        cure=f"Look what it does (fuser {self.home / 'lock'}) and end it.",
                    )
                clock.sleep(0.005)
            try:
                yield
            finally:
                # Not left to the closing: a process forked meanwhile would keep the lock.
                fcntl.flock(fd, fcntl.LOCK_UN)
        finally:
            os.close(fd)

    def server_lock(self) -> int | None:
        """The lock to hand to a new server, or None while any process of the last one lives.

        Whoever gets it closes the descriptor, and never unlocks it: the server holds the same lock by its copy.
        """
        fd = self.open(self.home / "server.lock")
        if _take(fd):
            return fd
        os.close(fd)
        return None

    def server_is_gone(self) -> bool:
        """Whether no process of a server of this home lives."""
        fd = self.server_lock()
        if fd is None:
            return False
        os.close(fd)
        return True

    def join(self) -> tuple[Path, int]:
        """Become an owner: the file that says so and the descriptor that holds it. Under `locked` only."""
        path = self.owners / f"{os.getpid()}-{secrets.token_hex(4)}"
        # To be read by whoever may enter `owners`: root and the owner of the home can share one server.
        fd = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        os.fchmod(fd, 0o644)
        fcntl.flock(fd, fcntl.LOCK_EX)
        return path, fd

    def has_owners(self) -> bool:
        """Whether an owner lives; forgets those that were killed. Under `locked` only."""
        alive = False
        for path in self.owners.iterdir():
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                if _take(fd):
                    path.unlink(missing_ok=True)
                else:
                    alive = True
            finally:
                os.close(fd)
        return alive

    def password(self) -> str:
        """The password of both roles, made on the first call. Raises PostgresError where it is lost but data exist."""
        with suppress(FileNotFoundError):
            kept = self._password.read_text().strip()
            if kept:
                return kept
        if (self.data / "PG_VERSION").exists():
            raise PostgresError(
                f"The file {self._password} is missing, and the data beside it cannot be opened without it.",
                cure="Put it back from a backup.",
            )
        password = secrets.token_urlsafe(24)
        unfinished = self._password.with_suffix(".new")
        self._write(unfinished, password)
        unfinished.rename(self._password)
        return password

    def socket_folder(self) -> Path:
        """The folder of the server's socket, made where missing; it stays the same while a server lives in it."""
        near = self.home / "socket"
        if _fits(near):
            if not near.is_dir():
                near.mkdir(mode=0o700)
                self.give_to_the_server(near)
            return near
        with suppress(FileNotFoundError):
            recorded = Path(self._socket_record.read_text())
            if self._is_private(recorded):
                return recorded
        made = self._make_socket_folder_elsewhere()
        self._write(self._socket_record, str(made))
        return made

    def forget_socket(self) -> None:
        """Remove a socket folder elsewhere, after the server has ended."""
        with suppress(OSError):
            Path(self._socket_record.read_text()).rmdir()
            self._socket_record.unlink()

    def clear_socket(self) -> None:
        """Remove what a dead server left: its lock file may name a pid that lives again as something else."""
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
            (self.socket_folder() / name).unlink(missing_ok=True)

    def give_to_the_server(self, path: Path) -> None:
        """Make `path`, which we have just made ourselves, the server user's."""
        if self.user.other:
            os.chown(path, self.user.uid, self.user.gid, follow_symlinks=False)

    def trim_log(self) -> None:
        """Keep the last part of a log that has grown too long; the server goes on appending to the same file."""
        if not self.log.exists() or self.log.stat().st_size <= _LOG_LIMIT:
            return
        fd = self.open(self.log, os.O_APPEND)
        try:
            os.lseek(fd, -_LOG_KEPT, os.SEEK_END)
            tail = os.read(fd, _LOG_KEPT)
            os.ftruncate(fd, 0)
            os.write(fd, tail)
        finally:
            os.close(fd)

    def sweep(self) -> None:
        """Remove data folders that were never finished. Only while no server is being made: under `locked`."""
        for unfinished in self.home.glob("new-*"):
            shutil.rmtree(unfinished, ignore_errors=True)

    def _write(self, path: Path, text: str) -> None:
        fd = self.open(path, os.O_TRUNC)
        try:
            os.write(fd, text.encode())
            os.fsync(fd)
        finally:
            os.close(fd)

    def _is_private(self, path: Path) -> bool:
        """Whether `path` is a folder that only the server's user may enter: /tmp may be emptied and refilled."""
        try:
            found = path.lstat()
        except OSError:
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == self.user.uid and not found.st_mode & 0o077

    def _make_socket_folder_elsewhere(self) -> Path:
        for parent in dict.fromkeys((Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))):
            if not (parent.is_dir() and os.access(parent, os.W_OK) and _fits(parent / "npf-12345678")):
                continue
            if self.user.other and self.user.first_closed([*reversed(parent.parents), parent]) is not None:
                continue
            made = Path(tempfile.mkdtemp(prefix="npf-", dir=parent))
            self.give_to_the_server(made)
            return made
        raise PostgresError(
            f"The path of NPF_HOME is too long for a socket, and no temporary folder can be used: {self.home}.",
            cure="Set NPF_HOME to a folder with a shorter path.",
        )


def _take(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _fits(folder: Path) -> bool:
    """Whether a socket in `folder` has a short path of characters that the settings and URLs of Postgres take."""
    path = os.fsencode(folder / SOCKET_NAME)
    return len(path) <= _LONGEST_SOCKET and re.fullmatch(r"[A-Za-z0-9/._ +-]+", os.fsdecode(path)) is not None
