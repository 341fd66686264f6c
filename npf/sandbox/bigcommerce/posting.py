"""POST to this machine and nowhere else: how a webhook leaves the sandbox."""

import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

from npf.sandbox.origin import is_loopback


def post(destination: str, headers: Mapping[str, str], body: bytes, timeout: float) -> int | str:
    """The status that a loopback destination answers, or why there was no answer. Follows no redirect (fact 147).

    `timeout` is in real seconds, for connecting and for each read. Raises ValueError for another destination.
    """
    if not is_loopback(destination):
        raise ValueError(f"{destination} is not on this machine")
    parts = urlsplit(destination)
    host = "127.0.0.1" if parts.hostname == "localhost" else str(parts.hostname)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, parts.port, timeout=timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, {**headers, "Content-Type": "application/json"})
        return connection.getresponse().status
    except TimeoutError:
        return "timed out"
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {getattr(error, 'strerror', None) or type(error).__name__}"
    except ValueError as error:
        return f"cannot be sent: {error}"
    finally:
        connection.close()
