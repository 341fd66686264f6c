"""A place that is a folder on an SFTP server. The server proves its key before it hears a password."""

import base64
import hashlib
import io
import logging
import socket
import stat
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import msgspec
import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from npf.core.errors import FixSettings, TryLater
from npf.files.place import Entry, Missing, Taken, no_folder, refused

# What goes wrong is told by our own errors; paramiko would print a traceback of each lost line.
_LOG = logging.getLogger("npf.files.sftp")
_LOG.setLevel(logging.CRITICAL)


class Account(msgspec.Struct, frozen=True):
    """Where to log in, and as whom. `folder` "" is the user's own.

    `host_keys`: fingerprints as `ssh-keygen -l` prints them (SHA256:…).
    """

    host: str
    port: int
    folder: str
    username: str
    password: str
    private_key: str
    host_keys: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Account({self.username}@{self.host}:{self.port}{self.folder})"


class Sftp:
    """The account's folder, over one connection that is opened when it is first needed. `timeout` is in seconds."""

    def __init__(self, account: Account, timeout: float) -> None:
        self._account = account
        self._timeout = timeout
        # One question at a time: paramiko's answers find their askers by being the only ones.
        self._lock = threading.Lock()
        self._transport: paramiko.Transport | None = None
        self._client: paramiko.SFTPClient | None = None

    def list(self, folder: str) -> list[Entry]:
        with self._asked(folder) as server:
            try:
                found = server.listdir_attr(self._path(folder))
            except FileNotFoundError:
                raise no_folder(folder) from None
        return [
            Entry(one.filename, one.st_size or 0, float(one.st_mtime or 0))
            for one in found
            if one.st_mode is None or stat.S_ISREG(one.st_mode)
        ]

    def read(self, path: str, most: int) -> bytes:
        with self._asked(path) as server, server.open(self._path(path), "rb") as file:
            file.prefetch(min(file.stat().st_size or 0, most + 1))
            return bytes(file.read(most + 1))

    def write(self, path: str, content: bytes) -> None:
        with self._asked(path) as server:
            try:
                written = server.putfo(io.BytesIO(content), self._path(path), confirm=True)
            except FileNotFoundError:
                raise no_folder(path.rpartition("/")[0]) from None
            if written.st_size != len(content):
                raise TryLater(f"the warehouse's server kept {written.st_size} of {len(content)} bytes of {path}")

    def rename(self, old: str, new: str) -> None:
        with self._asked(new) as server:
            if _there(server, self._path(new)):
                raise Taken(new)
            # Not posix_rename: that one writes over what is there.
            server.rename(self._path(old), self._path(new))

    def exists(self, path: str) -> bool:
        with self._asked(path) as server:
            return _there(server, self._path(path))

    def remove(self, path: str) -> None:
        with self._asked(path) as server:
            server.remove(self._path(path))

    def make_folder(self, path: str) -> None:
        with self._asked(path) as server:
            try:
                server.mkdir(self._path(path))
            except OSError:
                if not _there(server, self._path(path)):
                    raise

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _path(self, path: str) -> str:
        return f"{self._account.folder}/{path}" if self._account.folder else path

    @contextmanager
    def _asked(self, path: str) -> Iterator[paramiko.SFTPClient]:
        """The connected server; what goes wrong in the block is one of our errors, and ends a broken connection."""
        with self._lock:
            try:
                yield self._client or self._connected()
            except (Missing, Taken, FixSettings, TryLater):
                raise
            except FileNotFoundError:
                raise Missing(path) from None
            except PermissionError as error:
                raise refused(path, str(error)) from None
            except (paramiko.SSHException, paramiko.SFTPError, EOFError, OSError) as error:
                self._drop()
                said = str(error) or type(error).__name__
                raise TryLater(f"the warehouse's server at {self._account.host} does not answer: {said}") from None

    def _connected(self) -> paramiko.SFTPClient:
        try:
            self._client = client = self._connect()
        except BaseException:
            self._drop()
            raise
        return client

    def _connect(self) -> paramiko.SFTPClient:
        account = self._account
        line = socket.create_connection((account.host, account.port), self._timeout)
        self._transport = transport = paramiko.Transport(line)
        transport.set_log_channel(_LOG.name)
        transport.banner_timeout = transport.auth_timeout = transport.handshake_timeout = self._timeout
        transport.start_client(timeout=self._timeout)
        _prove_host(transport.get_remote_server_key(), account.host_keys)
        try:
            if account.private_key:
                transport.auth_publickey(account.username, private_key(account.private_key))
            else:
                transport.auth_password(account.username, account.password)
        except paramiko.AuthenticationException:
            raise _login_refused(account) from None
        client = paramiko.SFTPClient.from_transport(transport)
        channel = client.get_channel() if client is not None else None
        if client is None or channel is None:
            raise TryLater(f"the warehouse's server at {account.host} opens no SFTP session")
        channel.settimeout(self._timeout)
        return client

    def _drop(self) -> None:
        transport, self._transport, self._client = self._transport, None, None
        if transport is not None:
            with suppress(Exception):
                transport.close()


def _there(server: paramiko.SFTPClient, path: str) -> bool:
    try:
        server.lstat(path)
    except FileNotFoundError:
        return False
    return True


def fingerprint(key: paramiko.PKey) -> str:
    """As `ssh-keygen -l` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")


def _prove_host(key: paramiko.PKey, known: Collection[str]) -> None:
    found = fingerprint(key)
    if found not in known:
        raise FixSettings(
            f"the SFTP server shows the host key {found} ({key.get_name()}), which is not the one that is known",
            parameter="fm.host_key",
            cure="ask the warehouse's people whether this is their key; only if they say so, put it into fm.host_key",
        )


def _login_refused(account: Account) -> FixSettings:
    what = "private_key" if account.private_key else "password"
    return FixSettings(
        f"the SFTP server refuses the login of {account.username}",
        parameter=f"fm.{what}",
        cure=f"correct fm.username and fm.{what}, as the warehouse gave them",
    )


def private_key(text: str) -> paramiko.PKey:
    """A private key in PEM or OpenSSH form. Raises FixSettings where it cannot be read, without its text."""
    # Read by cryptography: paramiko takes no ECDSA key as OpenSSH writes it.
    load = load_ssh_private_key if "OPENSSH" in text.partition("\n")[0] else load_pem_private_key
    try:
        key = load(text.encode(), None)
        if isinstance(key, RSAPrivateKey):
            return paramiko.RSAKey(key=key)
        if isinstance(key, EllipticCurvePrivateKey):
            return paramiko.ECDSAKey(vals=(key, key.public_key()))
        if isinstance(key, Ed25519PrivateKey):
            plain = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
            return paramiko.Ed25519Key(file_obj=io.StringIO(plain.decode()))
    except (ValueError, TypeError, UnsupportedAlgorithm, paramiko.SSHException):
        pass
    raise FixSettings(
        "the private key cannot be read",
        parameter="fm.private_key",
        cure="paste an RSA, ECDSA or Ed25519 key without a passphrase, from BEGIN to END (it is kept encrypted here)",
    )
