"""Web and worker as child processes that live as long as their parent, and are started again when they die."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from npf.core.clock import Clock

# A child that dies at once is not started more often than this, so that a broken one does not eat the machine.
AGAIN_AFTER = 2.0
PATIENCE = 25.0


class Children:
    """Several `npf` commands, run side by side.

    A child reads its standard input, which nobody writes: when the parent dies, however it dies, the input ends and
    the child stops (see `stop_with_parent`).
    """

    def __init__(self, commands: Sequence[Sequence[str]], clock: Clock, say: Callable[[str], None]) -> None:
        self._commands = [list(command) for command in commands]
        self._clock = clock
        self._say = say
        self._running: list[subprocess.Popen[bytes]] = []
        self._started: list[float] = []

    def __enter__(self) -> Self:
        for command in self._commands:
            self._running.append(self._start(command))
            self._started.append(self._clock.monotonic())
        return self

    def look_after(self) -> None:
        """Start again what has died. Call it every second or so."""
        for index, child in enumerate(self._running):
            if child.poll() is None or self._clock.monotonic() - self._started[index] < AGAIN_AFTER:
                continue
            self._say(f"npf {self._commands[index][0]} ended with {child.returncode}; it is started again")
            _close(child)
            self._running[index] = self._start(self._commands[index])
            self._started[index] = self._clock.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._running:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self._running:
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            _close(child)

    @staticmethod
    def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
        # A group of its own: Ctrl-C reaches the parent alone, which then ends its children in order.
        return subprocess.Popen(
            [sys.executable, "-m", "npf", *command, "--with-parent"], stdin=subprocess.PIPE, start_new_session=True
        )


def _close(child: subprocess.Popen[bytes]) -> None:
    """The end of its input, for what a killed child has left behind."""
    if child.stdin is not None:
        child.stdin.close()


def stop_with_parent() -> None:
    """In a child: end as by SIGTERM when the parent is gone."""

    def wait() -> None:
        # Not through sys.stdin: its lock, held by a thread that waits, hangs the interpreter at its end.
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()
