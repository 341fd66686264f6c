"""The npf command, in this process or as one of its own."""

import json
import subprocess
import sys
from typing import Any

import msgspec

from tests.database import environment


class Ran(msgspec.Struct, frozen=True):
    """What a command did: its exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


def process(*words: str, env: dict[str, str] | None = None) -> Ran:
    """Run `npf words…` as a process, on the test database or as `env` says."""
    done = subprocess.run(
        [sys.executable, "-m", "npf", *words], env=env or environment(), capture_output=True, text=True, timeout=120
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def toml(nested: dict[str, Any]) -> str:
    """A store file of these tables."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in nested.items() if not isinstance(value, dict)]
    for table, rows in nested.items():
        if not isinstance(rows, dict):
            continue
        flat = {key: value for key, value in rows.items() if not isinstance(value, dict)}
        lines += [f"[{table}]", *(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in flat.items())]
        for key, value in rows.items():
            if isinstance(value, dict):
                lines += [f"[{table}.{json.dumps(key)}]"]
                lines += [f"{json.dumps(code)} = {json.dumps(count)}" for code, count in value.items()]
    return "\n".join(lines) + "\n"
