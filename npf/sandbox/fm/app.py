"""The WSGI app: three SOAP pages with their WSDLs, the control endpoints, and a page to look at."""

import html
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .. import server
from ..faults import Fault
from ..origin import is_own
from . import control, soap, wsdl
from .errors import SoapFault, problem
from .faults import code_of, strikes_before
from .page import is_page, page
from .warehouse import Request, Result, Warehouse

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGIApp = Callable[[Environ, StartResponse], Iterable[bytes]]

_HTML = [("X-Powered-By", "PHP/8.2.36"), ("Content-Type", "text/html; charset=UTF-8")]
_PROXY = """<!DOCTYPE html>
<html><head><title>{status}</title></head>
<body><center><h1>{status}</h1></center><hr><center>nginx</center></body></html>
"""
_GARBAGE = _PROXY.format(status="503 Service Temporarily Unavailable").encode()
_GATEWAY = {"502": 502, "503": 503, "504": 504, "504-after": 504}


def make_app(
    warehouse: Warehouse,
    *,
    arguments: Mapping[str, str] | None = None,
    namespace: str = soap.NAMESPACE,
    strict_argument: bool = True,
) -> WSGIApp:
    """The app of a warehouse.

    `arguments`: the argument's name by operation, where it is not the default (`orders`, `orders`, `soh`).
    `strict_argument`: an argument by another name is a fault. nuSOAP itself goes by place and would take it; strict
    shows a client that guesses instead of reading the WSDL.
    """
    return _App(warehouse, arguments or {}, namespace, strict_argument)


class _App:
    def __init__(
        self,
        warehouse: Warehouse,
        arguments: Mapping[str, str],
        namespace: str,
        strict_argument: bool,
    ) -> None:
        unknown = set(arguments) - {service.operation for service in wsdl.SERVICES}
        if unknown:
            raise ValueError(f"no operation {', '.join(sorted(unknown))}")
        self._warehouse = warehouse
        self._namespace = namespace
        self._strict = strict_argument
        self._services = {
            service.path: service._replace(argument=arguments.get(service.operation, service.argument))
            for service in wsdl.SERVICES
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        service = self._services.get(path)
        if service is not None:
            if environ["REQUEST_METHOD"] == "POST":
                return self._call(service, environ, start_response)
            return self._describe(service, environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") and not is_own(environ):
            status, headers, body = "403 Forbidden", [("Content-Type", "text/plain")], b"Another site sent this."
        elif path.startswith(control.PREFIX):
            status, headers, body = control.answer(self._warehouse, environ)
        elif is_page(path):
            status, headers, body = page(self._warehouse, environ)
        else:
            status, headers, body = "404 Not Found", [("Content-Type", "text/plain")], b"No such page."
        start_response(status, headers)
        return [body]

    def _describe(self, service: wsdl.Service, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The WSDL, or nuSOAP's page about the service."""
        if "wsdl" not in environ.get("QUERY_STRING", "").lower():
            start_response("200 OK", list(_HTML))
            words = html.escape(f"{service.operation}: {service.about}")
            return [f'<h1>NuSOAP</h1><p>{words}</p><p><a href="?wsdl">WSDL</a></p>'.encode()]
        if self._warehouse.faults.draw("GET", service.path) is not None:
            start_response("500 Internal Server Error", list(_HTML))
            return [_GARBAGE]
        host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        base = f"{environ.get('wsgi.url_scheme', 'http')}://{host}{environ.get('SCRIPT_NAME', '')}"
        start_response("200 OK", list(soap.HEADERS))
        return [wsdl.write(service, base + service.path, self._namespace)]

    def _call(self, service: wsdl.Service, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            call = soap.read_call(body, environ.get("CONTENT_TYPE", ""))
            if call.operation != service.operation:
                raise SoapFault("Client", f"Operation '{call.operation}' is not defined in the WSDL for this service")
            if not call.argument or (self._strict and call.argument != service.argument):
                raise SoapFault(
                    "Client",
                    f"method '{call.operation}' needs the argument '{service.argument}', not '{call.argument}'",
                )
        except SoapFault as error:
            self._warehouse.record_fault(service.operation, body, error)
            return self._send_fault(error, self._warehouse.settings.fault_status, start_response)
        return self._serve(service, call.text, environ, start_response)

    def _serve(
        self, service: wsdl.Service, text: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Carry a call out, with the fault that it meets before or after."""
        warehouse = self._warehouse
        request = warehouse.open(service.operation, text)
        fault = warehouse.choose_fault(service.operation, request.client)
        if fault is not None and strikes_before(fault):
            result = self._stand_in(fault, request)
        else:
            if fault is not None and fault.kind == "stall":
                warehouse.sleep(fault.seconds)
            result = warehouse.carry_out(request, fault)
        if fault is not None and fault.kind == "twice":
            warehouse.record(request, result, fault)
            result = warehouse.carry_out(request)
        warehouse.record(request, result, fault)
        body = soap.answer(service.operation, result.text, self._namespace)
        if fault is None:
            start_response("200 OK", list(soap.HEADERS))
            return [body]
        return self._spoil(fault, body, environ, start_response)

    def _stand_in(self, fault: Fault, request: Request) -> Result:
        """What FM says instead of looking at the document."""
        code = code_of(fault)
        return self._warehouse.refuse(request, problem(code)) if code else Result("", "not reached")

    def _spoil(self, fault: Fault, body: bytes, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Send the answer as the fault leaves it."""
        kind = fault.kind
        if kind in ("reset-before", "reset-after"):
            server.reset(environ)
            return []
        if kind == "truncate":
            server.send_truncated(environ, 200, list(soap.HEADERS), body)
            return []
        if kind == "stall-after":
            self._warehouse.sleep(fault.seconds)
        if kind in ("500", "500-after", "soap-fault"):
            status = "200" if kind == "soap-fault" else self._warehouse.settings.fault_status
            return self._send_fault(SoapFault("Server", "Internal Server Error"), status, start_response)
        if kind in _GATEWAY:
            status = server.status_line(_GATEWAY[kind])
            start_response(status, list(_HTML))
            return [_PROXY.format(status=status).encode()]
        if kind == "500-bare":
            start_response(server.status_line(500), list(_HTML))
            return [b""]
        if kind in ("garbage", "garbage-after"):
            start_response("200 OK", list(_HTML))
            return [_GARBAGE]
        start_response("200 OK", list(soap.HEADERS))
        return [body]

    def _send_fault(self, error: SoapFault, status: str, start_response: StartResponse) -> Iterable[bytes]:
        line, headers = server.status_line(int(status)), list(soap.HEADERS)
        if status == "500":
            headers.insert(1, ("Status", line))
        start_response(line, headers)
        return [soap.fault(error)]
