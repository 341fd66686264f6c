"""The test database, for commands that run as processes of their own."""

import os
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from django.db import connection

_REPOSITORY = Path(__file__).resolve().parents[1]


def database_url() -> str:
    """DATABASE_URL with the name of the test database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{quote(connection.settings_dict['NAME'])}"))


def quick() -> dict[str, str]:
    """The environment of this process, with compiled modules kept: compiling them all takes two seconds a command."""
    env = os.environ | {"PYTHONPYCACHEPREFIX": str(_REPOSITORY / ".pytest_cache" / "bytecode")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def environment() -> dict[str, str]:
    """The environment of a process that works on the test database."""
    return quick() | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "npf.settings"}


def alone(home: Path) -> dict[str, str]:
    """The environment of a process with a home of its own, and with the embedded Postgres in it."""
    env = quick() | {"NPF_HOME": str(home)}
    for name in ("DATABASE_URL", "NPF_SECRET_KEY", "NPF_SECRET_KEY_FILE"):
        env.pop(name, None)
    return env
