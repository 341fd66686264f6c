"""The plugin that gives the tests their Postgres (tests/embedded.py)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres.commands import REPOSITORY

_PLUGINS = ("-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.embedded")
_TESTS = """
import os
import psycopg
import pytest
from cryptography.fernet import Fernet

@pytest.mark.parametrize("number", range(4))
def test_the_server_answers(number):
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    assert os.environ["PYTEST_XDIST_WORKER"] in ("gw0", "gw1")
    assert os.environ["NPF_HOME"] in os.environ["DATABASE_URL"]
    with open("%s", "a") as homes:
        print(os.environ["NPF_HOME"], file=homes)
    Fernet(os.environ["NPF_SECRET_KEY"])
"""


@pytest.mark.slow
def test_it_gives_all_workers_one_server_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_inner.py").write_text(_TESTS % (tmp_path / "homes"))
    ours = ("DATABASE_URL", "NPF_HOME", "NPF_SECRET_KEY", "PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, f"--rootdir={tmp_path}", *_PLUGINS, "-n", "2", tmp_path],
        env=environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout
    (home,) = {Path(line) for line in (tmp_path / "homes").read_text().splitlines()}
    assert not home.exists()
