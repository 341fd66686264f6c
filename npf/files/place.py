"""Where the files of a warehouse are, asked by a few questions that a folder and an SFTP server answer alike.

Paths are relative to the warehouse's own folder, with slashes. Any question may raise FixSettings (what is refused
whatever the hour) or TryLater; Missing and Taken are answers.
"""

from typing import Protocol

import msgspec

from npf.core.errors import FixSettings

UNFINISHED = (".part", ".tmp")
"""Names that end so are being written, and nobody reads them."""


class Missing(Exception):
    """There is no such file."""


class Taken(Exception):
    """There is a file of that name already."""


class Entry(msgspec.Struct, frozen=True):
    """A file in a listing: its size in bytes and its last change in seconds since 1970, by the place's own clock."""

    name: str
    size: int
    modified: float


class Place(Protocol):
    """A folder of the warehouse's, safe for several threads."""

    def list(self, folder: str) -> list[Entry]:
        """The plain files in a folder."""
        ...

    def read(self, path: str, most: int) -> bytes:
        """A file's content, of one that is too long `most` + 1 bytes. Raises Missing."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Write a whole file, over one that is there."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, all at once. Raises Missing, and Taken rather than writing over another."""
        ...

    def exists(self, path: str) -> bool:
        """Whether there is a file of that name."""
        ...

    def remove(self, path: str) -> None:
        """Delete a file. Raises Missing."""
        ...

    def make_folder(self, path: str) -> None:
        """Make a folder in one that is there; nothing where it is there already."""
        ...

    def close(self) -> None:
        """Close the connection, if there is one."""
        ...


def refused(path: str, why: str) -> FixSettings:
    """The place does not let us do it, whatever the hour."""
    folder = path.partition("/")[0]
    return FixSettings(
        f"the warehouse's folder {folder} refuses us: {why}",
        parameter="fm.base_url",
        cure=f"let this user read and write {folder}, or correct the address and the names of the folders",
    )


def no_folder(folder: str) -> FixSettings:
    """A folder is not there. It is never made: an empty one may be a disk that is not mounted."""
    return FixSettings(
        f"the warehouse has no folder {folder}",
        parameter="fm.base_url",
        cure=f"make the folder {folder} there, or correct the address and the names of the folders",
    )
