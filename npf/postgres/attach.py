"""Attach to the server of a home and detach again; the last owner stops it."""

import atexit
import os
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from npf.core.clock import Clock, SystemClock
from npf.postgres import server
from npf.postgres.errors import from_os
from npf.postgres.folder import Folder
from npf.postgres.user import server_user


class Attached:
    """One owner of a running server: made by `attach`, ended by `close`, by leaving `with`, or by the process's exit.

    A process that is killed needs no farewell: the kernel ends its ownership. A forked child is no owner, and its
    copy of this object does nothing.
    """

    home: Path
    url: str
    """The database as a URL: DATABASE_URL for Django, conninfo for psycopg. It bears the password."""

    def __init__(self, folder: Folder, settings: Mapping[str, str], clock: Clock) -> None:
        """Call `attach` instead."""
        self._folder = folder
        self._settings = settings
        self._clock = clock
        self._closing = threading.Lock()
        self._owner: tuple[Path, int] | None = None
        _living.add(self)
        self._enter()
        self.home = folder.home
        self.url = server.url_of(folder)
        atexit.register(self.close)

    def close(self) -> None:
        """Detach; the last owner stops the server and waits for its end. A second call does nothing."""
        atexit.unregister(self.close)
        with self._closing:
            if self._owner is None:
                return
            # A home that somebody has removed has no owners; its server finds that out within a minute, and ends.
            with suppress(FileNotFoundError), self._folder.locked(self._clock):
                self._leave()
            self.forget()

    def revive(self) -> bool:
        """Start the server again if it has died (killed, out of memory); whether that was needed.

        For commands that run long: call it every few seconds, it takes a few milliseconds. The URL stays the same.
        After `close` it does nothing. Raises PostgresError where the server cannot be started.
        """
        server.reap()
        with _told(self._folder.home):
            self._folder.trim_log()
            if server.answers(self._folder):
                return False
            with self._folder.locked(self._clock):
                if self._owner is None:  # closed meanwhile by another thread: nobody would stop it again
                    return False
                server.ensure_running(self._folder, self._settings, self._clock)
            return True

    def forget(self) -> None:
        """Let go of the ownership without a look at the others: in a forked child it is the parent's, not ours."""
        if self._owner is not None:
            os.close(self._owner[1])
            self._owner = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _enter(self) -> None:
        self._folder.make()
        with self._folder.locked(self._clock):
            self._folder.has_owners()
            self._owner = self._folder.join()
            try:
                self._folder.trim_log()
                server.reap()
                server.ensure_running(self._folder, self._settings, self._clock)
            except BaseException:
                self._leave()
                raise

    def _leave(self) -> None:
        if self._owner is not None:
            self._owner[0].unlink(missing_ok=True)
            self.forget()
        if not self._folder.has_owners():
            server.stop(self._folder, self._clock)
        server.reap()


def attach(home: Path, *, settings: Mapping[str, str] | None = None, clock: Clock | None = None) -> Attached:
    """Become an owner of the server of `home` (see `npf_home`), starting it, and making its data, where needed.

    `settings` are parameters of postgresql.conf for a server that this call starts; a running one keeps its own.
    Takes milliseconds where a server runs, about a second where all is to be made. Raises PostgresError, which
    names the cure.
    """
    home = home.expanduser().resolve()
    with _told(home):
        return Attached(Folder(home, server_user(home)), dict(settings or {}), clock or SystemClock())


@contextmanager
def _told(home: Path) -> Iterator[None]:
    """Failures of the system told as what they mean for the home."""
    try:
        yield
    except OSError as error:
        raise from_os(error, home) from error


_living: weakref.WeakSet[Attached] = weakref.WeakSet()


def _forget_in_child() -> None:
    for attached in _living:
        attached.forget()


os.register_at_fork(after_in_child=_forget_in_child)
