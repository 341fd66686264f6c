"""`npf sandbox fm`: one FM alone, with one client, until Ctrl-C."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

from ..server import Server, serve
from .app import make_app
from .warehouse import Warehouse


def start(
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    seed: int = 0,
    faults: str = "",
    username: str = "demo",
    password: str = "demo",
    client_code: str = "DEMO",
    products: Mapping[str, int] | None = None,
    **settings: Any,
) -> tuple[Server, Warehouse]:
    """Serve a warehouse with one client, in the background; port 0 takes a free one.

    `products` None = every code is sold, so that any store's orders can be tried. `settings` are those of Settings
    (`pick_delay=3.0`, `split_share=0.1`, …). Raises ValueError for a bad spec or setting, OSError for a taken port.
    """
    warehouse = Warehouse(seed, faults=faults, **settings)
    warehouse.add_client(client_code=client_code, username=username, password=password, products=products)
    return serve(make_app(warehouse), host, port), warehouse


def snippet(url: str, username: str, password: str, client_code: str) -> str:
    """The [fm] table of a store file that connects to a warehouse at `url`."""
    return (
        f'[fm]\nbase_url = "{url}"\nusername = "{username}"\npassword = "{password}"\nclient_code = "{client_code}"\n'
    )


def run(port: int = 8082, *, out: TextIO | None = None, **options: Any) -> None:
    """`start`, print the [fm] table for a store file, and serve until Ctrl-C. Options are those of `start`."""
    server, warehouse = start(port, **options)
    (client,) = warehouse.clients.values()
    out = out or sys.stdout
    # Ctrl-C may come before the waiting begins.
    with server, suppress(KeyboardInterrupt):
        out.write(f"FM sandbox at {server.url}/ (a page to play with; Ctrl-C ends it). For a store file:\n\n")
        out.write(snippet(server.url, client.username, client.password, client.code))
        out.flush()
        server.wait()
