"""A real SFTP server on loopback (asyncssh), with faults: each strikes once, at the next operation that it is about."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import asyncssh

USER, PASSWORD = "npf", "secret-of-sftp"
Fault = str
"""`rename:lost-before`, `rename:lost-after`, `read:lost-before`, `write:deny` …: the operation and what befalls it."""


class _Login(asyncssh.SSHServer):
    def __init__(self, server: "SftpServer") -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._server.connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._server.passwords.append(password)
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return self._server.client_key is not None

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = self._server.client_key
        return username == USER and known is not None and key.public_data == known.public_data


class _Files(asyncssh.SFTPServer):
    """The server's folder is all that a user sees."""

    def __init__(self, chan: Any, server: "SftpServer") -> None:
        super().__init__(chan, chroot=str(server.folder))
        self._server = server
        self._connection = chan.get_connection()

    def _meet(self, operation: str, work: Callable[[], Any]) -> Any:
        self._server.asked.append(operation)
        fault = self._server.strikes(operation)
        if fault == "deny":
            raise asyncssh.SFTPPermissionDenied("not you")
        if fault == "fail":
            raise asyncssh.SFTPFailure("disk full")
        if fault == "lost-before":
            self._connection.abort()
            raise asyncssh.SFTPConnectionLost("gone")
        done = work()
        if fault == "lost-after":
            self._connection.abort()
            raise asyncssh.SFTPConnectionLost("gone")
        return done

    def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        return self._meet("rename", lambda: super(_Files, self).rename(oldpath, newpath))

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        what = "write" if pflags & asyncssh.FXF_WRITE else "read"
        return self._meet(what, lambda: super(_Files, self).open(path, pflags, attrs))


class SftpServer:
    """Serves `folder` in a thread of its own. `asked`: the operations, `passwords`: those that it was shown.

    `weather`: the fault that meets an operation (rename, read, write) about which no other was arranged; "" = none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key: asyncssh.SSHKey | None = None
        self.connections: list[asyncssh.SSHServerConnection] = []
        self.asked: list[str] = []
        self.passwords: list[str] = []
        self.weather: Callable[[str], str] = lambda operation: ""
        self._faults: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def next(self, fault: Fault) -> None:
        """Let a fault strike, once."""
        operation, _, what = fault.partition(":")
        with self._lock:
            self._faults.append((operation, what))

    def strikes(self, operation: str) -> str:
        with self._lock:
            for place, (about, what) in enumerate(self._faults):
                if about == operation:
                    del self._faults[place]
                    return what
        return self.weather(operation)

    @property
    def fingerprint(self) -> str:
        return str(self.host_key.get_fingerprint("sha256"))

    @property
    def url(self) -> str:
        return f"sftp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._acceptor = self._run(self._listen())
        self.port: int = self._acceptor.get_port()
        return self

    async def _listen(self) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Login(self),
            server_host_keys=[self.host_key],
            sftp_factory=lambda chan: _Files(chan, self),
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async def end() -> None:
            self._acceptor.close()
            for connection in self.connections:
                connection.abort()
            await self._acceptor.wait_closed()

        self._run(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def _run(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=20)
