"""What a push of stock costs when every SKU changes: `python -m bench.stock [SKUS]`; `make bench` prints it too.

sandboxes    python -m bench.stock serve SKUS      in a process of their own, until their input ends
npf          python -m bench.stock CONFIG          a worker, on an embedded Postgres
"""

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from datetime import timedelta
from typing import Any

from bench.connector import store_file
from bench.sandboxes import CLIENT
from bench.worker import Worker, work

SKUS = 20_000
VARIANTS = 5
"""Variants of a product; a tenth of the SKUs are products without."""
WAYS = {"inventory": "with the scope", "catalogue": "without"}


def measure(skus: int = SKUS) -> list[tuple[str, ...]]:
    """The rows of the table: what, with the Store Inventory scope, without."""
    command = [sys.executable, "-m", "bench.stock", "serve", str(skus)]
    serving = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert serving.stdout is not None
    config = json.loads(serving.stdout.readline())
    home = tempfile.mkdtemp(prefix="npf-bench-")
    try:
        found = [_push(config | {"way": way}, home, way) for way in WAYS]
    finally:
        shutil.rmtree(home, ignore_errors=True)
        serving.communicate()
    return [
        (f"STOCK, {skus:,} SKUs, all changed", *(f"{title:>14}" for title in WAYS.values())),
        ("seconds: pull, count, pull, write, read", *(f"{one['seconds']:.1f}" for one in found)),
        ("SKUs written", *(f"{one['written']:,}" for one in found)),
        ("calls that write", *(f"{one['writing']:,}" for one in found)),
        ("calls to read levels before, and after", *(f"{one['levels']:,}" for one in found)),
        ("calls to BigCommerce in all", *(f"{one['bigcommerce']:,}" for one in found)),
        ("seconds when nothing changed", *(f"{one['quiet']:.1f}" for one in found)),
        ("peak memory, MB", *(f"{one['peak_mb']:.0f}" for one in found)),
    ]


def show(rows: list[tuple[str, ...]]) -> None:
    for what, *figures in rows:
        print(f"{what:44}" + "".join(f"{figure:>16}" for figure in figures))


def _push(config: dict[str, Any], home: str, way: str) -> dict[str, Any]:
    with Worker("stock", config, home) as worker:
        done = worker.do("changed")
        calls = {
            "writing": _calls(config, way, "writes=1"),
            "levels": _calls(config, way, "path_prefix=/v3/inventory/items"),
            "bigcommerce": _calls(config, way, ""),
        }
        again = worker.do("same")
    return calls | {
        "seconds": done["seconds"],
        "quiet": again["seconds"],
        "written": done["orders"],
        "peak_mb": again["peak_mb"],
    }


def _calls(config: dict[str, Any], store: str, which: str) -> int:
    with urllib.request.urlopen(f"{config['bigcommerce']}/_sandbox/{store}/log?limit=1&{which}") as answer:
        return int(json.load(answer)["count"])


def _serve(skus: int) -> None:
    from npf.sandbox import bigcommerce, fm
    from npf.sandbox.server import serve

    world = bigcommerce.World(seed=1)
    warehouse = fm.Warehouse(1, pick_delay=0.0)
    for way in WAYS:
        scopes = bigcommerce.FULL_SCOPES if way == "inventory" else bigcommerce.FOUR_SCOPES
        store = world.add_store(way, quota=None, scopes=scopes)
        for number in range(skus // 10):
            store.add_product(f"P-{number}", 50)
        for number in range((skus - skus // 10) // VARIANTS):
            options = [(f"V-{number}-{size}", (("Size", str(size)),)) for size in range(VARIANTS)]
            store.add_product(f"V-{number}", 50, options=options)
        warehouse.add_client(client_code=way.upper(), products=None, **CLIENT)
    with serve(bigcommerce.make_app(world)) as shops, serve(fm.make_app(warehouse)) as floor:
        print(json.dumps({"bigcommerce": shops.url, "fm": floor.url}), flush=True)
        sys.stdin.read()


def _work(config: dict[str, Any]) -> None:
    from npf.serve.start import started

    with started():
        from npf.jobs.stations import push_stock
        from npf.stores import book, draft
        from npf.stores.outside import Outside

        outside = Outside()
        start_date = f"{outside.clock.now() - timedelta(days=30):%d/%m/%Y}"
        book.save(draft.read(store_file(config, config["way"], start_date=start_date)), "bench", outside.clock)

        def push() -> int:
            done = push_stock(book.find(config["way"]), outside, "bench")
            if done["stopped"]:
                raise SystemExit(done["stopped"])
            return int(done["written"])

        work({"changed": push, "same": push})


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        _serve(int(sys.argv[2]))
    elif sys.argv[1:] and sys.argv[1].startswith("{"):
        _work(json.loads(sys.argv[1]))
    else:
        show(measure(*(int(word) for word in sys.argv[1:2])))
