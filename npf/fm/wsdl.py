"""What FM's WSDLs say: the operation, the name of its one argument, the address, the action (WEBSERVICE "Transport").

A WSDL is read once a process and kept by its URL. Nothing but the WSDL's own host is ever asked: what it imports
from elsewhere (nuSOAP names schemas.xmlsoap.org) is taken as empty.
"""

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
from lxml import etree

from npf.core.errors import FixSettings, TryLater
from npf.fm.wire import Reply

Fetch = Callable[[str], Reply]


class Service(msgspec.Struct, frozen=True):
    """One of FM's three services by WEBSERVICE's table; what its one argument is called, its WSDL says."""

    file: str
    operation: str


ORDER = Service("serverorder.php", "serverorder")
STATUS = Service("npforderstatus.php", "importorderstatus")
STOCK = Service("npfsoh.php", "importsoh")


class Wsdl(msgspec.Struct, frozen=True):
    """The three WSDL addresses of one FM."""

    order: str
    status: str
    stock: str

    @classmethod
    def from_base(cls, base_url: str, *, order: str = "", status: str = "", stock: str = "") -> "Wsdl":
        """The addresses under `base_url`, each replaced by the one given alone.

        Without a scheme https is meant. Raises FixSettings, naming the parameter, for what is no address.
        """
        base = _checked(base_url, "fm.base_url").rstrip("/") if not (order and status and stock) else ""
        return cls(
            order=_checked(order or f"{base}/{ORDER.file}?wsdl", "fm.order_wsdl"),
            status=_checked(status or f"{base}/{STATUS.file}?wsdl", "fm.status_wsdl"),
            stock=_checked(stock or f"{base}/{STOCK.file}?wsdl", "fm.stock_wsdl"),
        )


def _checked(url: str, parameter: str) -> str:
    url = url.strip()
    full = url if "://" in url else f"https://{url}"
    try:
        parts = urlsplit(full)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username and parts.port != 0
    except ValueError:
        good = False
    if not good or any(char.isspace() for char in full):
        cure = "Give an address like https://npfulfilmentapi.com, without a user name."
        raise FixSettings(f"{parameter} is no address of a web service: {url!r}", parameter=parameter, cure=cure)
    return full


class Contract:
    """What one WSDL says. `envelope` may be called from several threads."""

    def __init__(self, client: Any, binding: Any, address: str, service: Service) -> None:
        self.address = address
        operation = _operation(binding, service)
        self.action: str = operation.soapaction or ""
        self._operation: str = operation.name
        parts = operation.input.body.type.elements if operation.input.body is not None else []
        if len(parts) != 1:
            raise LookupError(f"its operation takes {len(parts)} arguments instead of one")
        self.argument: str = parts[0][0]
        self._client = client
        self._service = client.service
        # zeep does not promise that its types may be rendered by two threads at once.
        self._lock = threading.Lock()

    def envelope(self, document: str) -> bytes:
        """The SOAP request whose one argument is the document."""
        with self._lock:
            root = self._client.create_message(self._service, self._operation, **{self.argument: document})
        return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


_contracts: dict[tuple[str, Service], Contract] = {}
_reading: dict[tuple[str, Service], threading.Lock] = {}


def contract(url: str, service: Service, fetch: Fetch) -> Contract:
    """What the WSDL at `url` says of the service, fetched at its first use in this process.

    Raises TryLater where it cannot be fetched or read.
    """
    key = (url, service)
    found = _contracts.get(key)
    if found is None:
        # A lock for each address: one FM that is slow to give its WSDL keeps nobody else waiting.
        with _reading.setdefault(key, threading.Lock()):
            found = _contracts.get(key) or _read(url, service, fetch)
            _contracts[key] = found
    return found


def forget(url: str, service: Service) -> None:
    """Read the WSDL anew at its next use: FM says that it does not know what the old one promised."""
    _contracts.pop((url, service), None)


# What zeep raises on the way through a document that is no WSDL, beside its own errors.
_NOT_A_WSDL = (etree.LxmlError, StopIteration, LookupError, AttributeError, NotImplementedError, ValueError, TypeError)


def _read(url: str, service: Service, fetch: Fetch) -> Contract:
    # zeep takes 0.3 s to import: no command but one that talks to FM pays for it.
    import zeep
    from zeep.exceptions import Error

    settings = zeep.Settings(forbid_dtd=True, forbid_entities=True, force_https=False)
    try:
        client: Any = zeep.Client(url, transport=_OwnHostOnly(url, fetch), settings=settings)  # type: ignore[no-untyped-call]
        port = next(port for each in client.wsdl.services.values() for port in each.ports.values())
        return Contract(client, port.binding, _address(url, port.binding_options.get("address") or ""), service)
    except (*_NOT_A_WSDL, Error) as error:
        raise TryLater(f"FM's WSDL at {url} cannot be read: {error or type(error).__name__}") from error


class _OwnHostOnly:
    """The transport that zeep loads documents with: the WSDL's own host, or an empty schema."""

    _EMPTY = b'<schema xmlns="http://www.w3.org/2001/XMLSchema"/>'

    def __init__(self, url: str, fetch: Fetch) -> None:
        self._origin = urlsplit(url)[:2]
        self._fetch = fetch

    def load(self, url: str) -> bytes:
        if urlsplit(url)[:2] != self._origin:
            return self._EMPTY
        reply = self._fetch(url)
        if reply.status != 200:
            raise TryLater(f"FM's WSDL at {url} cannot be fetched: HTTP {reply.status}", delay=reply.retry_after)
        return reply.content


def _operation(binding: Any, service: Service) -> Any:
    """The operation by its name, or the only one there is."""
    operations = binding.all()
    if service.operation not in operations and len(operations) != 1:
        raise LookupError(f"it has no operation {service.operation!r}")
    return operations.get(service.operation) or next(iter(operations.values()))


def _address(url: str, said: str) -> str:
    """Where to send: the host that was given, always, with the path that the WSDL names if it names that host.

    nuSOAP writes its own idea of the address, which behind a proxy is another host or plain http: credentials go
    only where the settings say.
    """
    given, named = urlsplit(url), urlsplit(said)
    if named.hostname == given.hostname and named.path:
        return urlunsplit((given.scheme, given.netloc, named.path, named.query, ""))
    query = "&".join(part for part in given.query.split("&") if part.casefold() != "wsdl")
    return urlunsplit((given.scheme, given.netloc, given.path, query, ""))
