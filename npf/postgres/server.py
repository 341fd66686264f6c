"""The server of one home: ask it, start it, stop it. Starting and stopping is done under the home's lock."""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum
from urllib.parse import quote

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from npf.core.clock import Clock
from npf.postgres.binaries import Binaries, installed, runnable
from npf.postgres.data import SUPERUSER, check_version, make_data
from npf.postgres.errors import PostgresError, from_output
from npf.postgres.folder import Folder
from npf.postgres.processes import postmaster_of

RECOVERY = 300.0
"""Seconds that a server may take to start, which after a crash means to replay what it had not yet written."""
SILENCE = 10.0
"""Seconds given to the processes of a dead server to end and to let go of its memory."""
_STOPPING = 60.0
_PORT = "5432"
_DATABASE = "npf"

_SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "128MB",
    # Containers give 64 MB of shared memory, which parallel queries outgrow; and there are few cores.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Statements and details quote the data; errors are told to the command that asked.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}

_CHILDREN: list[subprocess.Popen[bytes]] = []
"""Servers that we are the parent of; kept, because a server may well outlive the owner that started it."""


class Answer(Enum):
    READY = "ready"
    BUSY = "busy"  # it starts or recovers
    SILENT = "silent"  # there is none, or one that takes nobody in any more


class _NotYet(Exception):
    """The server did not start, but may in a moment: the last one's memory is in use, or this one was killed."""

    def __init__(self, failure: PostgresError) -> None:
        super().__init__(str(failure))
        self.failure = failure


def url_of(folder: Folder) -> str:
    """The database as a URL for psycopg and for django-environ."""
    socket = quote(str(folder.socket_folder()), safe="/")
    return f"postgresql://{_DATABASE}:{folder.password()}@:{_PORT}/{_DATABASE}?host={socket}"


def ensure_running(folder: Folder, settings: Mapping[str, str], clock: Clock) -> None:
    """Return with a server that answers and has the database, started where none does. Raises PostgresError."""
    last, since, stopped = None, 0.0, False
    while (answer := ask(folder)) is not Answer.READY:
        if answer is not last:
            last, since = answer, clock.monotonic()
        failure = from_output(f"a server uses {folder.data} and does not answer", folder.home)
        lock = folder.server_lock()
        if lock is not None:
            try:
                _start(folder, settings, clock, lock)
                continue
            except _NotYet as error:
                failure = error.failure
            finally:
                os.close(lock)
        waited = clock.monotonic() - since
        if answer is Answer.BUSY and waited > RECOVERY:
            raise _too_slow(folder)
        if answer is Answer.SILENT and waited > SILENCE:
            if stopped or postmaster_of(folder.data) is None:
                raise failure
            # Its socket is gone (a cleaned /tmp), or somebody told it to end when its last client has gone.
            stop(folder, clock)
            stopped = True
        clock.sleep(0.05)


def answers(folder: Folder) -> bool:
    """Whether the server takes connections; cheaper than `ask`, and true also where all are taken."""
    return pq.PGconn.ping(_conninfo(folder).encode()) == pq.Ping.OK


def ask(folder: Folder) -> Answer:
    """Log in and look whether the database is there, making it where its maker was killed half way."""
    try:
        connection = psycopg.connect(_conninfo(folder), autocommit=True)
    except psycopg.OperationalError as error:
        ping = pq.PGconn.ping(_conninfo(folder).encode())
        if "password authentication failed" in str(error):
            raise PostgresError(
                f"The server of {folder.home} does not take the password in {folder.home / 'password'}.",
                cure="Put the right file back from a backup.",
            ) from None
        ends = ping == pq.Ping.NO_RESPONSE or "shutting down" in str(error)
        return Answer.SILENT if ends else Answer.BUSY
    try:
        with connection:
            _ensure_database(connection, folder.password())
    except psycopg.Error as error:
        raise from_output(str(error), folder.home) from error
    return Answer.READY


def stop(folder: Folder, clock: Clock) -> None:
    """Stop the server, breaking its connections off, and wait until it has ended; none running is fine."""
    pid = postmaster_of(folder.data)
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
    until = clock.monotonic() + (_STOPPING if pid is not None else SILENCE)
    while not folder.server_is_gone():
        if clock.monotonic() > until:
            return  # it goes on stopping by itself; the next command waits for it
        clock.sleep(0.005)
    folder.forget_socket()


def _start(folder: Folder, settings: Mapping[str, str], clock: Clock, lock: int) -> None:
    """Start the server in a data folder made where missing, and wait until it takes connections."""
    by_hand = postmaster_of(folder.data)
    if by_hand is not None:
        raise PostgresError(
            f"A Postgres server that npf has not started uses {folder.data} (process {by_hand}).",
            cure=f"Stop it: pg_ctl -D {folder.data} -m fast stop",
        )
    folder.check_reach()
    choice = installed()
    check_version(folder, choice)
    binaries = runnable(choice[0], folder.user, folder.binaries)
    folder.sweep()
    if not (folder.data / "PG_VERSION").exists():
        make_data(folder, binaries, durable=settings.get("fsync") != "off")
    # Nothing of the last server lives: we hold its lock, and the pid in its file is no server of this folder. Left
    # there, a pid that lives again as something else would keep the new server from starting.
    (folder.data / "postmaster.pid").unlink(missing_ok=True)
    folder.clear_socket()
    _run(folder, binaries, settings, clock, lock)


def _run(folder: Folder, binaries: Binaries, settings: Mapping[str, str], clock: Clock, lock: int) -> None:
    fixed = {
        "port": _PORT,
        "listen_addresses": "",
        "unix_socket_directories": str(folder.socket_folder()),
        "unix_socket_permissions": "0700",
        "logging_collector": "off",
        "log_destination": "stderr",
    }
    command = [str(binaries.bin / "postgres"), "-D", str(folder.data)]
    for name, value in {**_SETTINGS, **settings, **fixed}.items():
        command += ["-c", f"{name}={value}"]
    log = folder.open(folder.log, os.O_APPEND)
    try:
        said_before = os.fstat(log).st_size
        process = folder.user.start(command, output=log, keep=[lock])
        try:
            _wait_until_ready(folder, process, clock)
        except BaseException:
            process.send_signal(signal.SIGQUIT)
            process.wait()
            raise
        finally:
            _CHILDREN.append(process)
        if process.returncode is not None:
            os.lseek(log, said_before, os.SEEK_SET)
            said = os.read(log, 65536).decode(errors="replace")
            failure = from_output(said, folder.home, process.returncode)
            in_use = "pre-existing shared memory block" in said or "lock file" in said
            raise _NotYet(failure) if in_use or process.returncode == -signal.SIGKILL else failure
    finally:
        os.close(log)


def _wait_until_ready(folder: Folder, process: subprocess.Popen[bytes], clock: Clock) -> None:
    """Wait until the server says in its pid file that it is ready, or has ended (process.returncode)."""
    until = clock.monotonic() + RECOVERY
    while process.poll() is None:
        with suppress(FileNotFoundError):
            lines = (folder.data / "postmaster.pid").read_text().splitlines()
            if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
                return
        if clock.monotonic() > until:
            raise _too_slow(folder)
        clock.sleep(0.005)


def _too_slow(folder: Folder) -> PostgresError:
    return PostgresError(
        f"Postgres was not ready after {RECOVERY:.0f} seconds.", cure=f"See {folder.log}, and try again."
    )


def reap() -> None:
    """Let children that have ended go: as zombies they would keep their pid."""
    _CHILDREN[:] = [child for child in _CHILDREN if child.poll() is None]


def _conninfo(folder: Folder) -> str:
    return make_conninfo(
        host=str(folder.socket_folder()),
        port=_PORT,
        user=SUPERUSER,
        password=folder.password(),
        dbname="postgres",
        connect_timeout=10,
    )


def _ensure_database(connection: psycopg.Connection[TupleRow], password: str) -> None:
    """The role that npf works as, which is no superuser, and its database."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE]).fetchone():
        return
    role = sql.Identifier(_DATABASE)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [_DATABASE]).fetchone():
        verifier = connection.pgconn.encrypt_password(password.encode(), _DATABASE.encode(), b"scram-sha-256")
        with connection.transaction():
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(role, sql.Literal(verifier.decode()))
            )
            # What a command asked for and was refused is told to the command; the log is the server's own.
            connection.execute(sql.SQL("ALTER ROLE {} SET log_min_messages = 'log'").format(role))
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
