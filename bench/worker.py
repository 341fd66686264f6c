"""A worker: a process that does a phase whenever its input names one, and says what it took."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

PHASES = ("pull", "prepare", "send", "follow", "push")
# Of npf alone: a look at a store where nothing happened; a store whose Complete status the shipment sets by itself.
OWN_PHASES = ("quiet", "ready", "ship")


class Worker:
    """The process `python -m bench.NAME`, seen from outside."""

    def __init__(self, name: str, config: dict[str, Any], home: str) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("NPF_")}
        environment.pop("DATABASE_URL", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"bench.{name}", json.dumps(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment | {"NPF_HOME": home},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def do(self, phase: str) -> dict[str, Any]:
        """Let it do a phase: {"orders": how many were pulled, "seconds", "peak_mb"}."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(phase + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        if not said:
            raise SystemExit(f"the bench's {phase} failed")
        done: dict[str, Any] = json.loads(said)
        return done


def work(phases: dict[str, Callable[[], int]]) -> None:
    """In the process: do what is asked for, until the input ends. A phase gives how many orders it pulled."""
    for line in sys.stdin:
        began = time.perf_counter()
        orders = phases[line.strip()]()
        took = time.perf_counter() - began
        print(json.dumps({"orders": orders, "seconds": took, "peak_mb": _peak_mb()}), flush=True)


def _peak_mb() -> float:
    """The most memory that this process has had so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
