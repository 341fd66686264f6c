"""A pytest plugin (`-p tests.embedded`): a Postgres of the tests' own, in a temporary NPF_HOME.

It works when it is imported, because pytest-django reads the settings before any hook of ours would run. With
DATABASE_URL set, the tests use that server. The workers of xdist inherit all of it from their parent.
"""

import atexit
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from npf.core.clock import SystemClock
from npf.postgres import Attached, PostgresError, attach, server
from npf.postgres.folder import Folder
from npf.postgres.user import server_user

_PREFIX = "npf-tests-"
_FORGOTTEN = 3600.0
"""Seconds after which a home without an owner is taken for the leavings of a test run that was killed."""
# The data live no longer than the run: nothing needs to survive a power cut.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_attached: Attached | None = None


def _begin() -> None:
    global _attached
    os.environ.setdefault("NPF_SECRET_KEY", Fernet.generate_key().decode())
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    home = Path(tempfile.mkdtemp(prefix=_PREFIX))
    # Registered before attach registers its own: exits run backwards, and the server must stop first.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["NPF_HOME"] = str(home)
    if os.environ.get("DATABASE_URL"):
        return
    _remove_the_forgotten(home.parent)
    try:
        _attached = attach(home, settings=_FAST)
    except PostgresError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ["DATABASE_URL"] = _attached.url


def _remove_the_forgotten(folder: Path) -> None:
    """Stop and delete what runs left that were killed and could not do it themselves."""
    clock = SystemClock()
    for home in folder.glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError):  # another run may be at it too
            found = home.stat()
            if found.st_uid != os.geteuid() or time.time() - found.st_mtime < _FORGOTTEN:
                continue
            left = Folder(home, server_user(home))
            left.make()
            with left.locked(clock):
                used = left.has_owners()
                if not used:
                    server.stop(left, clock)
            if not used:
                shutil.rmtree(home, ignore_errors=True)


def pytest_unconfigure() -> None:
    """Stop the server; its folder goes at the exit."""
    if _attached is not None:
        _attached.close()
        shutil.rmtree(_attached.home, ignore_errors=True)


_begin()
