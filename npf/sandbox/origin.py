"""What is this machine's own: an address, and whose button was pressed.

A sandbox must reach no other machine, and must not be steered by a page of another site.
"""

import ipaddress
from urllib.parse import urlsplit

from npf.sandbox.server import Environ


def is_loopback(destination: str) -> bool:
    """Whether a URL names this machine by a loopback address or as `localhost`. No name is looked up."""
    host = urlsplit(destination).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_own(environ: Environ) -> bool:
    """Whether a write may come from where it says it comes from.

    A browser names the page that sent a form in Origin, and cannot be made to lie there. Without one it is a program,
    which may. The Host must name this machine: a foreign name that was made to lead here is another site too.
    """
    host = environ.get("HTTP_HOST", "")
    if not is_loopback(f"http://{host}"):
        return False
    if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
        return False
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or urlsplit(origin).netloc == host
