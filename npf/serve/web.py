"""The web server: granian with blocking threads, as a process that answers and one that watches it.

npf web --with-parent          reads its input: ends with its parent
  └─ granian's own process     the same, because nobody else would end it when npf web is killed
"""

import os
import socket
from typing import Any

from npf.core.errors import FixSettings
from npf.serve.children import stop_with_parent

_WITH_PARENT = "NPF_WITH_PARENT"


def check_port(host: str, port: int) -> None:
    """Raises FixSettings where nobody can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise FixSettings(
            f"{host}:{port} cannot be listened on: {error.strerror or error}",
            parameter="--port",
            cure="choose another --port, or end what uses it",
        ) from None


def serve(host: str, port: int, *, with_parent: bool = False) -> None:
    """Serve the console until stopped. One process: more machines, not more processes, make it wider."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces

    check_port(host, port)
    if with_parent:
        os.environ[_WITH_PARENT] = "1"
    # Granian forks: two processes must not share one connection.
    connections.close_all()
    Granian(
        "npf.serve.web:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        log_access=False,
        log_enabled=False,
    ).serve()


def application() -> Any:
    """What granian's own process calls to get the WSGI application."""
    from npf.wsgi import application

    if os.environ.get(_WITH_PARENT):
        stop_with_parent()
    return application
