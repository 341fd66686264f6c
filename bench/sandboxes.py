"""Both sandboxes in a process of their own: `python -m bench.sandboxes PULL WAY DELAY`.

They serve until their input ends.
"""

import json
import subprocess
import sys
import urllib.request
from types import TracebackType
from typing import Any, Self

CLIENT = {"username": "bench", "password": "secret-of-fm"}
PULL = "pull"
SHIPPED = "shipped"
WORKERS = ("connector", "plain")


class Sandboxes:
    """The sandboxes, as the bench sees them from outside. `config` is what a worker needs to find its way."""

    def __init__(self, pull: int, way: int, delay: float) -> None:
        """`pull` and `way`: how many orders the stores have. `delay`: seconds before each call is looked at."""
        command = [sys.executable, "-m", "bench.sandboxes", str(pull), str(way), str(delay)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.config: dict[str, Any] = json.loads(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def calls(self) -> dict[str, int]:
        """Requests that both have seen so far, by their own logs."""
        stores = _read(f"{self.config['bigcommerce']}/_sandbox/stores")["stores"]
        fm = _read(f"{self.config['fm']}/_sandbox/log")["log"]
        return {"bigcommerce": sum(store["requests"] for store in stores), "fm": len(fm)}

    def complete(self, worker: str) -> int:
        """Orders of a worker's store that BigCommerce shows as Completed with a shipment."""
        orders = _read(f"{self.config['bigcommerce']}/_sandbox/{worker}/orders")
        return sum(1 for order in orders if order["status_id"] == 10 and order["shipments"])


def _read(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def _serve(pull: int, way: int, delay: float) -> None:
    from npf.sandbox import bigcommerce, fm
    from npf.sandbox.server import serve

    world = bigcommerce.World(seed=1)
    slow = f"stall:{delay}=1" if delay else ""
    warehouse = fm.Warehouse(1, pick_delay=0.0, faults=slow)
    counts = {PULL: pull, SHIPPED: min(way, 200)} | dict.fromkeys(WORKERS, way)
    for name, count in counts.items():
        store = world.add_store(name, quota=None)
        bigcommerce.seed_store(store, count, seed=1, variety="plain")
        warehouse.add_client(client_code=name.upper(), products=None, **CLIENT)
        # Serialised beforehand, so that the bench measures who reads and not who writes.
        store.warm()
        store.faults.load(slow)
    with serve(bigcommerce.make_app(world)) as shops, serve(fm.make_app(warehouse)) as floor:
        print(json.dumps({"bigcommerce": shops.url, "fm": floor.url}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
