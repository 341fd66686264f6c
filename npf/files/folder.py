"""A place that is a folder of this machine, or of a disk that it mounts."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from npf.core.errors import TryLater
from npf.files.place import Entry, Missing, Taken, no_folder, refused

_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG)


class Folder:
    """The folder at `root`, an absolute path."""

    def __init__(self, root: str) -> None:
        self._root = Path(root)

    def list(self, folder: str) -> list[Entry]:
        found = []
        with _understood(folder):
            try:
                entries = list(os.scandir(self._root / folder))
            except FileNotFoundError:
                raise no_folder(folder) from None
            for entry in entries:
                with suppress(FileNotFoundError):
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(about.st_mode):
                        found.append(Entry(entry.name, about.st_size, about.st_mtime))
        return found

    def read(self, path: str, most: int) -> bytes:
        with _understood(path), open(self._root / path, "rb", opener=_no_link) as file:
            return file.read(most + 1)

    def write(self, path: str, content: bytes) -> None:
        with _understood(path):
            try:
                with open(self._root / path, "wb", opener=_no_link) as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            except FileNotFoundError:
                raise no_folder(path.rpartition("/")[0]) from None

    def rename(self, old: str, new: str) -> None:
        with _understood(new):
            if os.path.lexists(self._root / new):
                raise Taken(new)
            os.rename(self._root / old, self._root / new)
            _keep((self._root / new).parent)

    def exists(self, path: str) -> bool:
        with _understood(path):
            return os.path.lexists(self._root / path)

    def remove(self, path: str) -> None:
        with _understood(path):
            os.unlink(self._root / path)

    def make_folder(self, path: str) -> None:
        with _understood(path), suppress(FileExistsError):
            os.mkdir(self._root / path)

    def close(self) -> None:
        """There is no connection."""


def _no_link(path: str, flags: int) -> int:
    """Open a file, but not what a link points to: the warehouse's people write into this folder too."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o664)


@contextmanager
def _understood(path: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Missing(path) from None
    except OSError as error:
        if error.errno in _REFUSED:
            raise refused(path, error.strerror or str(error)) from None
        raise TryLater(f"the warehouse's folder does not answer: {error.strerror or error}") from None


def _keep(folder: Path) -> None:
    """Have the new name outlive a loss of power, where the disk can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
