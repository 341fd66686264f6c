"""One row of the tables of parameters."""

import msgspec

from npf.stores import kinds


class Parameter(msgspec.Struct, frozen=True):
    """One row of the table. `group` is the heading under which the console shows it.

    `of`: the kind of warehouse that it is about, "" = any.
    """

    key: str
    label: str
    read: kinds.Reader
    help: str
    group: str
    choices: tuple[str, ...] = ()
    of: str = ""


def row(group: str, key: str, label: str, read: kinds.Reader, help: str, *choices: str, of: str = "") -> Parameter:
    """A row of the table `group`."""
    return Parameter(key, label, read, help, group, choices, of)
