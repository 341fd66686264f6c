"""The web server: granian with blocking threads."""

from granian import Granian
from granian.constants import Interfaces


def serve(host: str, port: int) -> None:
    """Serve console and API until stopped. One process: more machines, not more processes, make it wider."""
    Granian(
        "npf.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        log_access=False,
        log_enabled=False,
    ).serve()
