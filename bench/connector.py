"""npf itself: `python -m bench.connector CONFIG`, with an embedded Postgres in NPF_HOME."""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.sandboxes import CLIENT, PULL, SHIPPED
from bench.worker import work
from npf.serve.start import started

NAME = "connector"


def store_file(config: dict[str, Any], name: str, **parameters: Any) -> dict[str, Any]:
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
        "parameters": {"prefix": "B-"} | parameters,
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
        for name, complete in ((PULL, "10"), (NAME, "10"), (SHIPPED, "2")):
            store = store_file(config, name, start_date=start_date, status_complete=complete)
            book.save(draft.read(store), "bench", outside.clock)

        def visits(store: str, *stations: str) -> Callable[[], int]:
            def visit() -> int:
                done = [one_station(one, book.find(store), outside, "bench", urgent=True) for one in stations]
                return done[0].counts.get("pulled", 0)

            return visit

        phases = {station: visits(NAME, station) for station in ("send", "follow", "push")}
        phases |= {"pull": visits(PULL, "pull"), "quiet": visits(PULL, "pull"), "prepare": visits(NAME, "pull")}
        work(phases | {"ready": visits(SHIPPED, "pull", "send", "follow"), "ship": visits(SHIPPED, "push")})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
