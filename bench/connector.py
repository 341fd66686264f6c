"""npf itself: `python -m bench.connector CONFIG`, with an embedded Postgres in NPF_HOME."""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.sandboxes import CLIENT, PULL
from bench.worker import work
from npf.serve.start import started

NAME = "connector"


def store_file(config: dict[str, Any], name: str, start_date: str) -> dict[str, Any]:
    """The store file of a store of the sandboxes."""
    return {
        "name": name,
        "merchant": "Bench",
        "bigcommerce": {
            "store_id": name,
            "client_id": f"client-{name}",
            "access_token": f"token-{name}",
            "api_url": config["bigcommerce"],
        },
        "fm": {"base_url": config["fm"], "client_code": name.upper(), **CLIENT},
        "parameters": {"start_date": start_date, "prefix": "B-"},
        "dispatch": {"default": "AP", "*express*": "EP EXP"},
        "carriers": {"AP": "auspost", "EP EXP": "startrack"},
    }


def main(config: dict[str, Any]) -> None:
    with started():
        from npf.jobs.stations import one_station
        from npf.stores import book, draft
        from npf.stores.outside import Outside

        outside = Outside()
        start_date = f"{outside.clock.now() - timedelta(days=30):%d/%m/%Y}"
        for name in (PULL, NAME):
            book.save(draft.read(store_file(config, name, start_date)), "bench", outside.clock)

        def visits(store: str, station: str) -> Callable[[], int]:
            def visit() -> int:
                return one_station(station, book.find(store), outside, "bench", urgent=True).counts.get("pulled", 0)

            return visit

        phases = {station: visits(NAME, station) for station in ("send", "follow", "push")}
        work(phases | {"pull": visits(PULL, "pull"), "prepare": visits(NAME, "pull")})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
