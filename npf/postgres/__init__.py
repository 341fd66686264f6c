"""The embedded Postgres: one server per NPF_HOME, shared by every npf command that is running.

    attach ──> lock the home ──> join its owners ──> does the server answer? ──yes──> Attached(url)
                                                              │no
                                     make the data folder, clear what a dead server left, start it

    close  ──> lock the home ──> leave its owners ──> is anybody left? ──no──> stop the server

What is alive is asked of the kernel, never of a number in a file: an owner holds a lock on a file of its own, the
server's processes hold one together, and the kernel lets go of both when their holders die, however they die.
"""

from npf.postgres.attach import Attached, attach
from npf.postgres.errors import PostgresError
from npf.postgres.folder import npf_home

__all__ = ["Attached", "PostgresError", "attach", "npf_home"]
