"""Homes for servers: private folders right under an open one, because the folders of pytest let no other user in."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from npf.postgres import attach
from npf.postgres.processes import postmaster_of
from tests.postgres.commands import FAST, is_running, wait_until

_MEMORY = Path("/dev/shm")


def _private_folder() -> Path:
    """As mkdtemp makes it, in memory where there is plenty: a home is a thousand files."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 2**30
    usable = roomy and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
    return Path(tempfile.mkdtemp(prefix="npf-home-", dir=_MEMORY if usable else None))


@pytest.fixture
def empty_home() -> Iterator[Path]:
    """A fresh private folder."""
    home = _private_folder()
    yield home
    _kill_what_is_left(home)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def _made_home() -> Iterator[Path]:
    home = _private_folder()
    attach(home, settings=FAST).close()
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def home(_made_home: Path) -> Iterator[Path]:
    """A home with data and no server, which the tests share: making one takes longer than most of them."""
    yield _made_home
    _kill_what_is_left(_made_home)


@pytest.fixture
def own_home(_made_home: Path, empty_home: Path) -> Path:
    """The same, for a test that spoils it."""
    subprocess.run(["cp", "-a", f"{_made_home}/.", str(empty_home)], check=True)
    return empty_home


def _kill_what_is_left(home: Path) -> None:
    left = postmaster_of(home / "data")
    if left is not None:
        with suppress(ProcessLookupError):
            os.kill(left, signal.SIGQUIT)
        wait_until(lambda: not is_running(home))
