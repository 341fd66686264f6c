"""`npf worker` as a real process on the test database."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.database import environment


class Worker:
    """A running worker; killed at the end of the block if it still lives."""

    def __init__(self, *options: str) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - read after its end
        self.process = subprocess.Popen(
            [sys.executable, "-m", "npf", "worker", *options], env=environment(), stderr=self._log
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        if error is not None:
            sys.stderr.write(self.said())

    def said(self) -> str:
        """What it wrote to standard error."""
        self._log.seek(0)
        return self._log.read().decode()

    def end(self) -> float:
        """SIGTERM, and the seconds until it has ended."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - began


def wait_until(condition: Callable[[], object], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)
