"""What must stand before anything else: Postgres, the key, Django, the tables.

Postgres' driver and Django are imported where they are used: `npf --help` and `npf sandbox` need neither.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from npf.core.errors import FixSettings, TryLater

if TYPE_CHECKING:
    from npf.postgres import Attached

# Any number: it only has to be the same in every npf that migrates the same database.
_MIGRATING = 0x6E7066


@contextmanager
def started(*, migrate: bool = False) -> Iterator["Attached | None"]:
    """Make Postgres, the key and Django ready within the block, from the environment (DESIGN section 6).

    Gives the embedded server, None where DATABASE_URL names one. Raises FixSettings, naming the variable.

    `migrate`: bring the tables up to date. On a server given by DATABASE_URL other machines may run another version,
    so only the commands that own the upgrade (`up`, `demo`, `migrate`) do it there; the others say what is missing.
    """
    from npf.postgres import attach, npf_home

    given = os.environ.get("DATABASE_URL", "").strip()
    if given:
        _check_url(given)
    # The server first: where it is embedded, it makes the home, with the rights that its user needs.
    attached = None if given else attach(npf_home())
    try:
        _find_key(npf_home())
        if attached is not None:
            os.environ["DATABASE_URL"] = attached.url
        _set_up_django()
        _connect()
        _tables(migrate=migrate or not given)
        with _told_if_it_fails():
            yield attached
    finally:
        if attached is not None:
            from django.db import connections

            connections.close_all()
            os.environ.pop("DATABASE_URL", None)
            attached.close()


@contextmanager
def _told_if_it_fails() -> Iterator[None]:
    """A database that goes away in the middle of the work, told in a sentence."""
    from django.db import InterfaceError, OperationalError

    try:
        yield
    except (OperationalError, InterfaceError) as error:
        said = " ".join(str(error).split())
        raise TryLater(f"the database failed ({said}). What was done until then is on record: run it again") from error


def _check_url(url: str) -> None:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    wrong = ""
    if not url.startswith(("postgres://", "postgresql://")):
        wrong = "it names no Postgres"
    else:
        try:
            conninfo_to_dict(url)
            _ = urlsplit(url).port
        except (psycopg.ProgrammingError, ValueError) as error:
            wrong = str(error).strip()
    if wrong:
        raise FixSettings(
            f"DATABASE_URL cannot be used: {wrong}",
            parameter="DATABASE_URL",
            cure="write postgresql://USER:PASSWORD@HOST:5432/DATABASE, or leave it out for the embedded Postgres",
        )


def _find_key(home: Path) -> None:
    """NPF_SECRET_KEY, or the file NPF_SECRET_KEY_FILE, or the key that the first start left in the home."""
    named = os.environ.get("NPF_SECRET_KEY_FILE")
    parameter, text = "NPF_SECRET_KEY", os.environ.get("NPF_SECRET_KEY", "")
    if not text and named:
        parameter, text = "NPF_SECRET_KEY_FILE", _read_key(Path(named), "NPF_SECRET_KEY_FILE")
    elif not text:
        parameter, text = "NPF_HOME", _own_key(home)
    keys = text.replace(",", " ").split()
    _check_keys(keys, parameter)
    os.environ["NPF_SECRET_KEY"] = ",".join(keys)


def _own_key(home: Path) -> str:
    """The key in the home, made where there is none."""
    from cryptography.fernet import Fernet

    file = home / "secret.key"
    try:
        if not file.exists():
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            _leave(file, Fernet.generate_key())
    except OSError as error:
        raise FixSettings(
            f"the key file {file} cannot be made: {error.strerror}",
            parameter="NPF_HOME",
            cure="set NPF_HOME to a folder that you may write to, or give the key in NPF_SECRET_KEY",
        ) from None
    return _read_key(file, "NPF_HOME")


def _leave(file: Path, key: bytes) -> None:
    """Put the key in its place, whole or not at all: of two commands that start at once, one makes it for both."""
    handle, new = tempfile.mkstemp(prefix="secret-", dir=file.parent)  # of mode 0600
    try:
        with os.fdopen(handle, "wb") as writing:
            writing.write(key)
            writing.flush()
            os.fsync(writing.fileno())
        os.link(new, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(new)


def _read_key(file: Path, parameter: str) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise FixSettings(
            f"the key file {file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}",
            parameter=parameter,
            cure="name a file that this user may read" if parameter != "NPF_HOME" else "run npf as the file's owner",
        ) from None


def _check_keys(keys: list[str], parameter: str) -> None:
    from cryptography.fernet import Fernet

    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        keys = []
    if not keys:
        raise FixSettings(
            f"{parameter} holds no key: a key is 32 bytes in url-safe base64",
            parameter=parameter,
            cure="put the right key back, from a backup: the secrets in the database cannot be read without it",
        )


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "npf.settings")
    import django

    django.setup()


def _connect() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise FixSettings(
            f"the database cannot be reached: {' '.join(str(error).split())}",
            parameter="DATABASE_URL",
            cure="start that server, or mend DATABASE_URL; without it npf uses the embedded Postgres",
        ) from None


def _tables(*, migrate: bool) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if not migrate:
        raise FixSettings(
            "the tables of this database are not up to date", parameter="DATABASE_URL", cure="run npf migrate once"
        )
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_MIGRATING])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_MIGRATING])
