"""What is sold in a month that FM cannot send, by how stock is written: `python -m bench.selling [DAYS]`.

`make bench` prints it too. Each way lives through the same days in a process of its own, on an embedded Postgres:
`python -m bench.selling WAY DAYS`. The world is bench/market.py; what the ways are, bench/month.py says.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Any

WAYS = ("exact", "absolute", "plain")
DAYS = 30.0


def measure(days: float = DAYS) -> list[tuple[str, ...]]:
    """The rows of the table: what, with exact, with absolute, with a plain overwrite."""
    found = []
    for way in WAYS:
        home = tempfile.mkdtemp(prefix="npf-bench-")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("NPF_")}
        environment.pop("DATABASE_URL", None)
        quiet = {"NPF_HOME": home, "NPF_LOG_LEVEL": "ERROR"}
        try:
            command = [sys.executable, "-m", "bench.selling", way, str(days)]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment | quiet)
            found.append(json.loads(done.stdout))
        finally:
            shutil.rmtree(home, ignore_errors=True)
        print(f"selling   {way:9} {found[-1]['seconds']:7.1f} s", file=sys.stderr)
    return [
        (f"{days:g} DAYS OF SALES, FAULTS ON", *(f"{way:>14}" for way in WAYS)),
        *((title, *(f"{one[key]:,}" for one in found)) for title, key in _ROWS.items()),
    ]


_ROWS = {
    "pushes of stock": "pushes",
    "orders placed": "orders",
    "units sold": "sold",
    "of them beyond what FM could send": "beyond",
    "figures that came into force": "written",
    "of them above what FM could send": "above",
}


def _live(way: str, days: float) -> dict[str, Any]:
    """Live through the days, in this process."""
    from npf.serve.start import started

    with started():
        from bench.month import live

        began = time.perf_counter()
        month = live(way, days)
    return {
        "seconds": time.perf_counter() - began,
        "pushes": month.pushes,
        "orders": month.orders,
        "sold": month.sold.total(),
        "beyond": month.beyond.total(),
        "written": month.written,
        "above": len(month.above),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    given = sys.argv[1:]
    if given and given[0] in WAYS:
        print(json.dumps(_live(given[0], float(given[1]))))
        return
    for row in measure(float(given[0]) if given else DAYS):
        print(f"{row[0]:36}" + "".join(f"{cell:>14}" for cell in row[1:]))


if __name__ == "__main__":
    main()
